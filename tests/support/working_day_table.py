"""Writes shared/kernel/working_days.csv anew from the `chinesecalendar` package.

Run it when that package has taken in a new State Council notice:

    uv sync --upgrade-package chinesecalendar
    python -m tests.support.working_day_table

A test fails for as long as the shipped table and the package disagree on any day.
"""

import csv
import io
from datetime import date
from pathlib import Path

import chinese_calendar

TABLE = Path(__file__).parents[2] / "shared" / "kernel" / "working_days.csv"
_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
# Only document numbers that were seen on the notice itself or a copy of it.
_NUMBERS = {2007: "〔2006〕49号", 2016: "〔2015〕18号", 2025: "〔2024〕12号", 2026: "〔2025〕7号"}


def _notice_year(day: date) -> int:
    # New Year's notice moves days of the December before it.
    return day.year + 1 if day.month == 12 else day.year


def _notice(day: date, name: str) -> str:
    if "抗日战争" in name:
        return "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知"
    if date(2019, 4, 28) <= day <= date(2019, 5, 5):
        return "国务院办公厅关于调整2019年劳动节假期安排的通知"
    if date(2020, 1, 31) <= day <= date(2020, 2, 2):
        return "国务院办公厅关于延长2020年春节假期的通知"
    year = _notice_year(day)
    number = f"（国办发明电{_NUMBERS[year]}）" if year in _NUMBERS else ""
    return f"国务院办公厅关于{year}年部分节假日安排的通知{number}"


def table() -> str:
    """The table as `chinesecalendar` has it, one row a day off or made up for."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(["date", "kind", "name", "notice_year", "notice"])
    kinds = {"holiday": chinese_calendar.holidays, "make_up": chinese_calendar.workdays}
    found = sorted((day, kind, days[day]) for kind, days in kinds.items() for day in days)
    for day, kind, value in found:
        name = chinese_calendar.Holiday(value).chinese
        rows.writerow([day, kind, _NAMES.get(name, name), _notice_year(day), _notice(day, name)])
    return written.getvalue()


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
