"""Small repositories with a press of their own, which renders in no time."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PRESS = """\
import os, pathlib, shutil, sys
given = dict(zip(sys.argv[2::2], sys.argv[3::2]))
out = pathlib.Path(given["--output"])
data = pathlib.Path(given.get("--data", "."))
if "STUDY_DATA" in os.environ:
    sys.exit("other data are named")
if pathlib.Path("fault.txt").exists():
    sys.exit(pathlib.Path("fault.txt").read_text())
shutil.copy("paper.html", out)
if pathlib.Path("paper.docx").exists():
    shutil.copy("paper.docx", out)
shutil.copy(data / "results.json", out)
"""
PAGE = """\
<html><body><header class="title-block"><h1 class="title">A paper</h1></header>
<main><h1>Results</h1>
<p>They rose. The change was <span class="value" data-key="a.mean">{a}</span> points.</p>
</main></body></html>
"""
TABLE = {
    "name": "visits",
    "path": "visits.csv",
    "schema": {
        "fields": [{"name": "id", "type": "string"}, {"name": "score", "type": "integer"}],
        "primaryKey": ["id"],
    },
}
Files = Mapping[str, str]
Run = Callable[..., tuple[int, str, str]]
"""Runs press compare with arguments; exit status, stdout and stderr."""


def receipt(id: str, value: Any, text: str, unit: str = "points", n: int = 6, **more: Any) -> Any:
    """A line of results.json, as an object."""
    given = {"n_missing": 0, "method": "mean", **more}
    return {"id": id, "value": value, "text": text, "unit": unit, "n": n, **given}


def results(*receipts: Any, schema_version: int = 1) -> str:
    """A results.json of receipts."""
    header = {"schema_version": schema_version, "data_version": "1", "data_hash": "0"}
    return "".join(json.dumps(line) + "\n" for line in (header, *receipts))


def project(value: float, text: str) -> dict[str, str]:
    """The files of a project that reports one number and one table of two rows."""
    return {
        "_quarto.yml": "project:\n  render: [paper.qmd]\n",
        "press/__init__.py": "",
        "press/cli.py": PRESS,
        "paper.html": PAGE.format(a=text),
        "results.json": results(receipt("a.mean", value, text)),
        "data/datapackage.json": json.dumps({"version": "1", "resources": [TABLE]}),
        "data/visits.csv": "id,score\nP01,5\nP02,6\n",
    }


def write(folder: Path, files: Files) -> Path:
    """Write files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def run_git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as somebody; what it printed."""
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    command = ["git", *who, "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path, files: Files, tag: str) -> None:
    """Commit files under a tag."""
    write(folder, files)
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", tag)
    run_git(folder, "tag", tag)


def worktrees(repository: Path) -> int:
    """How many worktrees git knows, the repository's own among them."""
    return len(run_git(repository, "worktree", "list").splitlines())
