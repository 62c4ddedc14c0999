"""Plans of a campaign: asked for, followed, read."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import communities
from services.gateway.assessment.campaigns import access, proposing, repository
from services.gateway.assessment.campaigns.public import acting_on
from services.gateway.assessment.campaigns.routes.campaigns import Manage, found_campaign
from services.gateway.assessment.campaigns.schemas import (
    PlannedVisitView,
    PlanRequest,
    PlanView,
    UnservedView,
)
from services.gateway.assessment.planning.problem import Constraint, Plan, Unserved, Visit
from shared.auth.policy import Reach
from shared.kernel.errors import NotFound
from shared.procedures.acting import Acting
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/assessment/campaigns/{id}/plan", tags=["assessment"], route_class=UnitOfWorkRoute
)
ReadPlan = Annotated[Reach, permits(access.READ_PLAN)]


class _Read:
    """A campaign's newest plan, with the names that it needs."""

    def __init__(self, row: Any, places: dict[UUID, str], references: dict[UUID, str]) -> None:
        self.row, self.places, self.references = row, places, references
        self.plan: Plan | None = None
        if row.plan is not None:
            self.plan = proposing.plans.validate_python(row.plan)

    @classmethod
    async def of(cls, session: AsyncConnection | AsyncSession, campaign_id: UUID) -> "_Read":
        row = await repository.latest_plan(session, campaign_id)
        if row is None:
            raise NotFound
        places = {id: one.name for id, one in (await communities(session)).items()}
        ids = {UUID(one["id"]) for one in row.problem["requests"]}
        named = await repository.requests_named(session, ids)
        return cls(row, places, {id: one.reference for id, one in named.items()})

    def view(self) -> PlanView:
        return PlanView.read(self.row, self.plan, self.places, self.references)


@router.get("", operation_id="assessment_plan")
async def plan(id: UUID, session: Reading, reach: ReadPlan) -> PlanView:
    """The campaign's newest plan: its progress, then its objective with bound and gap, and what it
    disturbs. 部署方案。"""
    await found_campaign(session, reach, id)
    return (await _Read.of(session, id)).view()


@router.get("/visits", operation_id="assessment_plan_visits")
async def planned_visits(
    id: UUID, session: Reading, page: Paging, reach: ReadPlan, community_id: UUID | None = None
) -> Page[PlannedVisitView]:
    """The visits that the newest plan proposes, by day and community. 方案中的检查。"""
    await found_campaign(session, reach, id)
    found = await _Read.of(session, id)
    rows: dict[str, Visit] = {
        f"{one.day}/{one.community}": one
        for one in (found.plan.visits if found.plan else ())
        if community_id in {None, one.community}
    }

    def view(key: str) -> PlannedVisitView:
        one = rows[key]
        return PlannedVisitView(
            community_id=one.community,
            community_name=found.places.get(one.community, ""),
            on_day=one.day,
            requests=sorted(found.references.get(r, str(r)) for r in one.requests),
        )

    keys: Sequence[str] = page.keys_after(sorted(rows))
    return page.page(keys, lambda key: (key,), view)


@router.get("/unserved", operation_id="assessment_plan_unserved")
async def unserved(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: ReadPlan,
    community_id: UUID | None = None,
    constraint: Constraint | None = None,
) -> Page[UnservedView]:
    """What the newest plan cannot serve, and what forbids it. 未能安排的检查及原因。"""
    await found_campaign(session, reach, id)
    found = await _Read.of(session, id)
    rows: dict[str, Unserved] = {
        f"{one.request}/{one.community}": one
        for one in (found.plan.unserved if found.plan else ())
        if community_id in {None, one.community}
        and (constraint is None or constraint in one.constraints)
    }

    def view(key: str) -> UnservedView:
        one = rows[key]
        return UnservedView(
            request_id=one.request,
            reference=found.references.get(one.request, str(one.request)),
            community_id=one.community,
            community_name=found.places.get(one.community, ""),
            constraints=one.constraints,
            day=one.day,
            in_any_plan=one.in_any_plan,
        )

    keys: Sequence[str] = page.keys_after(sorted(rows))
    return page.page(keys, lambda key: (key,), view)


@router.post("", operation_id="assessment_ask_for_plan", status_code=202)
async def ask(
    id: UUID, body: PlanRequest, act: Acting, response: Response, reach: Manage
) -> PlanView:
    """Have a plan made, as a job of the same id: follow it here or under `/v1/jobs/{id}`, stop it
    with `/v1/jobs/{id}/cancellation`. 编制部署方案。"""
    act, campaign = await acting_on(act, id)
    made = await proposing.ask_for_plan(
        act.session, act.actor, campaign,
        seed=body.seed, work=body.work, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    response.headers["Location"] = f"/v1/jobs/{made.id}"
    return (await _Read.of(act.session, id)).view()
