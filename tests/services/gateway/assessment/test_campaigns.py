"""Campaigns: approved requests planned, announced once, changed with least disturbance."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from services.gateway.assessment.campaigns import announcing, jobs
from services.gateway.assessment.campaigns.jobs import make_plan, plan_given_up
from services.gateway.assessment.campaigns.models import Campaign, CampaignPlan
from services.gateway.assessment.campaigns.routes import campaigns as campaign_routes
from services.gateway.assessment.planning import planner
from services.gateway.assessment.planning.greedy import greedy
from services.gateway.assessment.planning.problem import Plan
from shared.jobs.models import Job
from shared.kernel.ids import new_id
from shared.procedures.acting import Act
from shared.web.app import ServiceApplication
from tests.services.gateway.assessment.conftest import DOCUMENT, on_day
from tests.services.gateway.assessment.deployments import Deployment, deployment

__all__ = ["deployment"]


async def test_a_campaign_is_planned_announced_and_then_seen(deployment: Deployment) -> None:
    first, second = await deployment.requests((21, 42), (35, 50))
    id = await deployment.begun(first, second)
    plan = await deployment.planned(id)
    assert plan["state"] == "succeeded"
    assert plan["objective"]["visits"] == {"value": 3, "bound": 3, "gap": 0.0}
    assert plan["unserved"] == 0
    assert {rule["key"] for rule in plan["rules"]} >= {
        "inspection.visits_per_community_per_quarter_max",
        "inspection.announce_working_days_ahead",
    }
    assert await deployment.visits(id) == []
    proposed = await deployment.assessment.get("leading", f"campaigns/{id}/plan/visits")
    assert len(proposed["items"]) == 3
    body = {"plan_id": plan["id"], "document": DOCUMENT}
    made = await deployment.assessment.done("leading", f"campaigns/{id}/announcement", body)
    assert (made["state"], made["visits"]) == ("announced", 3)
    visits = await deployment.visits(id)
    assert {UUID(one["community_id"]) for one in visits} == set(deployment.communities)
    assert {len(one["requests"]) for one in visits} == {2}


async def test_nobody_of_a_community_or_department_knows_before_the_announcement(
    deployment: Deployment,
) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    await deployment.planned(id)
    for login in ("clerk", "police"):
        assert (await deployment.assessment.get(login, "campaigns"))["items"] == []
        for path in ("", "/visits"):
            answer = await deployment.assessment.send("GET", login, f"campaigns/{id}{path}")
            assert answer.status_code == 404
        answer = await deployment.assessment.send("GET", login, f"campaigns/{id}/plan")
        assert answer.status_code == 403
    await deployment.announced(id)
    assert len((await deployment.assessment.get("clerk", "campaigns"))["items"]) == 1
    (own,) = await deployment.visits(id, "clerk")
    assert UUID(own["community_id"]) == deployment.communities[0]
    assert len(await deployment.visits(id, "police")) == 3
    answer = await deployment.assessment.send("GET", "health", f"campaigns/{id}/visits")
    assert answer.status_code == 404


async def test_a_department_sees_of_a_joint_visit_its_own_requests(deployment: Deployment) -> None:
    (first,) = await deployment.requests((21, 42))
    other = await deployment.assessment.approved("health", "B0")
    id = await deployment.begun(first, other["id"])
    await deployment.announced(id)
    visit = (await deployment.visits(id, "health"))[0]
    assert visit["organisers"] == 2
    assert [one["request_id"] for one in visit["requests"]] == [other["id"]]


async def test_what_cannot_be_taken_into_a_campaign_is_named(deployment: Deployment) -> None:
    (request,) = await deployment.requests((21, 42))
    open_request = await deployment.assessment.submitted("police", "B0")
    body = {"title": "联合检查", "request_ids": [request, open_request["id"], str(new_id())]}
    answer = await deployment.assessment.post("leading", "campaigns", body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [
        "/request_ids/1",
        "/request_ids/2",
    ]
    await deployment.begun(request)
    body = {"title": "联合检查", "request_ids": [request]}
    answer = await deployment.assessment.post("leading", "campaigns", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_a_campaign")


async def test_of_announcements_at_once_exactly_one_is_made(deployment: Deployment) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    answers = await announce_at_once(deployment, id)
    assert Counter(one.status_code for one in answers) == {200: 1, 409: 4}
    assert len(await deployment.visits(id)) == 3


async def announce_at_once(deployment: Deployment, id: str) -> list[Any]:
    """Five announcements of one plan at the same time."""
    plan = await deployment.planned(id)
    body = {"plan_id": plan["id"], "document": DOCUMENT}
    return await asyncio.gather(
        *(
            deployment.assessment.post("leading", f"campaigns/{id}/announcement", body)
            for _ in range(5)
        )
    )


async def test_without_the_row_lock_a_plan_would_be_announced_more_than_once(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    together, taken = asyncio.Barrier(5), []

    async def unlocked(act: Act, _id: Any) -> tuple[Act, Campaign]:
        query = select(Campaign).where(Campaign.id == UUID(id))
        found = (await act.session.scalars(query)).one()
        await together.wait()
        return act, found

    async def announced(*_args: Any, **_more: Any) -> list[Any]:
        taken.append(1)
        return []

    monkeypatch.setattr(campaign_routes, "acting_on", unlocked)
    monkeypatch.setattr(announcing, "_apply", announced)
    await announce_at_once(deployment, id)
    assert len(taken) > 1


async def test_only_the_newest_finished_plan_can_be_announced(deployment: Deployment) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    old = await deployment.planned(id)
    asked = await deployment.assessment.done("leading", f"campaigns/{id}/plan", {})
    for plan_id, code in ((old["id"], "plan_not_newest"), (asked["id"], "plan_not_finished")):
        body = {"plan_id": plan_id, "document": DOCUMENT}
        answer = await deployment.assessment.post("leading", f"campaigns/{id}/announcement", body)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    answer = await deployment.assessment.post("leading", f"campaigns/{id}/plan", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_running")


async def test_a_plan_that_was_overtaken_by_a_change_is_not_announced(
    deployment: Deployment, gateway_api: ServiceApplication
) -> None:
    first, second = await deployment.requests((21, 42), (21, 42))
    id = await deployment.begun(first, second)
    plan = await deployment.planned(id)
    body = {"plan_id": plan["id"], "document": DOCUMENT}
    where = f"campaigns/{id}/announcement"
    with on_day(gateway_api, date.fromisoformat("2026-04-12")):
        answer = await deployment.assessment.post("leading", where, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "plan_outdated")
    withdrawal = {"reason": "已改为查阅台账"}
    await deployment.assessment.done("police", f"requests/{second}/withdrawal", withdrawal)
    answer = await deployment.assessment.post("leading", where, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_outdated")


async def test_a_request_more_changes_announced_visits_and_moves_none(
    deployment: Deployment,
) -> None:
    first, second = await deployment.requests((21, 42), (25, 46))
    id = await deployment.begun(first)
    await deployment.announced(id)
    before = {one["id"]: one for one in await deployment.visits(id)}
    body = {"request_ids": [second]}
    await deployment.assessment.done("leading", f"campaigns/{id}/requests", body)
    plan = await deployment.planned(id)
    assert plan["objective"]["disturbed"]["value"] == 0
    await deployment.announced(id)
    after = {one["id"]: one for one in await deployment.visits(id)}
    days = {one: (visit["community_id"], visit["on_day"]) for one, visit in before.items()}
    for one, place in days.items():
        assert (after[one]["community_id"], after[one]["on_day"]) == place
    served = Counter(r["request_id"] for visit in after.values() for r in visit["requests"])
    assert served == {first: 3, second: 3}


async def test_a_postponed_visit_gets_another_day_and_the_others_keep_theirs(
    deployment: Deployment,
) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    await deployment.announced(id)
    visits = await deployment.visits(id)
    lost = visits[0]
    until = str(date.fromisoformat(lost["on_day"]) + timedelta(days=4))
    body = {"reason": "社区防汛", "until": until}
    put_off = await deployment.assessment.done("leading", f"visits/{lost['id']}/postponement", body)
    assert put_off["state"] == "postponed"
    plan = await deployment.planned(id)
    (told,) = plan["disturbed"]
    assert (told["community_id"], told["on_day"]) == (lost["community_id"], lost["on_day"])
    await deployment.announced(id)
    after = {one["id"]: one for one in await deployment.visits(id)}
    moved = after.pop(lost["id"])
    assert moved["state"] == "announced"
    assert moved["version"] > lost["version"]
    assert not lost["on_day"] <= moved["on_day"] < until
    assert {one["on_day"] for one in after.values()} == {one["on_day"] for one in visits[1:]}


async def test_a_cancelled_visit_leaves_its_day_free_and_what_it_served_is_planned_anew(
    deployment: Deployment,
) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    await deployment.announced(id)
    lost = (await deployment.visits(id))[0]
    body = {"reason": "社区防汛"}
    await deployment.assessment.done("leading", f"visits/{lost['id']}/cancellation", body)
    answer = await deployment.assessment.post("leading", f"visits/{lost['id']}/cancellation", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "visit_not_announced")
    await deployment.announced(id)
    visits = await deployment.visits(id)
    again = [
        one
        for one in visits
        if one["community_id"] == lost["community_id"] and one["state"] == "announced"
    ]
    assert len(again) == 1
    assert again[0]["on_day"] != lost["on_day"]


async def test_the_cap_of_a_quarter_names_what_cannot_be_served(deployment: Deployment) -> None:
    ids = await deployment.requests(*((30 + 7 * at, 35 + 7 * at) for at in range(4)))
    id = await deployment.begun(*ids)
    plan = await deployment.planned(id)
    assert plan["unserved"] == 3
    assert plan["forbidden_by"] == {"cap": 3}
    told = await deployment.assessment.get("leading", f"campaigns/{id}/plan/unserved?limit=2")
    assert len(told["items"]) == 2
    assert told["next"] is not None
    assert all(one["constraints"] == ["cap"] for one in told["items"])


async def test_visits_of_another_campaign_count_against_the_cap(deployment: Deployment) -> None:
    ids = await deployment.requests(*((30 + 7 * at, 35 + 7 * at) for at in range(4)))
    first = await deployment.begun(*ids[:3])
    await deployment.announced(first)
    second = await deployment.begun(ids[3])
    plan = await deployment.planned(second)
    assert plan["forbidden_by"] == {"cap": 3}


async def test_a_window_in_a_year_without_a_notice_is_refused_before_the_job(
    deployment: Deployment, gateway_api: ServiceApplication
) -> None:
    (request,) = await deployment.requests((300, 330))
    id = await deployment.begun(request)
    answer = await deployment.assessment.post("leading", f"campaigns/{id}/plan", {})
    assert answer.status_code == 422
    assert answer.json()["code"] == "working_days_unknown_year"


async def test_a_job_that_is_stopped_ends_cancelled_and_another_may_begin(
    deployment: Deployment,
) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    asked = await deployment.assessment.done("leading", f"campaigns/{id}/plan", {})
    gateway, who = deployment.assessment.offices.gateway, deployment.assessment.offices.who
    path = f"/v1/jobs/{asked['id']}"
    hidden = await gateway.post(f"{path}/cancellation", headers=who("police"))
    assert hidden.status_code == 404
    stopped = await gateway.post(f"{path}/cancellation", headers=who("leading"))
    assert stopped.status_code == 200
    await make_plan(deployment.database, deployment.assessment.offices.code, UUID(asked["id"]))
    job = (await gateway.get(path, headers=who("leading"))).json()
    assert (job["state"], job["error"]) == ("cancelled", {"code": "cancelled"})
    again = await gateway.post(f"{path}/cancellation", headers=who("leading"))
    assert (again.status_code, again.json()["code"]) == (409, "job_ended")
    assert (await deployment.planned(id))["state"] == "succeeded"


async def test_a_running_job_stops_within_its_next_solve(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    asked = await deployment.assessment.done("leading", f"campaigns/{id}/plan", {})
    real = greedy

    def stopped_meanwhile(instance: Any) -> Any:
        told = asyncio.run_coroutine_threadsafe(_stop(deployment, UUID(asked["id"])), loop)
        told.result(10)
        while not looked.is_set():
            pass
        return real(instance)

    loop, looked = asyncio.get_running_loop(), asyncio.Event()
    real_look = jobs._look

    async def look(*args: Any) -> None:
        await real_look(*args)
        looked.set()

    monkeypatch.setattr(jobs, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "_look", look)
    monkeypatch.setattr(planner, "greedy", stopped_meanwhile)
    await make_plan(deployment.database, deployment.assessment.offices.code, UUID(asked["id"]))
    plan = await deployment.assessment.get("leading", f"campaigns/{id}/plan")
    assert (plan["state"], plan["done"]) == ("cancelled", 0)


async def _stop(deployment: Deployment, plan_id: UUID) -> None:
    async with deployment.database.transaction(deployment.assessment.offices.code) as session:
        await session.execute(update(Job).where(Job.id == plan_id).values(cancel_requested=True))


async def test_a_plan_whose_worker_was_killed_is_gone_on_with_and_ends_the_same(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await deployment.requests((21, 42), (35, 50))
    id = await deployment.begun(first, second)
    whole = await deployment.planned(id)
    proposed = await deployment.assessment.get("leading", f"campaigns/{id}/plan/visits")
    asked = await deployment.assessment.done("leading", f"campaigns/{id}/plan", {"work": 2})

    class Killed(BaseException):
        pass

    kept, keep = 0, jobs._keep

    async def killed(*args: Any) -> None:
        nonlocal kept
        await keep(*args)
        kept += 1
        if kept == 2:
            raise Killed

    monkeypatch.setattr(jobs, "_keep", killed)
    code, plan_id = deployment.assessment.offices.code, UUID(asked["id"])
    with pytest.raises(Killed):
        await make_plan(deployment.database, code, plan_id)
    halfway = await deployment.assessment.get("leading", f"campaigns/{id}/plan")
    assert (halfway["state"], halfway["done"]) == ("running", 2)
    await make_plan(deployment.database, code, plan_id)
    assert kept == 4
    again = await deployment.assessment.get("leading", f"campaigns/{id}/plan")
    assert again["objective"] == whole["objective"]
    assert proposed == await deployment.assessment.get("leading", f"campaigns/{id}/plan/visits")


async def test_a_faulty_plan_is_never_stored(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    asked = await deployment.assessment.done("leading", f"campaigns/{id}/plan", {})
    real = planner.finished

    def faulty(*args: Any) -> Plan:
        plan = real(*args)
        return Plan(plan.visits[1:], plan.objective, plan.unserved, plan.disturbed)

    monkeypatch.setattr(jobs, "finished", faulty)
    code, plan_id = deployment.assessment.offices.code, UUID(asked["id"])
    with pytest.raises(jobs.Faulty):
        await make_plan(deployment.database, code, plan_id)
    await plan_given_up(deployment.database)(f"{code} {plan_id}")
    plan = await deployment.assessment.get("leading", f"campaigns/{id}/plan")
    assert (plan["state"], plan["objective"]) == ("failed", None)
    async with deployment.database.transaction(code) as session:
        row = await session.get_one(CampaignPlan, (code, plan_id))
        assert (row.plan, row.open) == (None, False)


async def test_a_campaign_called_off_frees_its_requests(deployment: Deployment) -> None:
    (request,) = await deployment.requests((21, 42))
    id = await deployment.begun(request)
    await deployment.announced(id)
    body = {"reason": "统一改期"}
    made = await deployment.assessment.done("leading", f"campaigns/{id}/cancellation", body)
    assert (made["state"], made["visits"]) == ("cancelled", 0)
    assert {one["state"] for one in await deployment.visits(id, "clerk")} == {"cancelled"}
    await deployment.announced(await deployment.begun(request))


async def test_a_request_taken_out_leaves_its_visits_with_the_next_plan(
    deployment: Deployment,
) -> None:
    first, second = await deployment.requests((21, 42), (21, 42))
    id = await deployment.begun(first, second)
    await deployment.announced(id)
    body = {"request_id": second, "reason": "已改为查阅台账"}
    await deployment.assessment.done("leading", f"campaigns/{id}/requests/removal", body)
    left = await deployment.assessment.get("leading", f"campaigns/{id}/requests")
    assert [one["request_id"] for one in left] == [first]
    await deployment.announced(id)
    for visit in await deployment.visits(id):
        assert [one["request_id"] for one in visit["requests"]] == [first]
