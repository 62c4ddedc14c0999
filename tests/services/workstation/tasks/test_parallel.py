"""Tasks under many hands at once: each step is taken once, and its money moves once."""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.tasks import repository
from services.workstation.tasks.models import Task
from shared.auth.policy import Reach
from tests.services.workstation.tasks.conftest import JPEG, TASKS, Work

APPROVAL = {"outcome": "approval"}


async def _at_once(work: Work, path: str, body: Any, *by: dict[str, str]) -> Counter[int]:
    answers = await asyncio.gather(*(work.post(path, body, by=who) for who in by))
    return Counter(answer.status_code for answer in answers)


async def test_two_reviewers_at_once_release_the_money_once(work: Work) -> None:
    task = await work.submitted()
    answers = await _at_once(work, f"{task}/review", APPROVAL, *(work.official() for _ in range(5)))
    assert answers == {200: 1, 409: 4}
    assert await work.money() == (2000, 0, 1000)
    assert await work.told() == [("released", 1000)]


async def test_a_submission_sent_twice_is_taken_once(work: Work) -> None:
    task = await work.in_work()
    body = {"result": "做完了"}
    answers = await _at_once(work, f"{task}/submission", body, *(work.clerk() for _ in range(4)))
    assert answers == {200: 1, 409: 3}
    steps = await work.get(f"{TASKS}/{task}/history")
    assert [step["action"] for step in steps] == ["acceptance", "start", "submission"]


async def test_approval_and_recall_at_once_do_not_both_succeed(work: Work) -> None:
    task = await work.submitted()
    answers = await asyncio.gather(
        work.post(f"{task}/review", APPROVAL, by=work.official()), work.post(f"{task}/recall")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_without_the_row_lock_a_submission_would_be_taken_twice(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await work.in_work()
    barrier = asyncio.Barrier(4)

    async def unlocked(
        session: AsyncSession, _reach: Reach, ids: Collection[UUID]
    ) -> Sequence[Task]:
        found = (await session.scalars(select(Task).where(Task.id.in_(ids)))).all()
        await barrier.wait()
        return found

    monkeypatch.setattr(repository, "locked_tasks", unlocked)
    body = {"result": "做完了"}
    answers = await _at_once(work, f"{task}/submission", body, *(work.clerk() for _ in range(4)))
    assert answers[200] > 1


async def test_bulks_that_name_the_same_tasks_in_another_order_do_not_block_each_other(
    work: Work,
) -> None:
    tasks = [str(await work.submitted(amount=100)) for _ in range(6)]
    body = {"action": "approval", "task_ids": tasks}
    turned = {**body, "task_ids": tasks[::-1]}
    answers = await asyncio.gather(
        *(work.post("actions", one, by=work.official()) for one in (body, turned) * 2)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["done"] for answer in answers) == 6
    assert await work.money() == (2400, 0, 600)


async def test_the_same_file_sent_twice_at_once_is_kept_once(work: Work) -> None:
    task = await work.in_work()
    answers = await asyncio.gather(*(work.upload(task, "a.jpg", JPEG) for _ in range(4)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 3}


async def test_dispatches_taken_in_at_once_never_reserve_more_than_there_is(work: Work) -> None:
    told = [work.dispatch(0, 1) for _ in range(4)]
    await asyncio.gather(*(work.take_in(one) for one in told))
    assert await work.money() == (1000, 2000, 0)
    assert await work.told() == [("freed", 1000)] * 6


async def test_the_database_itself_keeps_a_concluded_task_concluded(work: Work) -> None:
    [task] = await work.tasks(0)
    with pytest.raises(Exception, match="task_concluded_check"):
        async with work.database.transaction(work.small.code) as session:
            await session.execute(
                text("UPDATE task SET state = 'closed' WHERE id = :id"), {"id": task}
            )
