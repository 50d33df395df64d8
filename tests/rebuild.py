"""The archive of the last commit in; whether its one command rebuilds the article, out.

    python -m tests.rebuild

The archive that `press submit` packs is unpacked into an empty folder, `make` is run there, which
sets up everything from a package index, and the numbers and the words of what it writes are held
against the committed results.json and against a render of this repository. It ends with 1 where one
differs.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from lxml import html

from press.compare.versions import read_version
from press.submit.archive import TOP, write_archive
from press.submit.texts import texts

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("PATH", "HOME", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NO_PROXY", "no_proxy",
        "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")  # fmt: skip
"""Of the environment, what finding Python and a package index needs; PIP_… comes with it."""


def words(path: Path) -> list[str]:
    """The words of an output, of its text and of what is hidden in it."""
    if path.suffix in (".html", ".xml"):
        said = "\n".join(html.fromstring(path.read_bytes()).itertext())
    else:
        said = "\n".join(text.words for text in texts(path))
    return re.findall(r"\S+", said)


def rebuild(archive: Path, target: Path) -> Path:
    """Unpack an archive into an empty folder and run its one command; the folder."""
    with zipfile.ZipFile(archive) as package:
        package.extractall(target)
    kept = {name: value for name, value in os.environ.items()
            if name in KEPT or name.startswith("PIP_")}  # fmt: skip
    done = subprocess.run(["make"], cwd=target / TOP, env=kept, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"make in the archive failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return target / TOP


def main() -> int:
    """Pack, rebuild and compare; the exit status."""
    faults = []
    with tempfile.TemporaryDirectory(prefix="rebuild-") as made:
        work = Path(made)
        with read_version(ROOT, "HEAD").files() as tree:
            write_archive(tree, work / "archive.zip", is_external=False)
            committed = (tree / "results.json").read_bytes()
            command = [sys.executable, "-m", "press.cli", "render", "--output", str(work / "here")]
            subprocess.run(command, cwd=tree, check=True, capture_output=True,
                           env={**os.environ, "PYTHONPATH": str(tree)})  # fmt: skip
        begun = time.monotonic()
        folder = rebuild(work / "archive.zip", work / "there")
        print(f"rebuilt from the archive in {time.monotonic() - begun:.0f} s")
        if (folder / "results.json").read_bytes() != committed:
            faults.append("results.json has other numbers than the committed one")
        files = sorted(path for path in (work / "here").iterdir() if path.is_file())
        same = 0
        for path in files:
            rebuilt = folder / "_manuscript" / path.name
            if not rebuilt.is_file() or words(rebuilt) != words(path):
                faults.append(f"{path.name} has other words")
            same += rebuilt.is_file() and rebuilt.read_bytes() == path.read_bytes()
        for fault in faults:
            print(fault)
        print(f"{len(files)} files: {same} with the same bytes, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
