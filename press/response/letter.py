"""response.qmd in; its opening, its answers and what they call for, with every place, out.

    ::: {.answer to="R2.1"}
    We agree. The mean change moved ([strength.change.mean]{.number}).

    [limitations]{.quote starts="Any gain counts"}
    :::

A span with class `number` names a receipt, one with class `quote` a passage of the article by its
label. Nothing is run in the letter, and no numeral is typed in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from press.document import Document, Prose, read_document
from press.errors import Fault, refuse
from press.journals.check import PLACEHOLDER
from press.located import Locator, Node, is_label
from press.marked import Marked
from press.pandoc import run_pandoc
from press.reading import Reader, parse
from press.response import LETTER_FILE, REVIEWS_FILE
from press.response.reviews import Comment, nearest
from press.source import Places, body_of, marked_faults
from press.words import Passage, typed

KINDS = {"number": (), "quote": ("starts", "ends", "in")}
"""What a letter can call for, and the attributes that say what exactly."""
CHANGE = ("changed", "unchanged")
CALL = "\ue000"
"""Begins the code that stands for a call; no text has this character."""
_CALL = re.compile(r"\[([^\[\]]*)\]\{([^{}]*\.(?:number|quote)\b[^{}]*)\}")
_FENCE = re.compile(r"^ {0,3}:{3,}[ \t]*\{[^}\n]*\.answer\b[^}\n]*\}", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TODO = re.compile(rf"{PLACEHOLDER.pattern}|\bTODO\b", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """What the letter takes from elsewhere: the kind, the name it has there, and how exactly."""

    kind: str
    name: str
    options: dict[str, str]
    is_changed: bool
    place: str


@dataclass(frozen=True)
class Answer:
    """An answer: the tag of the comment, its blocks, and its place."""

    to: str
    blocks: list[Node]
    place: str


@dataclass
class Letter:
    """A letter; in its blocks, code of CALL and a number stands for the call of that number."""

    front: Marked
    opening: list[Node] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    closing: list[Node] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_letter(file: Path, comments: Sequence[Comment]) -> Letter:
    """The letter and its faults of form, held against the comments that it answers."""
    text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    document = read_document(text, file=file.name)
    place = Places(file.name, text)
    _refuse_code(document)
    letter = Letter(document.front)
    body = _COMMENT.sub(lambda found: _blank(found[0]), body_of(text, document))
    letter.calls, body = _take_calls(body, place, letter.faults)
    title = str((document.front.value or {}).get("title", ""))
    blocks, _ = parse(body, [], file=file.name)
    reader = Reader(Locator(body), [f"{CALL}{i}" for i in range(len(letter.calls))])
    reader.read_blocks(blocks)
    titles = Reader(Locator(text), ())
    titles.read_plain(title)
    _split(letter, _smart(body, file.name), body, place)
    tags = [comment.tag for comment in comments]
    letter.faults += _typed(titles.passages + reader.passages, place, tags)
    letter.faults += [*marked_faults(reader.marks, place), *_classes(blocks, body, place)]
    letter.faults += _unanswered(letter, comments)
    for mark in reader.marks:
        for citation in mark.value if mark.kind == "cite" else ():
            if is_label(citation["citationId"]):
                letter.references.append((citation["citationId"], place(mark.at)))
    return letter


def _refuse_code(document: Document) -> None:
    lines = [chunk.line for chunk in document.chunks]
    for part in document.parts:
        lines += [line for line, _ in part.inlines()] if isinstance(part, Prose) else []
    if lines:
        remedy = "take a number from a receipt, [id]{.number}"
        raise refuse(f"{document.file}:{min(lines)}", f"nothing is run in the letter; {remedy}")


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _smart(body: str, file: str) -> list[Node]:
    """The blocks with quotes and dashes as they are printed."""
    done = run_pandoc(["--from=markdown", "--to=json"], body, place=file)
    blocks: list[Node] = json.loads(done.stdout)["blocks"]
    return blocks


def _take_calls(body: str, place: Places, faults: list[Fault]) -> tuple[list[Call], str]:
    """The calls, and the text with the number of each in its place, as code of its length."""
    found = list(_CALL.finditer(body))
    _, values = parse("", [match[0] for match in found], file=place.file)
    calls = []
    for number, (match, value) in enumerate(zip(found, values, strict=True)):
        span = value["c"][0]["c"] if value["t"] == "MetaInlines" else value["c"][0]["c"][0]["c"]
        calls.append(_call(span[0], " ".join(match[1].split()), place(match.start()), faults))
        rest = _blank(match[0])[len(f"`{CALL}{number}`") :]
        body = f"{body[: match.start()]}`{CALL}{number}{rest}`{body[match.end() :]}"
    return calls, body


def _call(attr: Any, name: str, place: str, faults: list[Fault]) -> Call:
    _, classes, values = attr
    kind = next(word for word in classes if word in KINDS)
    known = [*KINDS, *CHANGE] if kind == "quote" else [*KINDS]
    odd = [word for word in classes if word not in known or (word in KINDS and word != kind)]
    faults += [Fault(place, f"class {word} of [{name}]; {nearest(word, known)}") for word in odd]
    odd = [key for key, _ in values if key not in KINDS[kind]]
    faults += [Fault(place, f"{key}= of [{name}]; {nearest(key, KINDS[kind])}") for key in odd]
    if not name:
        faults.append(Fault(place, f"this {kind} names nothing; write [name]{{.{kind}}}"))
    return Call(kind, name, dict(values), "unchanged" not in classes, place)


def _split(letter: Letter, blocks: list[Node], body: str, place: Places) -> None:
    """Opening, answers and closing; between answers nothing may stand."""
    fences = [place(match.start()) for match in _FENCE.finditer(body)]
    for block in blocks:
        if block["t"] == "Div" and "answer" in block["c"][0][1]:
            at = fences[len(letter.answers)] if len(letter.answers) < len(fences) else place.file
            to = dict(block["c"][0][2]).get("to", "")
            if letter.closing:
                fault = "text before this answer belongs to no answer; move it into one"
                letter.faults.append(Fault(at, fault))
                letter.closing = []
            letter.answers.append(Answer(to, block["c"][1], at))
        elif block["t"] == "RawBlock":
            continue
        else:
            (letter.closing if letter.answers else letter.opening).append(block)


def _typed(passages: Sequence[Passage], place: Places, tags: Sequence[str]) -> Iterator[Fault]:
    """Typed numerals and number words, tags of comments apart; and what is yet to be written."""
    for passage in passages:
        for at, word in typed(passage, groups=("numbers",)):
            if word.strip("():,.;") not in tags:
                remedy = "take it from a receipt, [id]{.number}, or declare it a literal"
                fault = f'"{word}" is typed: {passage.sentence(at)} ({remedy})'
                yield Fault(place(passage.places[at]), fault)
        for found in _TODO.finditer(passage.text):
            at = passage.places[found.start()]
            yield Fault(place(at), f'"{found[0]}" is left; write what belongs there')


def _classes(blocks: Sequence[Node], body: str, place: Places) -> Iterator[Fault]:
    """Classes that mean nothing in a letter, such as a misspelt one."""
    known = {"Span": ("literal", *KINDS), "Div": ("answer",)}
    for node in walk(blocks):
        if node["t"] in known:
            for word in node["c"][0][1]:
                if word not in known[node["t"]][: None if node["t"] == "Div" else 1]:
                    at = max(body.find(f".{word}"), 0)
                    yield Fault(place(at), f"class {word}: {nearest(word, known[node['t']])}")


def walk(nodes: Any) -> Iterator[Node]:
    """Every node of a tree, from the top."""
    if isinstance(nodes, list):
        for node in nodes:
            yield from walk(node)
    elif isinstance(nodes, dict):
        if "t" in nodes:
            yield nodes
        yield from walk(list(nodes.values()))


def _unanswered(letter: Letter, comments: Sequence[Comment]) -> Iterator[Fault]:
    """Answers and comments that do not find each other, and answers without a word."""
    tags = [comment.tag for comment in comments]
    places: dict[str, str] = {}
    for answer in letter.answers:
        if not answer.to:
            yield Fault(answer.place, 'this answer says not to what: ::: {.answer to="R1.1"}')
        elif answer.to not in tags:
            fault = f"{REVIEWS_FILE} has no comment {answer.to}; {nearest(answer.to, tags)}"
            yield Fault(answer.place, fault)
        elif answer.to in places:
            fault = f"{answer.to} is answered on line {places[answer.to]} already; join the two"
            yield Fault(answer.place, fault)
        elif not _says_something(answer.blocks):
            yield Fault(answer.place, f"the answer to {answer.to} is empty; write it")
        places.setdefault(answer.to, answer.place.split(":")[1])
    for comment in comments:
        if comment.tag not in places:
            remedy = f'add ::: {{.answer to="{comment.tag}"}} to {LETTER_FILE}'
            yield Fault(comment.place, f"{comment.tag} has no answer; {remedy}")


def _says_something(blocks: Collection[Node]) -> bool:
    return any(node["t"] in ("Str", "Code") for node in walk(list(blocks)))
