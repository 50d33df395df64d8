"""A folder in, the folder of the project that it lies in out; light, since every command asks."""

from __future__ import annotations

from pathlib import Path

from press.errors import PressError


def find_root(folder: Path) -> Path:
    """The nearest folder with a _quarto.yml, from `folder` upwards; raises PressError."""
    root = next((p for p in (folder, *folder.parents) if (p / "_quarto.yml").is_file()), None)
    if root is None:
        raise PressError(f"no _quarto.yml in {folder} or above; run press in the article's folder")
    return root
