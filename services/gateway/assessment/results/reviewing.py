"""Objections and their review; results become final."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from services.gateway.assessment.campaigns.public import (
    acting_on,
    by_clock_of_campaign,
    locked_campaign,
)
from services.gateway.assessment.results import repository, telling
from services.gateway.assessment.results.computing import keep_lines, line_rows, scored
from services.gateway.assessment.results.domain import (
    RESULT,
    Measured,
    ResultState,
    Source,
)
from services.gateway.assessment.results.models import Objection, Result
from services.gateway.assessment.results.scoring import score
from services.gateway.assessment.standards.domain import LIMITS, PublishedItem
from services.gateway.assessment.standards.repository import items_of
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take


@dataclass(frozen=True, slots=True)
class Correction:
    """What the review found an item's value to be, and why."""

    code: str
    value: int
    reason: str


async def object_to(act: Act, result: Result, codes: Sequence[str], reason: str) -> None:
    """A community objects to items of its locked result. Raises Conflict after the limit, Invalid
    for items that it does not have."""
    RESULT.step(result.state, "objection", by=act.roles, reason=reason)
    act = await by_clock_of_campaign(act, result.campaign_id)
    if result.due_on is not None and result.due_on < act.today:
        raise Conflict(
            code="objection_too_late",
            detail=Text(
                zh=f"申诉期限已于 {result.due_on} 届满。",
                en=f"Objections were possible until {result.due_on}.",
            ),
            rules=[
                act.rulebook.lookup(
                    "inspection.objection_working_days", act.actor.district, result.published_on
                ).applied
            ],
        )
    known = {
        line.item_code for line in await repository.lines(act.session, result.id, result.revision)
    }
    _require_known(codes, known, "/items")
    act.session.add(
        Objection(
            district=act.actor.district,
            id=new_id(),
            result_id=result.id,
            codes=list(dict.fromkeys(codes)),
            reason=reason,
            raised_on=act.today,
            raised_by=act.actor.id,
        )
    )
    await take(
        act.session, act.actor, RESULT, result, "objection",
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
        told={"items": list(codes)},
    )  # fmt: skip


async def review(
    act: Act, result: Result, outcome: str, reply: str, corrections: Sequence[Correction]
) -> None:
    """The Leading Group upholds or dismisses the objection to a locked result, which then is final.
    Upheld, the corrected items make a new revision; the former one stays on record.

    Raises Invalid when an upheld objection corrects nothing, a dismissed one something, or a value
    is impossible.
    """
    RESULT.step(result.state, outcome, by=act.roles, reason=reply)
    act = await by_clock_of_campaign(act, result.campaign_id)
    if (outcome == "upholding") != bool(corrections):
        raise Invalid(issues=(_corrections_mismatch(),))
    objection = (
        await act.session.scalars(select(Objection).where(Objection.result_id == result.id))
    ).one()
    if corrections:
        await _revise(act, result, objection, corrections)
    objection.outcome, objection.reply, objection.decided_on = outcome, reply, act.today
    result.final_on = act.today
    await take(
        act.session, act.actor, RESULT, result, outcome,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reply,
        told={"score": result.score, "revision": result.revision},
    )  # fmt: skip
    await telling.final(act.session, act.actor.district, result.campaign_id, [result.community_id])


async def _revise(
    act: Act, result: Result, objection: Objection, corrections: Sequence[Correction]
) -> None:
    campaign = await locked_campaign(act.session, result.campaign_id, shared=True)
    items = {one.item.code: one for one in await items_of(act.session, campaign.standard_id)}
    _require_known([one.code for one in corrections], items.keys(), "/corrections")
    _require_possible(corrections, items)
    lines = await repository.lines(act.session, result.id, result.revision)
    measured = {
        line.item_id: Measured(
            Fraction(line.value),
            Source(line.source),
            line.source_id,
            line.found_on,
            line.valid_until,
            line.note,
        )
        for line in lines
        if line.value is not None
    }
    for one in corrections:
        item = items[one.code]
        measured[item.id] = Measured(
            Fraction(one.value),
            Source.REVIEW,
            objection.id,
            act.today,
            act.today + timedelta(days=item.item.validity_days),
            one.reason,
        )
    scale = act.rulebook.lookup(
        "inspection.score_scale", act.actor.district, result.published_on
    ).integer()
    found = score(list(items.values()), measured, scale=scale)
    result.revision += 1
    for name, value in scored(found).items():
        setattr(result, name, value)
    await act.session.flush()
    why = {line.item_id: line.note for line in lines if line.value is None}
    await keep_lines(act.session, line_rows(result, found, why))


async def finalise(act: Act, campaign_id: UUID) -> dict[str, int]:
    """Make final every result of a campaign whose limit for objections has passed; how many were
    made final and how many are in which other state."""
    act, _ = await acting_on(act, campaign_id)
    rows = (
        await act.session.scalars(
            select(Result)
            .where(Result.campaign_id == campaign_id, Result.state != ResultState.FINAL)
            .order_by(Result.id)
            .with_for_update()
        )
    ).all()
    ready = [
        one
        for one in rows
        if one.state == ResultState.PROVISIONAL
        and one.due_on is not None
        and one.due_on < act.today
    ]
    for one in ready:
        one.final_on = act.today
        await take(
            act.session, act.actor, RESULT, one, "finalisation",
            by=act.roles, rulebook=act.rulebook, today=act.today,
        )  # fmt: skip
    if ready:
        communities = [one.community_id for one in ready]
        await telling.final(act.session, act.actor.district, campaign_id, communities)
    objected = sum(one.state == ResultState.OBJECTED for one in rows)
    return {
        "finalised": len(ready),
        "open": len(rows) - len(ready) - objected,
        "objected": objected,
    }


def _require_known(codes: Sequence[str], known: Collection[str], at: str) -> None:
    unknown = [(place, code) for place, code in enumerate(codes) if code not in known]
    if unknown:
        raise Invalid(
            issues=tuple(
                Issue(
                    code="item_unknown",
                    pointer=f"{at}/{place}",
                    detail=Text(
                        zh=f"该结果没有项目 {code}。", en=f"The result has no item {code}."
                    ),
                    remedy=Text(
                        zh="请从结果的项目中选择。", en="Choose one of the result's items."
                    ),
                )
                for place, code in unknown
            )
        )


def _require_possible(
    corrections: Sequence[Correction], items: Mapping[str, PublishedItem]
) -> None:
    issues = []
    for at, one in enumerate(corrections):
        least, most = LIMITS[items[one.code].item.kind]
        if not least <= one.value <= most:
            issues.append(
                Issue(
                    code="value_out_of_range",
                    pointer=f"/corrections/{at}/value",
                    detail=Text(
                        zh=f"{one.code} 的值应在 {least} 至 {most} 之间。",
                        en=f"The value of {one.code} lies between {least} and {most}.",
                    ),
                    remedy=Text(zh="请更正。", en="Mend it."),
                )
            )
    if issues:
        raise Invalid(issues=issues)


def _corrections_mismatch() -> Issue:
    return Issue(
        code="corrections_mismatch",
        pointer="/corrections",
        detail=Text(
            zh="申诉成立须写明更正的项目，不成立则不得更正。",
            en="An upheld objection corrects items, a dismissed one none.",
        ),
        remedy=Text(zh="请补充或删除 corrections。", en="Give `corrections`, or leave them out."),
    )
