"""Submitting a request: what is known is gathered, screened, and kept with its verdicts."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import communities, stored_issues
from services.gateway.assessment.ledger import Ledger
from services.gateway.assessment.requests import repository
from services.gateway.assessment.requests.domain import (
    REQUEST,
    InspectionRequest,
    RequestState,
)
from services.gateway.assessment.requests.models import Request, RequestItem, RequestTarget
from services.gateway.assessment.requests.screening import Held, Known, Screened, screen
from services.gateway.assessment.results.public import held
from services.gateway.assessment.standards.domain import STANDARD, StandardState, Verification
from services.gateway.assessment.standards.models import Standard
from services.gateway.assessment.standards.repository import items_of
from shared.audit.record import Actor
from shared.auth.principal import Role
from shared.imports.bulk import insert_rows
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.calendar import limit_day, working_days
from shared.rulebook.rulebook import Rulebook
from shared.web.problem import RuleView

Roles = Collection[Role]
Session = AsyncConnection | AsyncSession


async def screened(
    session: Session, request: Any, ledger: Ledger, rulebook: Rulebook, today: date
) -> tuple[InspectionRequest, Known, Screened]:
    """A request as it would be screened on a day: with a number of queries that does not grow with
    its items and communities, and one call to the ledger."""
    facts = repository.facts_of(request)
    known = await _known(session, request, facts, ledger, today)
    ahead = rulebook.lookup("inspection.apply_working_days_ahead", request.district, today)
    found = screen(
        facts,
        known,
        rule=lambda key: rulebook.lookup(key, request.district, today),
        calendar=working_days(rulebook, request.district, today),
        earliest=limit_day(rulebook, request.district, today, ahead.integer()),
        today=today,
    )
    return facts, known, found


async def _known(
    session: Session, request: Any, facts: InspectionRequest, ledger: Ledger, today: date
) -> Known:
    items = await items_of(session, request.standard_id)
    resolved = await repository.resolved(
        session, request.department_id, items, {one.code for one in facts.items}
    )
    mapped = [item for one in resolved.values() for item, _ in one.mapped]
    covering = [item for one in resolved.values() for item in one.covering]
    elements = {
        one.item.element
        for one in covering
        if one.item.verification is Verification.LEDGER and one.item.element is not None
    }
    entries = await ledger.coverage(elements, today)
    earlier = await repository.earlier(session, request, {one.origin_id for one in mapped})
    results = await held(session, {one.origin_id for one in covering}, today)
    counted = (RequestState.APPROVED, RequestState.WITH_LEADING_GROUP)
    return Known(
        communities=await communities(session),
        resolved=resolved,
        results={place: Held(one.line_id, one.valid_until) for place, one in results.items()},
        entries={
            key: Held(covered.entry_id, covered.valid_until) for key, covered in entries.items()
        },
        reported=earlier.reported,
        asked=earlier.asked,
        comprehensive=await repository.comprehensive_references(session, request, counted)
        if request.comprehensive
        else (),
    )


async def submit(
    session: AsyncSession,
    actor: Actor,
    request: Request,
    ledger: Ledger,
    *,
    by: Roles,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Submit a locked request: screened at once, it goes to the Leading Group, or back to the
    department with everything that stands against it; each item in each community has a verdict.

    Raises Conflict when the standard is not in force any more, Unavailable when the ledger does
    not answer.
    """
    REQUEST.step(request.state, "submission", by=by, reason=None)
    await _renew_standard(session, request)
    facts, known, found = await screened(session, request, ledger, rulebook, today)
    request.submission += 1
    request.submitted_on = today
    request.screening = stored_screening(found, today)
    await session.flush()
    await _keep(session, request, facts, known, found)
    told = {"issues": [issue.code for issue in found.issues], **request.screening["verdicts"]}
    if found.issues:
        platform = Actor.platform(actor.district)
        await take(
            session, platform, REQUEST, request, "screening",
            by=None, rulebook=rulebook, today=today, told=told,
        )  # fmt: skip
    else:
        await take(
            session, actor, REQUEST, request, "submission",
            by=by, rulebook=rulebook, today=today, told=told,
        )  # fmt: skip


async def _renew_standard(session: AsyncSession, request: Request) -> None:
    """A request drafted under an earlier version is screened by the one in force."""
    standard = await session.get_one(Standard, (request.district, request.standard_id))
    if standard.state == StandardState.PUBLISHED:
        return
    current = await session.scalar(
        select(Standard).where(
            Standard.code == standard.code, Standard.state == StandardState.PUBLISHED
        )
    )
    if current is None:
        state = STANDARD.states[standard.state]
        raise Conflict(
            code="standard_not_in_force",
            detail=Text(
                zh=f"所用统一标准“{standard.title}”的状态是“{state.zh}”，请改用现行标准。",
                en=f"The standard “{standard.title}” is “{state.en}”. Choose one in force.",
            ),
        )
    request.standard_id = current.id


async def _keep(
    session: AsyncSession,
    request: Request,
    facts: InspectionRequest,
    known: Known,
    found: Screened,
) -> None:
    ids: dict[str, UUID] = {}
    for position, asked in enumerate(facts.items):
        one = known.resolved.get(asked.code)
        if one is None or not one.mapped or asked.code in ids:
            continue
        ids[asked.code] = new_id()
        session.add(
            RequestItem(
                district=request.district,
                id=ids[asked.code],
                request_id=request.id,
                submission=request.submission,
                position=position,
                code=asked.code,
                title=one.title,
                department_item_id=one.department_item_id,
                item_id=None if one.department_item_id else one.mapped[0][0].id,
                veto=asked.veto,
                material=asked.material,
            )
        )
    to_visit = found.to_visit
    session.add_all(
        RequestTarget(
            district=request.district,
            id=new_id(),
            request_id=request.id,
            submission=request.submission,
            community_id=community,
            visit=community in to_visit,
        )
        for community in dict.fromkeys(one.community_id for one in found.verdicts)
    )
    await insert_rows(
        session,
        "screening_verdict",
        {
            "district": "char(6)", "id": "uuid", "request_id": "uuid", "submission": "integer",
            "request_item_id": "uuid", "community_id": "uuid", "verdict": "text",
            "reason": "text", "rule": "text", "source_id": "uuid", "valid_until": "date",
        },
        [
            (
                request.district, new_id(), request.id, request.submission, ids[one.code],
                one.community_id, one.verdict.value, one.reason, one.rule,
                one.held.source_id if one.held else None,
                one.held.valid_until if one.held else None,
            )
            for one in found.verdicts
        ],
    )  # fmt: skip


def stored_screening(found: Screened, today: date) -> dict[str, Any]:
    """A screening as it is kept with its request, in both languages; verdicts are counted."""
    return {
        "screened_on": today.isoformat(),
        "issues": stored_issues(found.issues),
        "rules": [RuleView.of(rule).model_dump(mode="json") for rule in found.rules],
        "verdicts": dict(Counter(one.verdict.value for one in found.verdicts)),
        "communities": len({one.community_id for one in found.verdicts}),
        "communities_to_visit": len(found.to_visit),
    }
