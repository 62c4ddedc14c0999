"""The rules of identity, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.identity.domain import (
    FAILURES_ALLOWED,
    LOCK,
    LONGEST_SLOWDOWN,
    NAME_FAILURES_ALLOWED,
    SCOPE_OF_ROLE,
    Guard,
    attempt,
    cleared,
    grant_issues,
    password_issues,
)
from shared.auth.principal import Role, ScopeKind
from shared.kernel.ids import new_id

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


def test_every_role_has_its_kind_of_scope() -> None:
    assert set(SCOPE_OF_ROLE) == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_takes_a_scope_exactly_when_it_does_not_cover_the_district(role: Role) -> None:
    needs = SCOPE_OF_ROLE[role] is not ScopeKind.DISTRICT
    with_scope = grant_issues(role, new_id(), DAY, None, for_client=False)
    without = grant_issues(role, None, DAY, None, for_client=False)
    assert [issue.code for issue in with_scope] == ([] if needs else ["scope_superfluous"])
    assert [issue.code for issue in without] == (["scope_missing"] if needs else [])


def test_every_fault_of_a_grant_is_named_at_once() -> None:
    issues = grant_issues(Role.STREET_OFFICER, None, DAY, DAY, for_client=True)
    assert {issue.code for issue in issues} == {
        "scope_missing",
        "ends_before_start",
        "role_not_for_clients",
    }
    assert all(issue.remedy.zh and issue.remedy.en for issue in issues)


def test_a_grant_may_end_the_day_after_it_starts() -> None:
    ends = DAY + timedelta(days=1)
    assert grant_issues(Role.AUDITOR, None, DAY, ends, for_client=False) == ()


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaa", "1234567890123", "xx-clerk.one-yy", ""]
)
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    assert [issue.code for issue in password_issues(password, "clerk.one")] == ["password_weak"]


def test_a_long_and_varied_password_is_taken() -> None:
    assert password_issues("江汉-路98号-Spring", "clerk.one") == ()


def _guess(times: int, source: Guard, name: Guard, at: datetime) -> tuple[Guard, Guard, int]:
    allowed = 0
    for _ in range(times):
        decided = attempt(source, name, at)
        source, name = decided.source, decided.name
        allowed += decided.allowed
    return source, name, allowed


def test_five_failures_from_one_address_lock_it_for_a_quarter_of_an_hour() -> None:
    source, name, allowed = _guess(50, Guard(), Guard(), NOW)
    assert allowed == FAILURES_ALLOWED
    assert not attempt(source, name, NOW + LOCK - timedelta(seconds=1)).allowed
    assert attempt(source, name, NOW + LOCK).allowed


def test_attempts_while_locked_do_not_prolong_the_lock() -> None:
    source, name, _ = _guess(5, Guard(), Guard(), NOW)
    source, name, allowed = _guess(100, source, name, NOW + timedelta(minutes=14))
    assert allowed == 0
    assert attempt(source, name, NOW + LOCK).allowed


def test_a_stranger_cannot_lock_out_a_person_who_comes_from_a_known_address() -> None:
    flooded = Guard(failures=10_000, last_failed_at=NOW)
    home = cleared(NOW - timedelta(days=30))
    assert attempt(home, flooded, NOW).allowed


def test_from_a_new_address_a_flooded_name_waits_a_minute_at_most() -> None:
    flooded = Guard(failures=10_000, last_failed_at=NOW)
    decided = attempt(Guard(), flooded, NOW)
    assert not decided.allowed
    assert decided.wait <= LONGEST_SLOWDOWN
    assert attempt(Guard(), flooded, NOW + LONGEST_SLOWDOWN).allowed


def test_a_known_address_is_forgotten_after_ninety_days() -> None:
    flooded = Guard(failures=NAME_FAILURES_ALLOWED + 5, last_failed_at=NOW)
    assert attempt(cleared(NOW - timedelta(days=89)), flooded, NOW).allowed
    assert not attempt(cleared(NOW - timedelta(days=90)), flooded, NOW).allowed


def test_failures_are_forgotten_a_quarter_of_an_hour_after_the_last() -> None:
    source, name, _ = _guess(4, Guard(), Guard(), NOW)
    later = attempt(source, name, NOW + LOCK)
    assert later.source.failures == 1


@given(gaps=st.lists(st.integers(0, 1200), max_size=60))
def test_no_quarter_of_an_hour_ever_sees_more_than_nine_guesses_from_one_address(
    gaps: list[int],
) -> None:
    """Four, a pause in which they fade, and five more: the most that any window can hold."""
    source, name, at = Guard(), Guard(), NOW
    made: list[datetime] = []
    for gap in gaps:
        at += timedelta(seconds=gap)
        decided = attempt(source, name, at)
        source, name = decided.source, decided.name
        if decided.allowed:
            made.append(at)
    for start in made:
        assert sum(start <= moment < start + LOCK for moment in made) <= 9
