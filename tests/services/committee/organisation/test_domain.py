"""Composition, kinship, representation, supervision and meetings, as the law has them."""

from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.committee.organisation.bodies import (
    Seated,
    Supervisor,
    representation_advice,
    supervision_issues,
)
from services.committee.organisation.domain import (
    HANDOVER,
    KINSHIP,
    CompositionRules,
    HandoverState,
    Kinship,
    Officer,
    Position,
    Sex,
    composition_advice,
    composition_issues,
    handed_over_late,
)
from services.committee.organisation.meetings import (
    MeetingDecision,
    MeetingKind,
    MeetingRules,
    decision_issues,
)
from shared.auth.principal import Role

IDS = [UUID(int=number) for number in range(1, 8)]
RULES = CompositionRules(members_min=5, members_max=9, woman_required=True, near_kin_excluded=True)
MEETING = MeetingRules(Fraction(1, 2), Fraction(2, 3), Fraction(1, 2))
TODAY = date(2026, 11, 24)


def officers() -> list[Officer]:
    """A chair and four members, the first a woman."""
    return [
        Officer(
            Position.MEMBER if place else Position.CHAIR,
            Sex.MALE if place else Sex.FEMALE,
            id,
            f"成员{place}",
        )
        for place, id in enumerate(IDS[:5])
    ]


def test_near_kin_may_not_both_sit_once_it_is_confirmed() -> None:
    """组织法 8: 居民委员会成员实行近亲属回避。"""
    declared, confirmed = (Kinship(IDS[0], IDS[1], confirmed) for confirmed in (False, True))
    assert composition_issues(officers(), RULES, [declared]) == ()
    [advice] = composition_advice(officers(), RULES, [declared], None)
    assert advice.code == "committee_near_kin_declared"
    [issue] = composition_issues(officers(), RULES, [confirmed])
    assert (issue.code, "成员0与成员1" in issue.detail.zh) == ("committee_near_kin", True)
    assert composition_advice(officers(), RULES, [confirmed], None) == ()


def test_kinship_with_someone_who_left_stands_against_nobody() -> None:
    assert composition_issues(officers(), RULES, [Kinship(IDS[0], IDS[6], True)]) == ()


def test_everything_that_stands_against_a_committee_is_said_at_once() -> None:
    men = [Officer(Position.MEMBER, Sex.MALE, id, "男") for id in IDS[:3]]
    found = composition_issues(men, RULES, [Kinship(IDS[0], IDS[1], True)])
    assert [issue.code for issue in found] == [
        "committee_size",
        "committee_without_woman",
        "committee_chair",
        "committee_near_kin",
    ]
    assert all(issue.remedy.zh and issue.remedy.en for issue in found)


@pytest.mark.parametrize(
    ("households", "usual"), [(999, False), (1000, True), (3000, True), (3001, False)]
)
def test_a_committee_is_usually_for_1000_to_3000_households(households: int, usual: bool) -> None:
    """组织法 3; it only advises."""
    found = composition_advice(officers(), RULES, [], (households, 1000, 3000))
    assert ([issue.code for issue in found] == []) is usual


@pytest.mark.parametrize(
    ("households", "representatives", "usual"),
    [
        (100, 1, False),
        (100, 2, True),
        (100, 5, True),
        (100, 6, False),
        (101, 2, False),
        (101, 3, True),
        (15, 1, True),
        (15, 0, False),
        (30, 1, True),
        (30, 2, False),
    ],
)
def test_a_group_has_one_representative_for_20_to_50_households(
    households: int, representatives: int, usual: bool
) -> None:
    """组织法 13."""
    found = representation_advice(households, representatives, 1, 20, 50)
    assert ([issue.code for issue in found] == []) is usual


def test_a_groups_leader_is_one_of_its_representatives() -> None:
    """组织法 13."""
    assert [issue.code for issue in representation_advice(40, 1, 0, 20, 50)] == [
        "group_without_leader"
    ]
    assert representation_advice(40, 1, 1, 20, 50) == ()


@given(st.integers(1, 5000), st.integers(0, 400))
def test_some_number_of_representatives_is_always_right(households: int, number: int) -> None:
    right = [n for n in range(1, 300) if not representation_advice(households, n, 1, 20, 50)]
    assert right == list(range(right[0], right[-1] + 1))
    if number not in right and number <= right[-1]:
        assert representation_advice(households, number, 1, 20, 50)


def test_members_and_their_near_kin_may_not_supervise() -> None:
    """组织法 36."""
    seated = [Seated(IDS[0], "张一", IDS[5]), Seated(IDS[1], "李二", None)]
    same = Supervisor(IDS[2], "别名", IDS[5])
    namesake = Supervisor(IDS[3], "李二", IDS[6])
    kin = Supervisor(IDS[4], "王五", None)
    other = Supervisor(IDS[6], "张一", IDS[6])
    kinships = [Kinship(IDS[1], IDS[4], True), Kinship(IDS[0], IDS[6], False)]
    found = supervision_issues([same, namesake, kin, other], seated, kinships)
    assert [issue.code for issue in found] == [
        "supervisor_is_member",
        "supervisor_is_member",
        "supervisor_is_kin",
    ]


@pytest.mark.parametrize(
    ("kind", "entitled", "present", "in_favour", "codes"),
    [
        ("residents_meeting", 100, 51, 26, []),
        ("residents_meeting", 100, 50, 26, ["meeting_not_quorate"]),
        ("residents_meeting", 100, 52, 26, ["meeting_majority"]),
        ("representatives_meeting", 30, 20, 11, []),
        ("representatives_meeting", 30, 19, 11, ["meeting_not_quorate"]),
        ("representatives_meeting", 30, 20, 10, ["meeting_majority"]),
        ("representatives_meeting", 30, 31, 10, ["meeting_numbers"]),
        ("residents_meeting", 0, 0, 0, ["meeting_not_quorate", "meeting_majority"]),
    ],
)
def test_a_meeting_decides_with_its_quorum_and_a_majority_of_those_present(
    kind: str, entitled: int, present: int, in_favour: int, codes: list[str]
) -> None:
    """组织法 27 (more than half), 29 (at least two thirds)."""
    decision = MeetingDecision(MeetingKind(kind), TODAY, entitled, present, in_favour, "纪要")
    found = decision_issues(decision, MEETING, accepted=True, today=TODAY)
    assert [issue.code for issue in found] == codes


def test_minutes_are_recorded_as_they_decided_and_not_ahead() -> None:
    decision = MeetingDecision(MeetingKind.RESIDENTS, TODAY, 100, 60, 40, "纪要")
    refused = decision_issues(decision, MEETING, accepted=False, today=TODAY)
    assert [issue.code for issue in refused] == ["meeting_majority"]
    yesterday = TODAY - timedelta(days=1)
    ahead = decision_issues(decision, MEETING, accepted=True, today=yesterday)
    assert [issue.code for issue in ahead] == ["meeting_not_yet_held"]


@pytest.mark.parametrize(("days", "late"), [(10, False), (11, True)])
def test_the_work_is_handed_over_within_ten_days(days: int, late: bool) -> None:
    """组织法 25."""
    deadline = TODAY + timedelta(days=10)
    today = TODAY + timedelta(days=days)
    assert handed_over_late(HandoverState.DUE, deadline, today) is late
    assert not handed_over_late(HandoverState.HANDED_OVER, deadline, today)


def test_the_election_committee_hands_over_and_the_street_supervises() -> None:
    """组织法 25: 工作移交由居民选举委员会主持，由街道办事处监督。"""
    assert {(s.state, s.action, s.next, *s.by) for s in HANDOVER.steps} == {
        ("due", "submission", "handed_over", Role.ELECTION_COMMITTEE),
        ("handed_over", "confirmation", "confirmed", Role.STREET_OFFICER),
        ("handed_over", "return", "due", Role.STREET_OFFICER),
    }


def test_only_the_street_says_whether_people_are_kin() -> None:
    by = {step.action: step.by for step in KINSHIP.steps}
    assert by["confirmation"] == by["dismissal"] == {Role.STREET_OFFICER}
    assert Role.STREET_OFFICER not in by["withdrawal"]
