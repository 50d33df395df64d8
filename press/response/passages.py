"""A rendered page (HTML) in; the passages that its labels and opening words name out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from lxml import etree, html

from press.pdf_places import bare
from press.read_back import html_blocks
from press.response.reviews import nearest
from press.tokens import tokenise

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NO_TEXT = {"script", "style", "nav", "svg"}
_ENDINGS = ".!?)”’\"'"
Words = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """Characters and, of each, whether it is raised (`sup`) or lowered (`sub`)."""

    chars: str
    levels: tuple[str, ...]

    def cut(self, start: int, end: int) -> Text:
        """The characters from `start` to before `end`."""
        return Text(self.chars[start:end], self.levels[start:end])

    def pieces(self) -> Iterator[tuple[str, str]]:
        """Stretches of one level: the level and the characters."""
        pairs = zip(self.levels, self.chars, strict=True)
        for level, group in groupby(pairs, lambda pair: pair[0]):
            yield level, "".join(char for _, char in group)

    def find(self, phrase: str) -> list[tuple[int, int]]:
        """Where a phrase stands, from the beginning of a word: by its letters and digits."""
        letters = [(sign, i) for i, char in enumerate(self.chars) for sign in bare(char)]
        text, wanted = "".join(sign for sign, _ in letters), bare(phrase)
        found, at = [], text.find(wanted) if wanted else -1
        while at >= 0:
            start, last = letters[at][1], letters[at + len(wanted) - 1][1]
            if not start or not self.chars[start - 1].isalnum():
                found.append((start, last + 1))
            at = text.find(wanted, at + 1)
        return found


@dataclass
class Section:
    """The words of a heading, and the paragraphs under it down to the next heading."""

    name: str
    paragraphs: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Float:
    """A figure or table: its number, its caption, and all that is in it."""

    name: str
    caption: Text
    words: Words
    images: Words

    @property
    def legend(self) -> str:
        """The caption without the number."""
        return self.caption.chars.partition(":")[2]


@dataclass(frozen=True)
class Quoted:
    """A passage as it is quoted: where it stands, and its text."""

    label: str
    name: str
    text: Text
    float: Float | None = None


class NotFoundError(Exception):
    """What a label or opening words name is not there; the text says what is."""


@dataclass
class Article:
    """What a rendered page holds, by label; and its notice, with the keyword of it."""

    sections: dict[str, Section] = field(default_factory=dict)
    floats: dict[str, Float] = field(default_factory=dict)
    notice: tuple[str, str] = ("", "")

    def find(self, label: str, starts: str, ends: str) -> Quoted:
        """The passage of a label that begins with some words; NotFoundError where there is none."""
        if label in self.floats:
            if starts or ends:
                raise NotFoundError(
                    f"{label} is quoted by its caption; leave out starts= and ends="
                )
            found = self.floats[label]
            return Quoted(label, found.name, found.caption, found)
        if label not in self.sections:
            hint = nearest(label, [*self.sections, *self.floats])
            raise NotFoundError(f"nothing has the label {label}; {hint}")
        section = self.sections[label]
        return Quoted(label, section.name, self._passage(label, section, starts, ends))

    def _passage(self, label: str, section: Section, starts: str, ends: str) -> Text:
        if not starts:
            if len(section.paragraphs) != 1:
                count = len(section.paragraphs)
                raise NotFoundError(f'{label} has {count} paragraphs; say which one, starts="..."')
            text, start = section.paragraphs[0], 0
        else:
            found = [(text, at) for text in section.paragraphs for at, _ in text.find(starts)]
            if not found:
                raise NotFoundError(f"“{starts}” is not in {label}{self._elsewhere(starts)}")
            if len(found) > 1:
                raise NotFoundError(f"“{starts}” is {len(found)} times in {label}; give more words")
            text, start = found[0]
        return text.cut(start, _end(text, start, ends) if ends else len(text.chars))

    def _elsewhere(self, starts: str) -> str:
        for label, section in self.sections.items():
            if any(text.find(starts) for text in section.paragraphs):
                return f"; it is in {label}"
        return "; give the words as the article has them now"

    def has_same(self, quoted: Quoted) -> bool:
        """Whether the same figure or table is here: its caption, what it says and what it shows."""
        same = self.floats.get(quoted.label)
        if same is None or quoted.float is None:
            return False
        return (same.words, same.images) == (quoted.float.words, quoted.float.images)

    def has_caption(self, quoted: Quoted) -> bool:
        """Whether a figure or table has the same caption here, be it under another number."""
        same = self.floats.get(quoted.label)
        return bool(same and quoted.float and same.legend == quoted.float.legend)


def _end(text: Text, start: int, ends: str) -> int:
    found = [end for at, end in text.find(ends) if at >= start]
    if not found:
        raise NotFoundError(f"ends=“{ends}” is not behind the opening words in their paragraph")
    end = found[0]
    while end < len(text.chars) and text.chars[end] in _ENDINGS:
        end += 1
    return end


def read_article(path: Path) -> Article:
    """What a rendered page holds."""
    page = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    article = Article(notice=(_first(page, "notice"), _first(page, "running-head")))
    _walk(page, article, [])
    return article


def _first(page: Any, word: str) -> str:
    """The text of the first element of a class, as the journal's template has it."""
    has = f"contains(concat(' ', normalize-space(@class), ' '), ' {word} ')"
    found = page.xpath(f"//body//*[{has}]")
    return _text(found[0]).chars if found else ""


def _walk(element: Any, article: Article, here: list[Section]) -> None:
    """Add sections with their paragraphs, and floats; `here` is the section that is open."""
    if not isinstance(element.tag, str) or element.tag in _NO_TEXT:
        return
    classes = (element.get("class") or "").split()
    if "footnotes" in classes:
        return
    if element.tag in _HEADINGS:
        label = element.get("id") or element.getparent().get("id") or ""
        here[:] = [Section(_text(element).chars)]
        if label:
            article.sections.setdefault(label, here[0])
    elif "quarto-float" in classes and element.get("id"):
        article.floats[element.get("id")] = _float(element)
    elif element.tag == "p" or _holds_text(element, classes):
        for section in here:
            section.paragraphs.append(_text(element))
    else:
        for child in element:
            _walk(child, article, here)


def _holds_text(element: Any, classes: list[str]) -> bool:
    """Whether it is an item of a list, or a reference, without paragraphs of its own."""
    is_item = element.tag in ("li", "dd", "dt") or "csl-entry" in classes
    return is_item and not element.xpath(".//p | .//li")


def _float(element: Any) -> Float:
    """A figure or table; its number is no part of what it says."""
    captions = element.xpath(".//figcaption")
    caption = _text(captions[0]) if captions else Text("", ())
    name = caption.chars.partition(":")[0]
    tokens = [token.text for block in html_blocks(element) for token in block.tokens]
    numbered = [token.text for token in tokenise([(f"{name}:", "")])]
    at = next((i for i in range(len(tokens)) if tokens[i : i + len(numbered)] == numbered), 0)
    words = (*tokens[:at], *tokens[at + len(numbered) :])
    drawn = [etree.tostring(svg) for svg in element.xpath(".//*[local-name()='svg']")]
    images = (*element.xpath(".//img/@src"), *map(str, drawn))
    return Float(name.replace("\u00a0", " "), caption, words, images)


def _text(element: Any) -> Text:
    """The text of an element as it is read, white space as one blank."""
    chars: list[str] = []
    levels: list[str] = []
    for text, level in _strings(element, ""):
        for char in text:
            if char in " \t\r\n":
                if not chars or chars[-1] == " ":
                    continue
                char = " "
            chars.append(char)
            levels.append(level)
    while chars and chars[-1] == " ":
        chars.pop()
    return Text("".join(chars), tuple(levels[: len(chars)]))


def _strings(element: Any, level: str) -> Iterator[tuple[str, str]]:
    if isinstance(element.tag, str) and element.tag not in _NO_TEXT:
        level = element.tag if element.tag in ("sup", "sub") else level
        yield element.text or "", level
        for child in element:
            yield from _strings(child, level)
            yield child.tail or "", level
