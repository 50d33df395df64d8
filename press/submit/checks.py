"""A package in; what no file of it may hold: authors where reviewers look, placeholders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from press.errors import Fault
from press.journals.check import PLACEHOLDER
from press.marked import as_list
from press.response import REVIEWS_FILE
from press.response.reviews import read_reviews
from press.submit.blinding import Comment, search, self_references
from press.submit.build import Build, sources_of
from press.submit.contents import ANONYMOUS
from press.submit.files import files_in
from press.submit.gate import Inspection, bracketed, waiting, without_blanks
from press.submit.names import STOPPED, Name
from press.submit.sources import read_sources
from press.submit.texts import read_look, texts
from press.submit.word import reference_of


def check_blinded(build: Build, inspection: Inspection) -> None:
    """No file that reviewers get names an author; what cites or is let stand is noted."""
    names = inspection.names
    cited = [author["family"] for run in inspection.trees for work in run.references
             for author in work.get("author", ()) if "family" in author]  # fmt: skip
    files = [path for path in files_in(build.folder) if ANONYMOUS.fullmatch(build.within(path))]
    documents = [document.file for document in inspection.documents]
    reference = reference_of(inspection.article.project)
    faults, notes = search(
        build.folder, files, names, cited=cited, allowed=inspection.allowed,
        comments=_comments(build), made=read_look(reference) if reference else (),
        sources=read_sources(build.tree, documents, build.package),
        documents=sources_of(documents),
    )  # fmt: skip
    build.faults += faults
    build.notes += [*notes, *_abbreviations(names), *_self_references(build, inspection, names)]


def _abbreviations(names: Iterable[Name]) -> Iterator[str]:
    for name in names:
        if name.what == STOPPED:
            said = f"“{name.words}”, initials of an author, is let stand as the abbreviation"
            yield f"{said} that the article explains; read where it stands"


def _comments(build: Build) -> list[Comment]:
    """The reviewers' comments, which the letter gives letter for letter."""
    reviews = read_reviews(build.tree / REVIEWS_FILE)[0] if build.has_response else None
    comments = reviews.comments if reviews else ()
    return [Comment(c.place, c.tag, "\n".join(c.paragraphs)) for c in comments]


def _self_references(build: Build, inspection: Inspection, names: Iterable[Name]) -> Iterable[str]:
    for document, run in zip(inspection.documents, inspection.trees, strict=True):
        source = (build.tree / document.file).read_text(encoding="utf-8")
        yield from self_references(run.references, names, document.file, source)


def check_placeholders(build: Build, inspection: Inspection) -> None:
    """No file of a package waits for its text, beyond what the source is known to wait for.

    Comments of reviewers, whose words are theirs, may read as if they did.
    """
    texts_known = [str(author) for document in inspection.documents
                   for author in as_list((document.front.value or {}).get("author"))]  # fmt: skip
    texts_known += [entry.shown for entry in inspection.declared]
    known = {said for text in texts_known for said in waiting(text, but=Counter())}
    code = sum((bracketed(run.tree["blocks"]) for run in inspection.trees), Counter[str]())
    comments = "\n".join(comment.words for comment in _comments(build))
    quoted = Counter(map(without_blanks, PLACEHOLDER.findall(comments)))
    for path in files_in(build.folder):
        theirs = quoted if build.within(path).startswith("3-response") else Counter[str]()
        found = [said for text in texts(path) for said in waiting(text.words, but=code + theirs)]
        for said in dict.fromkeys(found):
            if said not in known:
                fault = f"{said} waits for its text; write it where the file is made from"
                build.faults.append(Fault(build.within(path), fault))
