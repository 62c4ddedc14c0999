"""How figures, days and lists are written in the document's two languages."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from services.workstation.reporting.domain import Figure, Unit, percent
from services.workstation.reporting.facts import Approximation, Insurance, SurveyValue
from shared.kernel.text import Language, Text

NO_RECORD = Text("无记录", "no record")
NONE = Text("无", "none")
INFERRED = Text("（推定）", " (inferred)")

UNITS: dict[Unit, Text] = {
    Unit.COMMUNITIES: Text("个", "communities"),
    Unit.HOUSEHOLDS: Text("户", "households"),
    Unit.POSTS: Text("个", "posts"),
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
    Unit.RATIO: Text("—", "—"),
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
    """A number for reading, without separators, as the districts' reports write it."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def signed(value: int) -> str:
    """A difference for reading, with a true minus sign: −13, 0, +4."""
    return f"{'+' if value > 0 else ''}{number(value)}".replace("-", "−")


def labels_of(numbers: tuple[int, ...]) -> tuple[str, ...]:
    """What stands at the ends of plain bars."""
    return tuple(number(count) for count in numbers)


def told(value: SurveyValue) -> Text:
    """A surveyed number as it was told: 20余, 近20, 约20."""
    count = number(value.value)
    match value.approximation:
        case Approximation.MORE_THAN:
            return Text(f"{count}余", f"more than {count}")
        case Approximation.NEARLY:
            return Text(f"近{count}", f"nearly {count}")
        case Approximation.ABOUT:
            return Text(f"约{count}", f"about {count}")
    return Text(count, count)


def shown(figure: Figure, language: Language, unit: str = "") -> str:
    """The figure's value for a reader: a share in percent, a list joined, no record said.

    A number is followed by its unit, then by the mark that it is inferred.
    """
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
    return written + unit + (INFERRED.in_language(language) if figure.inferred else "")


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
