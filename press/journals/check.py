"""A project and a journal's profile in; each rule with what the article has, and its place, out."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from press.child import Kernel
from press.config import Project, format_settings, read_project
from press.document import Document, read_document
from press.executed_tree import execute_documents
from press.export import accepted_formats
from press.figures import ENDINGS
from press.journals.counts import Counts, Part, count
from press.journals.profiles import ANY, RULES, Profile, Rule, read_profile
from press.render import RESULTS_FILE, new_staging, run_environment

OPEN_WORDS = r"to be (?:completed|confirmed|added|determined|inserted|decided)"
_NESTED = r"(?:[^\[\]]|\[[^\[\]]{0,80}\]){0,200}?"
"""What may stand in brackets, such as the number of a citation in its own."""
PLACEHOLDER = re.compile(
    r"(?-i:\b(?:TODO|TBD|TBC|FIXME)\b|(?<!\d,)(?<!\d, )\bX{3,}\b)|\?{3,}"  # 47,XXX is a karyotype
    rf"|\[{_NESTED}\b{OPEN_WORDS}\b{_NESTED}\]"
    # x[name] is code, "x"[author] a search, [author’s note] and [name withheld] say all they will,
    # [address](…) is a link
    r"|(?<![\w\"”’)\]])\[\s*(?:insert|add|authors?|names?|address(?:es)?|repository)\b(?![’'])"
    r"(?![^\[\]]*\b(?:withheld|removed|omitted|blinded)\b)[^\[\]]*\](?![({])",
    re.IGNORECASE,
)
"""A text that waits for the authors; the letter to the reviewers uses the pattern as well."""


class State(Enum):
    """What comes of a rule."""

    OK = "ok"
    FAULT = "fault"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """One rule: what the article has and what is asked, by whom, and where it stands."""

    state: State
    rule: str
    text: str
    source: str = ""
    place: str = ""

    def __str__(self) -> str:
        asked = f" ({self.source})" if self.source else ""
        place = f" {self.place}" if self.place else ""
        return f"{self.state.value:11}  {self.rule}: {self.text}{asked}{place}"


@dataclass(frozen=True)
class JournalReport:
    """What a profile asks of an article and what came of it, in the order of the profile."""

    profile: Profile
    file: str
    findings: tuple[Finding, ...]

    def show(self, say: Callable[[str], None] = print) -> int:
        """Say every rule in a line, then the numbers of them; the exit status."""
        say(f"{self.file} for {self.profile.name} (journal/profiles/{self.profile.id}.yml)")
        for finding in self.findings:
            say(str(finding))
        states = Counter(finding.state for finding in self.findings)
        counted = [f"{states[state]} {state.value}" for state in State]
        say(", ".join(counted).replace("fault", "fault" if states[State.FAULT] == 1 else "faults"))
        return 1 if states[State.FAULT] else 0


@dataclass(frozen=True)
class Article:
    """What the rules are held against."""

    counts: Counts
    settings: dict[str, Any]
    project: Project
    document: Document

    def setting_place(self, key: str) -> str:
        """Where a setting is made: in the document, or in _quarto.yml."""
        is_own = key in (self.document.front.value or {})
        return (self.document.front if is_own else self.project.settings).place((key,))


def check_journal(
    folder: Path, name: str, *, data: Path | None = None, kernel: Kernel | None = None
) -> JournalReport:
    """Execute the article, the project's first document, and hold it against a profile."""
    project = read_project(folder.resolve())
    profile = read_profile(project.root, name)
    article = read_article(project, data=data, kernel=kernel)
    return JournalReport(profile, article.document.file, tuple(judge(article, profile)))


def read_article(
    project: Project, *, data: Path | None = None, kernel: Kernel | None = None
) -> Article:
    """The project's first document, executed and counted."""
    file = project.documents[0]
    text = (project.root / file).read_text(encoding="utf-8")
    document = read_document(text, file=file)
    staging = new_staging(project.root)
    environment = run_environment(project.output_folder, data, staging / RESULTS_FILE)
    try:
        run = execute_documents(
            project, [file], staging=staging, environment=environment, kernel=kernel
        )
        counts = count(next(iter(run)), document)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    settings = next(iter(format_settings(project, document.front).values()))
    return Article(counts, settings, project, document)


def judge(article: Article, profile: Profile) -> Iterator[Finding]:
    """Every rule of a profile, in its order; a rule that is not known is counted all the same."""
    for name in RULES:
        rule: Rule[Any] | None = getattr(profile, name)
        yield from _JUDGES[name](article, rule, _NAMES.get(name, name.replace("_", " ")))


Judge = Callable[[Article, "Rule[Any] | None", str], Iterator[Finding]]


def _at_most(number: Callable[[Counts], int], place: Callable[[Counts, int], str]) -> Judge:
    """The judge of a number that a journal limits; `place` is told the limit, 0 if none."""

    def check(article: Article, rule: Rule[Any] | None, name: str) -> Iterator[Finding]:
        found = number(article.counts)
        if rule is None:
            yield Finding(State.UNKNOWN, name, str(found), place=place(article.counts, 0))
            return
        over = found - rule.value
        text = f"{found} of at most {rule.value}" + (f", {over} too many" if over > 0 else "")
        state = State.FAULT if over > 0 else State.OK
        yield Finding(state, name, text, str(rule), place(article.counts, rule.value))

    return check


def _text_place(counts: Counts, limit: int) -> str:
    """The heading under which the text goes beyond its limit, else its first one."""
    total = 0
    for part in counts.text:
        total += part.words
        if limit and total > limit:
            return part.place
    return counts.text[0].place if counts.text else counts.title.place


def _item_place(counts: Counts, limit: int) -> str:
    """The first figure or table beyond the limit, else the first one."""
    items = counts.items[limit:] or counts.items
    return items[0].place if items else counts.title.place


def _keywords(article: Article, rule: Rule[Any] | None, name: str) -> Iterator[Finding]:
    found, place = len(article.counts.keywords), article.counts.keywords_place
    if rule is None:
        yield Finding(State.UNKNOWN, name, str(found), place=place)
        return
    fewest, most = rule.value
    state = State.OK if fewest <= found <= most else State.FAULT
    yield Finding(state, name, f"{found} of {fewest} to {most}", str(rule), place)


def _headings(article: Article, rule: Rule[Any] | None, name: str) -> Iterator[Finding]:
    """The abstract's headings are those of the journal, in its order; letter case is style."""
    found, place = article.counts.abstract_headings, article.counts.abstract.place
    said = ", ".join(found) or "none"
    if rule is None:
        yield Finding(State.UNKNOWN, name, said, place=place)
    elif rule.value == ANY:
        state = State.OK if found else State.FAULT
        yield Finding(state, name, f"{said}; some are wanted", str(rule), place)
    else:
        is_same = [word.casefold() for word in found] == [word.casefold() for word in rule.value]
        wanted = "" if is_same else f"; wanted are {', '.join(rule.value)}"
        state = State.OK if is_same else State.FAULT
        yield Finding(state, name, f"{said}{wanted}", str(rule), place)


def _statements(article: Article, rule: Rule[Any] | None, name: str) -> Iterator[Finding]:
    """Each statement stands under a heading or bold lead that has all of its words."""
    there = article.counts.statements
    if rule is None:
        yield Finding(State.UNKNOWN, name, "which ones are asked for")
        return
    last = there[-1].place if there else article.counts.title.place
    for wanted in rule.value:
        words = set(re.findall(r"\w+", wanted.casefold()))
        found = [p for p in there if words <= set(re.findall(r"\w+", p.heading.casefold()))]
        state, text = _statement(found, wanted)
        place = found[-1].place if found else last
        yield Finding(state, f"statement {wanted!r}", text, str(rule), place)


def _statement(found: list[Part], wanted: str) -> tuple[State, str]:
    """What comes of a statement's texts; the last stands behind the article's text."""
    if not found:
        return State.FAULT, f"there is none; add a paragraph that begins with **{wanted}.**"
    text = found[-1].text
    if not text:
        return State.FAULT, "it is empty; write it, or Not applicable"
    if PLACEHOLDER.search(text):
        return State.FAULT, f"it waits for its text: {' '.join(text.split())}"
    return State.OK, f"{found[-1].words} words"


def _review_copy(article: Article, rule: Rule[Any] | None, name: str) -> Iterator[Finding]:
    """One setting numbers the lines and doubles the spacing; a package is built with it on."""
    is_on = bool(article.settings.get("review-copy", False))
    said, place = f"review-copy is {str(is_on).lower()}", article.setting_place("review-copy")
    if rule is None:
        yield Finding(State.UNKNOWN, name, said, place=place)
    elif rule.value == is_on:
        yield Finding(State.OK, name, said, str(rule), place)
    elif rule.value:
        text = f"{said}; press submit sets it"
        yield Finding(State.NOT_CHECKED, name, text, str(rule), place)
    else:
        remedy = "set review-copy: false and render again"
        yield Finding(State.FAULT, name, f"{said}; {remedy}", str(rule), place)


def _csl(article: Article, rule: Rule[Any] | None, name: str) -> Iterator[Finding]:
    found, place = (
        Path(article.settings.get("csl", "")).name or "none",
        article.setting_place("csl"),
    )
    if rule is None:
        yield Finding(State.UNKNOWN, name, found, place=place)
    elif found == rule.value:
        yield Finding(State.OK, name, found, str(rule), place)
    else:
        remedy = f"wanted is {rule.value}; put that style into journal/ and name it under csl"
        yield Finding(State.FAULT, name, f"{found}; {remedy}", str(rule), place)


def _figure_formats(_: Article, rule: Rule[Any] | None, name: str) -> Iterator[Finding]:
    """What figures are exported as, if the journal takes one of these formats."""
    made = accepted_formats(rule)
    said = ", ".join(form.upper() for form in made or ENDINGS)
    if rule is None:
        yield Finding(State.UNKNOWN, name, said)
        return
    asked = " or ".join(rule.value)
    text = f"{said} of {asked}"
    if not made:
        text = f"{asked} asked for, and figures are exported as {said}; ask if these will do"
    yield Finding(State.OK if made else State.FAULT, name, text, str(rule))


def _not_checked(when: str) -> Judge:
    """The judge of what the executed document does not show."""

    def check(_: Article, rule: Rule[Any] | None, name: str) -> Iterator[Finding]:
        if rule is None:
            yield Finding(State.UNKNOWN, name, "it is not known what is asked for")
            return
        values = rule.value if isinstance(rule.value, list) else [str(rule.value).lower()]
        text = f"asked for: {' or '.join(map(str, values))}; {when}"
        yield Finding(State.NOT_CHECKED, name, text, str(rule))

    return check


_NAMES = {"figure_widths_mm": "figure widths in mm", "is_blinded": "blinding", "csl": "CSL style"}
_JUDGES: dict[str, Judge] = {
    "title_words": _at_most(lambda c: c.title.words, lambda c, _: c.title.place),
    "running_title_characters": _at_most(
        lambda c: len(c.running_title.text), lambda c, _: c.running_title.place
    ),
    "abstract_words": _at_most(lambda c: c.abstract.words, lambda c, _: c.abstract.place),
    "abstract_headings": _headings,
    "keywords": _keywords,
    "text_words": _at_most(lambda c: sum(part.words for part in c.text), _text_place),
    "display_items": _at_most(lambda c: len(c.items), _item_place),
    "references": _at_most(lambda c: c.references, lambda c, _: c.references_place),
    "statements": _statements,
    "figure_formats": _figure_formats,
    "figure_widths_mm": _not_checked("press submit measures each figure"),
    "line_numbers": _review_copy,
    "double_spacing": _review_copy,
    "is_blinded": _not_checked("press submit removes the names and searches every file"),
    "csl": _csl,
}
