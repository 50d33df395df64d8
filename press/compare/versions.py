"""The name of a git revision in, or nothing for the working tree; the version it means out."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from press.errors import PressError
from press.git import git_text, run_git, said_by
from press.hold import STAGED
from press.render import new_staging

RESULTS_FILE = "results.json"
DATA_FOLDER = "data"
_ADDING = Lock()
"""Git fails where it meets a worktree that another of its commands is just adding."""
_MADE = {"_comparison", "_manuscript", "_submission", "__pycache__"}
"""Folders that commands write, for a folder that git does not know."""


@dataclass(frozen=True)
class Version:
    """A state of the project in `folder`: a commit of its repository, or what lies there now.

    `key` is the same for the same files, whatever revision or folder they come from.
    """

    label: str
    folder: Path
    commit: str | None
    key: str
    is_dirty: bool = False

    def read(self, path: str) -> bytes | None:
        """The content of a file, named from the project's folder; None where there is none."""
        if self.commit is None:
            file = self.folder / path
            return file.read_bytes() if file.is_file() else None
        done = run_git(self.folder, "cat-file", "blob", f"{self.commit}:./{path}")
        return done.stdout if done.returncode == 0 else None

    @contextmanager
    def files(self) -> Iterator[Path]:
        """A folder of its own with the version's files, gone again afterwards.

        Those of a commit are checked out as a worktree of the repository, those of the working
        tree are copied, without what git ignores. It is staged inside the project, so that the
        next command deletes what a killed one rendered into it.
        """
        made = new_staging(self.folder.resolve())
        try:
            if self.commit is None:
                yield _checked(_copy(self.folder, made / "tree"))
            else:
                with _worktree(self.folder, self.commit, made) as tree:
                    yield _checked(tree)
        finally:
            shutil.rmtree(made, ignore_errors=True)


def read_version(folder: Path, revision: str | None) -> Version:
    """The version that a revision names, the working tree for None; raises PressError."""
    _check_repository(folder)
    if revision is None:
        return working_tree(folder)
    commit = _commit(folder, revision)
    short = git_text(folder, "rev-parse", "--short", commit)
    label = revision if commit.startswith(revision) else f"{revision} ({short})"
    tree = run_git(folder, "rev-parse", "--verify", "--quiet", f"{commit}:./")
    if tree.returncode:
        raise PressError(
            f"{label} has no folder {git_text(folder, 'rev-parse', '--show-prefix')}, where the "
            f"project lies now; check it out elsewhere (git worktree add FOLDER {short}), and "
            "compare the data of both with press compare --data OLD NEW"
        )
    return Version(label, folder, commit, tree.stdout.decode().strip())


def working_tree(folder: Path) -> Version:
    """What lies in a project's folder now, also where git does not know it."""
    if not _is_repository(folder):
        return Version("working tree (without git)", folder, None, content_key(listed(folder)))
    if run_git(folder, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        label = "working tree (nothing committed yet)"
        return Version(label, folder, None, content_key(listed(folder)), is_dirty=True)
    short = git_text(folder, "rev-parse", "--short", "HEAD")
    if _is_changed(folder):
        label = f"working tree (on {short}, with uncommitted changes)"
        return Version(label, folder, None, content_key(listed(folder)), is_dirty=True)
    label = f"working tree (as in {short})"
    return Version(label, folder, None, git_text(folder, "rev-parse", "HEAD:./"))


def _is_changed(folder: Path) -> bool:
    """Whether the folder is not as in the last commit, or may not be."""
    if git_text(folder, "status", "--porcelain", "--untracked-files=normal", "--", "."):
        return True
    # Files that git was told not to look at (update-index) are unchanged for it whatever they hold.
    files = git_text(folder, "ls-files", "-v", "-z").split("\0")
    return any(not line.startswith("H ") for line in files if line)


def content_key(files: Iterable[tuple[str, Path]]) -> str:
    """SHA-256 of files that come with their names: of the names and the contents."""
    digest = hashlib.sha256()
    for name, path in files:
        content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        digest.update(os.fsencode(name) + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def listed(folder: Path) -> list[tuple[str, Path]]:
    """The files of a project with their names: what git does not ignore, sorted by name."""
    if not _is_repository(folder):
        return walked(folder)
    names = git_text(folder, "ls-files", "-z", "-co", "--exclude-standard", "--deduplicate")
    kept = (n for n in names.split("\0") if n and not n.startswith(".cache/"))  # copies lie there
    files = [(name, folder / name) for name in sorted(kept)]
    return [(name, path) for name, path in files if path.is_file() or path.is_symlink()]


def walked(folder: Path) -> list[tuple[str, Path]]:
    """The files of a folder with their names, sorted, without hidden and made ones."""
    files = [(path.relative_to(folder), path) for path in folder.rglob("*") if path.is_file()]
    return sorted(
        (name.as_posix(), path)
        for name, path in files
        if not any(part in _MADE or part.startswith(".") for part in name.parts)
    )


def _checked(tree: Path) -> Path:
    """A folder that is a project; of another the project around it would be found in its place."""
    if not (tree / "_quarto.yml").is_file():
        raise PressError("it has no _quarto.yml, so that there is no article in it")
    return tree


def _copy(folder: Path, target: Path) -> Path:
    for name, path in listed(folder):
        goal = target / name
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, goal, follow_symlinks=False)
    return target


@contextmanager
def _worktree(folder: Path, commit: str, place: Path) -> Iterator[Path]:
    """A commit checked out in a folder of `place`, which the repository forgets at the end."""
    target = place / f"{STAGED}{commit}"
    command = ("-c", f"core.hooksPath={os.devnull}", "worktree", "add", "--detach", "--quiet")
    with _ADDING:
        done = run_git(folder, *command, str(target), commit)
    try:
        if done.returncode:
            raise PressError(f"git could not check out {commit[:7]}: {said_by(done)}")
        yield target / git_text(folder, "rev-parse", "--show-prefix")
    finally:
        with _ADDING:
            run_git(folder, "worktree", "remove", "--force", "--force", str(target))
            shutil.rmtree(target, ignore_errors=True)


def _is_repository(folder: Path) -> bool:
    try:
        done = run_git(folder, "rev-parse", "--is-inside-work-tree")
    except PressError:
        return False
    return done.stdout.strip() == b"true"


def _check_repository(folder: Path) -> None:
    done = run_git(folder, "rev-parse", "--is-inside-work-tree")
    if done.returncode == 0 and done.stdout.strip() == b"true":
        return
    if done.returncode and b"not a git repository" not in done.stderr:
        raise PressError(f"git cannot read this repository: {said_by(done)}")
    raise PressError(
        f"{folder} is no working tree of a git repository, so that it has no revisions; clone the "
        "repository, or compare two data packages with press compare --data OLD NEW"
    )


def _commit(folder: Path, revision: str) -> str:
    wanted = f"{revision}^{{commit}}"
    done = run_git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if done.returncode == 0:
        return done.stdout.decode().strip()
    if (folder / revision / "datapackage.json").is_file():
        remedy = f"for a data package write press compare --data {revision} NEW"
    elif found := re.fullmatch(r"(.*?)\.{2,3}(.*)", revision):
        names = " ".join(name or "HEAD" for name in found.groups())
        remedy = f"two revisions are two arguments, press compare {names}"
    elif git_text(folder, "rev-parse", "--is-shallow-repository") == "true":
        remedy = "this clone is shallow and lacks the older ones; run git fetch --unshallow --tags"
    else:
        remedy = "git log --oneline and git tag list what there is; git fetch --tags gets more"
    raise PressError(f"there is no revision {revision} in this repository: {remedy}")
