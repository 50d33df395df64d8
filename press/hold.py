"""A project's folder in; held while a command is at work, so that none sees half an update.

Commands hold `.cache/lock` together, one that replaces the data holds it alone; the system lets go
of it when a process ends, however it ends. Who finds nobody else at work first puts right what
killed commands left: an update is finished, and folders of staged files are deleted. Where there
are no such locks, as on Windows and some network drives, commands do not see each other and no
folder is deleted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from press.errors import PressError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

STAGED = "press-"
"""How the names of folders of staged files begin."""
DECIDED = Path("accepted-update") / "list.json"
"""In `.cache/`, the list of what an update replaces; there from its decision to its end."""
_LOCK = "lock"
_TOGETHER = fcntl.LOCK_SH if fcntl else 0
_ALONE = fcntl.LOCK_EX | fcntl.LOCK_NB if fcntl else 0


@contextmanager
def hold(root: Path, *, alone: bool, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the project of `root` with others, who are waited for while they replace its data.

    Raises PressError where it was to be held `alone` and others are at work.
    """
    cache = root / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / _LOCK).open("ab") as file:
        is_held = _lock(file.fileno(), _ALONE)
        if is_held is not False:
            _finish(cache, say)
        if is_held:
            _delete_staged(cache, say)
        if alone and is_held is False:
            raise PressError(
                "another press command is at work in this project; run this one again, which "
                "changes its data, when the other has ended"
            )
        if not alone:
            _lock(file.fileno(), _TOGETHER)
        if (cache / DECIDED).is_file():  # broken off while this command waited
            raise PressError("an update was just broken off; run this command again to finish it")
        yield


def keep_staged(folder: Path) -> None:
    """Mark a folder as that of a living process: it is held, and let go when the process ends."""
    if fcntl:  # Windows opens no folders
        _lock(os.open(folder, os.O_RDONLY), _TOGETHER)


def _finish(cache: Path, say: Callable[[str], None]) -> None:
    """Finish an update that was broken off; every command asks, so the answer "none" is cheap."""
    if (cache / DECIDED).parent.is_dir():
        from press.update.replace import finish

        if done := finish(cache):
            say(done)


def _delete_staged(cache: Path, say: Callable[[str], None]) -> None:
    """Delete the folders that processes left which are gone; say which cannot be deleted."""
    for folder in cache.glob(f"{STAGED}*") if fcntl else ():
        import shutil  # here, since as a rule there is nothing to be deleted

        try:
            opened = os.open(folder, os.O_RDONLY)
            try:
                if _lock(opened, _ALONE):
                    trees = list(folder.glob(f"{STAGED}*"))
                    shutil.rmtree(folder)
                    _forget_worktrees(cache.parent, trees)
            finally:
                os.close(opened)
        except OSError as error:
            why = f"{error.strerror}; delete it, since it may hold data"
            say(f"{folder}: left by a killed command, and not to be deleted: {why}")


def _forget_worktrees(root: Path, trees: Iterable[Path]) -> None:
    """Have git forget commits that were checked out in a folder deleted here, and no others.

    A worktree of somebody else may be gone only for now, as on a drive; so there is no pruning.
    """
    for tree in trees:
        from press.git import run_git

        run_git(root, "worktree", "remove", "--force", "--force", str(tree))


def _lock(file: int, how: int) -> bool | None:
    """Hold an open file; False where another process keeps that from being, None without locks."""
    try:
        if fcntl:
            fcntl.flock(file, how)
    except BlockingIOError:
        return False
    except OSError:  # the file system has none
        return None
    return True if fcntl else None
