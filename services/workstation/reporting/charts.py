"""Bar charts drawn with the bundled font: SVG for the PDF, PNG for the docx.

Text in a chart is plain: nothing in it is read as a formula. The same chart gives the same bytes.
"""

from functools import lru_cache
from io import BytesIO
from threading import Lock

import matplotlib as mpl
import pylopdf_fonts_zh_cn
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from services.workstation.reporting.document import MISSING_SIGN, Chart, Series, rewritten

WIDTH_MM = 150
DOTS_PER_INCH = 220

_MM_PER_INCH = 25.4
_MM_PER_SIGN = 3.2
_COLOURS = ("#1f4e79", "#c55a11", "#7f9f3f", "#8c7aa9", "#999999")
_drawing = Lock()
mpl.rcParams["svg.hashsalt"] = "shequ"


def svg_of(chart: Chart) -> str:
    """The chart as SVG, its text as outlines so that it needs no font."""
    return _written(chart, "svg", {"Date": None, "Creator": None}).decode()


def png_of(chart: Chart) -> bytes:
    """The chart as PNG."""
    return _written(chart, "png", {"Software": None})


def height_mm(chart: Chart) -> int:
    """How high the chart is at `WIDTH_MM`: by its bars when they lie, else by its names."""
    if chart.horizontal:
        return 8 + 9 * len(chart.categories)
    return 58 + (min(3 * _longest(chart), 30) if _crowded(chart) else 0)


def _written(chart: Chart, format: str, metadata: dict[str, str | None]) -> bytes:
    # Matplotlib keeps its fonts and settings in the process: one chart is drawn at a time.
    with _drawing:
        figure = drawn(rewritten(chart, _legible))
        written = BytesIO()
        figure.savefig(written, format=format, dpi=DOTS_PER_INCH, metadata=metadata)
    return written.getvalue()


def drawn(chart: Chart) -> Figure:
    """The chart on matplotlib's canvas."""
    figure = Figure(
        figsize=(WIDTH_MM / _MM_PER_INCH, height_mm(chart) / _MM_PER_INCH), layout="constrained"
    )
    axes = figure.add_subplot()
    if chart.horizontal:
        _lying(axes, chart)
    else:
        _standing(axes, chart)
    axes.spines[["top", "right"]].set_visible(False)
    if any(series.name for series in chart.series):
        axes.legend(
            frameon=False,
            loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
            ncols=len(chart.series),
            prop=_font(),
        )
    for text in figure.findobj(Text):
        text.set_parse_math(False)
        text.set_fontproperties(_font())
    return figure


def _lying(axes: Axes, chart: Chart) -> None:
    places = range(len(chart.categories))
    (series,) = chart.series
    bars = axes.barh(places, series.values, height=0.6, color=_COLOURS[0])
    _label(axes, bars, series)
    axes.set_yticks(places, labels=chart.categories)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.3)


def _standing(axes: Axes, chart: Chart) -> None:
    if chart.stacked:
        _stacked(axes, chart)
    else:
        _side_by_side(axes, chart)
    axes.set_xticks(range(len(chart.categories)), labels=chart.categories)
    if _crowded(chart):
        axes.tick_params(axis="x", rotation=55)
        for label in axes.get_xticklabels():
            label.set(horizontalalignment="right", rotation_mode="anchor")
    axes.set_ylabel(chart.axis)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(axis="x", length=0)
    axes.set_ylim(0, 1.14 * max(_tallest(chart), 1))


def _tallest(chart: Chart) -> int:
    bars = zip(*(series.values for series in chart.series), strict=True)
    return max((sum(bar) if chart.stacked else max(bar) for bar in bars), default=0)


def _crowded(chart: Chart) -> bool:
    """Whether the names under the bars would run into each other."""
    room = (WIDTH_MM - 15) / max(len(chart.categories), 1)
    return _longest(chart) * _MM_PER_SIGN > room - 2


def _longest(chart: Chart) -> int:
    return max((len(name) for name in chart.categories), default=0)


def _side_by_side(axes: Axes, chart: Chart) -> None:
    width = 0.7 / max(len(chart.series), 2)
    first = -(len(chart.series) - 1) * width / 2
    for at, series in enumerate(chart.series):
        bars = axes.bar(
            [place + first + at * width for place in range(len(chart.categories))],
            series.values,
            width=width * 0.94,
            color=_COLOURS[at % len(_COLOURS)],
            label=series.name,
        )
        _label(axes, bars, series)


def _stacked(axes: Axes, chart: Chart) -> None:
    below = [0] * len(chart.categories)
    for at, series in enumerate(chart.series):
        bars = axes.bar(
            range(len(chart.categories)),
            series.values,
            bottom=below,
            width=0.5,
            color=_COLOURS[at % len(_COLOURS)],
            label=series.name,
        )
        if len(chart.series) > 1:
            inside = [label if label != "0" else "" for label in series.labels]
            axes.bar_label(bars, labels=inside, label_type="center", color="white")
        below = [under + value for under, value in zip(below, series.values, strict=True)]
        if at == len(chart.series) - 1:
            axes.bar_label(bars, labels=[str(total) for total in below], padding=2)


def _label(axes: Axes, bars: BarContainer, series: Series) -> None:
    axes.bar_label(bars, labels=series.labels, padding=3)


def _legible(text: str) -> str:
    known = _signs()
    return "".join(sign if ord(sign) in known else MISSING_SIGN for sign in text)


@lru_cache
def _signs() -> frozenset[int]:
    return frozenset(get_font(str(pylopdf_fonts_zh_cn.sans_path())).get_charmap())


@lru_cache
def _font() -> FontProperties:
    return FontProperties(fname=pylopdf_fonts_zh_cn.sans_path(), size=9)
