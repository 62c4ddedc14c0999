"""Decisions where the votes do not decide, as the province's rule prescribes (组织法 19)."""

from collections.abc import Mapping
from typing import Any

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.concluding import publish
from services.committee.elections.counting import repeated
from services.committee.elections.deciding import Question
from services.committee.elections.journal import log, source
from services.committee.elections.models import (
    Election,
    SeatDecision,
)
from services.committee.elections.outcome import (
    decided,
    votes_json,
)
from services.committee.elections.procedure import ELECTION, State
from services.committee.elections.ruling import Ruling
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


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
        await publish(act, election, round, found, outcome)


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
