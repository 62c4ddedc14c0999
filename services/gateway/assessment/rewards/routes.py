"""Ranking and rewards of a campaign."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.admission.public import Community
from services.gateway.assessment.campaigns.public import (
    Campaign,
    CampaignState,
    acting_on,
)
from services.gateway.assessment.rewards import access, commands
from services.gateway.assessment.rewards.models import Reward, RewardScheme
from services.gateway.assessment.rewards.schemas import (
    PlaceView,
    RankingView,
    RewardRequest,
    RewardsView,
    RewardView,
)
from shared.auth.policy import Place, Reach
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.procedures.acting import Acting
from shared.rulebook.in_force import ReadingRules
from shared.web.authentication import Reading, permits
from shared.web.problem import RuleView
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/assessment/campaigns/{id}", tags=["assessment"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ)]


async def _found(session: AsyncConnection, id: UUID) -> Any:
    query = select(*Campaign.__table__.columns).where(Campaign.id == id)
    return await the_row(session, query)


@router.get("/ranking", operation_id="assessment_ranking")
async def ranking(
    id: UUID, session: Reading, request: Request, rulebook: ReadingRules, reach: Read
) -> RankingView:
    """The ranking. Communities and streets see it once every result is final and published.
    考核排名。"""
    campaign = await _found(session, id)
    found = await commands.ranking_of(session, campaign, rulebook, request.app.state.clock.today())
    shown = found.final and campaign.state == CampaignState.CONCLUDED
    if not reach.whole_district and not (shown and _concerned(reach, found)):
        raise NotFound
    places = [
        PlaceView(
            community_id=one.community,
            community_name=found.names[one.community][0],
            rank=one.rank,
            grade=one.grade,
            score=one.score,
            vetoed=one.vetoed,
        )
        for one in found.places
    ]
    return RankingView(
        final=found.final, places=places, rules=[RuleView.of(rule) for rule in found.rules]
    )


def _concerned(reach: Reach, found: commands.Ranking) -> bool:
    return any(
        reach.covers(Place(street=street, community=id)) for id, (_, street) in found.names.items()
    )


@router.get("/rewards", operation_id="assessment_rewards")
async def rewards(id: UUID, session: Reading, reach: Read) -> RewardsView:
    """The rewards that were granted; a community sees its own, a street those of its communities.
    考核奖励。"""
    query = select(*RewardScheme.__table__.columns).where(RewardScheme.campaign_id == id)
    scheme = await the_row(session, query)
    rows = await session.execute(
        select(
            *Reward.__table__.columns, Community.name.label("community_name"), Community.street_id
        )
        .join(
            Community,
            and_(Community.district == Reward.district, Community.id == Reward.community_id),
        )
        .where(Reward.scheme_id == scheme.id)
        .order_by(Reward.rank.asc().nulls_last(), Community.code)
    )
    shown = [
        RewardView.model_validate(row, from_attributes=True)
        for row in rows
        if reach.covers(Place(street=row.street_id, community=row.community_id))
    ]
    if not shown and not reach.whole_district:
        raise NotFound
    values = {**scheme._mapping, "dry_run": False, "rewards": shown}
    return RewardsView.model_validate({name: values[name] for name in RewardsView.model_fields})


@router.post("/rewards", operation_id="assessment_grant_rewards", status_code=201)
async def grant(
    id: UUID, body: RewardRequest, act: Acting, reach: Annotated[Reach, permits(access.GRANT)]
) -> RewardsView:
    """Share a budget out over the final results and have it paid, once; or only show it with
    `dry_run`. 发放奖励。"""
    act, campaign = await acting_on(act, id)
    scheme = commands.Scheme(
        body.budget, body.basis, body.weights.by_grade(), body.source_line, body.document
    )
    found, shares = await commands.grant(
        act.session, act.actor, campaign, scheme,
        dry_run=body.dry_run, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return RewardsView(
        campaign_id=id,
        dry_run=body.dry_run,
        budget=body.budget,
        basis=body.basis,
        weights=scheme.weights,
        source_line=body.source_line,
        document=body.document,
        granted_on=None if body.dry_run else act.today,
        rewards=[
            RewardView(
                community_id=one.ranked.community,
                community_name=found.names[one.ranked.community][0],
                rank=one.ranked.rank,
                grade=one.ranked.grade,
                score=one.ranked.score,
                weight=one.weight,
                amount=one.amount.fen,
            )
            for one in shares
        ],
        rules=[RuleView.of(rule) for rule in found.rules],
    )
