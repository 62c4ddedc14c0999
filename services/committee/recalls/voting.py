"""A petition is decided on, the member defends themselves, the vote is held and decides."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.committee.elections.public.words import Form
from services.committee.organisation.public import Leaving, end_membership
from services.committee.recalls import repository
from services.committee.recalls.domain import (
    OPEN,
    RECALL,
    Count,
    RecallState,
    count_issues,
    decide,
    defence_is_over,
)
from services.committee.recalls.models import Recall, RecallCount
from services.committee.recalls.petitioning import roll_of, rules_of, step
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take

_ACTION = {
    RecallState.RECALLED: "recall",
    RecallState.RETAINED: "retention",
    RecallState.INVALID: "invalidity",
}


async def defend(act: Act, recall: Recall, statement: str) -> None:
    """Record the member's defence; it is published with the vote (组织法 20)."""
    RECALL.step(recall.state, "defence", by=act.roles, reason=None)
    recall.defence, recall.defended_on = statement, act.today
    await step(act, recall, "defence")


async def go_on_without_defence(act: Act, recall: Recall) -> None:
    """Go on when the days for the defence have passed. Raises Conflict before."""
    RECALL.step(recall.state, "no_defence", by=act.roles, reason=None)
    if not defence_is_over(recall.due_on, act.today):
        raise Conflict(
            code="defence_may_come",
            detail=Text(
                zh=f"申辩期限到 {recall.due_on} 为止。请在其后办理，或记录其申辩（defence）。",
                en=f"The member may defend themselves until {recall.due_on}. Go on after that day, "
                "or record the defence (defence).",
            ),
        )
    await step(act, recall, "no_defence")


async def announce(act: Act, recall: Recall, *, vote_on: date, place: str) -> None:
    """Announce the vote's day and place. Raises Invalid for a day that is not ahead."""
    if vote_on <= act.today:
        raise Invalid(
            issues=(
                Issue(
                    code="vote_not_ahead",
                    pointer="/vote_on",
                    detail=Text(zh="投票日应在公告之后。", en="The vote comes after this day."),
                    remedy=Text(zh="请另定日期。", en="Choose a later day."),
                ),
            )
        )
    recall.vote_on, recall.vote_place = vote_on, place
    await step(act, recall, "announcement", told={"vote_on": vote_on.isoformat()})


async def count(act: Act, recall: Recall, counted: Count) -> RecallCount:
    """Enter one person's count of the ballots. Raises Invalid when it does not add up, Conflict
    before the vote or after its result."""
    if recall.state != RecallState.ANNOUNCED or recall.vote_on is None:
        raise _no_vote(RECALL.states[recall.state])
    if act.today < recall.vote_on:
        raise _not_yet(recall.vote_on)
    issues = count_issues(counted, _voters(recall))
    if issues:
        raise Invalid(issues=issues)
    made = RecallCount(
        district=recall.district,
        id=new_id(),
        recall_id=recall.id,
        counted_by=act.actor.id,
        **asdict(counted),
    )
    act.session.add(made)
    await act.session.flush()
    await record(
        act.session, act.actor, "recall.counted", ("recall", recall.id), after=asdict(counted)
    )
    return made


async def conclude(act: Act, recall: Recall) -> None:
    """Decide by two equal counts of two persons; a recalled member's office ends today.

    Raises Conflict while there are no two, or they differ.
    """
    RECALL.step(recall.state, "recall", by=act.roles, reason=None)
    counted = await _agreed(act, recall)
    rules, applied = rules_of(act)
    form, voters = Form(recall.form), _voters(recall)
    outcome = decide(counted, form, voters, rules)
    recall.outcome = {
        **asdict(counted),
        "voters": voters,
        "rules": [
            {
                "key": rule.key,
                "value": rule.value,
                "source": rule.source,
                "in_force_from": rule.in_force_from.isoformat(),
                "certainty": rule.certainty,
            }
            for rule in applied[1:]
        ],
    }
    recall.concluded_on = act.today
    await step(act, recall, _ACTION[outcome], told=asdict(counted))
    if outcome is RecallState.RECALLED:
        decision: dict[str, Any] = {"recall": str(recall.id), "voters": voters, **asdict(counted)}
        await end_membership(
            act.session,
            act.actor,
            recall.member_id,
            cause=Leaving.RECALLED,
            on=act.today,
            decision=decision,
        )


async def lapse(act: Act, member_id: UUID) -> None:
    """A member's office ended otherwise: what is open against them has no object any more."""
    found = await act.session.scalar(
        select(Recall)
        .where(Recall.member_id == member_id, Recall.state.in_(OPEN))
        .with_for_update()
    )
    if found is not None:
        await take(
            act.session, act.actor, RECALL, found, "lapse",
            by=None, rulebook=act.rulebook, today=act.today,
        )  # fmt: skip


async def locked(act: Act, reach: Reach, id: UUID) -> Recall:
    """A recall under a row lock. Raises NotFound out of reach."""
    return await repository.locked_recall(act.session, reach, id)


async def _agreed(act: Act, recall: Recall) -> Count:
    counts = await repository.last_counts(act.session, recall.id)
    sheets = [
        Count(row.issued, row.received, row.in_favour, row.against, row.void) for row in counts
    ]
    if len(sheets) < 2 or sheets[0] != sheets[1]:
        raise Conflict(
            code="counts_differ",
            detail=Text(
                zh=f"应由两人分别计票且结果一致，现有 {len(sheets)} 人的计票结果。请由另一人计票并录入（counts）。"
                if len(sheets) < 2
                else "两人的计票结果不一致。请重新清点，由其更正后再录入（counts）。",
                en="Two persons count, each for themselves, and their counts must be the same; "
                f"there are counts of {len(sheets)}. Have another person count (counts)."
                if len(sheets) < 2
                else "The two counts differ. Count again and enter what was wrong anew (counts).",
            ),
        )
    return sheets[0]


def _voters(recall: Recall) -> int:
    found = roll_of(recall).voters(Form(recall.form))
    assert found is not None
    return found


def _no_vote(state: Text) -> Conflict:
    return Conflict(
        code="no_vote",
        detail=Text(
            zh=f"罢免现为“{state.zh}”，不录入计票结果。计票在公告投票之后、公布结果之前录入。",
            en=f"The recall is “{state.en}”. Counts are entered between the announcement of the vote "
            "and its result.",
        ),
    )


def _not_yet(vote_on: date) -> Conflict:
    return Conflict(
        code="no_vote",
        detail=Text(
            zh=f"投票日是 {vote_on}，请在当日或其后录入计票结果。",
            en=f"The vote is on {vote_on}; enter the count on that day or after.",
        ),
    )
