"""The ranking of a campaign, and its rewards, granted once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import Community
from services.gateway.assessment.campaigns.public import Campaign
from services.gateway.assessment.results.public import ResultState, campaign_scores
from services.gateway.assessment.rewards.domain import (
    Basis,
    Grade,
    GradeRule,
    Ranked,
    Reward,
    Scored,
    ranking,
    rewards,
)
from services.gateway.assessment.rewards.models import Reward as StoredReward
from services.gateway.assessment.rewards.models import RewardScheme
from shared.audit.record import Actor, record
from shared.contracts.assessment import RewardsGranted, RewardTo
from shared.contracts.subscriptions import REWARDS_GRANTED
from shared.events.outbox import emit
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.issue import RuleApplied
from shared.kernel.money import Money
from shared.kernel.text import Text
from shared.rulebook.rulebook import Rulebook
from shared.web.problem import RuleView


@dataclass(frozen=True, slots=True)
class Ranking:
    """A campaign's ranking; `final` once every result in it is."""

    final: bool
    places: list[Ranked]
    names: Mapping[UUID, tuple[str, UUID]]
    rules: tuple[RuleApplied, ...]


async def ranking_of(
    session: AsyncConnection | AsyncSession, campaign: Any, rulebook: Rulebook, today: date
) -> Ranking:
    """The ranking of a campaign's results as they are, by the rules of the day on which it was
    announced."""
    scores = await campaign_scores(session, campaign.id)
    query = select(Community.id, Community.code, Community.name, Community.street_id).where(
        Community.id.in_([one.community_id for one in scores])
    )
    known = {row.id: row for row in await session.execute(query)}
    day = campaign.announced_on or today
    grades = rulebook.lookup("inspection.grades", campaign.district, day)
    share = rulebook.lookup("inspection.excellent_share_max", campaign.district, day)
    least = {name: int(str(value)) * 100 for name, value in grades.mapping().items()}
    rule = GradeRule(least["excellent"], least["good"], least["pass"], share.fraction())
    scored = [
        Scored(one.community_id, known[one.community_id].code, one.hundredths, bool(one.vetoed))
        for one in scores
    ]
    return Ranking(
        bool(scores) and all(one.state == ResultState.FINAL for one in scores),
        ranking(scored, rule),
        {row.id: (row.name, row.street_id) for row in known.values()},
        (grades.applied, share.applied),
    )


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a budget (fen) is to be shared out, and where it comes from."""

    budget: int
    basis: Basis
    weights: Mapping[Grade, int]
    source_line: str
    document: str


async def grant(
    session: AsyncSession,
    actor: Actor,
    campaign: Campaign,
    scheme: Scheme,
    *,
    dry_run: bool,
    rulebook: Rulebook,
    today: date,
) -> tuple[Ranking, list[Reward]]:
    """Share a locked campaign's budget out and have it paid, or only show what would be.

    Raises Conflict when the rewards were granted already, when a result is not final, or when
    nobody has a weight.
    """
    query = select(RewardScheme.id).where(RewardScheme.campaign_id == campaign.id)
    if await session.scalar(query) is not None:
        raise Conflict(code="rewards_granted", detail=_GRANTED)
    found = await ranking_of(session, campaign, rulebook, today)
    if not found.final:
        raise Conflict(code="results_not_final", detail=_NOT_FINAL)
    shares = rewards(found.places, Money(scheme.budget), scheme.basis, scheme.weights)
    if shares is None:
        raise Conflict(code="nobody_rewarded", detail=_NOBODY, rules=found.rules)
    if not dry_run:
        await _store(session, actor, campaign, scheme, found, shares, today)
    return found, shares


async def _store(
    session: AsyncSession,
    actor: Actor,
    campaign: Campaign,
    scheme: Scheme,
    found: Ranking,
    shares: list[Reward],
    today: date,
) -> None:
    made = RewardScheme(
        district=actor.district,
        id=new_id(),
        campaign_id=campaign.id,
        budget=scheme.budget,
        basis=scheme.basis.value,
        weights={grade.value: weight for grade, weight in scheme.weights.items()},
        source_line=scheme.source_line,
        document=scheme.document,
        granted_on=today,
        rules=[RuleView.of(rule).model_dump(mode="json") for rule in found.rules],
        created_by=actor.id,
    )
    session.add(made)
    await session.flush()
    rows = [
        StoredReward(
            district=actor.district,
            id=new_id(),
            scheme_id=made.id,
            community_id=one.ranked.community,
            rank=one.ranked.rank,
            grade=one.ranked.grade.value,
            score=one.ranked.score,
            weight=one.weight,
            amount=one.amount.fen,
        )
        for one in shares
    ]
    session.add_all(rows)
    await session.flush()
    told = {"budget": scheme.budget, "basis": scheme.basis.value, "document": scheme.document}
    await record(session, actor, "campaign.rewarded", ("campaign", campaign.id), after=told)
    event = RewardsGranted(
        campaign_id=campaign.id,
        title=campaign.title,
        budget=scheme.budget,
        source_line=scheme.source_line,
        document=scheme.document,
        granted_on=today,
        rewards=[
            RewardTo(reward_id=row.id, community_id=row.community_id, amount=row.amount)
            for row in rows
            if row.amount
        ],
    )
    await emit(
        session,
        district=actor.district,
        type=REWARDS_GRANTED,
        subject=f"campaign/{campaign.id}",
        data=event.model_dump(mode="json"),
    )


_GRANTED = Text(
    zh="该联合检查的奖励已经发放，只发一次。请查看已发放的奖励。",
    en="The campaign's rewards were granted; that is done once. Look at those that were.",
)
_NOT_FINAL = Text(
    zh="尚有考核结果未最终确定（或没有结果）。请在申诉期满、全部结果确定后发放奖励。",
    en="Not every result of the campaign is final, or there is none. Grant rewards once all are.",
)
_NOBODY = Text(
    zh="按所填权重没有社区可以获奖。请调整各等次的权重。",
    en="By these weights nobody is rewarded. Change the weights of the grades.",
)
