"""The layout of the docx after GB/T 9704: page, fonts, styles, page numbers.

The standard's fonts are named and not embedded; each is followed by what to take where it is not
installed.
"""

from dataclasses import dataclass

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from shared.kernel.text import Language

TITLE = "Title"
SUBTITLE = "Subtitle"
BODY = "Body Text"
CAPTION = "Caption"
NOTE = "Note"
CELL = "Cell"
SMALL_CELL = "Small Cell"
SIGNATURE = "Signature"


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the standard, what to take `instead` (in that order), and the one for Latin text."""

    name: str
    instead: str
    latin: str


XIAOBIAOSONG = Font("方正小标宋简体", "FZXiaoBiaoSong-B05S,SimSun,Noto Serif SC", "Times New Roman")
FANGSONG = Font("仿宋_GB2312", "FangSong,仿宋,Noto Serif SC", "Times New Roman")
HEITI = Font("黑体", "SimHei,Noto Sans SC", "Arial")
KAITI = Font("楷体_GB2312", "KaiTi,楷体,Noto Serif SC", "Times New Roman")
SONGTI = Font("宋体", "SimSun,Noto Serif SC", "Times New Roman")

_STYLES: dict[str, tuple[Font, float]] = {
    TITLE: (XIAOBIAOSONG, 22),
    SUBTITLE: (KAITI, 16),
    "Heading 1": (HEITI, 16),
    "Heading 2": (KAITI, 16),
    BODY: (FANGSONG, 16),
    CAPTION: (HEITI, 11),
    NOTE: (SONGTI, 9),
    CELL: (SONGTI, 10.5),
    SMALL_CELL: (SONGTI, 9),
    SIGNATURE: (FANGSONG, 16),
}
_LINE = 28.9


def lay_out(docx: Docx, language: Language) -> None:
    """Sets page, styles and footers of an empty file."""
    portrait(docx.sections[0])
    _settings(docx)
    _name_substitutes(docx)
    _style_defaults(docx, language)
    for name, (font, size) in _STYLES.items():
        _style(docx, name, font, size * _scale(language, size))
    _paragraphs(docx, language)
    section = docx.sections[0]
    for footer, alignment in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        _number_pages(footer.paragraphs[0], alignment)


def portrait(section: Section) -> None:
    """A4 upright with the standard's type area of 156 mm by 225 mm."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)


def set_fonts(style_or_run: ParagraphStyle | Run, font: Font, size: float) -> None:
    """Names the font for Chinese and Latin text; without the former Word would take its own."""
    style_or_run.font.size = Pt(size)
    style_or_run.font.name = font.latin
    properties = style_or_run.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font.name)
    fonts.set(qn("w:cs"), font.latin)


def _style(docx: Docx, name: str, font: Font, size: float) -> None:
    known = {style.name for style in docx.styles}
    style = (
        docx.styles[name] if name in known else docx.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    set_fonts(style, font, size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    borders = style.element.find(f".//{qn('w:pBdr')}")
    if borders is not None:
        borders.getparent().remove(borders)


def _paragraphs(docx: Docx, language: Language) -> None:
    indent, line = Pt(32 if language == "zh" else 0), Pt(_LINE * _scale(language, _LINE))
    for name in ("Heading 1", "Heading 2", BODY):
        form = docx.styles[name].paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
        form.space_before = form.space_after = Pt(0)
        form.first_line_indent = indent
    for name in (TITLE, SUBTITLE, CAPTION):
        form = docx.styles[name].paragraph_format
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form.space_before, form.space_after = Pt(6), Pt(6)
    docx.styles[SUBTITLE].paragraph_format.space_after = Pt(28)
    docx.styles[BODY].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    docx.styles[NOTE].paragraph_format.space_before = Pt(3)
    docx.styles[NOTE].paragraph_format.space_after = Pt(10)
    docx.styles[NOTE].font.color.rgb = RGBColor(0x59, 0x59, 0x59)
    for name in (CELL, SMALL_CELL):
        form = docx.styles[name].paragraph_format
        form.space_before = form.space_after = Pt(2)
        form.line_spacing = 1.0
    signature = docx.styles[SIGNATURE].paragraph_format
    signature.alignment, signature.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(64)
    signature.keep_together = True


def _settings(docx: Docx) -> None:
    """Chinese theme fonts and punctuation, today's layout, and no preview of the empty template."""
    settings = docx.settings.element
    docx.settings.odd_and_even_pages_header_footer = True
    for path, attribute, value in (
        ("w:themeFontLang", "w:eastAsia", "zh-CN"),
        ("w:characterSpacingControl", "w:val", "compressPunctuation"),
        ("w:compat/w:compatSetting[@w:name='compatibilityMode']", "w:val", "15"),
    ):
        (found,) = settings.xpath(path)
        found.set(qn(attribute), value)
    package = docx.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package.rels.pop(key)


def _scale(language: Language, size: float) -> float:
    """English words are set smaller than the standard's signs: the text by a quarter."""
    if language == "zh":
        return 1
    return 0.75 if size > 12 else 0.85


def _style_defaults(docx: Docx, language: Language) -> None:
    """The language of the text, which decides spelling, line breaks and reading aloud."""
    marks = docx.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    marks.set(qn("w:val"), "en-GB")
    marks.set(qn("w:eastAsia"), "zh-CN" if language == "zh" else "en-GB")
    set_fonts(docx.styles["Normal"], FANGSONG, 16)


def _name_substitutes(docx: Docx) -> None:
    """Tells in the font table what to take where a font of the standard is not installed."""
    fonts = "".join(
        f'<w:font w:name="{font.name}"><w:altName w:val="{font.instead}"/>'
        f'<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for font in (XIAOBIAOSONG, FANGSONG, HEITI, KAITI, SONGTI)
    )
    table = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
    )
    docx.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = table.encode()


def _number_pages(paragraph: Paragraph, alignment: WD_ALIGN_PARAGRAPH) -> None:
    """`— 1 —`, outside: right on odd pages, left on even ones."""
    paragraph.alignment = alignment
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    for kind, text in (
        ("text", "— "),
        ("begin", ""),
        ("instrText", "PAGE"),
        ("separate", ""),
        ("text", "1"),
        ("end", ""),
        ("text", " —"),
    ):
        run = paragraph.add_run(text if kind == "text" else "")
        set_fonts(run, SONGTI, 14)
        if kind == "instrText":
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
