"""From the decision on a petition to the result of the vote."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.committee.recalls import access, petitioning, voting
from services.committee.recalls.domain import Count
from services.committee.recalls.routes.petitions import answered
from services.committee.recalls.schemas import (
    AnnouncementRequest,
    CountRequest,
    CountView,
    DecisionRequest,
    DefenceRequest,
    RecallView,
)
from shared.auth.policy import Reach
from shared.procedures.acting import Acting
from shared.web.authentication import permits
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee", tags=["recalls"], route_class=UnitOfWorkRoute)
Hold = Annotated[Reach, permits(access.HOLD)]
Counting = Annotated[Reach, permits(access.COUNT)]
Defend = Annotated[Reach, permits(access.DEFEND)]


@router.post("/recalls/{id}/decision", operation_id="recalls_decide")
async def decide(id: UUID, body: DecisionRequest, act: Acting, reach: Hold) -> RecallView:
    """Accept a petition, or refuse it with a reason. 受理或不予受理。"""
    found = await voting.locked(act, reach, id)
    await petitioning.step(act, found, body.outcome, reason=body.reason)
    return await answered(act, found)


@router.post("/recalls/{id}/defence", operation_id="recalls_defend")
async def defend(id: UUID, body: DefenceRequest, act: Acting, reach: Defend) -> RecallView:
    """The member's defence, published with the vote. 申辩。"""
    found = await voting.locked(act, reach, id)
    await voting.defend(act, found, body.statement)
    return await answered(act, found)


@router.post("/recalls/{id}/no-defence", operation_id="recalls_go_on")
async def go_on(id: UUID, act: Acting, reach: Hold) -> RecallView:
    """Go on without a defence when the days for it have passed. 逾期未申辩。"""
    found = await voting.locked(act, reach, id)
    await voting.go_on_without_defence(act, found)
    return await answered(act, found)


@router.post("/recalls/{id}/announcement", operation_id="recalls_announce")
async def announce(id: UUID, body: AnnouncementRequest, act: Acting, reach: Hold) -> RecallView:
    """Announce day and place of the vote. 公告投票。"""
    found = await voting.locked(act, reach, id)
    await voting.announce(act, found, vote_on=body.vote_on, place=body.place)
    return await answered(act, found)


@router.post("/recalls/{id}/counts", operation_id="recalls_count", status_code=201)
async def count(id: UUID, body: CountRequest, act: Acting, reach: Counting) -> CountView:
    """One person's count; two persons count, each for themselves. 登记计票。"""
    found = await voting.locked(act, reach, id)
    return CountView.model_validate(await voting.count(act, found, Count(**body.model_dump())))


@router.post("/recalls/{id}/result", operation_id="recalls_conclude")
async def conclude(id: UUID, act: Acting, reach: Hold) -> RecallView:
    """Publish what two equal counts decide; a recalled member's office ends (组织法 20).
    公布投票结果。"""
    found = await voting.locked(act, reach, id)
    await voting.conclude(act, found)
    return await answered(act, found)
