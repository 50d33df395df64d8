"""An inspected article in; title page, letter, declarations and checklists as Word files out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tabulate import tabulate

from press.config import Project
from press.errors import Fault, PressError
from press.git import git_text
from press.journals.checklists import CHECKLISTS, Checklist, Row, find_answers, read_checklist
from press.journals.counts import text_of
from press.journals.profiles import Profile
from press.submit.gate import Inspection
from press.submit.tree import STAMP
from press.submit.word import fill, read_authors, write_docx

TEMPLATES = Path("journal") / "letters"
TITLE_PAGE, LETTER, DECLARATIONS = (
    "1-title-page.docx", "7-cover-letter.docx", "8-declarations.docx",
)  # fmt: skip
WIDTHS = (9, 34, 34, 9, 14)
"""Of a checklist's columns, in percent: each word of a head stays on one line.

The class `wide-columns` has the filter of the article keep them.
"""


def unknown_to_git(root: Path) -> list[Fault]:
    """Templates and checklists that no commit has, so that the package would go without them."""
    kinds = f"{TEMPLATES.as_posix()}/*.md", f"{CHECKLISTS.as_posix()}/*.yml"
    found = git_text(root, "ls-files", "--others", "--", *kinds).splitlines()
    return [Fault(file, "git does not know it, so that it is not used; git add it")
            for file in found]  # fmt: skip


@dataclass(frozen=True)
class Writer:
    """Writes the Word files that accompany an article, all with one running head."""

    project: Project
    profile: Profile
    inspection: Inspection
    is_rehearsal: bool

    @property
    def head(self) -> str:
        """What stands at the head of every page: of simulated data, and of a rehearsal."""
        keyword = text_of(self.inspection.meta.get("notice-keyword", {}).get("c", [])).strip()
        return ". ".join(filter(None, [keyword, STAMP if self.is_rehearsal else ""]))

    def values(self) -> dict[str, Any]:
        """What the templates may say, from front matter, declarations and the article."""
        article, declared = self.inspection.article, self.inspection.declared
        counts, meta = article.counts, self.inspection.meta
        notice = text_of(meta.get("notice", {}).get("c", [])).strip()
        kinds = [item.label.partition("-")[0] for item in counts.items]
        entries = [{"label": d.label, "about": d.about, "text": d.shown} for d in declared]
        return {
            **read_authors(article.settings, article.document.file),
            "journal": self.profile.name if self.profile.is_journal else "",
            "title": counts.title.text,
            "running_title": counts.running_title.text,
            "keywords": list(counts.keywords),
            "notice": " ".join(filter(None, [f"{STAMP}." if self.is_rehearsal else "", notice])),
            "declared": entries,
            "declarations": {d.name: d.shown for d in declared},
            "counts": {
                "text": sum(part.words for part in counts.text),
                "abstract": counts.abstract.words,
                "figures": kinds.count("fig"),
                "tables": kinds.count("tbl"),
                "references": counts.references,
            },
        }

    def write(self, name: str, target: Path, title: str, **more: Any) -> None:
        """Write a Word file from the project's template `name`."""
        template = self.project.root / TEMPLATES / name
        if not template.is_file():
            raise PressError(
                f"the commit has no {(TEMPLATES / name).as_posix()}, the template of {title}; "
                "git add and git commit it"
            )
        markdown = fill(template, self.values() | more)
        write_docx(markdown, target, project=self.project, title=title, head=self.head)

    def write_checklists(self, folder: Path, pdf: Path, blinded: Path) -> list[Fault]:
        """Write each checklist with the page of every item; the items that were not found."""
        source = (self.project.root / self.project.documents[0]).read_text(encoding="utf-8")
        faults = []
        for path in sorted((self.project.root / CHECKLISTS).glob("*.yml")):
            checklist = read_checklist(self.project.root, path.stem)
            rows, missing = find_answers(checklist, pdf, source)
            hidden, also = find_answers(checklist, blinded, source)
            faults += [*missing, *also]
            markdown = _table(checklist, rows, hidden, pdf.name, blinded.name)
            target = folder / f"6-{path.stem}.docx"
            title = f"Reporting checklist: {checklist.name}"
            write_docx(markdown, target, project=self.project, title=title, head=self.head)
        return list(dict.fromkeys(faults))


def _table(
    checklist: Checklist, rows: list[Row], hidden: list[Row], file: str, blinded: str
) -> str:
    """A checklist as markdown; a column for the pages of the blinded copy where they are others."""
    pages = {row.number: row.page for row in hidden}
    is_other = any(pages.get(row.number) != row.page for row in rows)
    heads = ["Item", "What it asks", "Where it is answered", "Page"]
    cells = [[row.number, _cell(row.words), _cell(row.answer), _page(row.page)] for row in rows]
    if is_other:
        heads.append("Page, blinded")
        cells = [
            [*line, _page(pages.get(row.number))] for line, row in zip(cells, rows, strict=True)
        ]
    found = {row.number for row in rows}
    for item in checklist.items:
        if item.number not in found:
            cells.append([item.number, _cell(item.words), "not found", *[""] * (len(heads) - 3)])
    order = {item.number: i for i, item in enumerate(checklist.items)}
    cells.sort(key=lambda line: order[line[0]])
    where = f"Pages of {file}" + (f"; in the last column, of {blinded}" if is_other else "")
    head, _, *lines = tabulate(cells, heads, tablefmt="pipe", disable_numparse=True).split("\n")
    rule = "|".join("-" * width for width in WIDTHS[: len(heads)])
    ruled = "\n".join([head, f"|{rule}|", *lines])
    return f"{where}.\n\n::: {{.wide-columns}}\n\n{ruled}\n\n:::\n"


def _cell(text: str) -> str:
    return text[:1].upper() + text[1:]


def _page(page: int | None) -> str:
    return "–" if page is None else str(page)
