"""Ten thousand random rounds, decided in two independent ways."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.committee.elections.deciding import (
    Outcome,
    Question,
    Vacancy,
    decide,
    second_ballot_candidates,
)
from services.committee.elections.domain import Contest, Form, Nature, Office
from services.committee.elections.round import DecidingRules, OnOverElection, Round, WomanRule
from tests.services.committee.elections import reference

PERSONS = "abcdefgh"


@dataclass(frozen=True)
class Case:
    """A round, its rules, and what chooses among the answers to its questions."""

    counted: Round
    rules: DecidingRules
    choices: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A round with few voters, so that ties, thresholds and shortfalls are common. One large
    number is drawn and taken apart: it is several times as fast as many small ones."""
    left = draw(st.integers(0, 2**200 - 1))

    def below(limit: int) -> int:
        nonlocal left
        left, found = divmod(left, limit)
        return found

    participants = below(13)
    contests = []
    for office in Office:
        seats = below(4)
        if seats:
            contests.append(Contest(office.value, office, seats, below(9) == 0))
    if below(5) == 0:
        contests.append(Contest("member_woman", Office.MEMBER, 1, True))
    form = list(Form)[below(3)]
    counted = Round(
        nature=list(Nature)[below(2)],
        form=form,
        entitled=participants + below(8) if below(4) else below(30),
        marked=participants + below(3) if below(12) else below(13),
        participants=participants,
        contests=tuple(contests),
        votes={
            contest.name: {person: below(participants + 1) for person in PERSONS if below(5) < 3}
            for contest in contests
        },
        women=frozenset(person for person in PERSONS if below(3) == 0),
        woman_elected=below(4) == 0,
        elected=frozenset(person for person in PERSONS if below(9) == 0),
    )
    rules = DecidingRules(
        turnout=Fraction(2, 3) if form is Form.RESIDENT_REPRESENTATIVES else Fraction(1, 2),
        elected=Fraction(1, 2),
        second_ballot_floor=Fraction(1, 3),
        second_ballot_margin=1,
        over_election=list(OnOverElection)[below(2)],
        woman=list(WomanRule)[below(2)],
    )
    return Case(counted, rules, left)


def _decided(case: Case) -> tuple[Outcome, list[Question]]:
    """The round decided to its end, with some answer to each of its questions."""
    answers: list[tuple[str, ...]] = []
    questions: list[Question] = []
    while True:
        outcome = decide(case.counted, case.rules, answers)
        if outcome.question is None:
            return outcome, questions
        questions.append(outcome.question)
        possible = list(combinations(outcome.question.among, outcome.question.take))
        answers.append(possible[(case.choices + len(answers)) % len(possible)])


FAST = settings(
    max_examples=10_000,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@FAST
@given(cases())
def test_two_ways_of_deciding_agree_on_ten_thousand_rounds(case: Case) -> None:
    counted = case.counted
    outcome, questions = _decided(case)
    assert {issue.code for issue in outcome.invalid} == reference.void(counted)
    if outcome.invalid:
        assert not outcome.elected
        return
    taken = frozenset(counted.elected)
    asked = {question.contest for question in questions}
    assert [one.contest for one in outcome.decided] == list(counted.contests)
    for one in outcome.decided:
        sets = reference.admitted(counted, case.rules, one.contest, taken)
        elected = frozenset(one.elected)
        assert elected in sets
        assert (one.contest.name in asked) == (len(sets) > 1)
        assert not elected & taken, "one person, one office"
        assert sum(v.seats for v in one.vacancies) == one.contest.seats - len(elected)
        taken |= elected


@settings(FAST, max_examples=1_000)
@given(cases())
def test_a_woman_is_elected_or_her_seat_stays_open(case: Case) -> None:
    counted = case.counted
    outcome, _ = _decided(case)
    if (
        outcome.invalid
        or case.rules.woman is WomanRule.NONE
        or case.rules.over_election is OnOverElection.ASK
        or counted.nature is Nature.SECOND
        or not counted.contests
        or counted.contests[-1].office is not Office.MEMBER
        or any(contest.women_only for contest in counted.contests)
    ):
        return
    holders = {person for _, person in outcome.elected} | set(counted.elected)
    assert (
        counted.woman_elected
        or holders & set(counted.women)
        or any(vacancy.women_only for vacancy in outcome.vacancies)
    )


@settings(FAST, max_examples=1_000)
@given(cases(), st.integers(1, 3), st.booleans())
def test_the_second_ballot_takes_the_highest_of_the_not_elected(
    case: Case, seats: int, women_only: bool
) -> None:
    for votes in case.counted.votes.values():
        vacancy = Vacancy(Office.MEMBER, seats, women_only)
        women = case.counted.women
        standing = {p: n for p, n in votes.items() if p in women or not women_only}
        chosen = second_ballot_candidates(vacancy, votes, women, margin=1)
        assert len(set(chosen)) == len(chosen) >= min(seats + 1, len(standing))
        for person in set(standing) - set(chosen):
            assert all(standing[person] < standing[other] for other in chosen)
        if len(chosen) > seats + 1:
            lowest = min(standing[person] for person in chosen)
            assert sum(standing[person] > lowest for person in chosen) < seats + 1
