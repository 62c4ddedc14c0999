"""Recall and resignation as the law has them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.committee.elections.public.words import Form
from services.committee.recalls.domain import (
    OPEN,
    RECALL,
    RESIGNATION,
    Basis,
    Count,
    RecallState,
    Roll,
    Rules,
    count_issues,
    decide,
    needed_signatures,
    petition_issues,
)
from shared.auth.principal import Role
from shared.kernel.errors import Conflict

TENTH, THIRD, HALF = Fraction(1, 10), Fraction(1, 3), Fraction(1, 2)
RULES = Rules(
    {Basis.ELECTORS: TENTH, Basis.HOUSEHOLDS: TENTH, Basis.REPRESENTATIVES: THIRD},
    {
        Form.ALL_ELECTORS: HALF,
        Form.HOUSEHOLD_REPRESENTATIVES: HALF,
        Form.RESIDENT_REPRESENTATIVES: Fraction(2, 3),
    },
    HALF,
)


@pytest.mark.parametrize(
    ("of", "share", "needed"),
    [(100, TENTH, 10), (101, TENTH, 11), (95, TENTH, 10), (30, THIRD, 10), (31, THIRD, 11)],
)
def test_a_tenth_of_the_electors_or_a_third_of_the_representatives_petition(
    of: int, share: Fraction, needed: int
) -> None:
    """组织法 20: 十分之一以上、三分之一以上; the share itself is enough."""
    assert needed_signatures(of, share) == needed
    assert petition_issues(needed, of, share) == ()
    [issue] = petition_issues(needed - 1, of, share)
    assert issue.code == "too_few_signatures"
    assert str(needed) in issue.detail.zh


def test_nobody_is_no_petition() -> None:
    assert petition_issues(0, 0, TENTH) != ()


def count(received: int, in_favour: int, against: int = 0) -> Count:
    """A count in which all else is void."""
    return Count(received, received, in_favour, against, received - in_favour - against)


@pytest.mark.parametrize(
    ("form", "voters", "received", "in_favour", "outcome"),
    [
        ("all_electors", 100, 51, 26, "recalled"),
        ("all_electors", 100, 50, 50, "invalid"),
        ("all_electors", 100, 52, 26, "retained"),
        ("household_representatives", 101, 51, 26, "recalled"),
        ("household_representatives", 101, 50, 50, "invalid"),
        ("resident_representatives", 30, 21, 11, "recalled"),
        ("resident_representatives", 30, 20, 20, "invalid"),
        ("resident_representatives", 30, 22, 11, "retained"),
    ],
)
def test_a_recall_needs_the_turnout_of_the_form_and_a_majority_of_those_voting(
    form: str, voters: int, received: int, in_favour: int, outcome: str
) -> None:
    """组织法 20: 选民或者户的代表过半数或者超过三分之二的居民代表投票，并须经投票人员的过半数通过."""
    assert decide(count(received, in_favour), Form(form), voters, RULES) == outcome


@given(st.sampled_from(Form), st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_decision_is_that_of_a_plain_reckoning(
    form: Form, voters: int, received: int, in_favour: int
) -> None:
    received, in_favour = min(received, voters), min(in_favour, received, voters)
    if form is Form.RESIDENT_REPRESENTATIVES:
        enough = received + received + received > voters + voters
    else:
        enough = received > voters - received
    more = in_favour > received - in_favour
    expected = ("recalled" if more else "retained") if enough else "invalid"
    assert decide(count(received, in_favour), form, voters, RULES) == expected


@pytest.mark.parametrize(
    ("issued", "received", "votes", "codes"),
    [
        (60, 60, (30, 20, 10), []),
        (60, 61, (30, 20, 11), ["ballots_do_not_add_up"]),
        (101, 60, (30, 20, 10), ["ballots_do_not_add_up"]),
        (60, 60, (30, 20, 9), ["votes_do_not_add_up"]),
        (60, 61, (0, 0, 0), ["ballots_do_not_add_up", "votes_do_not_add_up"]),
    ],
)
def test_a_count_adds_up_with_the_ballots_and_the_voters(
    issued: int, received: int, votes: tuple[int, int, int], codes: list[str]
) -> None:
    found = count_issues(Count(issued, received, *votes), 100)
    assert [issue.code for issue in found] == codes


def test_the_roll_says_of_how_many_a_share_is_taken() -> None:
    roll = Roll(1000, None, 36)
    assert [roll.petitioners(basis) for basis in Basis] == [1000, None, 36]
    assert [roll.voters(form) for form in Form] == [1000, None, 36]


def test_who_may_take_which_step_of_a_recall() -> None:
    """组织法 20: residents petition, the election committee holds the vote, the member defends."""
    by = {step.action: step.by for step in RECALL.steps}
    hold = frozenset({Role.ELECTION_COMMITTEE})
    for action in ("acceptance", "refusal", "announcement", "recall", "retention", "invalidity"):
        assert by[action] == hold
    assert by["defence"] == {Role.COMMITTEE_MEMBER}
    assert {Role.RESIDENT, Role.REPRESENTATIVE} <= by["submission"]
    assert Role.COMMITTEE_MEMBER not in by["submission"] | by["acceptance"]
    assert by["lapse"] == frozenset()
    assert not any(Role.STREET_OFFICER in step.by for step in (*RECALL.steps, *RESIGNATION.steps))


class WalkingRecall(RuleBasedStateMachine):
    """Whatever is tried, in whatever order, a recall only goes its way."""

    def __init__(self) -> None:
        super().__init__()
        self.state: str = RecallState.COLLECTING
        self.taken: list[str] = []

    @rule(action=st.sampled_from(sorted(RECALL.actions)), role=st.none() | st.sampled_from(Role))
    def anything(self, action: str, role: Role | None) -> None:
        """Somebody tries something."""
        by = None if role is None else {role}
        possible = {step.action: step for step in RECALL.possible(self.state)}
        try:
            step = RECALL.step(self.state, action, by=by, reason="理由")
        except Conflict:
            assert action not in possible
        except Exception:
            assert by is not None and not possible[action].by & by
        else:
            self.state = step.next
            self.taken.append(action)

    @invariant()
    def a_vote_has_a_petition_a_decision_and_a_chance_to_defend_behind_it(self) -> None:
        """The order of 组织法 20."""
        if self.state in {"recalled", "retained", "invalid"}:
            order = [one for one in self.taken if one not in {"defence", "no_defence"}]
            assert order[:3] == ["submission", "acceptance", "announcement"]
            assert {"defence", "no_defence"} & set(self.taken)

    @invariant()
    def what_has_ended_stays_so(self) -> None:
        """No step leads out of an end."""
        if self.state not in OPEN:
            assert RECALL.possible(self.state) == ()


TestWalkingRecall = WalkingRecall.TestCase
