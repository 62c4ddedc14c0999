"""Resignations and the other ways in which an office ends (组织法 21–23, 37)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.committee.organisation.public import (
    Leaving,
    MeetingDecision,
    decision_issues,
    end_membership,
    meeting_rules,
    minutes,
)
from services.committee.recalls import repository
from services.committee.recalls.domain import RESIGNATION, ResignationState
from services.committee.recalls.models import Resignation
from services.committee.recalls.voting import lapse
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take
from shared.rulebook.calendar import limit_day


async def resign(act: Act, reach: Reach, *, member_id: UUID, reason: str) -> Resignation:
    """A member in office resigns; the meeting decides. Raises Conflict while another waits."""
    office = await repository.member_in_office(act.session, reach, member_id, act.today)
    days = act.rulebook.lookup(
        "recalls.resignation_working_days", act.actor.district, act.today
    ).integer()
    made: Resignation | None = await act.session.scalar(
        insert(Resignation)
        .values(
            district=act.actor.district,
            id=new_id(),
            committee_id=office.committee_id,
            member_id=member_id,
            reason=reason,
            submitted_on=act.today,
            state=ResignationState.SUBMITTED.value,
            due_on=limit_day(act.rulebook, act.actor.district, act.today, days),
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Resignation)
    )
    if made is None:
        raise Conflict(
            code="resignation_waits",
            detail=Text(
                zh="该成员的辞职申请正在等待会议审议。请登记会议决定（resignations/{id}/decision），"
                "或先撤回原申请（resignations/{id}/withdrawal）。",
                en="A resignation of this member waits for the meeting already. Record what it "
                "decided (resignations/{id}/decision), or take that one back "
                "(resignations/{id}/withdrawal).",
            ),
        )
    await record(
        act.session,
        act.actor,
        "resignation.submitted",
        ("resignation", made.id),
        after={"member": str(member_id)},
    )
    return made


async def decide(
    act: Act, resignation: Resignation, decision: MeetingDecision, *, accepted: bool
) -> None:
    """Record what the meeting decided; accepted, the office ends on the meeting's day (组织法 21).

    Raises Invalid when the minutes do not bear the decision.
    """
    action = "acceptance" if accepted else "refusal"
    RESIGNATION.step(resignation.state, action, by=act.roles, reason=None)
    rules, applied = meeting_rules(act.rulebook, act.actor.district, decision.held_on)
    issues = list(decision_issues(decision, rules, accepted=accepted, today=act.today))
    if decision.held_on < resignation.submitted_on:
        issues.append(
            Issue(
                code="meeting_before_resignation",
                pointer="/meeting/held_on",
                detail=Text(
                    zh="会议早于辞职申请。", en="The meeting was held before the resignation."
                ),
                remedy=Text(zh="请更正日期。", en="Mend the day."),
            )
        )
    if issues:
        raise Invalid(issues=issues, rules=applied)
    resignation.meeting = minutes(decision)
    await take(
        act.session, act.actor, RESIGNATION, resignation, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, told=resignation.meeting,
    )  # fmt: skip
    if accepted:
        await end_membership(
            act.session,
            act.actor,
            resignation.member_id,
            cause=Leaving.RESIGNED,
            on=decision.held_on,
            decision={"resignation": str(resignation.id), **resignation.meeting},
        )
        await lapse(act, resignation.member_id)


async def withdraw(act: Act, resignation: Resignation, reason: str) -> None:
    """Take a resignation back before the meeting has decided."""
    await take(
        act.session, act.actor, RESIGNATION, resignation, "withdrawal",
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
    )  # fmt: skip


async def end_office(
    act: Act,
    reach: Reach,
    member_id: UUID,
    *,
    cause: Leaving,
    on: date,
    document: Mapping[str, Any],
) -> None:
    """Record an office that ended by law: incapacity, sentence (组织法 23), two failed evaluations
    (37), an election declared void (22), moving away or death. Raises NotFound out of reach."""
    await repository.member_in_office(act.session, reach, member_id, min(on, act.today))
    if on > act.today:
        raise Invalid(
            issues=(
                Issue(
                    code="day_ahead",
                    pointer="/on",
                    detail=Text(zh="日期尚未到来。", en="That day has not come yet."),
                    remedy=Text(zh="请在当日或其后登记。", en="Record it on that day or after."),
                ),
            )
        )
    await end_membership(
        act.session, act.actor, member_id, cause=cause, on=on, decision=dict(document)
    )
    await lapse(act, member_id)
