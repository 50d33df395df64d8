"""pandoc's own reference.docx in; reference.docx, the article's Word styles on A4, out.

Run `python journal/make_reference_docx.py` after a change here. The same pandoc gives the same
bytes, so that a change of the file is a change of the look.
"""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pypandoc
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

# Word, LibreOffice and every journal's system have it or a font of the same widths.
FONT = "Times New Roman"
WARNING = "6B1D12"
EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

BODY_PT, TABLE_PT = 11, 9

# name: (size pt or None for the document's own, bold, italic, pt before, pt after, alignment)
PARAGRAPHS = {
    "Normal": (None, None, None, 0, 6, "left"),
    "Body Text": (None, None, None, 3, 4, "left"),
    "First Paragraph": (None, None, None, 3, 4, "left"),
    "Compact": (None, None, None, 1.5, 1.5, "left"),
    "Title": (18, True, None, 0, 8, "left"),
    "Subtitle": (13, False, None, 0, 8, "left"),
    "Author": (11, False, None, 0, 4, "left"),
    "Date": (10, False, None, 0, 4, "left"),
    "Abstract Title": (13, True, None, 12, 4, "left"),
    "Abstract": (10.5, None, None, 0, 6, "left"),
    "Heading 1": (13, True, False, 16, 5, "left"),
    "Heading 2": (11.5, True, False, 12, 4, "left"),
    "Heading 3": (11, False, True, 10, 3, "left"),
    "Bibliography": (10, None, None, 0, 4, "left"),
    "Block Text": (None, None, None, 4, 6, "left"),
    "Caption": (10, None, False, 9, 6, "left"),
    "Footnote Text": (9, None, None, 0, 2, "left"),
}
NEW_PARAGRAPHS = {
    "Notice": (10.5, None, None, 10, 10, "left"),
    "Keywords": (10, None, None, 0, 14, "left"),
    "Review Comment": (None, None, None, 2, 6, "left"),
    "Quote Place": (10, None, True, 8, 2, "left"),
    "Header": (8.5, None, None, 0, 0, "left"),
    "Footer": (8.5, None, None, 0, 0, "left"),
}
UNNUMBERED = ("Header", "Footer", "Captioned Figure")  # where a review copy numbers its lines
LINE_NUMBER_PT = 8
FLOWING = ("Abstract", "Bibliography")  # pandoc keeps these on one page, however long they are


def pandoc_reference() -> Document:
    """pandoc's own reference document, whose style names its docx writer uses."""
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    return docx.Document(BytesIO(subprocess.run(command, check=True, capture_output=True).stdout))


def unify_face(document: Document) -> None:
    """One black serif face and size everywhere: theme fonts and theme colours go."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        monospaced = fonts.get(qn("w:ascii")) == "Consolas"
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), "Courier New" if monospaced else FONT)
    for style in document.styles:
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER):
            for colour in list(style.element.iter(qn("w:color"))):
                colour.getparent().remove(colour)
    # Set as the document's default and in no paragraph style, so that a table may be smaller.
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for tag in ("w:sz", "w:szCs"):
        defaults.find(f".//{qn(tag)}").set(qn("w:val"), str(2 * BODY_PT))
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def set_paragraph_style(
    style: ParagraphStyle,
    size_pt: float | None,
    bold: bool | None,
    italic: bool | None,
    before_pt: float,
    after_pt: float,
    align: str,
) -> None:
    """Give one paragraph style its size, weight, space and alignment."""
    style.font.size = Pt(size_pt) if size_pt else None
    style.font.bold, style.font.italic = bold, italic
    for tracking in list(style.element.iterfind(f"{qn('w:rPr')}/{qn('w:spacing')}")):
        tracking.getparent().remove(tracking)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before_pt), Pt(after_pt)
    layout.alignment = WD_ALIGN_PARAGRAPH.LEFT if align == "left" else WD_ALIGN_PARAGRAPH.JUSTIFY
    layout.widow_control = True


def set_paragraph_styles(document: Document) -> None:
    """Every style that pandoc uses in an article, and those that it does not bring."""
    for name in NEW_PARAGRAPHS:
        is_known = name in ("Header", "Footer")  # styles of Word's own, which pages refer to
        added = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=is_known)
        added.element.set(qn("w:styleId"), name.replace(" ", ""))
        added.base_style = document.styles["Normal"]
    styles = {style.name: style for style in document.styles}
    for name, values in (PARAGRAPHS | NEW_PARAGRAPHS).items():
        set_paragraph_style(styles[name], *values)
    normal = styles["Normal"].paragraph_format
    normal.line_spacing_rule, normal.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.15
    styles["Compact"].paragraph_format.line_spacing = 1.0
    for name in FLOWING:
        styles[name].paragraph_format.keep_together = False
        styles[name].paragraph_format.keep_with_next = False
    styles["Table Caption"].paragraph_format.keep_with_next = True
    outline = styles["Abstract Title"].element.get_or_add_pPr()
    outline.append(outline.makeelement(qn("w:outlineLvl"), {qn("w:val"): "0"}))  # Word's navigation
    for name in UNNUMBERED:
        suppress_line_numbers(styles[name])
    number = document.styles.add_style("line number", WD_STYLE_TYPE.CHARACTER, builtin=True)
    number.element.set(qn("w:styleId"), "LineNumber")
    number.font.size = Pt(LINE_NUMBER_PT)
    references = styles["Bibliography"].paragraph_format
    references.left_indent, references.first_line_indent = Mm(8), Mm(-8)
    references.tab_stops.add_tab_stop(Mm(8))
    styles["Hyperlink"].font.color.rgb = RGBColor.from_string("1F4E79")
    frame_notice(styles["Notice"])
    mark_comment(styles["Review Comment"])
    styles["Quote Place"].paragraph_format.keep_with_next = True


def suppress_line_numbers(style: ParagraphStyle) -> None:
    """LibreOffice would number running heads, too, and every figure counts as a line."""
    style.paragraph_format.widow_control = True
    control = style.element.pPr.find(qn("w:widowControl"))
    control.addnext(OxmlElement("w:suppressLineNumbers"))


def frame_notice(style: ParagraphStyle) -> None:
    """A border on four sides and a tint, as in the other formats."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="12" w:space="6" w:color="{WARNING}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    properties = style.element.get_or_add_pPr()
    spacing = properties.find(qn("w:spacing"))
    spacing.addprevious(parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>"))
    spacing.addprevious(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FBEFE9"/>')
    )
    style.font.color.rgb = RGBColor.from_string(WARNING)
    style.paragraph_format.left_indent = style.paragraph_format.right_indent = Mm(2.5)


def mark_comment(style: ParagraphStyle) -> None:
    """A bar on the left and a tint: what a reviewer wrote."""
    bar = '<w:left w:val="single" w:sz="18" w:space="8" w:color="737373"/>'
    properties = style.element.get_or_add_pPr()
    spacing = properties.find(qn("w:spacing"))
    spacing.addprevious(parse_xml(f"<w:pBdr {nsdecls('w')}>{bar}</w:pBdr>"))
    spacing.addprevious(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="F2F2F2"/>')
    )
    style.paragraph_format.left_indent = Mm(5)


def add_table_style(document: Document) -> None:
    """Rules above, below and under the header. The plain "Table" also frames figures, so that it
    rules nothing but a header; the Lua filter gives tables of data the style "ArticleTable"."""
    plain = document.styles["Table"].element
    for conditional in list(plain.iter(qn("w:tblStylePr"))):
        plain.remove(conditional)
    for side in ("left", "right"):  # a figure in its frame is as wide as the text
        plain.find(f".//{qn('w:tblCellMar')}/{qn(f'w:{side}')}").set(qn("w:w"), "0")
    rule = '<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="000000"/>'
    header = (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        + rule.format(side="top", eighths=8)
        + rule.format(side="bottom", eighths=4)
        + '</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )
    outer = "".join(rule.format(side=side, eighths=8) for side in ("top", "bottom"))
    plain.append(parse_xml(header.replace(">", f" {nsdecls('w')}>", 1)))
    plain.addnext(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ArticleTable">'
            '<w:name w:val="ArticleTable"/><w:basedOn w:val="Table"/><w:qFormat/>'
            f'<w:rPr><w:sz w:val="{2 * TABLE_PT}"/></w:rPr>'
            f"<w:tblPr><w:tblBorders>{outer}</w:tblBorders><w:tblCellMar>"
            '<w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
            f"</w:tblPr>{header}</w:style>"
        )
    )


def add_field(paragraph: Paragraph, code: str) -> None:
    """A field that Word computes: the page number, the document's subject."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(parse_xml(f"<w:r {nsdecls('w')}><w:t></w:t></w:r>"))
    paragraph._p.append(field)


def set_page(document: Document) -> None:
    """A4; the notice (which the filter makes the document's subject) above, pages counted below,
    notes numbered through."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.bottom_margin = Mm(25)
    section.top_margin = Mm(27)
    section.header_distance = section.footer_distance = Mm(12)
    for restart in list(document.element.iter(qn("w:footnotePr"))):
        restart.getparent().remove(restart)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    add_field(head, "SUBJECT")
    foot.add_run("Page ")
    add_field(foot, "PAGE")
    foot.add_run(" of ")
    add_field(foot, "NUMPAGES")
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER


def save(document: Document, path: Path) -> None:
    """Write the package with one fixed date for its parts."""
    buffer = BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as package, zipfile.ZipFile(path, "w") as fixed:
        for name in package.namelist():
            entry = zipfile.ZipInfo(name, EARLIEST_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(entry, package.read(name))


def main() -> None:
    """Write journal/reference.docx."""
    document = pandoc_reference()
    unify_face(document)
    set_paragraph_styles(document)
    add_table_style(document)
    set_page(document)
    save(document, Path(__file__).with_name("reference.docx"))


if __name__ == "__main__":
    main()
