"""A round's rows, counted and decided."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, union

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.deciding import (
    Outcome,
    Question,
    QuestionKind,
    Vacancy,
    decide,
    second_ballot_candidates,
)
from services.committee.elections.domain import Contest, Form, Nature, Office
from services.committee.elections.models import (
    Candidate,
    CountSheet,
    Election,
    ElectionRound,
    MarkConflict,
    PollingStation,
    RollMark,
)
from services.committee.elections.procedure import State
from services.committee.elections.round import Round, Votes
from services.committee.elections.ruling import Ruling
from services.committee.elections.validity import invalidity
from shared.kernel.issue import Issue
from shared.kernel.text import Text


def contests_of(stored: list[Any]) -> tuple[Contest, ...]:
    """Stored contests."""
    return tuple(
        Contest(one["contest"], Office(one["position"]), one["seats"], one["women_only"])
        for one in stored
    )


def contest_json(contest: Contest) -> dict[str, Any]:
    """A contest as it is stored, and stands in the log."""
    return {
        "contest": contest.name,
        "position": contest.office.value,
        "seats": contest.seats,
        "women_only": contest.women_only,
    }


async def elected_before(act: Act, election: Election, before: int) -> list[dict[str, Any]]:
    """Whom earlier rounds elected, by round and contest: position and person."""
    rounds = await repository.rounds(act.session, election)
    return [
        {"position": one["position"], "person": one["person"]}
        for round in rounds
        if round.round < before
        for one in (round.outcome or {}).get("elected", [])
    ]


def left_vacant(rounds: Sequence[ElectionRound]) -> list[dict[str, Any]]:
    """The seats that an election leaves vacant at its end."""
    left_out = [one for round in rounds for one in round.left_out]
    return [*left_out, *(rounds[-1].outcome or {})["vacancies"]]


async def counted(act: Act, election: Election, round: ElectionRound) -> Round:
    """The round as its agreed sheets and roll marks say."""
    session = act.session
    sheets = await session.execute(
        select(CountSheet.received, CountSheet.contests)
        .join(
            PollingStation,
            (PollingStation.district == CountSheet.district)
            & (PollingStation.id == CountSheet.station_id)
            & (PollingStation.attempt == CountSheet.attempt),
        )
        .where(
            CountSheet.election_id == election.id,
            CountSheet.sheet == "A",
            PollingStation.round == round.round,
            PollingStation.agreed,
            PollingStation.voided_because.is_(None),
        )
    )
    participants = 0
    votes: dict[str, dict[str, int]] = {one["contest"]: {} for one in round.contests}
    for candidate in await repository.candidates(session, election.id, round.round):
        votes[candidate.contest][str(candidate.person_id)] = 0
    for received, contests in sheets:
        participants += received
        for line in contests:
            for one in line["votes"]:
                votes[line["contest"]][one["person"]] += one["votes"]
    everyone = select(Candidate.person_id).where(
        Candidate.election_id == election.id, Candidate.sex == "female"
    )
    return Round(
        nature=Nature(round.nature),
        form=Form(election.form),
        entitled=election.voters or 0,
        marked=await _marked(act, election, round),
        participants=participants,
        contests=contests_of(round.contests),
        votes=votes,
        women=frozenset(str(person) for person in await session.scalars(everyone)),
        woman_elected=election.woman_sitting,
        elected=frozenset(
            one["person"] for one in await elected_before(act, election, round.round)
        ),
    )


async def _marked(act: Act, election: Election, round: ElectionRound) -> int:
    """How many electors were handed a ballot at stations that count; each once."""
    parts = [
        select(table.elector_id)
        .join(
            PollingStation,
            (PollingStation.district == table.district) & (PollingStation.id == table.station_id),
        )
        .where(
            table.election_id == election.id,
            table.round == round.round,
            PollingStation.voided_because.is_(None),
        )
        for table in (RollMark, MarkConflict)
    ]
    query = select(func.count()).select_from(union(*parts).subquery())
    return int(await act.session.scalar(query) or 0)


async def decided(act: Act, election: Election, round: ElectionRound) -> tuple[Round, Outcome]:
    """The round decided, with the answers that were recorded so far."""
    found = await counted(act, election, round)
    answers = [one.elected for one in await repository.decisions(act.session, election)]
    return found, decide(found, Ruling(election.rules).deciding, answers)


def result_body(found: Round, outcome: Outcome, round: int, announced_on: Any) -> dict[str, Any]:
    """A round's result as it is published and logged."""
    return {
        "round": round,
        "announced_on": announced_on.isoformat(),
        "valid": not outcome.invalid,
        "reasons": sorted(issue.code for issue in outcome.invalid),
        "voters": found.entitled,
        "participants": found.participants,
        "tallies": [
            {"contest": contest.name, "votes": votes_json(found.votes[contest.name])}
            for contest in found.contests
        ],
        "elected": [
            {
                "contest": one.contest.name,
                "person": person,
                "votes": found.votes[one.contest.name][person],
            }
            for one in outcome.decided
            for person in sorted(one.elected)
        ],
        "vacancies": [vacancy_json(vacancy) for vacancy in outcome.vacancies],
    }


def votes_json(votes: Any) -> list[dict[str, Any]]:
    """Votes by person, in order of the person."""
    return [{"person": person, "votes": votes[person]} for person in sorted(votes)]


def vacancy_json(vacancy: Vacancy) -> dict[str, Any]:
    """A vacancy as it is published and logged."""
    return {
        "position": vacancy.office.value,
        "seats": vacancy.seats,
        "women_only": vacancy.women_only,
    }


async def second_ballot(
    act: Act, election: Election, vacancies: list[dict[str, Any]], elected: set[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The contests of a second ballot with their candidates, and the vacancies left out because
    nobody can stand for them."""
    rows = await act.session.execute(
        select(
            Candidate.person_id, Candidate.office, Candidate.sex, Candidate.round,
            Candidate.contest, Candidate.withdrawn_on,
        ).where(Candidate.election_id == election.id)
    )  # fmt: skip
    tallies = {
        (round.round, tally["contest"], one["person"]): one["votes"]
        for round in await repository.rounds(act.session, election)
        for tally in (round.outcome or {}).get("tallies", [])
        for one in tally["votes"]
    }
    gone = set(elected)
    women = set()
    latest: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows:
        person = str(row.person_id)
        if row.withdrawn_on is not None:
            gone.add(person)
        if row.sex == "female":
            women.add(person)
        votes = tallies.get((row.round, row.contest, person))
        if votes is not None:
            place = (row.office, person)
            latest[place] = max(latest[place], (row.round, votes))
    margin = Ruling(election.rules).integer("second_ballot_margin")
    offered: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    for number, vacancy in enumerate(vacancies):
        stood = {
            person: votes
            for (office, person), (_, votes) in latest.items()
            if office == vacancy["position"] and person not in gone
        }
        seat = Vacancy(Office(vacancy["position"]), vacancy["seats"], vacancy["women_only"])
        chosen = second_ballot_candidates(seat, stood, women, margin)
        if not chosen:
            left_out.append(vacancy)
            continue
        name = vacancy["position"] + ("_woman" if vacancy["women_only"] else "")
        if any(one["contest"] == name for one in offered):
            name = f"{name}_{number}"
        offered.append({"contest": name, **vacancy, "candidates": list(chosen)})
    return offered, left_out


@dataclass(frozen=True, slots=True)
class Open:
    """What the votes of the present round leave open: the question, its contest, and those it is
    between by their names and votes."""

    question: Question
    contest: Contest
    names: Mapping[str, str]
    votes: Votes

    @property
    def text(self) -> Text:
        """It for people."""
        office, question = self.contest.office.label, self.question
        persons = [self.names[person] for person in question.among]
        tie = question.kind is QuestionKind.TIE
        return Text(
            zh=f"{office.zh}（{self.contest.name}）{'得票相等' if tie else '过半数的人多于应选名额'}，"
            f"须从{'、'.join(persons)}中确定 {question.take} 人。",
            en=f"{office.en.capitalize()} ({self.contest.name}): "
            f"{'their votes are level' if tie else 'more have a majority than there are seats'}; "
            f"of {', '.join(persons)} {question.take} are to be taken.",
        )


async def open_question(act: Act, election: Election) -> Open | None:
    """What the votes of the present round leave open, if it waits for a decision."""
    if election.state != State.UNDECIDED:
        return None
    round = await repository.round_of(act.session, election)
    found, outcome = await decided(act, election, round)
    question = outcome.question
    if question is None:
        return None
    rows = await repository.candidates(act.session, election.id, round.round)
    return Open(
        question,
        next(one for one in found.contests if one.name == question.contest),
        {str(row.person_id): row.name for row in rows},
        found.votes[question.contest],
    )


async def why_void(act: Act, election: Election, round: ElectionRound) -> tuple[Issue, ...]:
    """In words why a published round counts for nothing; nothing where it counts."""
    outcome = round.outcome
    if outcome is None or outcome["valid"]:
        return ()
    found = replace(await counted(act, election, round), entitled=outcome["voters"])
    return invalidity(found, Ruling(election.rules).deciding)
