"""A JATS file as pandoc or Quarto wrote it in, as text; the same with what its readers want, out.

Tables stand in no figure; a caption has its label and its title; references have their types and
their numbers; the parts of the abstract, of the article and of its declarations say what they are.
No word changes; a file that is finished stays as it is.
"""

from __future__ import annotations

import re

from press.convert import mend_jats

REF_TYPES = {"fig": "fig", "tbl": "table", "sec": "sec"}
SECTIONS = {
    "introduction": "intro",
    "methods": "methods",
    "results": "results",
    "discussion": "discussion",
    "conclusion": "conclusions",
}
"""The type of a section by its id, in the words of the JATS tag library."""
DECLARATIONS = {
    "Ethics": "ethics-statement",
    "Data availability": "data-availability",
    "Funding": "funding-statement",
    "Competing interests": "coi-statement",
    "Author contributions": "author-contributions",
    "Acknowledgements": "acknowledgements",
}
"""The type of a declaration by the first words of its heading, JATS4R's where it has one."""

ABSTRACT = re.compile(r"(<abstract>\s*(?:<title>.*?</title>)?)(.*?)(?=</abstract>)", re.DOTALL)
HEADED = re.compile(
    r"<p>\s*<bold>((?:(?!</?bold>).)*)</bold>\s*((?:(?!<bold>).)*</p>\s*)$", re.DOTALL
)
LAST_SECTION = re.compile(
    r'(<sec id="declarations">\s*<title>.*?</title>\s*)((?:(?!</?sec\b).)*)(</sec>\s*)'
    r"(</body>\s*<back>\s*)",
    re.DOTALL,
)
CAPTION = re.compile(r"<caption><p>((?:Figure|Table)\xa0[^\s:<]+:) (.*?)</p></caption>", re.DOTALL)
SENTENCE_END = re.compile(r"\.(?=\s+(?:<[^>]*>)*[A-Z])")
ENTRY = re.compile(r'(<ref id="([^"]+)">)(?!\s*<label>)')
CITED = re.compile(r'<xref\b[^>]*\brid="(ref-[^"]+)"[^>]*>(\d+)</xref>')


def finished(xml: str) -> str:
    """The whole file finished."""
    steps = (mend_jats, name_references, section_abstract, type_sections, section_declarations)
    for step in (*steps, label_captions, number_entries):
        xml = step(xml)
    return xml


def name_references(xml: str) -> str:
    """The reference to a figure, table or section says that it is one."""

    def name(match: re.Match[str]) -> str:
        if "ref-type=" in match[0]:
            return match[0]
        return f'{match[0][:-1]} ref-type="{REF_TYPES[match[1]]}">'

    return re.sub(r'<xref\b[^>]*\brid="(fig|tbl|sec)-[^>]*>', name, xml)


def headed_sections(xml: str) -> str | None:
    """Paragraphs that begin with a bold heading as sections; None if one of them does not.

    What stands before the first of them stays.
    """
    before, first, rest = xml.partition("<p><bold>")
    paragraphs = [text for text in re.split(r"(?=<p>\s*<bold>)", first + rest) if text]
    if not all(HEADED.match(text) for text in paragraphs):
        return None
    made = [HEADED.sub(r"<sec><title>\1</title>\n<p>\2", text, count=1) for text in paragraphs]
    return before + "".join(f"{text.rstrip()}</sec>\n" for text in made)


def section_abstract(xml: str) -> str:
    """A paragraph of the abstract that begins with a bold heading is a section of it."""

    def section(match: re.Match[str]) -> str:
        sections = headed_sections(match[2])
        return match[0] if sections is None else match[1] + sections

    return ABSTRACT.sub(section, xml, count=1)


def type_sections(xml: str) -> str:
    """The sections that every article has say which they are."""
    for name, kind in SECTIONS.items():
        xml = xml.replace(f'<sec id="{name}">', f'<sec id="{name}" sec-type="{kind}">')
    return xml


def section_declarations(xml: str) -> str:
    """The declarations, where they end the article, are back matter, each a section of its type."""

    def move(match: re.Match[str]) -> str:
        head, text, end, between = match.groups()
        sections = headed_sections(text)
        if sections is None:
            return match[0]
        for words, kind in DECLARATIONS.items():
            start = f"<title>{words}"
            sections = sections.replace(f"<sec>{start}", f'<sec sec-type="{kind}">{start}')
        return f"{between}{head}{sections}{end}"

    return LAST_SECTION.sub(move, xml, count=1)


def label_captions(xml: str) -> str:
    """A caption's number is the label of its figure or table, its first sentence the title."""

    def split(match: re.Match[str]) -> str:
        title, rest = first_sentence(match[2])
        below = f"<p>{rest}</p>" if rest else ""
        return f"<label>{match[1]}</label>\n<caption><title>{title}</title>\n{below}</caption>"

    return CAPTION.sub(split, xml)


def first_sentence(xml: str) -> tuple[str, str]:
    """The first sentence, and the rest; all of it where elements reach across each full stop."""
    for end in SENTENCE_END.finditer(xml):
        before = xml[: end.end()]
        is_text = before.count("<") == before.count(">")
        if is_text and len(re.findall(r"<\w[^>]*[^/]>", before)) == before.count("</"):
            return before, xml[end.end() :].strip()
    return xml, ""


def number_entries(xml: str) -> str:
    """Each reference with the number that the text cites; none if it does not cite by number."""
    names = [name for _, name in ENTRY.findall(xml)]
    places = {name: str(number) for number, name in enumerate(names, start=1)}
    cited = CITED.findall(xml)
    if not cited or any(places.get(name) != number for name, number in cited):
        return xml
    return ENTRY.sub(lambda match: f"{match[1]}<label>{places[match[2]]}</label>", xml)
