"""Help is asked of the residents' committee, and it may say no (组织法 43)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.services.workstation.tasks.conftest import ASSISTANCE, TASKS, TODAY, Work

ASKED = {"request": "请楼栋长协助通知。", "wanted_by": str(TODAY + timedelta(days=5))}


async def _ask(work: Work, task: UUID) -> str:
    made = await work.done(f"{task}/assistance", ASKED)
    assert made["state"] == "asked"
    return str(made["id"])


async def _answer(work: Work, id: str, outcome: str, place: int = 0, **said: Any) -> Any:
    return await work.client.post(
        f"{ASSISTANCE}/{id}/answer", json={"outcome": outcome, **said}, headers=work.member(place)
    )


async def test_a_committee_helps_and_says_so(work: Work) -> None:
    task = await work.in_work()
    id = await _ask(work, task)
    agreed = (await _answer(work, id, "acceptance", reply="周五前通知到户。")).json()
    assert (agreed["state"], agreed["reply"]) == ("accepted", "周五前通知到户。")
    assert (await _answer(work, id, "completion")).json()["state"] == "completed"
    steps = await work.get(f"{ASSISTANCE}/{id}/history", by=work.member())
    assert [step["action"] for step in steps] == ["acceptance", "completion"]


async def test_a_committee_declines_and_the_task_stays_the_workstations(work: Work) -> None:
    task = await work.in_work()
    id = await _ask(work, task)
    assert (await _answer(work, id, "declining")).json()["state"] == "declined"
    late = await _answer(work, id, "acceptance")
    assert (late.status_code, late.json()["code"]) == (409, "step_not_possible")
    assert (await work.get(f"{TASKS}/{task}"))["state"] == "in_progress"


async def test_only_the_communitys_own_committee_is_asked(work: Work) -> None:
    id = await _ask(work, await work.in_work())
    assert (await _answer(work, id, "acceptance", place=1)).status_code == 404
    assert (await work.get(ASSISTANCE, by=work.member(1)))["items"] == []
    [shown] = (await work.get(f"{ASSISTANCE}?state=asked", by=work.member()))["items"]
    assert (shown["id"], shown["title"]) == (id, "第四季度健康档案更新")
    department = await work.client.get(ASSISTANCE, headers=work.official())
    assert department.status_code == 403


async def test_a_clerk_does_not_answer_for_the_committee(work: Work) -> None:
    id = await _ask(work, await work.in_work())
    answer = await work.client.post(
        f"{ASSISTANCE}/{id}/answer", json={"outcome": "acceptance"}, headers=work.clerk()
    )
    assert answer.status_code == 403


async def test_what_is_still_asked_ends_with_the_task_or_when_taken_back(work: Work) -> None:
    task = await work.in_work()
    first, second = await _ask(work, task), await _ask(work, task)
    gone = await work.client.post(
        f"{ASSISTANCE}/{first}/cancellation", json={"reason": "已自行完成"}, headers=work.clerk()
    )
    assert gone.json()["state"] == "cancelled"
    await work.done(f"{task}/submission", {"result": "做完了"})
    await work.done(f"{task}/review", {"outcome": "approval"}, by=work.official())
    assert (await work.get(f"{ASSISTANCE}/{second}"))["state"] == "cancelled"


async def test_help_is_asked_for_a_day_to_come_and_work_in_hand(work: Work) -> None:
    [task] = await work.tasks(0)
    early = await work.post(f"{task}/assistance", ASKED)
    assert (early.status_code, early.json()["code"]) == (409, "task_not_in_work")
    await work.done(f"{task}/acceptance")
    past = {**ASKED, "wanted_by": str(TODAY - timedelta(days=1))}
    refused = await work.post(f"{task}/assistance", past)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/wanted_by")
