"""A matter's course through others' hands to judgement, with the workstation's part done by the
workstation service itself."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.committee import work as committee_work
from services.committee.hall.watch import watch_matters
from services.workstation import work as workstation_work
from shared.db.database import Database
from shared.db.districts import register_district
from shared.events.delivery import deliver_due
from shared.kernel.ids import new_id
from tests.services.committee.hall.conftest import MONDAY, Hall


@dataclass
class Both:
    """The hall and the workstation of one district, with what carries events between them."""

    hall: Hall
    workstation: httpx.AsyncClient
    database: Database

    async def deliver(self) -> None:
        """What workers do, until nothing is due."""
        hall, code = self.hall.database, self.hall.code
        await deliver_due("committee", hall, workstation_work.receiver_of(self.database), code)
        await deliver_due("workstation", self.database, committee_work.receiver_of(hall), code)

    async def clerk(self, path: str, body: Any = None) -> Any:
        """What the clerk does with a task of the hall, delivered."""
        answer = await self.workstation.post(
            f"/v1/workstation/hall-tasks/{path}", json=body, headers=self.hall.people["clerk"]
        )
        assert answer.status_code == 200, answer.text
        await self.deliver()
        return answer.json()

    async def tasks(self, login: str = "clerk", **where: Any) -> list[dict[str, Any]]:
        """The tasks of the hall that somebody sees."""
        answer = await self.workstation.get(
            "/v1/workstation/hall-tasks", params=where, headers=self.hall.people[login]
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def state(self, id: str) -> str:
        """A matter's state."""
        found: str = (await self.hall.seen(f"matters/{id}"))["state"]
        return found

    async def handed_over(self, **changed: Any) -> str:
        """A matter that was handed to the workstation; its id."""
        matter = await self.hall.accepted(**changed)
        body = {"handler": "workstation", "request": "请联系供电公司修复。"}
        await self.hall.did("member", f"matters/{matter['id']}/handover", body)
        await self.deliver()
        id: str = matter["id"]
        return id


@pytest.fixture
async def both(hall: Hall, workstation: httpx.AsyncClient, workstation_database: Database) -> Both:
    """With the hall's communities in the workstation's registry."""
    async with workstation_database.transaction(hall.code) as session:
        connection = await session.connection()
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(
            "INSERT INTO street (district, id, code, name, kind, version) "
            "VALUES ($1, $2, 'S', '街', 'street', 1)",
            hall.code,
            hall.street,
        )
        for place, id in enumerate(hall.communities):
            await driver.execute(
                "INSERT INTO community (district, id, code, name, kind, state, street_id, "
                "established_on, household_count, version) "
                "VALUES ($1, $2, $3, '社', 'urban', 'active', $4, $5, 1, 1)",
                hall.code,
                id,
                f"C{place}",
                hall.street,
                date(2001, 1, 1),
            )
    return Both(hall, workstation, workstation_database)


async def test_a_matter_goes_to_the_workstation_and_comes_back_with_its_result(
    both: Both,
) -> None:
    id = await both.handed_over(anonymous=True)
    task = (await both.tasks())[0]
    assert (task["state"], task["due_on"], task["deadline"]) == (
        "received", "2026-03-05", "2026-03-09",
    )  # fmt: skip
    assert await both.tasks("stranger_member") == []
    await both.clerk(f"{task['id']}/acceptance")
    seen = await both.hall.seen(f"matters/{id}")
    assert (seen["state"], seen["due_on"], seen["handler"]) == (
        "in_progress", "2026-03-09", "workstation",
    )  # fmt: skip
    await both.clerk(f"{task['id']}/progress", {"body": "已派人勘查"})
    await both.clerk(f"{task['id']}/result", {"result": "路灯已更换"})
    said = (await both.hall.seen(f"matters/{id}/comments"))["items"]
    assert [(one["kind"], one["speaker"], one["body"]) for one in said] == [
        ("progress", "workstation", "已派人勘查"),
        ("result", "workstation", "路灯已更换"),
    ]
    seen = await both.hall.seen(f"matters/{id}")
    assert (seen["state"], seen["result"], seen["handler"]) == ("result", "路灯已更换", None)
    handovers = await both.hall.seen(f"matters/{id}/handovers")
    assert [one["state"] for one in handovers] == ["done"]


async def test_a_refused_handover_comes_back_with_its_reason(both: Both) -> None:
    id = await both.handed_over()
    task = (await both.tasks())[0]
    await both.clerk(f"{task['id']}/return", {"reason": "产权属供电公司"})
    assert await both.state(id) == "accepted"
    assert (await both.hall.seen(f"matters/{id}/handovers"))[0]["reason"] == "产权属供电公司"
    course = await both.hall.seen(f"matters/{id}/history")
    assert (course[-1]["action"], course[-1]["reason"]) == ("refusal", "产权属供电公司")


async def test_what_is_recalled_ends_at_the_workstation_and_a_late_report_changes_nothing(
    both: Both,
) -> None:
    id = await both.handed_over()
    task = (await both.tasks())[0]
    await both.clerk(f"{task['id']}/acceptance")
    await both.hall.did("member", f"matters/{id}/handover/recall", {"reason": "改由物业办理"})
    answer = await both.workstation.post(
        f"/v1/workstation/hall-tasks/{task['id']}/result",
        json={"result": "已修好"},
        headers=both.hall.people["clerk"],
    )
    assert answer.status_code == 200
    await both.deliver()
    assert await both.state(id) == "accepted"
    other = await both.handed_over(title="另一盏灯", content="后门的灯也坏了，请修。")
    second = next(one for one in await both.tasks(state="received"))
    await both.hall.did("member", f"matters/{other}/handover/recall", {"reason": "重复"})
    await both.deliver()
    assert [one["id"] for one in await both.tasks(state="withdrawn")] == [second["id"]]


async def test_a_matter_of_a_community_that_the_workstation_does_not_know_comes_back(
    both: Both,
) -> None:
    unknown = new_id()
    hall = both.hall
    async with hall.database.transaction(hall.code) as session:
        connection = await session.connection()
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(
            "INSERT INTO community (district, id, code, name, kind, state, household_count, "
            "street_id, street_code, street_name) "
            "VALUES ($1, $2, 'X', '社', 'urban', 'active', 1, $3, 'S', '街')",
            hall.code,
            unknown,
            hall.street,
        )
    hall.add("lonely", "resident", community=unknown)
    hall.add("lonely_member", "committee_member", community=unknown)
    made = await hall.did("lonely", "matters", hall.matter(community_id=str(unknown)))
    await hall.did("lonely_member", f"matters/{made['id']}/acceptance", {})
    body = {"handler": "workstation", "request": "请办理"}
    await hall.did("lonely_member", f"matters/{made['id']}/handover", body)
    await both.deliver()
    assert await both.state(made["id"]) == "accepted"


async def test_the_clerk_cannot_publish_personal_numbers(both: Both) -> None:
    await both.handed_over()
    task = (await both.tasks())[0]
    answer = await both.workstation.post(
        f"/v1/workstation/hall-tasks/{task['id']}/return",
        json={"reason": "请打13812345678"},
        headers=both.hall.people["clerk"],
    )
    assert answer.json()["errors"][0]["pointer"] == "/reason"


async def test_a_department_signs_reports_and_answers_what_is_in_its_hands(hall: Hall) -> None:
    matter = await hall.accepted()
    path = f"matters/{matter['id']}"
    department = {"handler": "department", "department_name": "区住建局", "request": "请维修"}
    lacking = await hall.post("member", f"{path}/handover", department)
    assert lacking.json()["errors"][0]["code"] == "department_misnamed"
    assert (await hall.post("department", f"{path}/handover/signing")).status_code == 404
    grants = hall.department
    await hall.did("member", f"{path}/handover", {**department, "department_id": str(grants)})
    listed = await hall.seen("handed-over", "department")
    assert [one["id"] for one in listed["items"]] == [matter["id"]]
    await hall.did("department", f"{path}/handover/signing")
    await hall.did("department", f"{path}/progress", {"body": "已列入计划"})
    done = await hall.did("department", f"{path}/result", {"result": "已维修"})
    assert done["state"] == "result"


@pytest.mark.parametrize(
    ("handler", "due_on"),
    [("committee", "2026-03-11"), ("mediation", "2026-04-01"), ("residents_meeting", "2026-04-14")],
)
async def test_each_kind_of_handler_has_its_own_limit(
    hall: Hall, handler: str, due_on: str
) -> None:
    matter = await hall.accepted()
    path = f"matters/{matter['id']}"
    seen = await hall.did("member", f"{path}/handover", {"handler": handler, "request": "办理"})
    assert seen["state"] == ("in_progress" if handler == "committee" else "handed_over")
    assert (await hall.seen(f"{path}/handovers"))[0]["due_on"] == due_on


async def _with_result(hall: Hall, login: str = "resident", **changed: Any) -> str:
    matter = await hall.accepted(login, **changed)
    await hall.did("member", f"matters/{matter['id']}/result", {"result": "已修好"})
    id: str = matter["id"]
    return id


async def test_only_who_raised_it_judges_and_their_word_closes_it(hall: Hall) -> None:
    id = await _with_result(hall)
    for login in ("neighbour", "member"):
        answer = await hall.post(login, f"matters/{id}/rating", {"score": 5})
        assert answer.json()["code"] == "not_the_raiser"
    closed = await hall.did("resident", f"matters/{id}/rating", {"score": 4, "word": "还行"})
    assert (closed["state"], closed["closed_by"]) == ("closed", "word")
    rating = (await hall.seen(f"matters/{id}/ratings"))[0]
    assert (rating["score"], rating["word"], rating["entered"]) == (4, "还行", False)
    again = await hall.post("resident", f"matters/{id}/rating", {"score": 1})
    assert again.json()["code"] == "step_not_possible"


async def test_staff_write_down_the_word_of_who_called(hall: Hall) -> None:
    id = await _with_result(hall, "clerk", channel="phone")
    await hall.did("clerk", f"matters/{id}/rating", {"score": 5})
    assert (await hall.seen(f"matters/{id}/ratings"))[0]["entered"] is True


async def test_a_matter_is_reopened_once_with_a_reason_whatever_runs_at_once(hall: Hall) -> None:
    id = await _with_result(hall)
    empty = await hall.post("resident", f"matters/{id}/reopening", {"reason": " "})
    assert empty.status_code == 422
    answers = await asyncio.gather(
        *(hall.post("resident", f"matters/{id}/reopening", {"reason": "又坏了"}) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    await hall.did("member", f"matters/{id}/result", {"result": "换了新灯"})
    second = await hall.post("resident", f"matters/{id}/reopening", {"reason": "还是不亮"})
    assert second.json()["code"] == "reopened_before"
    await hall.did("resident", f"matters/{id}/rating", {"score": 3})
    assert [one["round"] for one in await hall.seen(f"matters/{id}/ratings")] == [2]


async def test_a_closed_matter_is_reopened_within_the_rules_days_only(hall: Hall) -> None:
    id = await _with_result(hall)
    await hall.did("resident", f"matters/{id}/rating", {"score": 2})
    hall.days.go_to(date(2026, 3, 17))
    late = await hall.post("resident", f"matters/{id}/reopening", {"reason": "又坏了"})
    assert late.json()["code"] == "reopening_too_late"
    assert late.json()["rules"][0]["key"] == "hall.reopen_working_days"
    hall.days.go_to(date(2026, 3, 16))
    opened = await hall.did("resident", f"matters/{id}/reopening", {"reason": "又坏了"})
    assert (opened["state"], opened["closed_by"], opened["reopened"]) == ("accepted", None, True)


async def test_the_watch_reminds_marks_and_closes_what_nobody_judged(hall: Hall) -> None:
    await register_district(hall.database, hall.code, name="区", prefecture="市", province="省")
    waiting = await hall.raised("neighbour")
    judged = await _with_result(hall)
    hall.days.go_to(MONDAY + timedelta(days=1))
    await asyncio.gather(*(watch_matters(hall.database, hall.days.clock) for _ in range(3)))
    assert await _acts(hall, waiting["id"]) == ["matter.raised", "matter.reminded"]
    hall.days.go_to(date(2026, 3, 16))
    await watch_matters(hall.database, hall.days.clock)
    assert (await hall.seen(f"matters/{judged}"))["state"] == "result"
    hall.days.go_to(date(2026, 3, 17))
    await watch_matters(hall.database, hall.days.clock)
    await watch_matters(hall.database, hall.days.clock)
    closed = await hall.seen(f"matters/{judged}")
    assert (closed["state"], closed["closed_by"]) == ("closed", "limit")
    assert (await hall.seen(f"matters/{waiting['id']}"))["overdue"] is True
    assert await _acts(hall, waiting["id"]) == [
        "matter.raised", "matter.reminded", "matter.overdue",
    ]  # fmt: skip


async def _acts(hall: Hall, id: str) -> list[str]:
    hall.add("auditor", "auditor")
    answer = await hall.client.get(
        f"/v1/committee/audit-events?subject_kind=matter&subject_id={id}",
        headers=hall.people["auditor"],
    )
    assert answer.status_code == 200, answer.text
    return [event["action"] for event in reversed(answer.json()["items"])]
