"""The document as PDF, set by Typst with the bundled fonts.

The template is fixed. What the district's records say reaches it as data, so that nothing in a
name can be read as markup.
"""

from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.resources import files

import orjson
import pylopdf_fonts_zh_cn
import typst

from services.workstation.reporting.charts import WIDTH_MM, height_mm, svg_of
from services.workstation.reporting.document import Block, Document, Picture

_TEMPLATE = files("services.workstation.reporting") / "document.typ"


def pdf_of(document: Document) -> bytes:
    """The whole document as a tagged PDF; equal documents give equal bytes."""
    data = asdict(document) | {"blocks": [_block(block) for block in document.blocks]}
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"document": orjson.dumps(data).decode()},
    )
    written = compiler.compile(
        format="pdf", timestamp=datetime.combine(document.prepared_on, time(), UTC)
    )
    assert isinstance(written, bytes)
    return written


def _block(block: Block) -> dict[str, object]:
    data = asdict(block) | {"kind": type(block).__name__.lower()}
    if isinstance(block, Picture):
        data["chart"] = svg_of(block.chart)
        data["width_mm"], data["height_mm"] = WIDTH_MM, height_mm(block.chart)
    return data


@lru_cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[pylopdf_fonts_zh_cn.serif_path().parent],
    )
