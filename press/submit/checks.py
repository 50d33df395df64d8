"""A package in; what no file of it may hold: authors where reviewers look, placeholders."""

from __future__ import annotations

from collections.abc import Iterable

from press.errors import Fault
from press.journal_check import PLACEHOLDER
from press.marked import as_list
from press.submit.build import Build
from press.submit.contents import ANONYMOUS
from press.submit.files import files_in
from press.submit.gate import Inspection
from press.submit.names import Name, names_of, search, self_references
from press.submit.texts import texts
from press.submit.word import read_authors


def check_blinded(build: Build, inspection: Inspection) -> None:
    """No file that reviewers get names an author; what cites the authors is noted."""
    article = inspection.article
    people = read_authors(article.settings, article.document.file)
    names = names_of(people["authors"], people["affiliations"], inspection.declared)
    cited = [author["family"] for run in inspection.trees for work in run.references
             for author in work.get("author", ()) if "family" in author]  # fmt: skip
    files = [path for path in files_in(build.folder) if ANONYMOUS.fullmatch(build.within(path))]
    faults, notes = search(build.folder, files, names, cited=cited)
    build.faults += faults
    build.notes += [*notes, *_self_references(build, inspection, names)]


def _self_references(build: Build, inspection: Inspection, names: Iterable[Name]) -> Iterable[str]:
    for document, run in zip(inspection.documents, inspection.trees, strict=True):
        source = (build.tree / document.file).read_text(encoding="utf-8")
        yield from self_references(run.references, names, document.file, source)


def check_placeholders(build: Build, inspection: Inspection) -> None:
    """No file of a package waits for its text, beyond what the source is known to wait for."""
    waiting = [str(author) for document in inspection.documents
               for author in as_list((document.front.value or {}).get("author"))]  # fmt: skip
    waiting += [entry.shown for entry in inspection.declared]
    known = {_one_line(found) for text in waiting for found in PLACEHOLDER.findall(text)}
    for path in files_in(build.folder):
        found = [
            _one_line(said) for text in texts(path) for said in PLACEHOLDER.findall(text.words)
        ]
        for said in dict.fromkeys(found):
            if said not in known:
                fault = f"{said} waits for its text; write it where the file is made from"
                build.faults.append(Fault(build.within(path), fault))


def _one_line(text: str) -> str:
    return " ".join(text.split())
