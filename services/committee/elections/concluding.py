"""The result of a round, decisions where the votes do not decide, further rounds, and the end."""

from datetime import date
from typing import Any

from services.committee.elections import calendar, repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.deciding import Outcome, Question
from services.committee.elections.domain import Further, Nature
from services.committee.elections.facts import require_clear
from services.committee.elections.journal import log
from services.committee.elections.models import (
    Candidate,
    Election,
    ElectionRound,
)
from services.committee.elections.outcome import (
    decided,
    elected_before,
    left_vacant,
    result_body,
    second_ballot,
)
from services.committee.elections.procedure import ELECTION, State
from services.committee.elections.round import Round
from services.committee.elections.ruling import Ruling
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


async def conclude(act: Act, election: Election) -> None:
    """Publish the round's result on the spot. Where the votes do not decide, the election waits
    for a decision instead. Raises Conflict `blocked`."""
    await require_clear(act, election, "election")
    if election.state != State.COUNTING:
        raise _nothing_to_conclude(election)
    round = await repository.round_of(act.session, election)
    found, outcome = await decided(act, election, round)
    if outcome.question is not None:
        await act.step(election, "question", told=_told(outcome.question))
        return
    await publish(act, election, round, found, outcome)


async def hold_second_ballot(act: Act, election: Election, ballot_on: date) -> None:
    """Set a further round for the seats that were not filled, among the highest of those who were
    not elected (组织法 19). Raises Conflict where nobody can stand, Invalid for a past day."""
    await require_clear(act, election, "second_ballot")
    before = await repository.round_of(act.session, election)
    outcome = before.outcome or {}
    await act.step(election, "second_ballot", told={"ballot_on": ballot_on.isoformat()})
    await _further(
        act,
        election,
        ballot_on,
        Further.SECOND_BALLOT,
        Nature.SECOND,
        outcome["offered"],
        outcome["left_out"],
    )


async def repeat(act: Act, election: Election, ballot_on: date, reason: str) -> None:
    """Set a further round for one that was void, with its contests and candidates."""
    before = await repository.round_of(act.session, election)
    await act.step(election, "repetition", reason=reason, told={"ballot_on": ballot_on.isoformat()})
    standing = await repository.candidates(act.session, election.id, before.round)
    contests = [
        {
            **contest,
            "candidates": [
                str(row.person_id) for row in standing if row.contest == contest["contest"]
            ],
        }
        for contest in before.contests
    ]
    await _further(act, election, ballot_on, Further.REPEAT, Nature(before.nature), contests, [])


async def leave_vacant(act: Act, election: Election, reason: str) -> None:
    """Close the election with seats left vacant, to be filled by by-elections."""
    await act.step(election, "vacancy", reason=reason)
    await _close(act, election)


async def publish(
    act: Act, election: Election, round: ElectionRound, found: Round, outcome: Outcome
) -> None:
    today = act.today(election)
    body = result_body(found, outcome, round.round, today)
    round.announced_on = today
    positions = {contest.name: contest.office.value for contest in found.contests}
    elected = [{"position": positions[one["contest"]], **one} for one in body["elected"]]
    round.outcome = {**body, "elected": elected}
    before = await elected_before(act, election, round.round)
    gone = {one["person"] for one in (*before, *elected)}
    await act.session.flush()
    offered, left_out = await second_ballot(act, election, body["vacancies"], gone)
    round.outcome = {**round.outcome, "offered": offered, "left_out": left_out}
    await log(act, election, Kind.RESULT, body)
    told = {"participants": found.participants, "elected": len(body["elected"])}
    if outcome.invalid:
        await act.step(election, "voiding", told={**told, "reasons": body["reasons"]})
    elif body["vacancies"]:
        await act.step(election, "shortfall", told=told)
    else:
        await act.step(election, "election", told=told)
        await _close(act, election)


async def _close(act: Act, election: Election) -> None:
    """The log's end: who holds which office, and what stays vacant."""
    rounds = await repository.rounds(act.session, election)
    elected = await elected_before(act, election, election.round + 1)
    election.elected_on = act.today(election)
    window = calendar.handover_window(election.elected_on, Ruling(election.rules).periods)
    election.due_on = window.last
    await log(act, election, Kind.CLOSED, {"elected": elected, "vacancies": left_vacant(rounds)})


async def _further(
    act: Act,
    election: Election,
    ballot_on: date,
    reason: Further,
    nature: Nature,
    contests: list[dict[str, Any]],
    left_out: list[dict[str, Any]],
) -> None:
    if ballot_on < act.today(election):
        raise Invalid(issues=(_past(),))
    people = {
        str(row.person_id): row
        for number in range(1, election.round + 1)
        for row in await repository.candidates(act.session, election.id, number)
    }
    election.round += 1
    act.session.add(
        ElectionRound(
            district=election.district,
            election_id=election.id,
            round=election.round,
            nature=nature.value,
            reason=reason.value,
            ballot_on=ballot_on,
            contests=[
                {name: value for name, value in contest.items() if name != "candidates"}
                for contest in contests
            ],
            left_out=left_out,
        )
    )
    for contest in contests:
        for place, person in enumerate(contest["candidates"], 1):
            row = people[person]
            act.session.add(
                Candidate(
                    district=election.district,
                    election_id=election.id,
                    round=election.round,
                    contest=contest["contest"],
                    office=contest["position"],
                    place=place,
                    person_id=row.person_id,
                    elector_id=row.elector_id,
                    name=row.name,
                    sex=row.sex,
                )
            )
    await act.session.flush()
    body = {
        "round": election.round,
        "reason": reason.value,
        "ballot_on": ballot_on.isoformat(),
        "contests": contests,
    }
    await log(act, election, Kind.FURTHER_BALLOT, body)


def _told(question: Question) -> dict[str, Any]:
    return {"contest": question.contest, "question": question.kind.value, "take": question.take}


def _past() -> Issue:
    return issue(
        "ballot_day_past",
        "/ballot_on",
        "投票日不能早于今天。",
        "The day is past.",
        "请另定投票日。",
        "Choose another day.",
    )


def _nothing_to_conclude(election: Election) -> Conflict:
    name = ELECTION.states[election.state]
    return Conflict(
        code="nothing_to_conclude",
        detail=Text(
            zh=f"选举现为“{name.zh}”，没有待公布的计票结果。须另行决定的，请记录决定（seat-decisions）。",
            en=f"The election is “{name.en}”: there is no count whose result is to be published. "
            "Where a decision is waited for, record it (seat-decisions).",
        ),
    )
