"""response.qmd, reviews.yml, two versions and the review copy in; the letter, DOCX and PDF, out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from press.config import Project, format_settings
from press.convert import Job, convert
from press.document import read_document
from press.errors import CheckFailedError, Fault, PressError
from press.keys import WRITERS
from press.located import is_label
from press.reading import parse
from press.render import new_staging
from press.response import LETTER_FILE, REVIEWS_FILE
from press.response.changes import Redline
from press.response.compose import Quote, compose_letter
from press.response.glyphs import glyph_faults
from press.response.letter import Call, Letter, read_letter
from press.response.numbers import Receipts, say_number
from press.response.passages import Article, NotFoundError, read_article
from press.response.pdf_lines import ReviewCopy
from press.response.reviews import nearest, read_reviews
from press.source import body_of

LETTER_FORMATS = ("docx", "typst")


@dataclass(frozen=True)
class Versions:
    """What was submitted last and what is submitted now, each as text of results.json and folder.

    `old` and `new` hold the rendered pages, `review` the review copies of the new version (PDF);
    `names` is what editors know a review copy by, where that is another name; `tag` names the old
    version in git.
    """

    old_results: str
    new_results: str
    old: Path
    new: Path
    review: Path
    names: Mapping[str, str] = field(default_factory=dict)
    tag: str = ""


def build_response(project: Project, versions: Versions, target: Path) -> list[Path]:
    """Write response.docx and response.pdf into a folder; nothing where there is no letter.

    CheckFailedError with every fault of letter, comments and quotes; then nothing is written.
    """
    file = project.root / LETTER_FILE
    if not file.is_file():
        return []
    reviews, faults = read_reviews(project.root / REVIEWS_FILE)
    letter = read_letter(file, reviews.comments)
    faults += glyph_faults(project, letter.front, reviews.comments)
    sources = Sources(project, versions)
    said = [_resolve(call, sources, faults) for call in letter.calls]
    floats = {label: found.name for label, found in sources.floats.items()}
    faults += [*letter.faults, *_lost_references(letter, floats)]
    if faults:
        raise CheckFailedError("\n".join(map(str, sorted(set(faults)))))
    blocks = compose_letter(letter, reviews, said, floats, sources.articles[0].notice)
    return _write(project, letter, blocks, target)


def check_response(project: Project) -> list[Fault]:
    """The faults that show without a render: comments, answers, labels; none without a letter."""
    file = project.root / LETTER_FILE
    if not file.is_file():
        return []
    reviews, faults = read_reviews(project.root / REVIEWS_FILE)
    letter = read_letter(file, reviews.comments)
    faults += glyph_faults(project, letter.front, reviews.comments)
    labels = {Path(name).stem: _labels(project, name) for name in project.documents}
    first = next(iter(labels))
    for call in letter.calls:
        if call.kind != "quote":
            continue
        stem = call.options.get("in", first)
        if stem not in labels:
            faults.append(Fault(call.place, f"in={stem}: {nearest(stem, labels)}"))
        elif call.name not in labels[stem]:
            hint = nearest(call.name, labels[stem])
            faults.append(Fault(call.place, f"{stem} has no label {call.name}; {hint}"))
    known = dict.fromkeys(label for found in labels.values() for label in found)
    return sorted({*faults, *letter.faults, *_lost_references(letter, known)})


def _labels(project: Project, name: str) -> list[str]:
    """The labels of a document's headings, figures and tables, as its source has them."""
    text = (project.root / name).read_text(encoding="utf-8").replace("\r\n", "\n")
    document = read_document(text, file=name)
    blocks, _ = parse(body_of(text, document), [], file=name)
    named = [str(chunk.options.get("label", "")) for chunk in document.chunks]
    labels = [label for label in named if is_label(label)]
    for block in blocks:
        attr = {"Header": 1, "Div": 0}.get(block["t"])
        labels += [block["c"][attr][0]] if attr is not None and block["c"][attr][0] else []
    return labels


class Sources:
    """The documents of the new version, their redlines and review copies, read when asked for."""

    def __init__(self, project: Project, versions: Versions) -> None:
        """Read the pages and the receipts."""
        self.stems = [Path(name).stem for name in project.documents]
        self.versions = versions
        self.receipts = Receipts(versions.old_results, versions.new_results)
        self.articles = [read_article(versions.new / f"{stem}.html") for stem in self.stems]
        self._redlines: dict[str, Redline] = {}
        self._copies: dict[str, ReviewCopy] = {}

    @property
    def floats(self) -> dict[str, Any]:
        """Every figure and table by its label."""
        return {label: f for article in self.articles for label, f in article.floats.items()}

    def article(self, stem: str) -> Article:
        """The document of a name; NotFoundError where there is none."""
        if stem not in self.stems:
            raise NotFoundError(f"in={stem}: {nearest(stem, self.stems)}")
        return self.articles[self.stems.index(stem)]

    def redline(self, stem: str) -> Redline:
        """What differs in a document."""
        if stem not in self._redlines:
            page = f"{stem}.html"
            self._redlines[stem] = Redline(self.versions.old / page, self.versions.new / page)
        return self._redlines[stem]

    def copy(self, stem: str) -> ReviewCopy:
        """The review copy of a document."""
        if stem not in self._copies:
            self._copies[stem] = ReviewCopy(self.versions.review / f"{stem}.pdf")
        return self._copies[stem]


def _resolve(call: Call, sources: Sources, faults: list[Fault]) -> str | Quote:
    """What a call gives; a fault where it is not there, or is not what the call says it is."""
    try:
        if call.kind == "number":
            return say_number(sources.receipts, call.name)
        return _quote(call, sources)
    except NotFoundError as error:
        faults.append(Fault(call.place, str(error)))
        return ""


def _quote(call: Call, sources: Sources) -> Quote:
    stem = call.options.get("in", sources.stems[0])
    starts, ends = call.options.get("starts", ""), call.options.get("ends", "")
    quoted = sources.article(stem).find(call.name, starts, ends)
    is_shown = sources.redline(stem).shows(quoted)
    if call.is_changed and not is_shown:
        tag = sources.versions.tag
        sent = f"in {tag}" if tag else "submitted last"
        fault = f"[{call.name}] is as it was {sent}, nothing of it is in the redline"
        remedy = "change it, or say {.quote .unchanged}"
        undo = f"; if {tag} was never uploaded, git tag -d {tag}" if tag else ""
        raise NotFoundError(f"{fault}; {remedy}{undo}")
    if is_shown and not call.is_changed:
        raise NotFoundError(f"[{call.name}] is in the redline; leave out .unchanged")
    what = "Changed" if call.is_changed else "Unchanged"
    where = "" if stem == sources.stems[0] else f"{stem.capitalize()}, "
    return Quote(
        quoted,
        f"{what} {sources.redline(stem).kind_of(quoted)}",
        where + sources.copy(stem).place_of(quoted),
        sources.versions.names.get(stem, f"{stem}.pdf"),
    )


def _lost_references(letter: Letter, known: Iterable[str]) -> Iterator[Fault]:
    labels = list(known)
    for label, place in letter.references:
        if label not in labels:
            yield Fault(place, f"the article has no @{label}; {nearest(label, labels)}")


def _write(
    project: Project, letter: Letter, blocks: Sequence[dict[str, Any]], target: Path
) -> list[Path]:
    """Write the letter in the article's look, and move it to where it belongs when it is whole."""
    tree = json.dumps({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks})
    stem = Path(LETTER_FILE).stem
    staging = new_staging(project.root)
    try:
        jobs = []
        for form, settings in format_settings(project, letter.front).items():
            if form in LETTER_FORMATS:
                (staging / form).mkdir()
                own = {**settings, "review-copy": False, "body-columns": 1}
                folders = project.root, staging / form, staging
                jobs.append(Job(form, stem, tree, own, *folders, _place, reader="json"))
        if not jobs:
            raise PressError("_quarto.yml: the letter needs one of the formats docx and typst")
        convert(jobs)
        names = [f"{stem}.{WRITERS[job.format]}" for job in jobs]
        target.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.move(staging / name, target / name)) for name in sorted(names)]
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _place(_: str) -> str:
    return LETTER_FILE
