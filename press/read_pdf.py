"""A tagged PDF in; the blocks a reader meets out, in the logical order of its structure tree.

The tree gives paragraphs, captions, cells and notes in the order of the document, wherever a float
or a note was moved to. What stands on a page outside the tree (running heads, page numbers) is
given as furniture. What is drawn inside a figure is the figure's and is spoken by its alternative
text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree

from press.read_back import LINE_NUMBERS, Finished
from press.tokens import APART, CELL, ROW, Block, Writer, tokenise

Key = tuple[Any, int]
"""A page's object and the number of marked content on it."""
_INLINE = set("/Span /Em /Strong /Link /Quote /Reference /Code /Sub /Annot /Lbl /Figure /Note "
              "/FENote".split())  # fmt: skip
_RANGE = re.compile(r"<(\w+)>\s*<(\w+)>\s*(?:<(\w+)>|\[([^\]]*)\])")
"""First and last code, and the text of the first, or in brackets that of each."""
_SAME_LINE = 0.7
"""Of the size of the letters: what is less apart in height stands on one line."""
_NEXT_BLOCK = 1.6
"""Of the size of the letters: what is further apart, outside any paragraph, is two of them."""


@dataclass
class _Run:
    """The text of a piece of marked content and the place of its first and last line."""

    text: str = ""
    first: float | None = None
    last: float = 0.0
    size: float = 10.0


@dataclass
class _Page:
    """The marked content of a page and the text on it outside the structure."""

    runs: dict[int, _Run] = field(default_factory=dict)
    outside: _Run = field(default_factory=_Run)


def read_pdf(path: Path) -> Finished:
    """The blocks of a tagged PDF, notes and page furniture apart."""
    with pikepdf.open(path) as pdf:
        pages = {page.objgen: _Reader(page).read() for page in pdf.pages}
        walker = _Walker(runs={(k, n): run for k, p in pages.items() for n, run in p.runs.items()})
        if "/StructTreeRoot" in pdf.Root:
            walker.walk(pdf.Root.StructTreeRoot, (0, 0))
        walker.end()
        finished = Finished(walker.blocks, walker.note_blocks)
        finished.images_without_alt = walker.images_without_alt
        finished.furniture += page_furniture([page.outside.text for page in pages.values()])
        unread = "\n".join(run.text for key, run in walker.runs.items() if key not in walker.read)
        finished.text += [b for b in [Block("text", tokenise([(unread, "")]))] if b.tokens]
        finished.furniture += _properties(pdf)
    return finished


def page_furniture(pages: list[str]) -> list[Block]:
    """What stands on each page outside the tree, and apart from it the numbers of its lines.

    Lines are numbered through the document from 1; a number that does not go on is left where it
    stands, to be explained like any other.
    """
    blocks, following = [], 1
    for number, text in enumerate(pages, start=1):
        lines, numbers = text.split("\n"), []
        while str(following) in lines:
            lines.remove(str(following))
            numbers.append(str(following))
            following += 1
        for kind, said in ((f"page {number} of {len(pages)}", lines), (LINE_NUMBERS, numbers)):
            if said or kind != LINE_NUMBERS:
                blocks.append(Block("furniture", tokenise([("\n".join(said), "")]), kind))
    return blocks


def _properties(pdf: pikepdf.Pdf) -> list[Block]:
    """Title, subject and keywords as the file's metadata have them."""
    if "/Metadata" not in pdf.Root:
        return []
    tree = etree.fromstring(pdf.Root.Metadata.read_bytes())
    found = []
    for name in ("title", "description", "creator", "subject"):
        for element in tree.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}"):
            text = "\n".join(element.itertext())
            found.append(Block("furniture", tokenise([(text, "")]), f"property {name}"))
    return found


class _Reader:
    """Interprets a page's content for its text: what is shown, where, and in which marks."""

    def __init__(self, page: Any) -> None:
        """Read from `page`."""
        self._page, self._found = page, _Page()
        self._matrix: tuple[float, ...] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        self._stack: list[tuple[float, ...]] = []
        self._marks: list[tuple[str, int | None, str | None]] = []
        self._font: tuple[int, dict[int, str]] = (2, {})
        self._size, self._line, self._has_moved = 10.0, 0.0, False

    def read(self) -> _Page:
        """The page's text by marked content."""
        self._interpret(self._page.obj, self._page.obj.get("/Resources", {}))
        return self._found

    def _interpret(self, stream: Any, resources: Any) -> None:
        fonts: dict[str, tuple[int, dict[int, str]]] = {}
        for instruction in pikepdf.parse_content_stream(stream):
            operands, name = instruction.operands, str(instruction.operator)
            if name in ("BDC", "BMC"):
                self._begin(operands, resources)
            elif name == "EMC":
                self._end()
            elif name == "q":
                self._stack.append(self._matrix)
            elif name == "Q":
                self._matrix = self._stack.pop() if self._stack else self._matrix
            elif name == "cm":
                self._matrix = _multiply([float(x) for x in operands], self._matrix)
            elif name == "BT":
                self._has_moved = True
            elif name == "Tf":
                font = str(operands[0])
                fonts[font] = fonts.get(font) or _letters(resources.Font[font])
                self._font, self._size = fonts[font], float(operands[1])
            elif name == "Tm":
                self._line = float(operands[5])
            elif name in ("Td", "TD"):
                self._line += float(operands[1])
            elif name in ("Tj", "TJ", "'", '"'):
                self._show(operands[-1])
            elif name == "Do":
                self._draw(resources.XObject[str(operands[0])])

    def _draw(self, drawn: Any) -> None:
        if drawn.get("/Subtype") == "/Form":
            kept, self._stack = (self._matrix, self._stack), []
            self._interpret(drawn, drawn.get("/Resources", {}))
            self._matrix, self._stack = kept

    def _begin(self, operands: Any, resources: Any) -> None:
        marks = operands[1] if len(operands) > 1 else {}
        if isinstance(marks, pikepdf.Name):
            marks = resources.Properties[str(marks)]
        number = int(marks["/MCID"]) if "/MCID" in marks else None
        said = str(marks["/ActualText"]) if "/ActualText" in marks else None
        if said is not None:
            self._write(said)
        self._marks.append((str(operands[0]), number, said))
        if number is not None:
            self._found.runs.setdefault(number, _Run())

    def _end(self) -> None:
        if self._marks:
            self._marks.pop()

    def _show(self, shown: Any) -> None:
        if any(said is not None for _, _, said in self._marks):
            return
        strings = shown if isinstance(shown, pikepdf.Array) else [shown]
        for string in strings:
            if isinstance(string, pikepdf.String):
                codes, (width, letters) = bytes(string), self._font
                numbers = [
                    int.from_bytes(codes[i : i + width]) for i in range(0, len(codes), width)
                ]
                self._write("".join(letters.get(n, _unknown(n, width)) for n in numbers))

    def _write(self, text: str) -> None:
        number = next((n for _, n, _ in reversed(self._marks) if n is not None), None)
        run = self._found.outside if number is None else self._found.runs[number]
        height = self._matrix[5] + self._matrix[3] * self._line
        if run.first is None:
            run.first = height
        elif number is None and self._has_moved:
            run.text += "\n"
        self._has_moved = False
        run.text, run.last, run.size = run.text + text, height, self._size


def _multiply(new: list[float], old: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = new
    g, h, i, j, k, m = old
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k,
            e * h + f * j + m)  # fmt: skip


def _unknown(code: int, width: int) -> str:
    """The sign of a code that the font has no text for; of one byte, the code is the sign."""
    return chr(code) if width == 1 else "\ufffd"


def _letters(font: Any) -> tuple[int, dict[int, str]]:
    """The bytes of a code of a font, and the text of each code."""
    table = font.ToUnicode.read_bytes().decode("latin-1") if "/ToUnicode" in font else ""
    letters: dict[int, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", section):
            letters[int(code, 16)] = _utf16(text)
    for section in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for low, high, text, each in _RANGE.findall(section):
            first, last = int(low, 16), int(high, 16)
            if text:
                start = _utf16(text)
                said = [start[:-1] + chr(ord(start[-1]) + i) for i in range(last - first + 1)]
            else:
                said = [_utf16(digits) for digits in re.findall(r"<(\w+)>", each)]
            letters |= dict(zip(range(first, last + 1), said, strict=False))
    return (2 if font.get("/Subtype") == "/Type0" else 1), letters


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")


@dataclass
class _Walker(Writer):
    """Writes blocks from the structure tree."""

    runs: dict[Key, _Run] = field(default_factory=dict)
    read: set[Key] = field(default_factory=set)
    note_blocks: list[Block] = field(default_factory=list)
    images_without_alt: int = 0
    last: _Run | None = None
    in_link: bool = False
    depth: int = 0

    def walk(self, element: Any, page: tuple[int, int], ordinal: int = 0) -> None:
        """An element of the tree and what is in it."""
        if not isinstance(element, pikepdf.Dictionary):
            self._content((page, int(element)))
            return
        page = element.Pg.objgen if "/Pg" in element else page
        if element.get("/Type") == "/MCR":
            self._content((page, int(element.MCID)))
        elif element.get("/Type") != "/OBJR":
            self._element(element, str(element.get("/S", "")), page, ordinal)

    def _element(self, element: Any, kind: str, page: tuple[int, int], ordinal: int) -> None:
        if kind in ("/Note", "/FENote"):
            self._note(element, page)
            return
        if kind in ("/Figure", "/Formula"):
            self._figure(element, page)
            return
        if kind == "/Lbl" and self._is_bullet(element, page, ordinal):
            return
        is_block = kind not in _INLINE
        if is_block:
            self.end()
        if kind in ("/TR", "/TD", "/TH"):
            self.mark(ROW if kind == "/TR" else CELL)
        outer = self.in_link, self.depth
        self.in_link |= kind == "/Link"
        self.depth += is_block and kind not in ("/Document", "")
        self._children(element, page, ordinal)
        self.in_link, self.depth = outer
        if is_block:
            self.end("heading" if re.fullmatch(r"/H\d?", kind) else "text")
            self.last = None

    def _children(self, element: Any, page: tuple[int, int], ordinal: int) -> None:
        children = element.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(child, pikepdf.Dictionary) and child.get("/S") == "/LI":
                ordinal += 1
            self.walk(child, page, ordinal)

    def _content(self, key: Key) -> None:
        """The text of marked content, joined to what stands before it as the eye does."""
        run = self.runs.get(key, _Run())
        self.read.add(key)
        if not run.text or run.first is None:
            return
        if self.last is not None:
            gap = abs(self.last.last - run.first) / max(run.size, self.last.size)
            if not self.depth and gap > _NEXT_BLOCK:
                self.end()
            is_broken = self.last.text[-1].isalnum() and run.text[0].isalnum() and not self.in_link
            self.add(APART if gap < _SAME_LINE else "\n" if is_broken else "")
        self.add(run.text)
        self.last = run

    def _inner(self, element: Any, page: tuple[int, int]) -> _Walker:
        inner = _Walker(runs=self.runs, read=self.read)
        inner._children(element, page, 0)
        inner.end()
        return inner

    def _note(self, element: Any, page: tuple[int, int]) -> None:
        blocks = self._inner(element, page).blocks
        self.note_blocks += [Block("note", block.tokens) for block in blocks]

    def _figure(self, element: Any, page: tuple[int, int]) -> None:
        """The alternative text stands for the figure; text drawn in it is not read."""
        self._inner(element, page)
        alt = str(element.get("/Alt", ""))
        self.images_without_alt += not alt
        self.later("alt", alt)

    def _is_bullet(self, element: Any, page: tuple[int, int], ordinal: int) -> bool:
        """Whether it is the mark of a list's item: a bullet, or the number that it must have."""
        if ordinal == 0:
            return False
        said = [t.text for block in self._inner(element, page).blocks for t in block.tokens]
        return said in (["•"], ["‣"], ["–"], [str(ordinal), "."], [str(ordinal), ")"])
