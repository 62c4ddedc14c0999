"""The docx and the PDF open, hold the numbers, are the same for the same report, and run nothing."""

import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Length

from services.workstation.reporting.charts import drawn, height_mm, png_of, svg_of
from services.workstation.reporting.document import Chart, Document, Picture, Series
from services.workstation.reporting.docx import docx_of
from services.workstation.reporting.pdf import pdf_of
from services.workstation.reporting.sections import document_of
from tests.services.workstation.reporting.pdf_text import text_of
from tests.services.workstation.reporting.seed_district import (
    empty_facts,
    report_of,
    seed_facts,
)

NASTY = (
    '#read("/etc/passwd")',
    "*x* _y_ $z^2$ @ref <label>",
    "`raw` \\u{41} [link](x) // comment /* open",
    "= heading",
    "<w:p>&amp;</w:p>",
    "{{7*7}}",
)
NUMBERS = ("83", "399", "251", "1301", "15600", "62/328", "16.5%", "207500", "31.3%")


@pytest.fixture(scope="module")
def document() -> Document:
    """The seed district's document."""
    return document_of(report_of(seed_facts()))


@pytest.fixture(scope="module")
def written(document: Document) -> bytes:
    """It as docx."""
    return docx_of(document)


@pytest.fixture(scope="module")
def nasty() -> Document:
    """A district whose names try to be markup."""
    facts = seed_facts()
    communities = tuple(
        replace(community, name=NASTY[at % len(NASTY)])
        for at, community in enumerate(facts.communities)
    )
    streets = tuple(
        replace(street, name=f"$\\frac{{1}}{{{street.name}}}$") for street in facts.streets
    )
    return document_of(
        report_of(
            replace(
                facts,
                communities=tuple(
                    replace(one, street=f"$\\frac{{1}}{{{one.street}}}$") for one in communities
                ),
                streets=streets,
                services=replace(facts.services, volunteer_teams=NASTY, series=()),
            )
        )
    )


def _docx_text(content: bytes) -> str:
    file = docx.Document(BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def test_the_docx_opens_and_holds_title_and_numbers(document: Document, written: bytes) -> None:
    text = _docx_text(written)
    for said in (document.title, "附件：1. 指标明细", "沙市区民政局", *NUMBERS):
        assert said in text


def test_the_docx_is_set_after_the_standard(document: Document, written: bytes) -> None:
    file = docx.Document(BytesIO(written))
    upright, turned = file.sections
    assert _mm(upright.page_width, upright.page_height) == [210, 297]
    assert _mm(upright.top_margin, upright.bottom_margin) == [37, 35]
    assert _mm(upright.left_margin, upright.right_margin) == [28, 26]
    assert _mm(turned.page_width, turned.page_height) == [297, 210]
    fonts = {
        name: file.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Heading 2", "Body Text")
    }
    assert fonts == {
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
        "Body Text": "仿宋_GB2312",
    }
    assert file.core_properties.title == document.title


def test_the_docx_repeats_heads_numbers_pages_and_describes_pictures(
    document: Document, written: bytes
) -> None:
    with ZipFile(BytesIO(written)) as parts:
        body = ET.fromstring(parts.read("word/document.xml"))
        footers = [parts.read(name) for name in parts.namelist() if "footer" in name]
        fonts = parts.read("word/fontTable.xml").decode()
    tables = list(body.iter(qn("w:tbl")))
    assert all(table.find(f".//{qn('w:tblHeader')}") is not None for table in tables)
    told = [shape.get("descr") for shape in body.iter(qn("wp:docPr"))]
    assert told == [block.alternative for block in document.blocks if isinstance(block, Picture)]
    assert len(footers) == 2
    assert all(b"PAGE" in footer for footer in footers)
    assert 'w:altName w:val="FangSong,仿宋,Noto Serif SC"' in fonts


def test_the_pdf_holds_title_numbers_and_the_bundled_fonts_only(document: Document) -> None:
    pdf = pdf_of(document)
    text = text_of(pdf)
    for said in (document.title, "附件：1. 指标明细", "沙市区民政局", "— 1 —", *NUMBERS):
        assert said in text
    assert f'<rdf:li xml:lang="x-default">{document.title}</rdf:li>'.encode() in pdf
    assert b"+NotoSerifSC-Regular" in pdf
    assert b"+NotoSansSC-Regular" in pdf
    assert pdf.count(b"/Type/FontDescriptor") == pdf.count(b"/FontFile3") == 2
    assert b"/StructTreeRoot" in pdf


def test_what_looks_like_markup_is_shown_as_it_is_written(nasty: Document) -> None:
    drawn, written = text_of(pdf_of(nasty)).replace("\n", ""), _docx_text(docx_of(nasty))
    for name in NASTY:
        assert name in written
        assert name.replace(" ", "") in drawn.replace(" ", "")
    assert "$\\frac{1}{解放}$" in drawn
    assert "root:" not in drawn


def test_a_chart_reads_no_formula_in_its_text() -> None:
    plain, formula = (_chart("a$x^2$b"), _chart("a$x^{$b"))
    assert png_of(plain) != png_of(formula)
    assert svg_of(plain).count("<use") > 0


def test_signs_that_no_file_may_hold_are_replaced() -> None:
    facts = seed_facts()
    strange = replace(facts.services, volunteer_teams=("甲\x00\x0b\ud800乙",))
    streets = (replace(facts.streets[0], name="\x1b解"), *facts.streets[1:])
    document = document_of(report_of(replace(facts, services=strange, streets=streets)))
    assert "甲□□□乙" in _docx_text(docx_of(document))
    assert pdf_of(document).startswith(b"%PDF")


def test_a_chart_shows_a_square_for_a_sign_its_font_lacks() -> None:
    assert svg_of(_chart("\U0002f81a")) == svg_of(_chart("□"))


@pytest.mark.parametrize("stacked", [True, False])
def test_bars_leave_room_for_their_labels(stacked: bool) -> None:
    values = (17, 3)
    chart = Chart(
        categories=("甲", "乙"),
        series=(Series("一", values, ("17", "3")), Series("二", (0, 0), ("0", "0"))),
        axis="个",
        stacked=stacked,
    )
    (axes,) = drawn(chart).axes
    assert axes.get_ylim()[1] > 1.1 * max(values)


def test_names_that_would_run_into_each_other_are_turned() -> None:
    few, many = (_chart(f"{'长' * 6}街道", streets) for streets in (2, 14))
    assert height_mm(many) > height_mm(few)
    assert svg_of(many).count("rotate(-55") >= 14
    assert "rotate(-55" not in svg_of(few)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_district_without_records_can_be_printed(language: str) -> None:
    empty = document_of(report_of(empty_facts()), "zh" if language == "zh" else "en")
    said = "无记录" if language == "zh" else "no record"
    assert said in text_of(pdf_of(empty)).replace("\n", " ")
    assert said in _docx_text(docx_of(empty))


def test_without_annexes_a_document_ends_with_its_signature(document: Document) -> None:
    short = replace(document, blocks=document.blocks[:2], attachments=())
    assert text_of(pdf_of(short)).count("—") == 2
    assert len(docx.Document(BytesIO(docx_of(short))).sections) == 1


def test_equal_reports_give_equal_bytes_also_in_threads(document: Document) -> None:
    again = document_of(report_of(seed_facts()))
    with ThreadPoolExecutor(2) as threads:
        pdfs = set(threads.map(pdf_of, [document, again]))
        files = set(threads.map(docx_of, [document, again]))
    assert len(pdfs) == len(files) == 1


def _mm(*lengths: Length | None) -> list[int]:
    return [round(length.mm) for length in lengths if length is not None]


def _chart(name: str, categories: int = 2) -> Chart:
    return Chart(
        categories=(name,) * categories,
        series=(Series(name="甲", values=(1,) * categories, labels=("1",) * categories),),
        axis="人",
    )
