"""A project's folder in; held while a command is at work, so that none sees half an update.

Commands hold `.cache/lock` together, one that replaces the data holds it alone; the system lets go
of it when a process ends, however it ends. Who finds nobody else at work first puts right what
killed commands left: an update is finished, and folders of staged files are deleted. On Windows,
where locks are not shared, commands do not see each other and no folder is deleted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
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


@contextmanager
def hold(root: Path, *, alone: bool, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the project of `root` with others, who are waited for while they replace its data.

    Raises PressError where it was to be held `alone` and others are at work.
    """
    cache = root / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / _LOCK).open("ab") as file:
        if _is_alone(file.fileno()):
            _finish(cache, say)
            _delete_staged(cache, say)
        elif alone:
            raise PressError(
                "another press command is at work in this project; run this one again, which "
                "changes its data, when the other has ended"
            )
        if not alone and fcntl:
            fcntl.flock(file, fcntl.LOCK_SH)
        if (cache / DECIDED).is_file():  # broken off while this command waited
            raise PressError("an update was just broken off; run this command again to finish it")
        yield


def keep_staged(folder: Path) -> None:
    """Mark a folder as that of a living process: it is held, and let go when the process ends."""
    if fcntl:
        fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_SH)


def _finish(cache: Path, say: Callable[[str], None]) -> None:
    """Finish an update that was broken off; every command asks, so the answer "none" is cheap."""
    if (cache / DECIDED).parent.is_dir():
        from press.replace import finish

        if done := finish(cache):
            say(done)


def _delete_staged(cache: Path, say: Callable[[str], None]) -> None:
    """Delete the folders that processes left which are gone; say which cannot be deleted."""
    for folder in cache.glob(f"{STAGED}*") if fcntl else ():
        import shutil  # here, since as a rule there is nothing to be deleted

        try:
            opened = os.open(folder, os.O_RDONLY)
            try:
                if _is_alone(opened):
                    shutil.rmtree(folder)
            finally:
                os.close(opened)
        except OSError as error:
            why = f"{error.strerror}; delete it, since it may hold data"
            say(f"{folder}: left by a killed command, and not to be deleted: {why}")


def _is_alone(file: int) -> bool:
    """Hold an open file alone if nobody else holds it; whether that is so."""
    if fcntl:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
