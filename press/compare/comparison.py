"""Two revisions of the project, or two data packages, in; everything that differs out.

What the committed files say comes at once (`start`), what only a render can say after it
(`finish`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from press.compare.claims import Claims, compare_claims, split
from press.compare.data import DataChange, compare_packages
from press.compare.documents import DocumentChange, compare_documents
from press.compare.failure import failure
from press.compare.figures import FigureChange, compare_figures, drawings, in_alternative_texts
from press.compare.receipts import Numbers, compare_numbers
from press.compare.rendered import Rendered, render_version
from press.compare.shown import Page, Shown, read_page, where_shown
from press.compare.tables import read_package
from press.compare.versions import (
    DATA_FOLDER,
    RESULTS_FILE,
    Version,
    read_version,
    working_tree,
)
from press.errors import PressError
from press.results import read_results
from press.submit.tags import KEPT_RESULTS, REHEARSAL, SUBMISSION, read_tags

SETTINGS = "_quarto.yml"


@dataclass(frozen=True)
class Side:
    """One of the two things compared; `package` is the data package where these are compared."""

    label: str
    version: Version
    package: Path | None = None

    def read_data(self, path: str) -> bytes | None:
        """The content of a file of the side's data package."""
        if self.package is None:
            return self.version.read(f"{DATA_FOLDER}/{path}")
        file = self.package / path
        return file.read_bytes() if file.is_file() else None


@dataclass(frozen=True)
class Comparison:
    """What differs. A part is None until it was compared, or where it could not be: see `faults`.

    `rows` says whether row values may be shown, in errors too. `shown` has, by id, where readers
    meet what changed in the new version, or where they met in the old one what is gone. `notices`
    are what the articles say of their data. `faults` are sentences by the part that they concern.
    """

    home: Path
    old: Side
    new: Side
    rows: bool = False
    notes: tuple[str, ...] = ()
    data: DataChange | None = None
    numbers: Numbers | None = None
    claims: Claims | None = None
    rendered: tuple[Rendered, Rendered] | None = None
    figures: tuple[FigureChange, ...] = ()
    documents: tuple[DocumentChange, ...] = ()
    notices: tuple[str, ...] = ()
    shown: Mapping[str, tuple[Shown, ...]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        """Whether anything that was compared differs."""
        parts = (self.data, self.numbers, self.claims)
        return bool(self.figures) or any(
            part is not None and part.is_changed for part in (*parts, *self.documents)
        )

    @property
    def is_whole(self) -> bool:
        """Whether all that was to be compared could be."""
        return not self.faults and (self.data is None or self.data.is_whole)

    @property
    def status(self) -> int:
        """0 no change, 1 changes found, 2 none found but something could not be compared."""
        return 1 if self.is_changed else 0 if self.is_whole else 2


def compare(
    folder: Path,
    old: str | None = None,
    new: str | None = None,
    *,
    data: tuple[Path, Path] | None = None,
    rows: bool = False,
) -> Comparison:
    """Compare two revisions (None for `new`: the working tree), or two data packages."""
    return finish(start(folder, old, new, data=data, rows=rows))


def start(
    folder: Path,
    old: str | None = None,
    new: str | None = None,
    *,
    data: tuple[Path, Path] | None = None,
    rows: bool = False,
) -> Comparison:
    """Compare what lies there: data, and for revisions numbers and claims; raises PressError."""
    notes: tuple[str, ...] = ()
    if data:
        code = working_tree(folder)
        sides = [Side(str(package), code, package) for package in data]
        notes = (f"both are rendered with the code of the {code.label}",)
    elif old is None:
        raise PressError("name a revision to compare with, or two data packages with --data")
    else:
        versions = [read_version(folder, revision) for revision in (old, new)]
        notes = (*_ignored(folder), *_not_rendered(*versions))
        sides = [Side(of.label, of) for of in versions]
    comparison = Comparison(folder, sides[0], sides[1], rows, notes)
    if said := "" if data else _sent_otherwise(folder, (old, new), sides):
        return replace(comparison, faults={"data": said, "numbers": said})
    comparison = _with_data(comparison)
    if data:
        return comparison
    return _with_numbers(comparison, [side.version.read(RESULTS_FILE) for side in sides])


def _sent_otherwise(folder: Path, revisions: Iterable[str | None], sides: Iterable[Side]) -> str:
    """Why data and numbers of a submission's tag say nothing: it was sent with other data."""
    for revision, side in zip(revisions, sides, strict=True):
        kind, _, rest = (revision or "").partition("/")
        if kind not in (SUBMISSION, REHEARSAL):
            continue
        tags = {tag.name: tag for tag in read_tags(folder, rest.partition("/")[0])}
        sent = tags[str(revision)].checksums.get(KEPT_RESULTS) if revision in tags else None
        content = side.version.read(RESULTS_FILE)
        if sent and content and sent != hashlib.sha256(content).hexdigest():
            return (
                f"{side.label} was sent with other data than its commit has, so that what moved is "
                "not known here; the next package's marked-up copies show it, and press compare "
                "--data OLD NEW compares packages of data"
            )
    return ""


def _ignored(folder: Path) -> tuple[str, ...]:
    """A note where the environment names other data than those that revisions have."""
    named = os.environ.get("STUDY_DATA")
    if not named or Path(named).resolve() == (folder / DATA_FOLDER).resolve():
        return ()
    return (
        f"STUDY_DATA ({named}) counts for no revision: compared are the data in {DATA_FOLDER}/ of "
        "each; other packages are compared with press compare --data OLD NEW",
    )


def _not_rendered(old: Version, new: Version) -> tuple[str, ...]:
    """A note where the settings differ, which may change what is not rendered here."""
    if old.read(SETTINGS) == new.read(SETTINGS):
        return ()
    return (f"{SETTINGS} differs; HTML and Word files are compared, PDF and JATS files are not",)


def finish(comparison: Comparison) -> Comparison:
    """Render both sides and add what that tells."""
    sides = comparison.old, comparison.new
    rendered = _render(comparison)
    faults = {
        f"render {word}": f"{side.label} {_failed(side, done, rows=comparison.rows)}"
        for word, side, done in zip(("old", "new"), sides, rendered, strict=True)
        if done.error
    }
    done = replace(comparison, rendered=rendered, faults={**comparison.faults, **faults})
    if comparison.old.package and all(of.results for of in rendered):
        done = _with_numbers(done, [of.results for of in rendered])
    return _with_pages(_with_staleness(done))


def _render(comparison: Comparison) -> tuple[Rendered, Rendered]:
    """Render both sides at a time; the same version on the same data once."""
    asked = {(side.version.key, side.package): side.version for side in _sides(comparison)}
    with ThreadPoolExecutor(2) as pool:
        jobs = {
            (key, package): pool.submit(render_version, version, comparison.home, package=package)
            for (key, package), version in asked.items()
        }
    old, new = (jobs[side.version.key, side.package].result() for side in _sides(comparison))
    return old, new


def _failed(side: Side, rendered: Rendered, *, rows: bool) -> str:
    """Why a side did not render, in as many words as may be shown."""
    try:
        package = read_package(side.read_data, side.label)
    except PressError:
        package = None
    return failure(rendered, package, side.version.read, rows=rows)


def _with_data(comparison: Comparison) -> Comparison:
    try:
        old, new = (read_package(side.read_data, side.label) for side in _sides(comparison))
    except PressError as error:
        if comparison.old.package:  # what was asked for cannot be done
            raise
        return replace(comparison, faults={**comparison.faults, "data": str(error)})
    return replace(comparison, data=compare_packages(old, new, rows=comparison.rows))


def _with_numbers(comparison: Comparison, contents: list[bytes | None]) -> Comparison:
    """Numbers and claims, from the content of either side's results.json."""
    read, faults = [], []
    for side, content in zip(_sides(comparison), contents, strict=True):
        try:
            read.append(read_results(content, side.label))
        except PressError as error:
            faults.append(str(error))
    if faults:
        said = "\n".join(dict.fromkeys(faults))
        return replace(comparison, faults={**comparison.faults, "numbers": said})
    old, new = read
    (old_numbers, old_claims), (new_numbers, new_claims) = split(old.receipts), split(new.receipts)
    return replace(
        comparison,
        numbers=compare_numbers(old_numbers, new_numbers),
        claims=compare_claims(old_claims, new_claims),
    )


def _with_staleness(comparison: Comparison) -> Comparison:
    """A note for each committed results.json that its own version's render does not give."""
    if comparison.old.package or comparison.rendered is None:
        return comparison
    notes = [
        f"results.json of {side.label} is not what its own code and data give; "
        "the numbers compared are the committed ones"
        for side, done in zip(_sides(comparison), comparison.rendered, strict=True)
        if _is_stale(side.version.read(RESULTS_FILE), done.results)
    ]
    return replace(comparison, notes=(*comparison.notes, *notes))


def _is_stale(committed: bytes | None, rendered: bytes | None) -> bool:
    """Whether a render gives other receipts or data; what cannot be read is a fault already."""
    if committed is None or rendered is None or committed == rendered:
        return False
    try:
        return read_results(committed, "") != read_results(rendered, "")
    except PressError:
        return False


def _with_pages(comparison: Comparison) -> Comparison:
    """The figures that changed, and where what changed is shown."""
    if comparison.rendered is None:
        return comparison
    pages: list[list[Page]] = []
    for side, rendered in zip(_sides(comparison), comparison.rendered, strict=True):
        try:
            pages.append([read_page(path) for path in rendered.files("html")])
        except PressError as error:
            fault = f"{side.label}: {error}"
            return replace(comparison, faults={**comparison.faults, "words": fault})
    old, new = pages
    figures = compare_figures(drawings(old), drawings(new)) if old and new else ()
    shown = where_shown(_changed_ids(comparison), old, new)
    moved = comparison.numbers.moved if comparison.numbers else ()
    for id, places in in_alternative_texts(figures, moved).items():
        shown[id] = shown.get(id, ()) + places
    documents = compare_documents(*comparison.rendered)
    notices = tuple(dict.fromkeys(page.notice for page in (*old, *new) if page.notice))
    return replace(comparison, figures=figures, documents=documents, shown=shown, notices=notices)


def _changed_ids(comparison: Comparison) -> list[str]:
    """The ids of everything that readers may meet in another form."""
    numbers, claims = comparison.numbers, comparison.claims
    ids: list[str] = []
    if numbers is not None:
        ids += [change.id for change in numbers.moved]
        ids += [of.id for of in (*numbers.added, *numbers.removed)]
    if claims is not None:
        ids += [change.id for change in (*claims.turned, *claims.reworded)]
        ids += [of.id for of in (*claims.added, *claims.removed)]
    return ids


def _sides(comparison: Comparison) -> tuple[Side, Side]:
    return comparison.old, comparison.new
