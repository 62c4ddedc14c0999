"""Whether a round is valid and whom it elects (组织法 8, 18, 19). Pure, in integers.

Contests are decided in order, one person for one office. Nothing here ever breaks a tie: where the
votes do not decide, the outcome is a `Question` that names the persons and how many of them are to
be taken; `answers` are the recorded decisions, in the order of the questions. docs/election-log.md
says the same for the verifier.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.committee.elections.domain import Contest, Nature, Office
from services.committee.elections.round import (
    DecidingRules,
    OnOverElection,
    Round,
    Votes,
    WomanRule,
    exceeds,
    reaches,
)
from services.committee.elections.validity import invalidity
from shared.kernel.issue import Issue


class QuestionKind(StrEnum):
    """Why the votes do not decide."""

    TIE = "tie"
    OVER_ELECTION = "over_election"


class StepOfContest(StrEnum):
    """A contest first gives a woman her seat, where one is due, then the others."""

    WOMAN = "woman"
    SEATS = "seats"


@dataclass(frozen=True, slots=True)
class Question:
    """Of these persons so many are to be taken, and the votes do not say which."""

    contest: str
    step: StepOfContest
    kind: QuestionKind
    among: tuple[str, ...]
    take: int

    def answered_by(self, chosen: Collection[str]) -> bool:
        """Whether these are so many of its persons, each once."""
        return len(set(chosen)) == len(chosen) == self.take and set(chosen) <= set(self.among)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Seats of an office that nobody was elected to; `women_only` where they are a woman's."""

    office: Office
    seats: int
    women_only: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided contest: whom it elects, most votes first, and what it leaves vacant."""

    contest: Contest
    elected: tuple[str, ...]
    vacancies: tuple[Vacancy, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round decides. `invalid` says why it counts for nothing; with a `question` the
    contests from that one on wait for its answer."""

    invalid: tuple[Issue, ...]
    decided: tuple[Decided, ...]
    question: Question | None = None

    @property
    def elected(self) -> tuple[tuple[Contest, str], ...]:
        """Everyone elected, by contest."""
        return tuple((one.contest, person) for one in self.decided for person in one.elected)

    @property
    def vacancies(self) -> tuple[Vacancy, ...]:
        """All seats left vacant, by contest."""
        return tuple(vacancy for one in self.decided for vacancy in one.vacancies)


def decide(
    counted: Round, rules: DecidingRules, answers: Sequence[Collection[str]] = ()
) -> Outcome:
    """Decide a round. Raises ValueError when an answer does not fit its question."""
    invalid = invalidity(counted, rules)
    if invalid:
        vacant = tuple(
            Decided(one, (), (Vacancy(one.office, one.seats, one.women_only),))
            for one in counted.contests
        )
        return Outcome(invalid, vacant)
    remaining = iter(answers)
    decided: list[Decided] = []
    taken = set(counted.elected)
    for contest in counted.contests:
        passing = _passing(counted, rules, contest, but=taken)
        woman_due = _woman_due(counted, rules, contest, taken)
        try:
            elected = _fill(counted, rules, contest, passing, woman_due, remaining)
        except _Asked as asked:
            return Outcome((), tuple(decided), asked.question)
        taken |= set(elected)
        woman_open = woman_due and not any(person in counted.women for person in elected)
        decided.append(Decided(contest, elected, _vacancies(contest, len(elected), woman_open)))
    return Outcome((), tuple(decided))


def second_ballot_candidates(
    vacancy: Vacancy, votes: Votes, women: Collection[str], margin: int
) -> tuple[str, ...]:
    """Who stands for a vacancy in the second ballot: the highest of those who were not elected
    (组织法 19), `margin` more than seats where there are so many, most votes first; those level
    with the last stand too. `votes` are of all who were neither elected nor withdrew.
    """
    left = {
        person: count
        for person, count in votes.items()
        if not vacancy.women_only or person in women
    }
    last = sorted(left.values(), reverse=True)[: vacancy.seats + margin]
    return _by_votes(left, [person for person, count in left.items() if count >= last[-1]])


class _Asked(Exception):
    def __init__(self, question: Question) -> None:
        super().__init__(question.kind)
        self.question = question


def _woman_due(
    counted: Round, rules: DecidingRules, contest: Contest, taken: Collection[str]
) -> bool:
    """Whether the last contest has to give a seat to a woman (组织法 8)."""
    return (
        rules.woman is WomanRule.FIRST_WOMAN
        and counted.nature is Nature.FIRST
        and contest is counted.contests[-1]
        and contest.office is Office.MEMBER
        and not any(one.women_only for one in counted.contests)
        and not counted.woman_elected
        and not any(person in counted.women for person in taken)
    )


def _passing(
    counted: Round, rules: DecidingRules, contest: Contest, but: Collection[str]
) -> dict[str, int]:
    """Who may be elected: with more than half of the participants' votes, in a second ballot with
    at least a third of the ballots cast."""

    def passes(person: str, votes: int) -> bool:
        if person in but or (contest.women_only and person not in counted.women):
            return False
        if counted.nature is Nature.FIRST:
            return exceeds(votes, rules.elected, counted.participants)
        return votes > 0 and reaches(votes, rules.second_ballot_floor, counted.participants)

    return {
        person: votes
        for person, votes in counted.votes.get(contest.name, {}).items()
        if passes(person, votes)
    }


def _fill(
    counted: Round,
    rules: DecidingRules,
    contest: Contest,
    passing: Mapping[str, int],
    woman_due: bool,
    answers: Iterator[Collection[str]],
) -> tuple[str, ...]:
    seats = contest.seats
    first: tuple[str, ...] = ()
    if woman_due and len(passing) >= seats:
        women = {person: votes for person, votes in passing.items() if person in counted.women}
        if not women:
            seats -= 1
        elif len(passing) > seats and not _sure(women, passing, seats):
            first = _highest(contest, StepOfContest.WOMAN, women, 1, answers)
    rest = {person: votes for person, votes in passing.items() if person not in first}
    seats -= len(first)
    asks = counted.nature is Nature.FIRST and rules.over_election is OnOverElection.ASK
    if asks and len(rest) > seats > 0:
        among = _by_votes(rest, rest)
        kind = QuestionKind.OVER_ELECTION
        chosen = _answer(Question(contest.name, StepOfContest.SEATS, kind, among, seats), answers)
    else:
        chosen = _highest(contest, StepOfContest.SEATS, rest, seats, answers)
    return _by_votes(passing, (*first, *chosen))


def _sure(women: Votes, passing: Votes, seats: int) -> bool:
    """Whether a woman has more votes than the first who would be left out."""
    left_out = sorted(passing.values(), reverse=True)[seats]
    return any(votes > left_out for votes in women.values())


def _highest(
    contest: Contest,
    step: StepOfContest,
    passing: Mapping[str, int],
    seats: int,
    answers: Iterator[Collection[str]],
) -> tuple[str, ...]:
    if len(passing) <= seats:
        return tuple(passing)
    if seats == 0:
        return ()
    last = sorted(passing.values(), reverse=True)[seats - 1]
    sure = [person for person, votes in passing.items() if votes > last]
    level = _by_votes(passing, [person for person, votes in passing.items() if votes == last])
    take = seats - len(sure)
    if len(level) > take:
        question = Question(contest.name, step, QuestionKind.TIE, level, take)
        level = tuple(_answer(question, answers))
    return (*sure, *level)


def _answer(question: Question, answers: Iterator[Collection[str]]) -> Collection[str]:
    chosen = next(answers, None)
    if chosen is None:
        raise _Asked(question)
    if not question.answered_by(chosen):
        raise ValueError(f"{sorted(chosen)} does not answer {question}")
    return chosen


def _vacancies(contest: Contest, elected: int, woman_open: bool) -> tuple[Vacancy, ...]:
    vacant = contest.seats - elected
    of_a_woman = 1 if woman_open and vacant else 0
    found = [
        Vacancy(contest.office, vacant - of_a_woman, contest.women_only),
        Vacancy(contest.office, of_a_woman, women_only=True),
    ]
    return tuple(vacancy for vacancy in found if vacancy.seats)


def _by_votes(votes: Votes, persons: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(persons, key=lambda person: (-votes[person], person)))
