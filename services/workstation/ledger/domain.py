"""What the ledger is about: data elements, and what an entry of one must be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from services.workstation.ledger.periods import Frequency, Reporting, read_period
from shared.kernel.issue import Issue
from shared.kernel.text import Text

Value = bool | int | float | str
EARLIEST = date(2000, 1, 1)


class ValueType(StrEnum):
    """What an element's value is."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"


class Scope(StrEnum):
    """Of whom a value is told; what is told of a household or resident is personal."""

    COMMUNITY = "community"
    HOUSEHOLD = "household"
    RESIDENT = "resident"


class OwnerKind(StrEnum):
    """Who alone collects an element: a department, or in each community its workstation or its
    residents' committee."""

    DEPARTMENT = "department"
    WORKSTATION = "workstation"
    COMMITTEE = "committee"


class Source(StrEnum):
    """How an entry came in."""

    PERSON = "person"
    IMPORT = "import"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Element:
    """A data element as entries are checked against it. `validity_days` is how long a value counts
    after the day it was recorded, None until it is replaced."""

    id: UUID
    code: str
    title: str
    type: ValueType
    unit: str | None
    scope: Scope
    frequency: Frequency
    validity_days: int | None
    choices: tuple[str, ...]
    owner_kind: OwnerKind
    owner_department_id: UUID | None
    owner_name: str
    ended_on: date | None

    def valid_until(self, recorded_on: date) -> date | None:
        """The last day on which a value recorded on that day counts."""
        if self.validity_days is None:
            return None
        return recorded_on + timedelta(days=self.validity_days)


_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_LONGEST = 500
_TRUTHS = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}


def read_value(element: Element, told: Value) -> str | Issue:
    """The value as it is kept: one way of writing for each value."""
    text = told.strip() if isinstance(told, str) else repr(told)
    if isinstance(told, bool):
        text = str(told).lower()
    kept = _READ[element.type](element, text)
    return _wrong_type(element, text) if kept is None else kept


def show_value(type: ValueType, kept: str) -> bool | int | str:
    """A kept value as it is given out: decimals as text, so that none is rounded."""
    if type is ValueType.INTEGER:
        return int(kept)
    return kept == "true" if type is ValueType.BOOLEAN else kept


def _integer(_element: Element, text: str) -> str | None:
    plain = text.replace(",", "").removesuffix(".0")
    return str(int(plain)) if _INTEGER.fullmatch(plain) else None


def _decimal(_element: Element, text: str) -> str | None:
    plain = text.replace(",", "")
    if not _DECIMAL.fullmatch(plain):
        return None
    whole, _, part = plain.removeprefix("-").partition(".")
    kept = ".".join(piece for piece in (str(int(whole)), part.rstrip("0")) if piece)
    return f"-{kept}" if plain.startswith("-") and kept != "0" else kept


def _boolean(_element: Element, text: str) -> str | None:
    found = _TRUTHS.get(text.lower())
    return None if found is None else str(found).lower()


def _text(_element: Element, text: str) -> str | None:
    usual = all(sign.isprintable() or sign == "\n" for sign in text)
    return text if 1 <= len(text) <= _LONGEST and usual else None


def _choice(element: Element, text: str) -> str | None:
    return text if text in element.choices else None


def _date(_element: Element, text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if "-" in text else None
    except ValueError:
        return None


_READ: Mapping[ValueType, Callable[[Element, str], str | None]] = {
    ValueType.INTEGER: _integer,
    ValueType.DECIMAL: _decimal,
    ValueType.BOOLEAN: _boolean,
    ValueType.TEXT: _text,
    ValueType.CHOICE: _choice,
    ValueType.DATE: _date,
}
_WANTED = {
    ValueType.INTEGER: Text("整数", "a whole number"),
    ValueType.DECIMAL: Text("数字，最多六位小数", "a number, six decimals at most"),
    ValueType.BOOLEAN: Text("是或否（true/false）", "true or false"),
    ValueType.TEXT: Text("1–500 个字符的文字", "a text of 1 to 500 characters"),
    ValueType.DATE: Text("日期，如 2026-03-01", "a day such as 2026-03-01"),
}


def _wrong_type(element: Element, text: str) -> Issue:
    choices = Text("、".join(element.choices), ", ".join(element.choices))
    wanted = _WANTED.get(element.type, choices)
    shown = "" if element.scope is not Scope.COMMUNITY else text[:20]
    return Issue(
        code="value_wrong_type",
        pointer="/value",
        detail=Text(
            zh=f"“{element.title}”的值“{shown}”类型不符。",
            en=f"The value “{shown}” is not of the type of {element.code}.",
        ),
        remedy=Text(zh=f"应为：{wanted.zh}。", en=f"Wanted: {wanted.en}."),
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """A value that somebody enters, as told; `unit` None where none was named."""

    value: Value
    unit: str | None
    period: str | None
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that may be entered."""

    value: str
    period: Reporting


def check_entry(element: Element, proposed: Proposed, today: date) -> Checked | tuple[Issue, ...]:
    """The value as it is kept, or everything that stands against it."""
    value = read_value(element, proposed.value)
    period = read_period(proposed.period, element.frequency)
    issues = [found for found in (value, period) if isinstance(found, Issue)]
    if element.ended_on is not None and element.ended_on <= today:
        issues.append(_ended(element))
    if proposed.unit is not None and proposed.unit.strip() != (element.unit or ""):
        issues.append(_unit_mismatch(element, proposed.unit))
    if not EARLIEST <= proposed.recorded_on <= today:
        issues.append(_day_out_of_range(today))
    if isinstance(period, Reporting) and period.start is not None and period.start > today:
        issues.append(_not_begun(period))
    if issues or isinstance(value, Issue) or isinstance(period, Issue):
        return tuple(issues)
    return Checked(value, period)


def _ended(element: Element) -> Issue:
    return Issue(
        code="element_ended",
        pointer="/element",
        detail=Text(
            zh=f"数据项“{element.title}”已于 {element.ended_on} 停用。",
            en=f"The element {element.code} ended on {element.ended_on}.",
        ),
        remedy=Text(zh="请改用现行的数据项。", en="Use an element that is in force."),
    )


def _unit_mismatch(element: Element, told: str) -> Issue:
    unit = element.unit or ""
    return Issue(
        code="unit_mismatch",
        pointer="/unit",
        detail=Text(
            zh=f"单位“{told[:20]}”与数据项的单位“{unit or '无'}”不一致。",
            en=f"The unit “{told[:20]}” is not the element's, “{unit or 'none'}”.",
        ),
        remedy=Text(
            zh="请换算成数据项的单位后填写。", en="Convert the value into the element's unit."
        ),
    )


def _day_out_of_range(today: date) -> Issue:
    return Issue(
        code="day_out_of_range",
        pointer="/recorded_on",
        detail=Text(
            zh=f"采集日期须在 {EARLIEST} 至今天（{today}）之间。",
            en=f"It is recorded between {EARLIEST} and today, {today}.",
        ),
        remedy=Text(zh="请更正采集日期。", en="Mend the day."),
    )


def _not_begun(period: Reporting) -> Issue:
    return Issue(
        code="period_not_begun",
        pointer="/period",
        detail=Text(
            zh=f"期间 {period.key} 尚未开始（{period.start} 起）。",
            en=f"The period {period.key} begins on {period.start} only.",
        ),
        remedy=Text(zh="请填写已开始的期间。", en="Choose a period that has begun."),
    )
