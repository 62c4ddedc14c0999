"""The days that a State Council notice takes out of the ordinary week, read from a table."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text

DayKind = Literal["holiday", "make_up"]
COLUMNS = ("date", "kind", "name", "notice_year", "notice")


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a notice takes out of the ordinary week.

    `holiday` is a day off (weekends within a holiday may be listed too), `make_up` a Saturday or
    Sunday that is worked. `notice_year` is the year that the notice arranges: a day in December
    2011 may belong to the notice of 2012.
    """

    day: date
    kind: DayKind
    name: str
    notice_year: int
    notice: str


def read_special_days(table: str) -> tuple[SpecialDay, ...]:
    """The rows of a CSV with the columns date, kind, name, notice_year, notice.

    Raises Invalid (`special_days_invalid`) naming every faulty cell as `/row/column`, rows
    counted from 0 after the heading.
    """
    rows = csv.reader(table.splitlines(), strict=True)
    try:
        heading = next(rows, [])
        if tuple(heading) != COLUMNS:
            raise _invalid(
                [
                    _issue(
                        "",
                        Text(zh="表头不符。", en="The heading is not as expected."),
                        Text(
                            zh=f"第一行请写：{','.join(COLUMNS)}",
                            en=f"Let the first line be: {','.join(COLUMNS)}",
                        ),
                    )
                ]
            )
        cells = list(rows)
    except csv.Error as error:
        raise _invalid(
            [
                _issue(
                    "",
                    Text(zh="不是有效的 CSV 文件。", en=f"This is not valid CSV: {error}."),
                    Text(
                        zh="请另存为 UTF-8 CSV 后重试。", en="Save it as UTF-8 CSV and try again."
                    ),
                )
            ]
        ) from error
    issues = [issue for at, row in enumerate(cells) for issue in _faults_of(at, row)]
    if issues:
        raise _invalid(issues)
    return tuple(
        SpecialDay(date.fromisoformat(day), cast(DayKind, kind), name, int(year), notice)
        for day, kind, name, year, notice in cells
    )


def _faults_of(at: int, row: list[str]) -> list[Issue]:
    if len(row) != len(COLUMNS):
        return [
            _issue(
                f"/{at}",
                Text(zh=f"应有 {len(COLUMNS)} 列。", en=f"It should have {len(COLUMNS)} columns."),
                Text(zh="请补齐或删去多余的列。", en="Fill in or remove columns."),
            )
        ]
    remedies: dict[str, Text] = {}
    day, kind, name, year, notice = row
    if not _is_iso_day(day):
        remedies["date"] = Text(zh="请写作 2027-01-01。", en="Write it as 2027-01-01.")
    if kind not in get_args(DayKind):
        remedies["kind"] = Text(
            zh="放假写 holiday，调休上班写 make_up。",
            en="Write holiday for a day off, make_up for a day that is worked.",
        )
    if not name.strip():
        remedies["name"] = Text(zh="请写节日名称。", en="Name the holiday.")
    if not re.fullmatch("20[0-9][0-9]", year):
        remedies["notice_year"] = Text(zh="请写四位年份，例如 2027。", en="Write the year as 2027.")
    if not notice.strip():
        remedies["notice"] = Text(zh="请写通知名称和文号。", en="Cite the notice.")
    return [
        _issue(f"/{at}/{column}", Text(zh="内容有误。", en="The value is not valid."), remedy)
        for column, remedy in remedies.items()
    ]


def refuse_faulty(specials: tuple[SpecialDay, ...]) -> None:
    """Raise Invalid (`special_days_invalid`) for days that no notice can mean."""
    issues = []
    seen: set[tuple[int, date]] = set()
    for at, special in enumerate(specials):
        if special.kind == "make_up" and not is_weekend(special.day):
            issues.append(
                _issue(
                    f"/{at}/date",
                    Text(
                        zh=f"{special.day} 不是周六或周日，不会是调休上班日。",
                        en=f"{special.day} is no Saturday or Sunday, so it cannot be a make-up "
                        "day.",
                    ),
                    Text(zh="请核对日期。", en="Check the date."),
                )
            )
        if special.day.year not in (special.notice_year - 1, special.notice_year):
            issues.append(
                _issue(
                    f"/{at}/notice_year",
                    Text(
                        zh=f"{special.day} 不在 {special.notice_year} 年通知的范围内。",
                        en=f"The notice of {special.notice_year} cannot arrange {special.day}.",
                    ),
                    Text(
                        zh="请写该日所属通知的年份。",
                        en="Give the year of the notice that arranges the day.",
                    ),
                )
            )
        if (special.notice_year, special.day) in seen:
            issues.append(
                _issue(
                    f"/{at}/date",
                    Text(zh=f"{special.day} 重复。", en=f"{special.day} is named twice."),
                    Text(zh="请删去重复的一行。", en="Remove one of the two rows."),
                )
            )
        seen.add((special.notice_year, special.day))
    if issues:
        raise _invalid(issues)


def _issue(pointer: str, detail: Text, remedy: Text) -> Issue:
    return Issue("special_day_invalid", detail, remedy, pointer)


def _invalid(issues: list[Issue]) -> Invalid:
    return Invalid(
        code="special_days_invalid",
        detail=Text(
            zh="节假日安排表有误，未采用。请按 errors 中的提示修改。",
            en="The table of days off is not valid and was not taken. Mend what `errors` names.",
        ),
        issues=issues,
    )


def _is_iso_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or Sunday."""
    return day.isoweekday() > 5
