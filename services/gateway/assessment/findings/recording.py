"""Write use cases of findings: recorded by one assessor, confirmed or contested by another,
replaced with a reason. A client that was offline may send again, and late."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.campaigns.public import (
    CAMPAIGN,
    Campaign,
    CampaignState,
    VisitFacts,
    locked_campaign,
)
from services.gateway.assessment.findings import objections, repository
from services.gateway.assessment.findings.domain import (
    FINDING,
    LIVE,
    FindingState,
    Observed,
    faults,
)
from services.gateway.assessment.findings.models import Citation, Finding
from services.gateway.assessment.ledger import Ledger
from services.gateway.assessment.standards.domain import PublishedItem
from services.gateway.assessment.standards.repository import items_of
from shared.audit.record import record as audit
from shared.kernel.clock import day_of
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take
from shared.rulebook.calendar import limit_day


class Outcome(StrEnum):
    """What became of one finding of a batch."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it, and why it was refused."""

    id: UUID
    outcome: Outcome
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What a batch refers to."""

    items: Mapping[str, PublishedItem]
    own: Mapping[str, UUID]
    asked: Collection[UUID]
    evidence: Collection[UUID]
    entries: Collection[tuple[str, UUID]]
    earlier: Mapping[UUID, Finding]


async def record(
    act: Act,
    visit: VisitFacts,
    departments: Collection[UUID],
    batch: Sequence[Observed],
    ledger: Ledger,
    now: datetime,
) -> list[Answer]:
    """Record a batch; each finding is answered for itself. One that is known by its id is answered
    as it was, so that a client may send again what it is not sure of.

    `departments` are those whose own items the caller may assess. Raises Conflict for new findings
    once the campaign's results are published.
    """
    campaign = await locked_campaign(act.session, visit.campaign_id, shared=True)
    known = await _known(act.session, visit, departments, batch, ledger, act.today)
    answers = []
    for at, one in enumerate(batch):
        if (earlier := known.earlier.get(one.id)) is not None:
            answers.append(_again(one, earlier, visit, known, f"/findings/{at}"))
            continue
        require_open(campaign)
        item, own = known.items.get(one.code), known.own.get(one.code)
        issues = _faults(one, item, own, visit, known, now, f"/findings/{at}")
        if issues:
            answers.append(Answer(one.id, Outcome.REFUSED, tuple(issues)))
        else:
            answers.append(await _take_in(act, visit, one, item, own, f"/findings/{at}", now))
    return answers


async def _known(
    session: AsyncSession,
    visit: VisitFacts,
    departments: Collection[UUID],
    batch: Sequence[Observed],
    ledger: Ledger,
    today: date,
) -> _Known:
    items = {one.item.code: one for one in await items_of(session, visit.standard_id)}
    asked = await repository.asked_on(session, visit)
    wanted = {one.id for one in batch} | {one.replaces for one in batch if one.replaces}
    rows = await session.scalars(select(Finding).where(Finding.id.in_(wanted)))
    covered = await ledger.coverage({element for one in batch for element, _ in one.entries}, today)
    return _Known(
        items,
        {
            code: id
            for (department, code), id in asked.own.items()
            if department in departments and code not in items
        },
        asked.origins,
        await repository.evidence_ids(
            session, visit.id, {id for one in batch for id in one.evidence}
        ),
        {
            (element, entry.entry_id)
            for (element, community), entry in covered.items()
            if community == visit.community_id
        },
        {row.id: row for row in rows},
    )


def require_open(campaign: Campaign) -> None:
    """Raises Conflict once a campaign takes no findings."""
    if campaign.state == CampaignState.ANNOUNCED:
        return
    state = CAMPAIGN.states[campaign.state]
    raise Conflict(
        code="findings_closed",
        detail=Text(
            zh=f"本次综合考核的状态是“{state.zh}”，不再接受新的认定。结果公布后如有不同意见，"
            "由社区申诉、领导小组复核。",
            en=f"The campaign is “{state.en}” and takes no new findings. Once results are "
            "published, communities object and the Leading Group reviews.",
        ),
    )


def _again(one: Observed, there: Finding, visit: VisitFacts, known: _Known, at: str) -> Answer:
    item = known.items.get(one.code)
    same = (
        there.visit_id == visit.id
        and there.value == one.value
        and there.note == one.note
        and there.observed_at == one.observed_at
        and (there.item_id, there.department_item_id)
        == ((item.id, None) if item else (None, known.own.get(one.code)))
    )
    if same:
        return Answer(one.id, Outcome.REPEATED)
    return Answer(one.id, Outcome.REFUSED, (objections.id_reused(f"{at}/id"),))


def _faults(
    one: Observed,
    item: PublishedItem | None,
    own: UUID | None,
    visit: VisitFacts,
    known: _Known,
    now: datetime,
    at: str,
) -> list[Issue]:
    if item is None and own is None:
        return [objections.item_unknown(f"{at}/code", one.code)]
    if item is not None and item.origin_id not in known.asked:
        return [objections.item_not_asked(f"{at}/code", one.code)]
    issues = faults(one, item.item if item else None, visit_day=visit.on_day, now=now, pointer=at)
    if missing := [id for id in one.evidence if id not in known.evidence]:
        issues.append(objections.evidence_unknown(f"{at}/evidence", missing))
    if missing_entries := [entry for entry in one.entries if entry not in known.entries]:
        issues.append(objections.entry_unknown(f"{at}/entries", missing_entries))
    if one.replaces is not None:
        there = known.earlier.get(one.replaces)
        place = (item.id, None) if item else (None, own)
        if (
            there is None
            or there.community_id != visit.community_id
            or (there.item_id, there.department_item_id) != place
        ):
            issues.append(objections.replaced_unknown(f"{at}/replaces"))
        elif not one.note.strip():
            issues.append(objections.replaced_without_reason(f"{at}/note"))
    return issues


async def _take_in(
    act: Act,
    visit: VisitFacts,
    one: Observed,
    item: PublishedItem | None,
    own: UUID | None,
    at: str,
    now: datetime,
) -> Answer:
    if one.replaces is not None and not await _replace(act, visit, one):
        return Answer(one.id, Outcome.REFUSED, (objections.replaced_not_live(f"{at}/replaces"),))
    second = item is not None and item.item.two_person
    days = act.rulebook.lookup(
        "inspection.findings_working_days", act.actor.district, act.today
    ).integer()
    last = limit_day(act.rulebook, act.actor.district, visit.on_day, days)
    due = None
    if second:
        limit = act.rulebook.lookup(
            "inspection.second_assessor_working_days", act.actor.district, act.today
        )
        due = limit_day(act.rulebook, act.actor.district, act.today, limit.integer())
    assert act.actor.id is not None
    state = FindingState.AWAITING_SECOND if second else FindingState.ESTABLISHED
    made = await act.session.scalar(
        insert(Finding)
        .values(
            district=act.actor.district, id=one.id, visit_id=visit.id,
            campaign_id=visit.campaign_id, community_id=visit.community_id,
            item_id=item.id if item else None, department_item_id=own if not item else None,
            value=one.value, note=one.note, state=state.value, due_on=due,
            observed_at=one.observed_at, received_at=now, late=day_of(now) > last,
            recorded_by=act.actor.id, replaces_id=one.replaces, version=1,
        )
        .on_conflict_do_nothing()
        .returning(Finding.id)
    )  # fmt: skip
    if made is None:
        return await _lost(act.session, visit, one, item, own, at)
    await _cite(act, one)
    await audit(
        act.session, act.actor, "finding.recorded", ("finding", one.id),
        after={"code": one.code, "value": one.value, "visit": str(visit.id)},
    )  # fmt: skip
    return Answer(one.id, Outcome.RECORDED)


async def _lost(
    session: AsyncSession,
    visit: VisitFacts,
    one: Observed,
    item: PublishedItem | None,
    own: UUID | None,
    at: str,
) -> Answer:
    """Somebody was first: the same finding sent at once, or another one of the same item."""
    there = await session.scalar(select(Finding).where(Finding.id == one.id))
    if there is not None:
        known = _Known(
            {one.code: item} if item else {}, {one.code: own} if own else {}, (), (), (), {}
        )
        return _again(one, there, visit, known, at)
    if one.replaces is not None:
        raise Conflict
    return Answer(one.id, Outcome.REFUSED, (objections.already_found(f"{at}/code", one.code),))


async def _replace(act: Act, visit: VisitFacts, one: Observed) -> bool:
    there = await act.session.scalar(
        select(Finding).where(Finding.id == one.replaces).with_for_update()
    )
    if there is None or there.state not in LIVE or there.campaign_id != visit.campaign_id:
        return False
    await take(
        act.session, act.actor, FINDING, there, "replacement",
        by=None, rulebook=act.rulebook, today=act.today, reason=one.note,
        told={"by": str(one.id)},
    )  # fmt: skip
    return True


async def _cite(act: Act, one: Observed) -> None:
    act.session.add_all(
        Citation(
            district=act.actor.district,
            id=new_id(),
            finding_id=one.id,
            evidence_id=evidence,
            element=element,
            entry_id=entry,
        )
        for evidence, element, entry in [
            *((id, None, None) for id in dict.fromkeys(one.evidence)),
            *((None, element, entry) for element, entry in dict.fromkeys(one.entries)),
        ]
    )
    await act.session.flush()
