"""A copy of the project in; the same copy as a journal wants it, and what it renders to, out."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import yaml

from press.child import run_followed
from press.compare.rendered import environment
from press.config import Project
from press.errors import PressError
from press.journals.profiles import Profile
from press.response import LETTER_FILE
from press.submit.declared import withhold

SETTINGS = "_quarto.yml"
STAMP = "Rehearsal: not for submission"
MADE = (".git", ".cache", ".venv", "_manuscript", "_submission", "__pycache__")
IDENTIFYING = ("author", "affiliations")
"""The keys of a document's front matter that say who wrote it."""
OURS = Path(__file__).parents[2]
_FRONT = re.compile(r"\A---\n(.*?)^(?:---|\.\.\.)[ \t]*\n", re.DOTALL | re.MULTILINE)


def asks_for_lines(profile: Profile) -> bool:
    """Whether the journal wants numbered or double-spaced lines."""
    rules = profile.line_numbers, profile.double_spacing
    return any(rule is not None and bool(rule.value) for rule in rules)


def is_review(tree: Path, profile: Profile) -> bool:
    """Whether lines are numbered: the journal wants it, or a letter says on which lines."""
    return asks_for_lines(profile) or (tree / LETTER_FILE).is_file()


def adapt(tree: Path, *, is_review: bool, is_rehearsal: bool) -> None:
    """Have a copy of the project rendered for review, and stamped; lines stay where they are."""
    file = tree / SETTINGS
    text = file.read_text(encoding="utf-8")
    if is_review:
        text = _set(text, "review-copy: true")
    if is_rehearsal:
        text = _set(text, f'stamp: "{STAMP}"')
    file.write_text(text, encoding="utf-8")


def _set(text: str, line: str) -> str:
    """A text of YAML with a line for a key of its top level."""
    key = line.partition(":")[0]
    new, count = re.subn(rf"^{key}:.*$", lambda _: line, text, flags=re.MULTILINE)
    return new if count else f"{text.rstrip()}\n{line}\n"


def blind(tree: Path, target: Path, project: Project) -> None:
    """Copy the project without its authors, their places and the answers that name them."""
    shutil.copytree(tree, target, ignore=shutil.ignore_patterns(*MADE), symlinks=True)
    withhold(target)
    for name in project.documents:
        file = target / name
        text = file.read_text(encoding="utf-8")
        front = _FRONT.match(text)
        if front:
            kept = _without_names(front[1])
            file.write_text(f"---\n{kept}---\n{text[front.end() :]}", encoding="utf-8")
    settings = target / SETTINGS
    kept = _without_names(settings.read_text(encoding="utf-8"))
    settings.write_text(kept, encoding="utf-8")


def _without_names(text: str) -> str:
    values = yaml.safe_load(text) or {}
    if not any(key in values for key in IDENTIFYING):
        return text
    kept = {key: value for key, value in values.items() if key not in IDENTIFYING}
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=1000)


def render(tree: Path, output: Path, *, formats: str, data: Path | None) -> list[str]:
    """Render a copy by its own code; what its check found, line by line."""
    module = ["press.cli", "render", "--to", formats]
    module += ["--output", str(output), *(["--data", str(data)] if data else [])]
    done = run_followed(sys.executable, module, folder=tree, env=environment(tree, OURS))
    said, errors = (_relative(text, tree, output) for text in (done.stdout, done.stderr))
    if done.returncode == 1:
        lines = said.strip().splitlines()
        count = re.match(r"(\d+) fault", lines[-1] if lines else "")
        return lines[: int(count[1])] if count else [errors.strip()]
    if done.returncode:
        raise PressError(errors.strip().removeprefix("press: ") or said.strip())
    return []


def _relative(text: str, *folders: Path) -> str:
    """What a command said, with the folders in which it worked left out."""
    for folder in folders:
        text = text.replace(f"{folder}{os.sep}", "")
    return text
