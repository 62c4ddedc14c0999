"""The result of a round, decisions where the votes do not decide, further rounds, and the end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.committee.elections import calendar, repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.counting import repeated
from services.committee.elections.deciding import Outcome, Question
from services.committee.elections.domain import Further, Nature
from services.committee.elections.facts import require_clear
from services.committee.elections.journal import log, source
from services.committee.elections.models import (
    Candidate,
    Election,
    ElectionRound,
    SeatDecision,
)
from services.committee.elections.outcome import (
    decided,
    elected_before,
    left_vacant,
    result_body,
    second_ballot,
    votes_json,
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
    await _publish(act, election, round, found, outcome)


async def answer(act: Act, election: Election, values: Mapping[str, Any]) -> None:
    """Record the decision that the province's rule prescribes where the votes do not decide, with
    its source; the next question is asked, or the result published. Raises Invalid for what does
    not answer the question."""
    if election.state != State.UNDECIDED:
        raise _nothing_to_decide(election)
    round = await repository.round_of(act.session, election)
    _, outcome = await decided(act, election, round)
    question = outcome.question
    assert question is not None
    elected = sorted(str(one) for one in values["elected"])
    votes = {str(one["person"]): one["votes"] for one in values["votes"]}
    issues = _answer_issues(question, elected, votes, values)
    issues += repeated([one["person"] for one in values["votes"]], "/votes")
    if issues:
        raise Invalid(issues=issues, rules=Ruling(election.rules).applied("over_election"))
    today = act.today(election)
    act.session.add(
        SeatDecision(
            district=election.district,
            election_id=election.id,
            round=round.round,
            contest=question.contest,
            step=question.step.value,
            question=question.kind.value,
            among=sorted(question.among),
            elected=elected,
            how=values["how"],
            votes=votes,
            source=values["source"],
            document=values["document"],
            decided_on=today,
            decided_by=act.actor.id,
        )
    )
    await act.note(election, "seats_decided", contest=question.contest, elected=elected)
    text = values["source"] + (f"；{values['document']}" if values["document"] else "")
    await log(
        act,
        election,
        Kind.SEATS_DECIDED,
        {
            "round": round.round,
            "contest": question.contest,
            "step": question.step.value,
            "question": question.kind.value,
            "among": sorted(question.among),
            "elected": elected,
            "how": values["how"],
            "votes": votes_json(votes),
            "source": source(text),
        },
    )
    found, outcome = await decided(act, election, round)
    if outcome.question is None:
        await _publish(act, election, round, found, outcome)


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


async def _publish(
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


def _answer_issues(
    question: Question,
    elected: list[str],
    votes: Mapping[str, int],
    values: Mapping[str, Any],
) -> list[Issue]:
    issues = []
    if values["contest"] != question.contest or not question.answered_by(elected):
        issues.append(
            issue(
                "does_not_answer",
                "/elected",
                f"待决定的是 {question.contest}：从 {len(question.among)} 人中确定 {question.take} 人。",
                f"The question is {question.contest}: {question.take} of {len(question.among)}.",
                "请按 result 的 open_question 填写 contest 和 elected。",
                "Fill in `contest` and `elected` as `open_question` of the result asks.",
            )
        )
        return issues
    others = set(question.among) - set(elected)
    if values["how"] == "run_off":
        complete = votes.keys() == set(question.among)
        if not complete or min(votes[p] for p in elected) <= max(votes[p] for p in others):
            issues.append(
                issue(
                    "run_off_does_not_decide",
                    "/votes",
                    "再次投票须写明每人得票，且当选者得票多于其余各人。",
                    "A run-off gives everyone's votes, and those elected have more than the rest.",
                    "请核对再次投票的票数；仍相等的，须再行决定。",
                    "Check the votes of the run-off; if they are level again, it decides nothing.",
                )
            )
    elif votes:
        issues.append(
            issue(
                "votes_without_run_off",
                "/votes",
                "未再次投票的不填得票。",
                "Without a run-off there are no votes.",
                "请去掉 votes，或把 how 改为 run_off。",
                "Leave `votes` out, or give `run_off` in `how`.",
            )
        )
    return issues


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


def _nothing_to_decide(election: Election) -> Conflict:
    name = ELECTION.states[election.state]
    return Conflict(
        code="nothing_to_decide",
        detail=Text(
            zh=f"选举现为“{name.zh}”，没有待决定的事项。只有公布结果（result）后票数不能决定的，才记录决定。",
            en=f"The election is “{name.en}”: nothing waits for a decision. One is recorded only "
            "where the votes do not decide after the result was asked for (result).",
        ),
    )
