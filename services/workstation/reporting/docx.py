"""The document as docx, for a district office to go on writing in."""

from datetime import UTC, datetime, time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm
from docx.styles.style import ParagraphStyle
from docx.table import Table as DocxTable
from docx.table import _Cell, _Row

from services.workstation.reporting.charts import WIDTH_MM, png_of
from services.workstation.reporting.document import (
    Annex,
    Block,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
)
from services.workstation.reporting.docx_layout import (
    BODY,
    CAPTION,
    CELL,
    HEITI,
    NOTE,
    SIGNATURE,
    SMALL_CELL,
    SUBTITLE,
    TITLE,
    lay_out,
    set_fonts,
)

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MANY_COLUMNS = 8


def docx_of(document: Document) -> bytes:
    """The whole document as docx; equal documents give equal bytes."""
    file = docx.Document()
    lay_out(file, document.language)
    _describe(file, document)
    file.add_paragraph(document.title, style=TITLE)
    file.add_paragraph(document.subtitle, style=SUBTITLE)
    annexes = [at for at, block in enumerate(document.blocks) if isinstance(block, Annex)]
    first = annexes[0] if annexes else len(document.blocks)
    for block in document.blocks[:first]:
        _write(file, block)
    _sign(file, document)
    for at, block in enumerate(document.blocks[first:]):
        if at == 0:
            _turn(file)
        elif isinstance(block, Annex):
            file.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        _write(file, block)
    return _packed(file)


def _describe(file: Docx, document: Document) -> None:
    about, made = file.core_properties, datetime.combine(document.prepared_on, time(), UTC)
    about.title, about.author = document.title, document.signature
    about.subject, about.comments, about.keywords = document.subtitle, "", ""
    about.created = about.modified = made
    about.last_modified_by = document.signature
    about.language = "zh-CN" if document.language == "zh" else "en-GB"


def _write(file: Docx, block: Block) -> None:
    match block:
        case Heading():
            file.add_paragraph(block.text, style=f"Heading {block.level}")
        case Paragraph():
            file.add_paragraph(block.text, style=BODY)
        case Annex():
            heading = file.add_paragraph(block.title, style="Heading 1")
            heading.paragraph_format.first_line_indent = Mm(0)
        case Picture():
            _picture(file, block)
        case Table():
            _table(file, block)


def _picture(file: Docx, picture: Picture) -> None:
    place = file.add_paragraph(style=CAPTION)
    place.paragraph_format.keep_with_next = True
    shape = place.add_run().add_picture(BytesIO(png_of(picture.chart)), width=Mm(WIDTH_MM))
    properties = shape._inline.docPr
    properties.set("descr", picture.alternative)
    properties.set("title", picture.caption)
    caption = file.add_paragraph(picture.caption, style=CAPTION)
    caption.paragraph_format.keep_with_next = bool(picture.note)
    if picture.note:
        file.add_paragraph(picture.note, style=NOTE).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(file: Docx, table: Table) -> None:
    file.add_paragraph(table.caption, style=CAPTION).paragraph_format.keep_with_next = True
    made = file.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _rule_lines(made)
    style = file.styles[SMALL_CELL if len(table.columns) >= _MANY_COLUMNS else CELL]
    assert isinstance(style, ParagraphStyle) and style.font.size is not None
    widths = _widths(file, table)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    titles = tuple(column.title for column in table.columns)
    for at, (row, texts) in enumerate(zip(made.rows, (titles, *table.rows), strict=True)):
        heavy = at == 0 or (table.total and at == len(table.rows))
        _fill(row, texts, table, widths, style, style.font.size.pt, heavy=heavy)
        if at < len(table.rows):
            _keep_small_tables_whole(row, table)
    _mark(made.rows[0], "w:tblHeader")
    for row in made.rows:
        _mark(row, "w:cantSplit")
    file.add_paragraph(table.note, style=NOTE)


def _fill(
    row: _Row,
    texts: tuple[str, ...],
    table: Table,
    widths: list[Emu],
    style: ParagraphStyle,
    size: float,
    *,
    heavy: bool,
) -> None:
    for cell, text, column, width in zip(row.cells, texts, table.columns, widths, strict=True):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        # The style's id at once: to set a style by the API looks through all styles, cell by cell.
        paragraph._p.style = style.style_id
        run = paragraph.add_run(text)
        if column.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if heavy:
            set_fonts(run, HEITI, size)
            _shade(cell)


def _widths(file: Docx, table: Table) -> list[Emu]:
    section = file.sections[-1]
    page, left, right = section.page_width, section.left_margin, section.right_margin
    assert page is not None and left is not None and right is not None
    whole, shares = page - left - right, sum(column.width for column in table.columns)
    return [Emu(whole * column.width // shares) for column in table.columns]


def _keep_small_tables_whole(row: _Row, table: Table) -> None:
    if len(table.rows) > 12:
        return
    for cell in row.cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _rule_lines(table: DocxTable) -> None:
    """Heavy lines above and below, light ones between the rows, none upright."""
    table._tbl.tblPr.append(
        parse_xml(
            f"<w:tblBorders {nsdecls('w')}>"
            '<w:top w:val="single" w:sz="8" w:color="000000"/>'
            '<w:bottom w:val="single" w:sz="8" w:color="000000"/>'
            '<w:insideH w:val="single" w:sz="4" w:color="A6A6A6"/>'
            "</w:tblBorders>"
        )
    )


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "EDEDED")
    cell._tc.get_or_add_tcPr().append(shade)


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _sign(file: Docx, document: Document) -> None:
    """The list of annexes, signature and date, all on one page."""
    lines = [
        ("", BODY),
        *((line, BODY) for line in document.attachments),
        ("", BODY),
        (document.signature, SIGNATURE),
    ]
    for text, style in lines:
        file.add_paragraph(text, style=style).paragraph_format.keep_with_next = True
    file.add_paragraph(document.signed_on, style=SIGNATURE)


def _turn(file: Docx) -> None:
    """A new section on its side; page numbers go on."""
    section = file.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin = section.right_margin = Mm(25)
    section.footer_distance = Mm(16)


def _packed(file: Docx) -> bytes:
    """The file with its parts dated alike, for a package otherwise bears the minute it was made."""
    written, packed = BytesIO(), BytesIO()
    file.save(written)
    with ZipFile(written) as parts, ZipFile(packed, "w") as dated:
        for name in parts.namelist():
            part = ZipInfo(name, _EPOCH)
            part.compress_type = ZIP_DEFLATED
            dated.writestr(part, parts.read(name))
    return packed.getvalue()
