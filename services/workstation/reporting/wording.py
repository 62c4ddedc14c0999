"""How figures, days and lists are written in the document's two languages."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from services.workstation.reporting.domain import Figure, Unit, percent
from services.workstation.reporting.facts import Insurance
from shared.kernel.text import Language, Text

NO_RECORD = Text("无记录", "no record")
NONE = Text("无", "none")
INFERRED = Text("（推定）", " (inferred)")

UNITS: dict[Unit, Text] = {
    Unit.COMMUNITIES: Text("个", "communities"),
    Unit.HOUSEHOLDS: Text("户", "households"),
    Unit.POSTS: Text("个岗位", "posts"),
    Unit.PERSONS: Text("人", "people"),
    Unit.STREETS: Text("个", "streets"),
    Unit.TIMES: Text("次", "times"),
    Unit.PLACES: Text("个", "places"),
    Unit.PLAQUES: Text("块", "plaques"),
    Unit.BOOKS: Text("本", "books"),
    Unit.TASKS: Text("项", "tasks"),
    Unit.STANDARDS: Text("种", "standards"),
    Unit.YUAN_PER_YEAR: Text("元/年", "yuan a year"),
    Unit.YUAN_PER_MONTH: Text("元/月", "yuan a month"),
    Unit.WAN_YUAN: Text("万元", "ten thousand yuan"),
    Unit.RATIO: Text("%", "%"),
    Unit.NAME: Text("—", "—"),
    Unit.CODE: Text("—", "—"),
    Unit.NAMES: Text("—", "—"),
}

INSURANCES: dict[str, Text] = {
    Insurance.PENSION: Text("养老保险", "pension"),
    Insurance.MEDICAL: Text("医疗保险", "medical"),
    Insurance.UNEMPLOYMENT: Text("失业保险", "unemployment"),
}


def number(value: int | Decimal) -> str:
    """A number for reading; Chinese and English prose both take commas from ten thousand on."""
    return f"{value}" if -10_000 < value < 10_000 else f"{value:,}"


def shown(figure: Figure, language: Language) -> str:
    """The figure's value for a reader: a share in percent, a list joined, no record said."""
    value = figure.value
    if value is None:
        return NO_RECORD.in_language(language)
    if isinstance(value, tuple):
        return _list(figure, value, language)
    if isinstance(value, str):
        return value
    written = number(value)
    if figure.unit is Unit.RATIO:
        written = _in_percent(figure, Decimal(value))
    return written + (INFERRED.in_language(language) if figure.inferred else "")


def joined(names: Iterable[str], language: Language) -> str:
    """Names in a row: 甲、乙 or `a, b`."""
    return ("、" if language == "zh" else ", ").join(names)


def day(value: date, language: Language) -> str:
    """2012年6月30日 or `30 June 2012`."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _in_percent(figure: Figure, value: Decimal) -> str:
    if figure.numerator is not None and figure.denominator:
        return percent(figure.numerator, figure.denominator) or "—"
    return percent(int(value.scaleb(3)), 1000) or "—"


def _list(figure: Figure, value: tuple[str, ...] | tuple[int, ...], language: Language) -> str:
    if not value:
        return NONE.in_language(language)
    if figure.key == "pay.insurances":
        texts = (INSURANCES.get(str(code)) for code in value)
        return joined((text.in_language(language) for text in texts if text), language)
    return joined((number(one) if isinstance(one, int) else one for one in value), language)
