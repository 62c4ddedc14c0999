"""Publishing a campaign's results: every community's score, line by line down to its sources."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.campaigns.domain import VisitState
from services.gateway.assessment.campaigns.models import CampaignRequest, Visit
from services.gateway.assessment.campaigns.public import CAMPAIGN, Campaign, acting_on
from services.gateway.assessment.findings.public import Finding, FindingState, ratings_of
from services.gateway.assessment.ledger import Ledger
from services.gateway.assessment.requests.domain import RequestState
from services.gateway.assessment.requests.models import Request, RequestTarget
from services.gateway.assessment.results import repository, telling
from services.gateway.assessment.results.domain import ResultState, Source
from services.gateway.assessment.results.measuring import (
    EntryValue,
    FoundValue,
    RatedValue,
    Sources,
    measure,
)
from services.gateway.assessment.results.models import Result, ResultLine
from services.gateway.assessment.results.scoring import Score, score
from services.gateway.assessment.standards.domain import PublishedItem, Verification
from services.gateway.assessment.standards.repository import items_of
from shared.imports.bulk import insert_rows
from shared.kernel.clock import day_of
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take
from shared.rulebook.calendar import limit_day
from shared.web.problem import RuleView

RULES = (
    "inspection.score_scale",
    "inspection.ratings_min",
    "inspection.objection_working_days",
    "inspection.shared_results",
    "inspection.single_ledger",
)


async def publish(act: Act, campaign_id: UUID, ledger: Ledger) -> int:
    """Compute and publish the results of an announced campaign; how many. From then on it takes no
    findings, and communities may object.

    Raises Conflict while visits are outstanding, findings wait for their second assessor in time,
    or nobody is to be assessed; Unavailable when the ledger does not answer.
    """
    act, campaign = await acting_on(act, campaign_id)
    CAMPAIGN.step(campaign.state, "conclusion", by=act.roles, reason=None)
    await _require_done(act.session, campaign, act.today)
    communities = await _communities(act.session, campaign_id)
    if not communities:
        raise Conflict(
            code="nobody_assessed",
            detail=Text(
                zh="本次考核没有申请也没有检查，无结果可公布。",
                en="The campaign has neither requests nor visits, so there is nothing to publish.",
            ),
        )
    items = await items_of(act.session, campaign.standard_id)
    rules = {key: act.rulebook.lookup(key, act.actor.district, act.today) for key in RULES}
    sources = await _sources(act, campaign, items, ledger)
    least = rules["inspection.ratings_min"].integer()
    scale = rules["inspection.score_scale"].integer()
    due = limit_day(
        act.rulebook,
        act.actor.district,
        act.today,
        rules["inspection.objection_working_days"].integer(),
    )
    stored = [RuleView.of(rule.applied).model_dump(mode="json") for rule in rules.values()]
    rows: list[tuple[Any, ...]] = []
    for community in communities:
        told = {item.id: measure(item, community, sources, ratings_min=least) for item in items}
        measured = {id: one for id, one in told.items() if not isinstance(one, str)}
        why = {id: one for id, one in told.items() if isinstance(one, str)}
        found = score(items, measured, scale=scale)
        result = Result(
            district=act.actor.district,
            id=new_id(),
            campaign_id=campaign_id,
            community_id=community,
            revision=1,
            rules=stored,
            state=ResultState.PROVISIONAL.value,
            due_on=due,
            published_on=act.today,
            **scored(found),
        )
        act.session.add(result)
        rows += line_rows(result, found, why)
    await keep_lines(act.session, rows)
    await take(
        act.session, act.actor, CAMPAIGN, campaign, "conclusion",
        by=act.roles, rulebook=act.rulebook, today=act.today,
        told={"results": len(communities), "objections_until": str(due)},
    )  # fmt: skip
    await telling.published(act.session, campaign, len(communities), due)
    return len(communities)


def scored(found: Score) -> dict[str, Any]:
    """A score as a result's columns."""
    return {
        "score": found.hundredths,
        "exact": None if found.exact is None else str(found.exact),
        "assessed_weight": found.assessed_weight,
        "vetoed": list(found.vetoed),
    }


def line_rows(result: Result, found: Score, why: Mapping[UUID, str]) -> list[tuple[Any, ...]]:
    """The lines of a result's revision; `why` an item was not assessed, by item."""
    return [
        (
            result.district,
            new_id(),
            result.id,
            result.revision,
            result.community_id,
            line.item.id,
            line.item.origin_id,
            line.measured.source.value if line.measured else Source.NONE.value,
            line.measured.source_id if line.measured else None,
            str(line.measured.value) if line.measured else None,
            str(line.share) if line.share is not None else None,
            str(line.points) if line.points is not None else None,
            line.measured.found_on if line.measured else None,
            line.measured.valid_until if line.measured else None,
            line.measured.note if line.measured else why.get(line.item.id, "not_found"),
        )
        for line in found.lines
    ]


async def keep_lines(session: AsyncSession, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write lines with one statement."""
    columns = {
        "district": "char(6)", "id": "uuid", "result_id": "uuid", "revision": "integer",
        "community_id": "uuid", "item_id": "uuid", "origin_id": "uuid", "source": "text",
        "source_id": "uuid", "value": "text", "share": "text", "points": "text",
        "found_on": "date", "valid_until": "date", "note": "text",
    }  # fmt: skip
    await insert_rows(session, ResultLine.__tablename__, columns, rows)


async def _require_done(session: AsyncSession, campaign: Campaign, today: date) -> None:
    outstanding = await session.scalar(
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.campaign_id == campaign.id,
            or_(
                Visit.state == VisitState.POSTPONED,
                and_(Visit.state == VisitState.ANNOUNCED, Visit.on_day > today),
            ),
        )
    )
    if outstanding:
        raise Conflict(
            code="visits_outstanding",
            detail=Text(
                zh=f"还有 {outstanding} 次检查尚未到日期或已推迟，不能公布结果。请待其完成；已推迟的请重新"
                "部署，或取消该次检查。",
                en=f"{outstanding} visit(s) are still to come or postponed; results are published "
                "after them. Plan those postponed anew, or cancel them.",
            ),
        )
    waiting = await session.scalar(
        select(func.count())
        .select_from(Finding)
        .where(
            Finding.campaign_id == campaign.id,
            Finding.state == FindingState.AWAITING_SECOND,
            Finding.due_on >= today,
        )
    )
    if waiting:
        raise Conflict(
            code="findings_unconfirmed",
            detail=Text(
                zh=f"还有 {waiting} 条双人认定在期限内等待第二人确认，不能公布结果。请第二人确认或提出异议，"
                "或等期限届满：届时未确认的不计分。",
                en=f"{waiting} finding(s) still have time to be confirmed by a second assessor. Have "
                "them confirmed or contested, or wait: what is not confirmed in time does not count.",
            ),
        )


async def _communities(session: AsyncSession, campaign_id: UUID) -> list[UUID]:
    targets = (
        select(RequestTarget.community_id)
        .join(
            Request,
            and_(
                Request.district == RequestTarget.district,
                Request.id == RequestTarget.request_id,
                Request.submission == RequestTarget.submission,
            ),
        )
        .join(
            CampaignRequest,
            and_(
                CampaignRequest.district == Request.district,
                CampaignRequest.request_id == Request.id,
            ),
        )
        .where(
            CampaignRequest.campaign_id == campaign_id,
            CampaignRequest.ended_on.is_(None),
            Request.state == RequestState.APPROVED,
        )
    )
    visited = select(Visit.community_id).where(
        Visit.campaign_id == campaign_id, Visit.state == VisitState.ANNOUNCED
    )
    return sorted((await session.scalars(targets.union(visited))).all())


async def _sources(
    act: Act, campaign: Campaign, items: Sequence[PublishedItem], ledger: Ledger
) -> Sources:
    rows = (
        await act.session.execute(
            select(
                Finding.id, Finding.community_id, Finding.item_id, Finding.value,
                Finding.observed_at, Finding.state,
            ).where(
                Finding.campaign_id == campaign.id,
                Finding.item_id.is_not(None),
                Finding.state.in_((FindingState.ESTABLISHED, FindingState.AWAITING_SECOND)),
            )
        )
    ).all()  # fmt: skip
    elements = {
        one.item.element
        for one in items
        if one.item.verification is Verification.LEDGER and one.item.element is not None
    }
    entries = await ledger.values(elements, act.today) if elements else {}
    rated = await ratings_of(act.session, campaign.id)
    return Sources(
        found={
            (row.community_id, row.item_id): FoundValue(row.id, row.value, day_of(row.observed_at))
            for row in rows
            if row.state == FindingState.ESTABLISHED
        },
        entries={
            place: EntryValue(entry.id, entry.value, entry.recorded_on, entry.valid_until)
            for place, entry in entries.items()
        },
        rated={
            place: RatedValue(one.number, one.mean, day_of(one.last_at))
            for place, one in rated.items()
        },
        held=await repository.held(act.session, {one.origin_id for one in items}, act.today),
        unconfirmed=frozenset(
            (row.community_id, row.item_id)
            for row in rows
            if row.state == FindingState.AWAITING_SECOND
        ),
    )
