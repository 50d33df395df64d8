"""A comparison in, one self-contained page out: claims, numbers, data, figures and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

from press.compare import sections
from press.compare.comparison import Comparison
from press.compare.data import DataChange
from press.compare.documents import write_redlines
from press.compare.figures import FigureChange
from press.compare.phrases import GROUNDS, REWORDED, counted, grouped, none_of, what_of
from press.errors import PressError

COMPARISON_FOLDER = "_comparison"
PAGE = "comparison.html"
_TITLE = "<title>What changed: "
_STYLE = Path(__file__).with_name("report.css")


def deliver(comparison: Comparison, folder: Path) -> Comparison:
    """Write the redlines and the page into a folder; the comparison with what became of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in redlines_of(folder):
        (folder / name).unlink(missing_ok=True)
    done = replace(comparison, documents=write_redlines(comparison.documents, folder))
    (folder / PAGE).write_text(to_page(done), encoding="utf-8", newline="\n")
    return done


def redlines_of(folder: Path) -> list[str]:
    """The Word files that the comparison in a folder wrote, by the links of its page.

    Raises PressError where the page there is of another make, and so not ours to replace.
    """
    page = folder / PAGE
    text = page.read_text(encoding="utf-8", errors="replace") if page.is_file() else _TITLE
    if _TITLE not in text:
        raise PressError(
            f"{page} was not written by press compare, which would replace it; "
            "move it, or name another folder with --output DIR"
        )
    return [unescape(name) for name in re.findall(r'href="([^"/\\]+-redline\.docx)"', text)]


def to_page(comparison: Comparison) -> str:
    """The whole page; nothing in it is fetched from elsewhere."""
    title = f"{comparison.old.label} → {comparison.new.label}"
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"{_TITLE}{escape(title)}</title>",
            f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>",
            f"<h1>What changed</h1>\n<p>{escape(title)}</p>",
            *_head(comparison),
            *_parts(comparison),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _parts(comparison: Comparison) -> Iterator[str]:
    """The sections of what was compared."""
    if comparison.claims is not None:
        yield from sections.claims_of(comparison.claims, comparison.shown)
    if comparison.numbers is not None:
        yield from sections.numbers_of(comparison.numbers, comparison.shown)
    if comparison.data is not None:
        yield from sections.data_of(comparison.data)
    if comparison.documents:
        yield from sections.figures_of(comparison.figures)
        yield from sections.words_of(comparison.documents)


def _head(comparison: Comparison) -> Iterator[str]:
    yield from (f'<p class="notice">{escape(notice)}</p>' for notice in comparison.notices)
    if comparison.faults:
        yield '<section class="faults" aria-label="Faults">\n<h2>Not as it should be</h2>'
        for fault in comparison.faults.values():
            yield f"<pre>{escape(fault)}</pre>"
        yield "</section>"
    yield from (f'<p class="note">Note: {escape(note)}.</p>' for note in comparison.notes)
    rows = list(_summary(comparison))
    yield sections.table(("Part", "Changes"), rows, caption="Summary")


def _summary(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """A row a part: what changed in it, or that it was not compared."""
    claims, numbers, data = comparison.claims, comparison.numbers, comparison.data
    yield _row("claims", "Claims and verdicts", None if claims is None else _counted(
        (len(claims.turned), "in another state"), (len(claims.reworded), "worded otherwise"),
        (len(claims.leaning), "that lean on one patient otherwise than before"),
        (len(claims.grounds), GROUNDS),
        (len(claims.added), "added"), (len(claims.removed), "removed"),
    ))  # fmt: skip
    yield _row("numbers", "Numbers", None if numbers is None else _counted(
        (len(numbers.moved), "printed otherwise"), (len(numbers.added), "added"),
        (len(numbers.removed), "removed"),
        (len(numbers.unprinted), "moved below the printed digits"),
        (len(numbers.reworded), REWORDED),
    ))  # fmt: skip
    for part, of, word in (("claims", claims, "claim"), ("numbers", numbers, "number")):
        for meaning, same in grouped(of.flags if of else ()):
            count = counted(sum(map(len, same.values())), word)
            yield _row(part, meaning[0].upper() + meaning[1:], count)
    yield _row("data", "Data", None if data is None else _said_of_data(data))
    figures = _said_of_figures(comparison.figures)
    yield _row("figures", "Figures", figures if comparison.documents else None)
    for change in comparison.documents:
        yield _row(f"words-{change.name}", f"Words of {change.name}", change.said)
    if not comparison.documents:
        yield _row("words", "Words", None)


def _said_of_data(data: DataChange) -> str:
    """How many rows of each table, and how much of the descriptor."""
    said = [f"{of.name}: " + _counted((of.added, "row added"), (of.removed, "row removed"),
                                      (of.changed, "row changed"), say=counted)
            for of in data.tables]  # fmt: skip
    said += [counted(len(of), what) for of, what in (
        (data.schema, "change of the schema"),
        (data.package, "change of what the package says of itself"),
    ) if of]  # fmt: skip
    return "; ".join(said) or none_of(data)


def _said_of_figures(changes: Iterable[FigureChange]) -> str:
    """Which figures changed, are new or gone, those of the same fate together.

    One that is gone has its old number, which another may have now.
    """
    same: dict[str, dict[str, None]] = {}
    for change in changes:
        old = "the old " if change.new is None and change.figure.target else ""
        label = f"{old}{change.figure.label or 'figure without a label'}"
        same.setdefault(what_of(change).partition(":")[0], {})[label] = None
    return "; ".join(f"{', '.join(labels)} {word}" for word, labels in same.items()) or "no change"


def _row(target: str, part: str, said: str | None) -> tuple[str, str]:
    """A line of the summary; None is what was not compared and has no section."""
    if said is None:
        return escape(part), "not compared"
    return f'<a href="#{escape(target)}">{escape(part)}</a>', escape(said)


def _counted(*counts: tuple[int, str], say: Callable[[int, str], str] = "{} {}".format) -> str:
    return ", ".join(say(count, what) for count, what in counts if count) or "no change"
