"""The sixty books of ledgers, each value kept once and asked for by several departments."""

import asyncio
import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from services.cli.api import Api
from services.cli.demo.stories.work.people import District, Person, post, rows_of
from services.cli.speech import CannotGoOn
from shared.kernel.clock import SystemClock
from shared.kernel.text import Text

VALIDITY_DAYS = {"half_year": 220, "year": 420}
OWNERS = {"workstation": "社区工作站", "committee": "居民委员会"}
GAPS = 40
"""One value of so many has not been collected yet."""
GRANTED_DAYS = 300
HEAD = ("数据项代码", "社区代码", "期间", "值", "单位", "采集日期")


async def tell_ledger(person: Person, district: District) -> None:
    """Catalogue the elements, bring in the last period's values, and let each department read what
    it used to ask the communities for."""
    civil = person("civil")
    rows = rows_of("ledger_elements")
    listed = await civil.everything("/v1/workstation/ledger/elements?limit=200")
    known = {one["code"] for one in listed}
    for row in rows:
        if row["code"] not in known:
            await post(civil, "/v1/workstation/ledger/elements", _element(row, district))
    await _entries(person("admin"), rows, district)
    await _grants(civil, rows, district)
    await _forms(person, rows, district)


def _element(row: Mapping[str, str], district: District) -> dict[str, Any]:
    kind, _, department = row["owner"].partition(":")
    names = {one["code"]: one["name"] for one in rows_of("departments")}
    return {
        "code": row["code"],
        "title": row["title"],
        "definition": row["definition"],
        "type": "integer",
        "unit": row["unit"],
        "frequency": row["frequency"],
        "validity_days": VALIDITY_DAYS[row["frequency"]],
        "owner": {
            "kind": kind,
            "department_id": district.departments[department] if department else None,
            "name": names[department] if department else OWNERS[kind],
        },
    }


async def _entries(admin: Api, rows: Sequence[Mapping[str, str]], district: District) -> None:
    today = SystemClock().today()
    with tempfile.TemporaryDirectory(prefix="shequ-demo-") as folder:
        path = Path(folder) / "ledger_entries.csv"
        await asyncio.to_thread(_write, path, rows, district, today)
        found = await admin.import_file("workstation", "ledger_entries", path)
    if found["state"] != "succeeded":
        raise CannotGoOn(
            Text(
                zh=f"演示台账未能导入：{found['finding_counts']}",
                en=f"The demo's ledger was not taken in: {found['finding_counts']}",
            )
        )


def _write(path: Path, rows: Sequence[Mapping[str, str]], district: District, today: date) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(_values(rows, district, today))


def _values(
    rows: Sequence[Mapping[str, str]], district: District, today: date
) -> Iterator[tuple[str | int, ...]]:
    for row in rows:
        period, recorded_on = last_period(row["frequency"], today)
        random = Random(row["code"])
        for community in district.communities:
            households = community["household_count"] or 2500
            share = int(row["per_1000"]) * random.uniform(0.85, 1.15)
            if random.randrange(GAPS):
                value = round(households * share / 1000)
                yield (
                    row["code"], community["code"], period, value, row["unit"], str(recorded_on)
                )  # fmt: skip


def last_period(frequency: str, today: date) -> tuple[str, date]:
    """The last period that is over, and the day on which its values were recorded."""
    if frequency == "year":
        first = date(today.year, 1, 1)
        return str(today.year - 1), _soon_after(first, today)
    half = date(today.year, 7, 1)
    if today >= half:
        return f"{today.year}-H1", _soon_after(half, today)
    return f"{today.year - 1}-H2", _soon_after(date(today.year, 1, 1), today)


def _soon_after(day: date, today: date) -> date:
    return min(day + timedelta(days=5), today)


async def _grants(civil: Api, rows: Sequence[Mapping[str, str]], district: District) -> None:
    listed = await civil.everything("/v1/workstation/ledger/grants?limit=200")
    known = {one["department_id"] for one in listed}
    until = SystemClock().today() + timedelta(days=GRANTED_DAYS)
    for code, id in district.departments.items():
        asked = [row["code"] for row in rows if code in row["asked_by"].split()]
        if asked and id not in known:
            grant = {
                "department_id": id,
                "elements": asked,
                "purpose": "以台账数据代替向社区下发报表",
                "ends_on": until.isoformat(),
            }
            await post(civil, "/v1/workstation/ledger/grants", grant)


async def _forms(person: Person, rows: Sequence[Mapping[str, str]], district: District) -> None:
    """Each department sends the form that it used to send down, for the communities of a street:
    the ledger fills it, and what is missing is asked once for all of them."""
    today = SystemClock().today()
    street = next(iter(sorted(district.streets.values())))
    communities = [one["id"] for one in district.communities if one["street_id"] == street]
    for code, login in district.logins.items():
        department = person(login)
        if await department.everything("/v1/workstation/ledger/forms?limit=1"):
            continue
        asked = [row for row in rows if code in row["asked_by"].split()]
        form = {
            "title": f"{today.year}年社区基础情况报表",
            "purpose": "以台账数据代替向社区下发报表",
            "elements": [
                {"element": row["code"], "period": last_period(row["frequency"], today)[0]}
                for row in asked
            ],
            "communities": communities,
        }
        await post(department, "/v1/workstation/ledger/forms", form)
