"""What the departments asked to have admitted, and the money for it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.cli.api import Api
from services.cli.demo.stories.work.people import District, Person, at_once, post, rows_of
from shared.kernel.clock import SystemClock

APPLIED, DECIDED, STARTED, UNTIL = -170, -130, -100, 265
AHEAD = 90
"""Days from today."""


async def tell_catalogue(person: Person, district: District) -> None:
    """Enter the items that the Leading Group admitted in spring, apply for those that are refused,
    and appropriate the year's money of posts and communities."""
    leading = person("leading")
    known = {one["code"] for one in await leading.everything("/v1/admission/items?limit=200")}
    today = SystemClock().today()
    rows = [row for row in rows_of("work_items") if row["code"] not in known]
    await at_once(
        lambda one: post(leading, "/v1/admission/items/decided", one),
        [
            _decided(row, number, district, today)
            for number, row in enumerate(rows, start=1)
            if row["times"] != "0"
        ],
    )
    for row in rows:
        if row["times"] == "0":
            department = person(district.logins[row["department"]])
            await _apply(department, _item(row, district, today, AHEAD))
    await _appropriate(person("finance"), today)


async def _apply(department: Api, item: Mapping[str, Any]) -> None:
    """Draft and submit; the screening sends it back."""
    made = await post(department, "/v1/admission/items", item)
    await department.request("POST", f"/v1/admission/items/{made['id']}/submission")


async def _appropriate(finance: Api, today: date) -> None:
    for source, line in (
        ("per_post", "2080208 基层政权建设和社区治理"),
        ("per_community", "2080208 基层政权建设和社区治理"),
    ):
        year = {
            "source": source,
            "year": today.year,
            "document": f"沙财预〔{today.year}〕5号",
            "source_line": line,
            "granted_on": today.isoformat(),
        }
        await post(finance, "/v1/workstation/funds/appropriations", year)


def _decided(
    row: Mapping[str, str], number: int, district: District, today: date
) -> dict[str, Any]:
    decided = today + timedelta(days=DECIDED)
    return {
        **_item(row, district, today, STARTED),
        "department_id": district.departments[row["department"]],
        "applied_on": (today + timedelta(days=APPLIED)).isoformat(),
        "decided_on": decided.isoformat(),
        "document": f"沙社建组〔{decided.year}〕{number}号",
    }


def _item(row: Mapping[str, str], district: District, today: date, start: int) -> dict[str, Any]:
    return {
        "code": row["code"],
        "title": row["title"],
        "list": row["list"],
        "nature": row["nature"],
        "legal_basis": row["legal_basis"],
        "content": row["content"],
        "standard": row["standard"],
        "workload_hours": int(row["hours"]),
        "time_limit_days": int(row["days"]),
        "elements": row["elements"].split(";") if row["elements"] else [],
        "targets": {
            "kinds": row["kinds"].split(";") if row["kinds"] else [],
            "streets": [district.streets[code] for code in row["streets"].split(";") if code],
        },
        "funding": _funding(row),
        "starts_on": (today + timedelta(days=start)).isoformat(),
        "ends_on": (today + timedelta(days=start + UNTIL - STARTED)).isoformat(),
    }


def _funding(row: Mapping[str, str]) -> dict[str, Any] | None:
    if not row["basis"]:
        return None
    return {
        "basis": row["basis"],
        "amount": 100 * int(row["amount_yuan"]),
        "total": 100 * int(row["total_yuan"]),
        "source_line": row["source_line"],
    }
