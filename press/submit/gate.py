"""A copy of the project in; every reason why it cannot be submitted yet, and what it says, out."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from press.check import check_results
from press.child import start_kernel
from press.config import Project, format_settings
from press.document import Document, read_document
from press.errors import Fault, PressError, run_all
from press.executed_tree import ExecutedTree, Node, execute_documents
from press.journals.check import OPEN_WORDS, PLACEHOLDER, Article, State, judge
from press.journals.counts import count, text_of
from press.journals.profiles import PROFILES, Profile, read_profile
from press.marked import as_list
from press.render import DATA_FOLDER, RESULTS_FILE, new_staging, run_environment
from press.response.letter import walk
from press.source import check_project
from press.submit.abbreviations import defined
from press.submit.archive import PACKAGE, kind_of, read_package
from press.submit.authors import check_authors
from press.submit.blinding import check_allowed
from press.submit.declared import (
    Allowed,
    Declaration,
    check_declared,
    read_allowed,
    read_declared,
)
from press.submit.files import files_in
from press.submit.names import Name, names_of
from press.submit.word import read_authors

OBSERVED, SIMULATED = "observed", "simulated"
PUBLIC = ("CC0", "PDDL", "ODC")
"""How the licences begin that make data everybody's."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_OPEN_ANSWER = re.compile(
    rf"{PLACEHOLDER.pattern}|\A\W*(?:{OPEN_WORDS}|pending)\b[^.]*\.?\Z"
    r"|\[(?!@|(?:sic|at|dot)\])[^\[\]]*[^\W\d_][^\[\]]*\](?![({])",
    re.IGNORECASE,
)
"""What waits for its text in a declaration: there any words in brackets do."""


@dataclass(frozen=True)
class Inspection:
    """What the executed documents are: the article that journals count, and each one's tree."""

    article: Article
    documents: tuple[Document, ...]
    trees: tuple[ExecutedTree, ...]
    declared: tuple[Declaration, ...]
    names: tuple[Name, ...]
    allowed: tuple[Allowed, ...]
    faults: tuple[Fault, ...]

    @property
    def meta(self) -> Node:
        """The article's metadata after its filters."""
        return dict(self.trees[0].tree["meta"])


def committed_profile(root: Path, tree: Path, name: str) -> Profile:
    """The profile `name` of the commit in `tree`; one that only `root` has is refused as such."""
    file = PROFILES / f"{name}.yml"
    if (root / file).is_file() and not (tree / file).is_file():
        remedy = "and a package is built from a commit; git add and git commit it"
        raise PressError(f"--journal {name}: {file.as_posix()} is not committed, {remedy}")
    return read_profile(tree, name)


def inspect(project: Project, profile: Profile, data: Path | None) -> Inspection:
    """Execute a project's documents, and find what keeps them from being submitted, all at once."""
    root, files = project.root, project.documents
    texts = [(root / name).read_text(encoding="utf-8") for name in files]
    documents = tuple(read_document(t, file=n) for n, t in zip(files, texts, strict=True))
    settings_of = [partial(format_settings, project, document.front) for document in documents]
    run_all([*settings_of, partial(check_declared, root)])
    staging = new_staging(root)
    results = staging / RESULTS_FILE
    try:
        environment = run_environment(project.output_folder, data, results)
        runs = execute_documents(
            project, files, staging=staging, environment=environment, kernel=start_kernel()
        )
        trees = tuple(runs)
        faults = _computed(project, results, data)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    settings = next(iter(format_settings(project, documents[0].front).values()))
    article = Article(count(trees[0], documents[0]), settings, project, documents[0])
    declared = read_declared(root)
    people = read_authors(settings, documents[0].file)
    explained = defined("\n".join(texts))
    names = names_of(people["authors"], people["affiliations"], declared, explained)
    allowed, said = read_allowed(root)
    faults += [
        *said,
        *check_allowed(allowed, names),
        *check_project(project),
        *_journal(article, profile),
        *_open(declared),
        *check_authors(project, documents),
        *_waiting(documents, trees),
        *_data(root, data, documents, trees),
    ]
    found = tuple(dict.fromkeys(faults))
    return Inspection(article, documents, trees, declared, names, allowed, found)


def _computed(project: Project, results: Path, data: Path | None) -> list[Fault]:
    """Claims in a state that no reader knows, and a committed results.json that has gone stale."""
    if not results.is_file():
        return []
    committed = project.root / RESULTS_FILE
    faults = list(check_results(results).faults)
    if data is None and committed.is_file() and committed.read_bytes() != results.read_bytes():
        remedy = "run press render and commit it"
        faults.append(
            Fault(RESULTS_FILE, f"it is stale, the code computes other numbers; {remedy}")
        )
    return faults


def _journal(article: Article, profile: Profile) -> Iterator[Fault]:
    """What the profile asks and the article has not; placeholders have faults of their own."""
    for finding in judge(article, profile):
        if finding.state == State.FAULT and not PLACEHOLDER.search(finding.text):
            asked = f" ({finding.source})" if finding.source else ""
            yield Fault(finding.place, f"{finding.rule}: {finding.text}{asked}")


def _open(declared: tuple[Declaration, ...]) -> Iterator[Fault]:
    """Declarations without an answer."""
    for entry in declared:
        left = _OPEN_ANSWER.search(entry.text or "")
        if entry.text is None or left:
            at = f" at {left[0]}" if left else ""
            yield Fault(entry.place, f"{entry.name} is open{at}: {entry.about} Write its text")


def _waiting(documents: tuple[Document, ...], trees: tuple[ExecutedTree, ...]) -> Iterator[Fault]:
    """Placeholders that stand in a document by themselves and not for an open declaration."""
    for document, run in zip(documents, trees, strict=True):
        for block in run.tree["blocks"]:
            for found in waiting(text_of(_undeclared(block)), but=bracketed([block])):
                for line in _lines(document, found):
                    yield Fault(f"{document.file}:{line}", f"{found} waits for its text; write it")


def waiting(text: str, *, but: Counter[str]) -> list[str]:
    """The placeholders of a text, each once, that stand there more often than `but` has them.

    A line may break anywhere, so that their blanks count for nothing.
    """
    found = Counter(" ".join(said.split()) for said in PLACEHOLDER.findall(text))
    return [said for said, times in found.items() if times > but[without_blanks(said)]]


def bracketed(nodes: list[Node]) -> Counter[str]:
    """What stands in brackets in the code of a document, such as `[name for name in names]`."""
    code = [node["c"][1] for node in walk(nodes) if node["t"] in ("Code", "CodeBlock")]
    found = (said for text in code for said in re.findall(r"\[[^\[\]]*\]", text))
    return Counter(map(without_blanks, found))


def without_blanks(text: str) -> str:
    """A text's signs."""
    return "".join(text.split())


def _lines(document: Document, words: str) -> list[int]:
    """The lines of the source on which words stand outside of comments, else the first one."""
    pattern = re.compile(re.escape(words.strip("[]")))
    found = []
    for part in document.parts:
        text = _COMMENT.sub(
            lambda said: "\n" * said[0].count("\n"), getattr(part, "text", None) or ""
        )
        found += [
            int(part.line + i) for i, line in enumerate(text.split("\n")) if pattern.search(line)
        ]
    return found or [1]


def _undeclared(node: Any) -> Any:
    """A node without what a declaration that is open prints."""
    if isinstance(node, list):
        return [_undeclared(item) for item in node if not _is_placeholder(item)]
    if isinstance(node, dict) and "c" in node:
        return {**node, "c": _undeclared(node["c"])}
    return node


def _is_placeholder(node: Any) -> bool:
    is_span = isinstance(node, dict) and node.get("t") == "Span"
    return is_span and "placeholder" in node["c"][0][1]


def _data(
    root: Path,
    data: Path | None,
    documents: tuple[Document, ...],
    trees: tuple[ExecutedTree, ...],
) -> Iterator[Fault]:
    """Data that are not observed, and documents that say of their data what no article may."""
    folder = data or root / DATA_FOLDER
    package = read_package(folder)
    kind = kind_of(package)
    place = str(folder / PACKAGE) if data else (folder / PACKAGE).relative_to(root).as_posix()
    if kind != OBSERVED:
        text = f"provenance.kind is {kind}; only an article on {OBSERVED} data is submitted"
        yield Fault(place, text)
        return
    yield from simulated_tables(folder, root / DATA_FOLDER)
    for licence in as_list(package.get("licenses")):
        name = str(licence.get("name") if isinstance(licence, dict) else licence)
        if name.upper().startswith(PUBLIC):
            text = f"licenses has {name}, by which anybody may use and publish patients' rows"
            yield Fault(place, f"{text}; name their own terms of use, or write []")
    for document, run in zip(documents, trees, strict=True):
        notice = text_of(run.tree["meta"].get("notice", {}).get("c", [])).strip()
        if notice:
            text = f"it says of its data: {notice} Record the data as their README says"
            yield Fault(document.file, text)


def simulated_tables(folder: Path, shipped: Path) -> Iterator[Fault]:
    """Tables in a folder of observed data that are, rows and all, of the simulated package."""
    package = read_package(shipped)
    if kind_of(package) != SIMULATED:
        return
    paths = [shipped / str(table.get("path")) for table in package.get("resources", [])]
    tables = {path.read_bytes(): path.name for path in paths if path.is_file()}
    for path in files_in(folder):
        name = tables.get(content := path.read_bytes())
        if name and content.strip().count(b"\n"):
            text = f"it is the simulated {DATA_FOLDER}/{name}, byte for byte, in data that are said"
            yield Fault(str(path), f"{text} to be {OBSERVED}; put the table of the patients there")
