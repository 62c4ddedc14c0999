"""The course of a task, from the dispatch to its money."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.workstation.funding import paying
from services.workstation.tasks.watch import watch_tasks
from shared.audit.record import Actor
from shared.auth.principal import Role
from shared.kernel.clock import FixedClock
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.services.workstation.tasks.conftest import TASKS, TODAY, Work


async def test_a_dispatch_becomes_a_task_for_each_community_with_its_money_set_aside(
    work: Work,
) -> None:
    await work.tasks(0, 1)
    own = (await work.get(TASKS))["items"]
    assert len(own) == 1
    task = own[0]
    assert (task["state"], task["turn"], task["amount"]) == ("received", "community", 1000)
    assert (task["community_name"], task["street_name"]) == ("社区0", "街道0")
    assert (task["next_due_on"], task["deadline"]) == ("2026-03-05", "2026-04-01")
    assert len((await work.get(TASKS, by=work.official()))["items"]) == 2
    assert await work.money() == (1000, 2000, 0)


async def test_work_that_is_accepted_by_its_department_releases_its_money(work: Work) -> None:
    task = await work.submitted()
    shown = await work.get(f"{TASKS}/{task}", by=work.official())
    assert (shown["turn"], shown["next_due_on"]) == ("department", "2026-03-16")
    assert [step["action"] for step in shown["possible"]] == ["recall", "approval", "sending_back"]
    closed = await work.done(f"{task}/review", {"outcome": "approval"}, by=work.official())
    assert (closed["state"], closed["concluded_on"]) == ("closed", str(TODAY))
    assert await work.money() == (2000, 0, 1000)
    assert await work.told() == [("released", 1000)]
    steps = await work.get(f"{TASKS}/{task}/history")
    assert [step["action"] for step in steps] == ["acceptance", "start", "submission", "approval"]


async def test_work_sent_back_is_mended_and_submitted_again(work: Work) -> None:
    task = await work.submitted()
    by = work.official()
    bare = await work.post(f"{task}/review", {"outcome": "sending_back"}, by=by)
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/reason")
    back = await work.done(f"{task}/review", {"outcome": "sending_back", "reason": "缺两户"}, by=by)
    assert (back["state"], back["next_due_on"]) == ("sent_back", "2026-03-09")
    again = await work.done(f"{task}/submission", {})
    assert (again["state"], again["result"]) == ("submitted", "已入户核对三户。")
    recalled = await work.done(f"{task}/recall")
    assert (recalled["state"], recalled["next_due_on"]) == ("in_progress", "2026-04-01")


async def test_a_returned_task_says_why_and_frees_its_money(work: Work) -> None:
    [task] = await work.tasks(0)
    for body in ({}, {"reason": ""}, {"reason": " "}):
        bare = await work.post(f"{task}/return", body)
        assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert await work.money() == (2000, 1000, 0)
    returned = await work.done(f"{task}/return", {"reason": "名单不是本社区的"})
    assert (returned["state"], returned["turn"]) == ("returned", None)
    assert await work.money() == (3000, 0, 0)
    assert await work.told() == [("freed", 1000)]


async def test_a_department_takes_back_what_is_not_submitted_yet(work: Work) -> None:
    task = await work.in_work()
    gone = await work.done(f"{task}/withdrawal", {"reason": "上级取消"}, by=work.official())
    assert gone["state"] == "withdrawn"
    assert await work.money() == (3000, 0, 0)
    late = await work.post(f"{task}/submission", {"result": "做完了"})
    assert (late.status_code, late.json()["code"]) == (409, "step_not_possible")


async def test_a_step_out_of_turn_says_what_is_possible_now(work: Work) -> None:
    [task] = await work.tasks(0)
    early = await work.post(f"{task}/submission", {"result": "做完了"})
    assert (early.status_code, early.json()["code"]) == (409, "step_not_possible")
    assert "accept" in early.json()["detail"]


async def test_work_is_shown_before_it_is_submitted(work: Work) -> None:
    task = await work.in_work()
    bare = await work.post(f"{task}/submission", {})
    assert (bare.status_code, bare.json()["errors"][0]["code"]) == (422, "evidence_missing")


async def test_another_department_does_not_find_the_task(work: Work) -> None:
    task = await work.submitted()
    stranger = work.official(new_id())
    answer = await work.post(f"{task}/review", {"outcome": "approval"}, by=stranger)
    assert answer.status_code == 404
    assert (await work.get(TASKS, by=stranger))["items"] == []
    assert (await work.get(f"{TASKS}/{task}"))["state"] == "submitted"


async def test_another_communitys_clerk_and_another_street_do_not_find_it(work: Work) -> None:
    [task] = await work.tasks(0)
    assert (await work.post(f"{task}/acceptance", by=work.clerk(1))).status_code == 404
    assert (await work.get(TASKS, by=work.small.officer(1)))["items"] == []
    assert len((await work.get(TASKS, by=work.small.officer(0)))["items"]) == 1


async def test_a_street_and_the_offices_look_on(work: Work) -> None:
    [task] = await work.tasks(0)
    for by in (work.small.officer(0), work.small.role(Role.LEADING_GROUP)):
        assert (await work.post(f"{task}/acceptance", by=by)).status_code == 403


async def test_a_departments_system_reviews_with_its_scope(work: Work) -> None:
    task = await work.submitted()

    def system(*scopes: str) -> dict[str, str]:
        return work.small.identity.bearer(
            work.small.code,
            Role.DEPARTMENT,
            department=work.department,
            client_scopes=frozenset(scopes),
        )

    body = {"outcome": "approval"}
    refused = await work.post(f"{task}/review", body, by=system("tasks:read"))
    assert refused.status_code == 403
    assert (await work.done(f"{task}/review", body, by=system("tasks:write")))["state"] == "closed"


FIGURES: list[tuple[Any, str, str]] = [
    (None, "/figures/elderly", "figure_missing"),
    ({"elderly": 1, "cars": 2}, "/figures/cars", "element_not_asked"),
    ({"elderly": None}, "/figures/elderly", ""),
    ({"elderly": [1]}, "/figures/elderly", ""),
    ({"elderly": 10**20}, "/figures/elderly", ""),
    ({"elderly": "甲\x00"}, "/figures/elderly", ""),
]


@pytest.mark.parametrize(("figures", "pointer", "code"), FIGURES)
async def test_figures_that_do_not_fit_are_named(
    work: Work, figures: Any, pointer: str, code: str
) -> None:
    task = await work.in_work(elements=["elderly"])
    refused = await work.post(f"{task}/submission", {"result": "做完了", "figures": figures})
    found = refused.json()["errors"]
    assert refused.status_code == 422
    assert any(error["pointer"].startswith(pointer) for error in found)
    if code:
        assert [error["code"] for error in found] == [code]
    done = await work.done(f"{task}/submission", {"result": "做完了", "figures": {"elderly": 12}})
    assert done["figures"] == {"elderly": 12}


async def test_a_step_near_its_day_is_reminded_of_and_a_late_one_raised_to_the_street_once(
    work: Work,
) -> None:
    [task] = await work.tasks(0)

    async def watched(day: date) -> tuple[bool, bool]:
        await watch_tasks(work.database, FixedClock.on(day))
        [shown] = (await work.get(TASKS))["items"]
        return shown["reminded_at"] is not None, shown["escalated_at"] is not None

    async with work.database.installation() as session:
        await session.execute(
            text(
                "INSERT INTO district (code, name, prefecture, province) VALUES (:code, '', '', '')"
            ),
            {"code": work.small.code},
        )
    assert await watched(TODAY) == (False, False)
    assert await watched(date(2026, 3, 3)) == (True, False)
    assert await watched(date(2026, 3, 5)) == (True, False)
    assert await watched(date(2026, 3, 6)) == (True, True)
    assert await watched(date(2026, 3, 9)) == (True, True)
    rows = await work.rows("SELECT action FROM audit_event WHERE action ~ 'remin|escal'")
    assert sorted(row.action for row in rows) == ["task.escalated", "task.reminded"]
    street = work.small.officer(0)
    for which in ("reminded", "escalated"):
        found = (await work.get(f"{TASKS}?{which}=true", by=street))["items"]
        assert [one["id"] for one in found] == [str(task)]
    await work.done(f"{task}/acceptance")
    [shown] = (await work.get(TASKS))["items"]
    assert (shown["reminded_at"], shown["escalated_at"]) == (None, None)


async def test_a_dispatch_told_twice_is_taken_in_once(work: Work) -> None:
    told = work.dispatch(0)
    await work.take_in(told)
    await work.take_in(told)
    await work.take_in(work.item)
    assert len((await work.get(TASKS))["items"]) == 1
    assert await work.money() == (2000, 1000, 0)


async def test_a_dispatch_waits_for_its_items_money(work: Work) -> None:
    early = work.dispatch(0, item_id=new_id())
    with pytest.raises(Exception, match="not_found"):
        await work.take_in(early)
    assert await work.rows("SELECT 1 FROM task_dispatch") == []
    await work.take_in(work.item.model_copy(update={"id": early.item_id}))
    await work.take_in(early)
    assert len(await work.rows("SELECT 1 FROM task")) == 1


async def test_what_the_books_do_not_hold_reaches_no_community_and_is_told_back(
    work: Work,
) -> None:
    await work.tasks(0, 1)
    await work.tasks(0, 1)
    assert len(await work.rows("SELECT 1 FROM task")) == 2
    assert await work.money() == (1000, 2000, 0)
    assert await work.told() == [("freed", 1000), ("freed", 1000)]


async def test_a_community_that_is_no_longer_there_gets_no_task(work: Work) -> None:
    told = work.dispatch(0, 1)
    unknown = told.communities[1].model_copy(update={"community_id": new_id()})
    await work.take_in(told.model_copy(update={"communities": [told.communities[0], unknown]}))
    assert len(await work.rows("SELECT 1 FROM task")) == 1
    assert await work.money() == (2000, 1000, 0)
    assert await work.told() == [("freed", 1000)]


async def test_a_dispatch_of_a_year_whose_books_are_closed_is_entered_in_the_next(
    work: Work,
) -> None:
    last_year = date(2025, 12, 30)
    late = work.item.model_copy(update={"id": new_id(), "admitted_on": last_year})
    async with work.database.transaction(work.small.code) as session:
        await paying.close_year(session, Actor.platform(work.small.code), 2025, TODAY)
    await work.take_in(late)
    due_on = TODAY + timedelta(days=9)
    told = work.dispatch(0, item_id=late.id, dispatched_on=last_year, due_on=due_on)
    await work.take_in(told)
    rows = await work.rows(
        "SELECT e.posted_on FROM journal_entry e JOIN appropriation a "
        "ON a.id = e.appropriation_id WHERE a.item_id = :item",
        item=late.id,
    )
    assert [row.posted_on for row in rows] == [date(2026, 1, 1)] * 2


async def test_the_worker_watches_and_takes_in_what_the_gateway_tells(
    app: ServiceApplication, work: Work
) -> None:
    from services.workstation.events import HANDLERS
    from services.workstation.work import queue_of
    from shared.contracts.subscriptions import SUBSCRIBERS

    wanted = {type for type, heard in SUBSCRIBERS.items() if "workstation" in heard}
    assert wanted <= HANDLERS.keys()
    state = app.state
    queue = queue_of(state.settings, work.database, FixedClock.on(TODAY))
    await queue.schedules["watch_tasks"][1]()


async def test_what_the_work_has_shown_stands_in_the_ledger_once_it_is_accepted(
    work: Work,
) -> None:
    element = {
        "code": "elderly",
        "title": "60岁以上老年人数",
        "definition": "期末常住六十周岁以上的老年人。",
        "type": "integer",
        "unit": "人",
        "frequency": "quarter",
        "validity_days": 120,
        "owner": {"kind": "workstation", "name": "社区工作站"},
    }
    group = work.small.role(Role.LEADING_GROUP)
    ledger = "/v1/workstation/ledger"
    made = await work.client.post(f"{ledger}/elements", json=element, headers=group)
    assert made.status_code == 201, made.text
    task = await work.in_work(elements=["elderly"])
    body = {"result": "做完了", "figures": {"elderly": "许多"}}
    refused = await work.post(f"{task}/submission", body)
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/figures/elderly"]
    await work.done(f"{task}/submission", {**body, "figures": {"elderly": 412}})
    where = f"{ledger}/entries?element=elderly"
    assert (await work.get(where, by=work.clerk()))["items"] == []
    await work.done(f"{task}/review", {"outcome": "approval"}, by=work.official())
    [entry] = (await work.get(where, by=work.clerk()))["items"]
    assert (entry["value"], entry["period"]) == (412, "2026-Q1")
    rows = await work.rows("SELECT source, task_id, recorded_on FROM ledger_entry")
    assert [(row.source, row.task_id, row.recorded_on) for row in rows] == [("task", task, TODAY)]
