"""The command `press`: arguments in, exit status out.

0 done, 1 a check found faults, or there are changes (that `update` has not taken in), 2 it could
not be carried out.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from press.child import end, start_kernel
from press.errors import CheckFailedError, PressError
from press.hold import hold
from press.root import find_root

NAMES = {"html": "html", "pdf": "typst", "docx": "docx", "jats": "jats"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one press command; errors go to stderr as sentences."""
    parser = argparse.ArgumentParser(prog="press", description=__doc__.split(":")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("render", help="render the article into the output folder")
    command.add_argument("--to", metavar="FORMATS", help=f"some of {','.join(NAMES)}")
    command.add_argument("--data", metavar="DIR", type=Path, help="another data package")
    command.add_argument("--output", metavar="DIR", type=Path, help="another output folder")
    for name, does in (
        ("figures", "write each numbered figure as PDF and TIFF for a journal"),
        ("check", "check source, claims and finished files"),
    ):
        command = commands.add_parser(name, help=does)
        command.add_argument("--data", metavar="DIR", type=Path, help="another data package")
        command.add_argument("--output", metavar="DIR", type=Path, help="another output folder")
    command.add_argument(
        "--journal", metavar="PROFILE", help="only: check against journal/profiles/PROFILE.yml"
    )
    command = commands.add_parser("compare", help="what differs between two versions")
    command.add_argument("old", metavar="OLD", nargs="?", help="a git revision")
    command.add_argument("new", metavar="NEW", nargs="?", help="another; else the working tree")
    command.add_argument("--data", metavar=("OLD", "NEW"), nargs=2, type=Path, help="data packages")
    command.add_argument("--rows", action="store_true", help="show the values of changed rows")
    command.add_argument("--json", action="store_true", help="print the classes as JSON")
    command.add_argument("--output", metavar="DIR", type=Path, help="another folder for the page")
    command = commands.add_parser("update", help="show what new data change, and take them in")
    command.add_argument("new", metavar="NEW", type=Path, help="a data package or a workbook")
    command.add_argument("--accept", action="store_true", help="replace the current data")
    command.add_argument("--data", metavar="DIR", type=Path, help="another current data package")
    command = commands.add_parser("submit", help="build what a journal's editor accepts")
    command.add_argument("--journal", metavar="PROFILE", required=True, help="journal/profiles/…")
    command.add_argument("--data", metavar="DIR", type=Path, help="another data package")
    command.add_argument("--rehearsal", action="store_true", help="build in spite of faults")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # Windows writes files without a minus sign
        sys.stdout.reconfigure(errors="backslashreplace")
    gc.set_threshold(500_000)  # for so short a life, collecting costs more than it frees
    replaces = options.command == "update" and options.accept
    try:
        with hold(find_root(Path.cwd()), alone=replaces, say=_warn):
            return COMMANDS[options.command](options)
    except PressError as error:
        print(f"press: {error}" if "\n" not in str(error) else error, file=sys.stderr)
        return 1 if isinstance(error, CheckFailedError) else 2
    except OSError as error:
        print(f"press: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("press: stopped before it was done", file=sys.stderr)
        return 130  # what shells say of a command that Ctrl-C ended
    except Exception as error:  # left to Python, its status would be 1, that of changes and faults
        return _crashed(error, shows_text=getattr(options, "rows", options.command != "update"))


def _crashed(error: Exception, *, shows_text: bool) -> int:
    """Print an error of press itself, its text only where that holds no hidden row values; 2."""
    import traceback  # here, since as a rule there is nothing to be told

    if shows_text:
        lines, hidden = traceback.format_exception(error), ""
    else:
        lines = [*traceback.format_tb(error.__traceback__), f"{type(error).__name__}\n"]
        hidden = "; its text is hidden, since it may hold row values"
    fault = "this is a fault of press itself: show these lines to whoever maintains it"
    print(f"{''.join(lines)}press: {fault}{hidden}", file=sys.stderr)
    return 2


def _render(options: argparse.Namespace) -> int:
    wanted = []
    for name in (options.to or "").split(",") if options.to else []:
        if name not in NAMES:
            raise PressError(f"--to {name}: supported are {', '.join(NAMES)}")
        wanted.append(NAMES[name])
    _check_folder(options.data)
    kernel = start_kernel()  # before our own libraries are loaded, so that both load at once
    try:
        from press.render import render

        written = render(
            Path.cwd(),
            formats=tuple(wanted),
            data=options.data,
            output=options.output,
            kernel=kernel,
            say=_say,
        )
    finally:
        end(kernel)
    for path in written:
        _say(f"wrote {path}")
    return 0


def _figures(options: argparse.Namespace) -> int:
    _check_folder(options.data)
    kernel = start_kernel()
    try:
        from press.export import FOLDER, export_figures

        output = options.output / FOLDER if options.output else None
        for path in export_figures(
            Path.cwd(), data=options.data, output=output, kernel=kernel, say=_say
        ):
            _say(f"wrote {path}")
        return 0
    finally:
        end(kernel)


def _check(options: argparse.Namespace) -> int:
    _check_folder(options.data)
    kernel = start_kernel()
    try:
        if options.journal:
            from press.journals.check import check_journal

            folder, name = Path.cwd(), options.journal
            return check_journal(folder, name, data=options.data, kernel=kernel).show()
        from press.check import check

        return check(Path.cwd(), data=options.data, output=options.output, kernel=kernel).show()
    finally:
        end(kernel)


def _update(options: argparse.Namespace) -> int:
    from press.update.update import update

    _check_folder(options.data)
    return update(Path.cwd(), options.new, data=options.data, accept=options.accept)


def _compare(options: argparse.Namespace) -> int:
    from press.compare import summary
    from press.compare.comparison import finish, start
    from press.compare.machine import to_json
    from press.compare.report import COMPARISON_FOLDER, PAGE, deliver, redlines_of

    if options.data and options.old:
        raise PressError("compare two revisions or two data packages, not both at once")
    for folder in options.data or ():
        _check_folder(folder)
    folder, data = find_root(Path.cwd()), options.data and tuple(options.data)
    output = options.output or folder / COMPARISON_FOLDER
    redlines_of(output)  # a page that is not to be replaced is told before the work
    begun = start(folder, options.old, options.new, data=data, rows=options.rows)
    if not options.json:
        _print(summary.head(begun))  # before the renders, which take longer
    _say("rendering both versions")
    done = deliver(finish(begun), output)
    _print(to_json(done) if options.json else summary.rest(begun, done))
    _say(f"wrote {output / PAGE}")
    return done.status


def _submit(options: argparse.Namespace) -> int:
    from press.submit.package import submit

    _check_folder(options.data)
    named = options.data or (Path(os.environ["STUDY_DATA"]) if "STUDY_DATA" in os.environ else None)
    folder, data = find_root(Path.cwd()), named and named.resolve()
    if data == folder / "data":
        data = None  # that of the commit; no child is to read what lies there now
        os.environ.pop("STUDY_DATA", None)
    return submit(
        folder, options.journal, data=data, is_rehearsal=options.rehearsal, say=_say
    ).show()


def _check_folder(data: Path | None) -> None:
    if data is not None and not data.is_dir():
        raise PressError(f"--data {data}: there is no such folder")


def _print(text: str) -> None:
    """A report, as far as anybody reads it: `head` ends what it is piped into, and no work."""
    try:
        print(text, flush=True)
    except BrokenPipeError:  # what is still to be written goes nowhere, so that the end is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _warn(line: str) -> None:
    print(f"press: {line}", file=sys.stderr, flush=True)


def _say(line: str) -> None:
    """Progress, for people at a terminal only."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)


COMMANDS = {
    "render": _render,
    "figures": _figures,
    "check": _check,
    "compare": _compare,
    "update": _update,
    "submit": _submit,
}

if __name__ == "__main__":
    sys.exit(main())
