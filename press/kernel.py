"""The child process: a request on stdin, the chunks executed once, what they gave out as JSON.

Started as `python -m press.kernel`; it runs the pre-render scripts and then the documents, one
after the other: every chunk and inline expression of one in an in-process IPython of its own. The
answer to each lies in a file as soon as a line of stdout says so.
"""

from __future__ import annotations

import ast
import gc
import io
import json
import os
import runpy
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from press.child import ANSWERED
from press.figures import Export, FigureWriter

Event = dict[str, str]
PARENT = os.getppid()
_HTML = "text/html"


class ChunkError(Exception):
    """A chunk, expression or script failed; the text is the whole report."""


class Recorder:
    """What one chunk shows, in the order in which it shows it."""

    def __init__(self) -> None:
        """Begin with nothing shown."""
        self.events: list[Event] = []

    def add(self, kind: str, text: str) -> None:
        """Append an event; text written in pieces to one stream becomes one event."""
        if kind in ("stdout", "stderr") and self.events and self.events[-1]["kind"] == kind:
            self.events[-1]["text"] += text
        elif text:
            self.events.append({"kind": kind, "text": text})

    def show(self, data: dict[str, Any], *, is_result: bool) -> None:
        """Record a displayed object by its best form: markdown, figure, then plain text."""
        if _HTML in data:
            self.add("html", str(data.get("text/plain", "")))
        elif "text/markdown" in data:
            self.add("markdown", str(data["text/markdown"]))
        elif "image/svg+xml" in data:
            self.add("figure", str(data["image/svg+xml"]))
        elif any(kind.startswith("image/") for kind in data):
            self.add("image", str(data.get("text/plain", "")))
        elif "text/plain" in data:
            self.add("result" if is_result else "text", str(data["text/plain"]))


class Stream(io.TextIOBase):
    """A standard stream whose text goes to the recorder."""

    def __init__(self, recorder: Recorder, kind: str) -> None:
        """Write as `kind`, which is stdout or stderr."""
        self._recorder, self._kind = recorder, kind

    def write(self, text: str) -> int:
        """Record the text."""
        self._recorder.add(self._kind, text)
        return len(text)


RECORDER = Recorder()


class Hook(DisplayHook):
    """Records the value of a chunk's last expression instead of printing it."""

    def write_output_prompt(self) -> None:
        """No Out[1]: prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        """Record the value."""
        RECORDER.show(format_dict, is_result=True)

    def finish_displayhook(self) -> None:
        """No line end."""
        self._is_active = False


class Publisher(DisplayPublisher):
    """Records what `display()` shows."""

    def publish(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        """Record the shown object."""
        RECORDER.show(data, is_result=False)


class Shell(InteractiveShell):
    """An IPython that records; it draws in no window and prints no traceback."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window system."""

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Errors are reported by `run_chunk`."""

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Errors are reported by `run_chunk`."""


def run_script(script: str) -> None:
    """Run a pre-render script as `__main__` from the project's folder."""
    sys.argv = [script]
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException as error:
        if isinstance(error, SystemExit) and not error.code:
            return
        if isinstance(error, SystemExit) and isinstance(error.code, str):
            raise ChunkError(error.code) from None  # its own report, whole
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == script]
        line = f":{frames[-1].lineno}" if frames else ""
        raise ChunkError(report(error, f"{script}{line}", own=script)) from None


def run_chunk(shell: Shell, item: dict[str, Any], file: str, figures: FigureWriter) -> list[Event]:
    """Execute one chunk; what it shows, in order."""
    if not figures.is_wanted and item["is_figure"] and is_bare_expression(item["code"]):
        return [{"kind": "figure", "text": f"{item['stem']}-output-1"}]
    RECORDER.events = []
    options = item["options"]
    figures.begin(item["stem"], hidden=not options.get("include", True))
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream(RECORDER, "stdout"), Stream(RECORDER, "stderr")
    try:
        run: Any = shell.run_cell
        result = run(item["code"], store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is None:
            for name in figures.flush():
                RECORDER.add("figure", name)
    finally:
        sys.stdout, sys.stderr = out, err
    if error is not None:
        blank = len(item["code"]) - len(item["code"].lstrip("\n"))
        line = item["code_line"] + _line_of(error) - 1 + blank
        raise ChunkError(report(error, f"{file}:{line}, chunk {item['name']}"))
    return RECORDER.events


def is_bare_expression(code: str) -> bool:
    """Whether code is one expression that shows its value and sets no name."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return False
    shows = len(body) == 1 and isinstance(body[0], ast.Expr) and not code.rstrip().endswith(";")
    return shows and not any(isinstance(node, ast.NamedExpr) for node in ast.walk(body[0]))


def run_inline(shell: Shell, item: dict[str, Any], file: str) -> str:
    """The markdown of one inline expression, escaped as Quarto escapes a plain string."""
    place = f"{file}:{item['line']}, inline {item['code']}"
    try:
        value = eval(item["code"], shell.user_global_ns, shell.user_ns)
    except BaseException as error:
        raise ChunkError(report(error, place)) from None
    if value is None or type(value).__module__ == "numpy":
        raise ChunkError(f"{place}: a number or text is wanted, not {value!r}; convert it")
    kinds = {"text/plain", "text/markdown", _HTML}
    formatter: Any = shell.display_formatter
    data, _ = formatter.format(value, include=kinds)
    if _HTML in data:
        raise ChunkError(f"{place}: {type(value).__name__} has a form for HTML alone; use markdown")
    text = str(data["text/markdown"]) if "text/markdown" in data else escape(data["text/plain"])
    if not text:
        raise ChunkError(f"{place}: the result is empty, where Quarto would print the code")
    return text


def escape(shown: str) -> str:
    """A quoted string without quotes and with markdown's marks escaped; anything else as it is."""
    if len(shown) < 2 or shown[0] not in "'\"" or shown[0] != shown[-1]:
        return shown
    marks = "\\`*_{}[]()>#+,-.!"
    return "".join(f"\\{letter}" if letter in marks else letter for letter in shown[1:-1])


def report(error: BaseException, place: str, own: str = "") -> str:
    """One sentence about an error, with its place."""
    if isinstance(error, SyntaxError):
        broken = _own_file(str(error.filename))
        if broken.endswith(".py"):
            return f"{broken}:{error.lineno or 1}: this is not Python: {error.msg}"
    last = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if file := _own_file(frame.filename):
            last = f" (raised in {file}:{frame.lineno})"
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    if isinstance(error, ModuleNotFoundError):
        text += f"; get it with `pip install {error.name}`"
    return f"{place}: {type(error).__name__}: {text}{'' if own and own in last else last}"


def _own_file(name: str) -> str:
    """A file of the project by its name from the project's folder; nothing for any other."""
    root = Path.cwd()
    path = root / name
    if not path.is_relative_to(root) or {".venv", "site-packages"} & {*path.parts}:
        return ""
    return path.relative_to(root).as_posix() if path.is_file() else ""


def _line_of(error: BaseException) -> int:
    """The line inside the chunk at which the error arose, counted from 1."""
    if isinstance(error, SyntaxError) and error.lineno and "<ipython" in str(error.filename):
        return error.lineno
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith("<ipython") and frame.lineno:
            return frame.lineno
    return 1


@contextmanager
def kept_apart() -> Iterator[None]:
    """What a document sets in the process is as it was for the next one; modules stay loaded."""
    environment, folder, path = dict(os.environ), Path.cwd(), list(sys.path)
    matplotlib = sys.modules.get("matplotlib")
    with warnings.catch_warnings(), matplotlib.rc_context() if matplotlib else nullcontext():
        yield
    if not matplotlib and "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rc_file_defaults()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:] = path


def run_document(document: dict[str, Any], figures: FigureWriter) -> dict[str, Any]:
    """Outputs by chunk number, and texts of inline code, of a document that knows no other's."""
    Shell.clear_instance()
    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    figures.register(shell.display_formatter)
    outputs: dict[int, list[Event]] = {}
    inlines: list[str] = []
    for item in document["items"]:
        end_if_alone()
        if item["kind"] == "inline":
            inlines.append(run_inline(shell, item, document["file"]))
        elif item["options"].get("eval", True):
            outputs[item["number"]] = run_chunk(shell, item, document["file"], figures)
    return {"outputs": outputs, "inlines": inlines}


def end_if_alone() -> None:
    """End where the process that wants the answers was killed; on Windows it cannot be told.

    It is asked between chunks, for a thread that waits would be in the way of the forks that draw.
    """
    if os.getppid() != PARENT:
        os._exit(1)


def figure_faults(document: dict[str, Any], figures: FigureWriter) -> list[str]:
    """What is wrong with each figure that could not be drawn, with its chunk."""
    chunks = {item["stem"]: item for item in document["items"] if item["kind"] == "chunk"}
    found = []
    for figure, fault in sorted(figures.faults().items()):
        item = chunks[figure.rpartition("-output-")[0]]
        place = f"{document['file']}:{item['code_line']}, chunk {item['name']}"
        found.append((item["code_line"], f"{place}: {fault}"))
    return [fault for _, fault in sorted(found)]


def execute(request: dict[str, Any]) -> None:
    """Run the request's scripts, then its documents in their order, and answer each at once."""
    for script in request["pre_render"]:
        run_script(script)
    drawn = []
    for document in request["documents"]:
        folder = Path(document["figures"])
        export = Export(**document["export"]) if document["export"] else None
        figures = FigureWriter(folder, svg=request["svg"], dpis=request["dpis"], export=export)
        with kept_apart():
            answer = run_document(document, figures)
        Path(document["answer"]).write_text(json.dumps(answer), encoding="utf-8")
        print(ANSWERED, flush=True)
        drawn.append((document, figures))
    # Only now, so that they are drawn while others are executed.
    faults = [fault for document, figures in drawn for fault in figure_faults(document, figures)]
    if faults:
        raise ChunkError("\n".join(faults))


def main() -> None:
    """Read the request, execute it and write the last answer, the error if there is one."""
    gc.set_threshold(500_000)  # for so short a life, collecting costs more than it frees
    request = json.load(sys.stdin)
    os.environ.update(request["environment"])
    os.chdir(request["root"])
    sys.path.insert(0, request["root"])
    error = None
    try:
        execute(request)
    except ChunkError as raised:
        error = str(raised)
    Path(request["answer"]).write_text(json.dumps(error), encoding="utf-8")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # taking the imported libraries down in order costs time and gains nothing


if __name__ == "__main__":
    main()
