"""The unified standard of the year, and departments' own items mapped to it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.cli.api import Api
from services.cli.demo.stories.work.people import Person, at_once, post, rows_of
from shared.kernel.clock import SystemClock
from shared.kernel.working_days import WorkingDays

STANDARDS = "/v1/assessment/standards"
CODE = "unified"
SETTLED = timedelta(days=14)
"""A year is told once so much of it is over, so that what is read from the ledger was recorded."""


def demo_year() -> int:
    """The year that is told: this one, or the last whose working days are known."""
    return min((SystemClock().today() - SETTLED).year, max(WorkingDays().years))


async def tell_standard(person: Person) -> dict[str, Any] | None:
    """Publish the standard, at the beginning of the year by its own clock, and map departments'
    items to it. None when the whole story was told before."""
    leading = person("leading")
    found = await leading.everything(f"{STANDARDS}?code={CODE}&limit=200")
    standard = next((one for one in found if one["state"] in {"draft", "published"}), None)
    if standard is not None and standard["demo_today"] is None:
        return None
    if standard is None:
        body = {
            "code": CODE,
            "title": f"{demo_year()}年度社区综合考核统一标准",
            "basis": "区社区建设工作领导小组会议纪要",
            "demo_today": date(demo_year(), 1, 6).isoformat(),
        }
        standard = await post(leading, STANDARDS, body)
    if standard["state"] == "draft":
        standard = await publish(
            leading, standard, [_item(row) for row in rows_of("assessment_items")]
        )
    await _map(person, standard)
    return standard


async def publish(
    leading: Api, draft: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A draft with these items in force."""
    path = f"{STANDARDS}/{draft['id']}"
    headers = {"If-Match": f'"v{draft["version"]}"'}
    await leading.request("PUT", f"{path}/items", json={"items": items}, headers=headers)
    document = {"document": f"沙社建组〔{draft['demo_today'][:4]}〕1号"}
    made: dict[str, Any] = await post(leading, f"{path}/publication", document)
    return made


def _item(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "title": row["title"],
        "subject": row["subject"],
        "kind": row["kind"],
        "weight": int(row["weight"]),
        "zero_at": int(row["zero_at"]) if row["zero_at"] else None,
        "full_at": int(row["full_at"]) if row["full_at"] else None,
        "verification": row["verification"],
        "element": row["element"] or None,
        "two_person": row["two_person"] == "true",
        "validity_days": int(row["validity_days"]),
        "legal_basis": row["legal_basis"],
    }


async def _map(person: Person, standard: Mapping[str, Any]) -> None:
    logins = {row["code"]: row["login"] for row in rows_of("departments")}
    path = f"{STANDARDS}/{standard['id']}/mappings"

    async def of_department(code: str) -> None:
        department = person(logins[code])
        known = await department.everything("/v1/assessment/department-items?limit=200")
        mapped = {
            one["department_item_id"] for one in await department.everything(f"{path}?limit=200")
        }
        ids = {one["code"]: one["id"] for one in known}
        for row in rows_of("department_items"):
            if row["department"] != code:
                continue
            if row["code"] not in ids:
                own = {name: row[name] for name in ("code", "title", "content")}
                made = await post(department, "/v1/assessment/department-items", own)
                ids[row["code"]] = made["id"]
            if ids[row["code"]] not in mapped:
                relation = {
                    "department_item_id": ids[row["code"]],
                    "item_code": row["item_code"],
                    "relation": row["relation"],
                }
                await post(department, path, relation)

    await at_once(of_department, logins)
