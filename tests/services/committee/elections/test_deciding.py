"""Tables worked by hand from the law's articles."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from services.committee.elections.deciding import (
    Outcome,
    Question,
    QuestionKind,
    StepOfContest,
    Vacancy,
    decide,
    second_ballot_candidates,
)
from services.committee.elections.domain import Contest, Form, Nature, Office
from services.committee.elections.round import DecidingRules, OnOverElection, Round, WomanRule

CHAIR = Contest("chair", Office.CHAIR, 1)
VICE = Contest("vice_chair", Office.VICE_CHAIR, 1)
MEMBERS = Contest("member", Office.MEMBER, 3)


def _rules(form: Form, **changed: Any) -> DecidingRules:
    return DecidingRules(
        **{
            "turnout": Fraction(2, 3) if form is Form.RESIDENT_REPRESENTATIVES else Fraction(1, 2),
            "elected": Fraction(1, 2),
            "second_ballot_floor": Fraction(1, 3),
            "second_ballot_margin": 1,
            "over_election": OnOverElection.MOST_VOTES,
            "woman": WomanRule.NONE,
            **changed,
        }
    )


def _decide(
    votes: Mapping[Contest, Mapping[str, int]],
    *,
    entitled: int = 1000,
    participants: int = 600,
    marked: int | None = None,
    form: Form = Form.ALL_ELECTORS,
    nature: Nature = Nature.FIRST,
    women: str = "",
    woman_elected: bool = False,
    elected: str = "",
    answers: list[str] | None = None,
    **rules: Any,
) -> Outcome:
    counted = Round(
        nature=nature,
        form=form,
        entitled=entitled,
        marked=participants if marked is None else marked,
        participants=participants,
        contests=tuple(votes),
        votes={contest.name: given for contest, given in votes.items()},
        women=frozenset(women),
        woman_elected=woman_elected,
        elected=frozenset(elected),
    )
    return decide(counted, _rules(form, **rules), [tuple(one) for one in answers or []])


def _persons(outcome: Outcome) -> dict[str, str]:
    return {one.contest.name: "".join(one.elected) for one in outcome.decided}


@pytest.mark.parametrize(
    ("form", "entitled", "participants", "valid"),
    [
        (Form.ALL_ELECTORS, 1000, 500, False),
        (Form.ALL_ELECTORS, 1000, 501, True),
        (Form.ALL_ELECTORS, 1001, 500, False),
        (Form.ALL_ELECTORS, 1001, 501, True),
        (Form.HOUSEHOLD_REPRESENTATIVES, 800, 400, False),
        (Form.HOUSEHOLD_REPRESENTATIVES, 800, 401, True),
        (Form.RESIDENT_REPRESENTATIVES, 60, 40, False),
        (Form.RESIDENT_REPRESENTATIVES, 60, 41, True),
        (Form.RESIDENT_REPRESENTATIVES, 61, 40, False),
        (Form.RESIDENT_REPRESENTATIVES, 61, 41, True),
        (Form.RESIDENT_REPRESENTATIVES, 62, 41, False),
        (Form.RESIDENT_REPRESENTATIVES, 62, 42, True),
        (Form.ALL_ELECTORS, 0, 0, False),
    ],
)
def test_article_19_an_election_is_valid_when_more_than_half_or_two_thirds_voted(
    form: Form, entitled: int, participants: int, valid: bool
) -> None:
    outcome = _decide(
        {CHAIR: {"a": 1, "b": 0}}, entitled=entitled, participants=participants, form=form
    )
    assert [issue.code for issue in outcome.invalid] == ([] if valid else ["turnout"])
    if not valid and entitled:
        need = outcome.invalid[0].detail.zh.partition("至少须有 ")[2].partition(" 人")[0]
        assert not _decide(
            {CHAIR: {"a": 1}}, entitled=entitled, participants=int(need), form=form
        ).invalid


def test_article_19_an_invalid_round_elects_nobody_and_leaves_all_seats_vacant() -> None:
    outcome = _decide({CHAIR: {"a": 500}, MEMBERS: {"b": 500}}, participants=500)
    assert outcome.elected == ()
    assert outcome.vacancies == (Vacancy(Office.CHAIR, 1), Vacancy(Office.MEMBER, 3))


def test_more_ballots_in_the_boxes_than_voters_void_the_election() -> None:
    codes = [issue.code for issue in _decide({CHAIR: {"a": 400}}, marked=599).invalid]
    assert codes == ["ballots_exceed_voters"]
    both = _decide({CHAIR: {"a": 1}}, participants=500, marked=499)
    assert [issue.code for issue in both.invalid] == ["ballots_exceed_voters", "turnout"]


@pytest.mark.parametrize(
    ("participants", "votes", "elected"),
    [(600, 300, ""), (600, 301, "a"), (601, 300, ""), (601, 301, "a")],
)
def test_article_19_elected_is_who_has_votes_of_more_than_half_of_those_who_voted(
    participants: int, votes: int, elected: str
) -> None:
    outcome = _decide({CHAIR: {"a": votes, "b": 0}}, participants=participants)
    assert _persons(outcome) == {"chair": elected}


@pytest.mark.parametrize(
    ("participants", "votes", "elected"),
    [(600, 199, ""), (600, 200, "a"), (601, 200, ""), (601, 201, "a"), (0, 0, "")],
)
def test_article_19_the_second_ballot_elects_by_plurality_with_a_third_of_the_ballots_cast(
    participants: int, votes: int, elected: str
) -> None:
    outcome = _decide(
        {CHAIR: {"a": votes, "b": 0}}, participants=participants, nature=Nature.SECOND
    )
    assert _persons(outcome) == {"chair": elected}


def test_article_19_the_second_ballot_asks_no_turnout_of_its_own() -> None:
    assert _decide({CHAIR: {"a": 5}}, participants=9, nature=Nature.SECOND).elected


def test_article_19_seats_that_are_not_filled_are_voted_on_again() -> None:
    outcome = _decide(
        {CHAIR: {"a": 301, "b": 200}, MEMBERS: {"c": 400, "d": 301, "e": 300, "f": 9}}
    )
    assert _persons(outcome) == {"chair": "a", "member": "cd"}
    assert outcome.vacancies == (Vacancy(Office.MEMBER, 1),)
    candidates = second_ballot_candidates(
        outcome.vacancies[0], {"e": 300, "f": 9, "b": 200}, women="", margin=1
    )
    assert candidates == ("e", "b")


def test_article_19_those_level_with_the_last_stand_in_the_second_ballot_too() -> None:
    vacancy = Vacancy(Office.MEMBER, 1)
    votes = {"e": 300, "f": 200, "g": 200, "h": 199}
    assert second_ballot_candidates(vacancy, votes, women="", margin=1) == ("e", "f", "g")
    assert second_ballot_candidates(vacancy, {"h": 0}, women="", margin=1) == ("h",)
    assert second_ballot_candidates(vacancy, {}, women="", margin=1) == ()


def test_article_14_offices_are_decided_in_order_and_one_person_gets_one() -> None:
    outcome = _decide({CHAIR: {"a": 400, "b": 350}, VICE: {"a": 500, "b": 380}})
    assert outcome.vacancies == ()
    assert _persons(outcome) == {"chair": "a", "vice_chair": "b"}


def test_who_was_elected_in_an_earlier_round_no_longer_counts() -> None:
    outcome = _decide({MEMBERS: {"a": 500, "b": 400}}, elected="a")
    assert _persons(outcome) == {"member": "b"}


def test_most_votes_are_elected_where_the_province_says_so() -> None:
    outcome = _decide({MEMBERS: {"a": 500, "b": 499, "c": 450, "d": 449}})
    assert _persons(outcome) == {"member": "abc"}


def test_an_over_election_stops_and_asks_where_no_rule_of_the_province_is_recorded() -> None:
    votes = {MEMBERS: {"a": 500, "b": 499, "c": 450, "d": 449}}
    outcome = _decide(votes, over_election=OnOverElection.ASK)
    assert outcome.question == Question(
        "member", StepOfContest.SEATS, QuestionKind.OVER_ELECTION, ("a", "b", "c", "d"), 3
    )
    answered = _decide(votes, over_election=OnOverElection.ASK, answers=["abd"])
    assert _persons(answered) == {"member": "abd"}


def test_a_tie_stops_and_is_never_broken_by_order() -> None:
    votes = {MEMBERS: {"a": 500, "b": 450, "c": 400, "d": 400, "e": 400}}
    outcome = _decide(votes)
    assert outcome.question == Question(
        "member", StepOfContest.SEATS, QuestionKind.TIE, ("c", "d", "e"), 1
    )
    assert outcome.elected == ()
    assert _persons(_decide(votes, answers=["e"])) == {"member": "abe"}


def test_a_tie_for_the_chair_holds_up_the_later_offices() -> None:
    outcome = _decide({CHAIR: {"a": 400, "b": 400}, MEMBERS: {"a": 500, "c": 450}})
    assert outcome.question is not None
    assert outcome.question.contest == "chair"
    assert outcome.decided == ()


@pytest.mark.parametrize("wrong", ["cd", "a", "", "cc"])
def test_a_decision_names_as_many_of_the_tied_as_there_are_seats(wrong: str) -> None:
    votes = {MEMBERS: {"a": 500, "b": 450, "c": 400, "d": 400}}
    with pytest.raises(ValueError, match="does not answer"):
        _decide(votes, answers=[wrong])


def test_a_tie_below_the_majority_is_no_tie() -> None:
    outcome = _decide({CHAIR: {"a": 300, "b": 300}})
    assert outcome.question is None
    assert outcome.vacancies == (Vacancy(Office.CHAIR, 1),)


def test_level_votes_that_all_fit_in_are_no_tie() -> None:
    assert _persons(_decide({MEMBERS: {"a": 400, "b": 400, "c": 400}})) == {"member": "abc"}


WOMAN: dict[str, Any] = {"woman": WomanRule.FIRST_WOMAN}


def test_article_8_the_woman_with_most_votes_is_elected_first() -> None:
    votes = {CHAIR: {"x": 400}, MEMBERS: {"a": 500, "b": 450, "c": 420, "f": 310, "g": 305}}
    assert _persons(_decide(votes, women="fg", **WOMAN)) == {"chair": "x", "member": "abf"}


@pytest.mark.parametrize("already", ["chair", "sitting"])
def test_article_8_a_woman_among_the_others_is_enough(already: str) -> None:
    votes = {CHAIR: {"x": 400}, MEMBERS: {"a": 500, "b": 450, "c": 420, "f": 310}}
    women = "fx" if already == "chair" else "f"
    outcome = _decide(votes, women=women, woman_elected=already == "sitting", **WOMAN)
    assert _persons(outcome)["member"] == "abc"


def test_article_8_one_seat_stays_open_where_no_woman_passes() -> None:
    votes = {MEMBERS: {"a": 500, "b": 450, "c": 420, "f": 300}}
    outcome = _decide(votes, women="f", **WOMAN)
    assert _persons(outcome) == {"member": "ab"}
    assert outcome.vacancies == (Vacancy(Office.MEMBER, 1, women_only=True),)
    standing = second_ballot_candidates(outcome.vacancies[0], {"c": 420, "f": 300}, "f", 1)
    assert standing == ("f",)


def test_article_8_of_two_open_seats_one_is_a_womans() -> None:
    outcome = _decide({MEMBERS: {"a": 500, "f": 300}}, women="f", **WOMAN)
    assert outcome.vacancies == (
        Vacancy(Office.MEMBER, 1),
        Vacancy(Office.MEMBER, 1, women_only=True),
    )


def test_article_8_in_a_womans_contest_only_women_are_elected() -> None:
    seat = Contest("member_woman", Office.MEMBER, 1, women_only=True)
    votes = {seat: {"a": 500, "f": 250}}
    assert _persons(_decide(votes, women="f", nature=Nature.SECOND, **WOMAN)) == {
        "member_woman": "f"
    }


def test_article_8_a_tie_of_women_for_the_first_seat_stops_too() -> None:
    votes = {MEMBERS: {"a": 500, "b": 450, "c": 420, "f": 310, "g": 310}}
    outcome = _decide(votes, women="fg", **WOMAN)
    assert outcome.question == Question(
        "member", StepOfContest.WOMAN, QuestionKind.TIE, ("f", "g"), 1
    )
    assert _persons(_decide(votes, women="fg", answers=["g"], **WOMAN)) == {"member": "abg"}


def test_article_8_a_woman_level_with_the_last_is_elected_first() -> None:
    votes = {MEMBERS: {"a": 500, "b": 450, "c": 400, "f": 400}}
    assert _persons(_decide(votes, women="f", **WOMAN)) == {"member": "abf"}
