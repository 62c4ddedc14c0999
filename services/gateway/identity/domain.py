"""The rules of identity: which role goes with which scope, passwords, and guessing."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.auth.principal import Role, ScopeKind
from shared.kernel.issue import Issue
from shared.kernel.text import Text

SCOPE_OF_ROLE: dict[Role, ScopeKind] = {
    Role.RESIDENT: ScopeKind.COMMUNITY,
    Role.REPRESENTATIVE: ScopeKind.COMMUNITY,
    Role.COMMITTEE_MEMBER: ScopeKind.COMMUNITY,
    Role.ELECTION_COMMITTEE: ScopeKind.COMMUNITY,
    Role.SUPERVISOR: ScopeKind.COMMUNITY,
    Role.WORKSTATION_STAFF: ScopeKind.COMMUNITY,
    Role.STREET_OFFICER: ScopeKind.STREET,
    Role.DEPARTMENT: ScopeKind.DEPARTMENT,
    Role.LEADING_GROUP: ScopeKind.DISTRICT,
    Role.HR_BUREAU: ScopeKind.DISTRICT,
    Role.FINANCE_BUREAU: ScopeKind.DISTRICT,
    Role.CIVIL_AFFAIRS: ScopeKind.DISTRICT,
    Role.AUDITOR: ScopeKind.DISTRICT,
    Role.ADMINISTRATOR: ScopeKind.DISTRICT,
}
"""A role is held over exactly this kind of scope."""

CLIENT_ROLES = frozenset({Role.DEPARTMENT})
"""A machine client acts for a department, never for a person."""


class AccountState(StrEnum):
    """Whether an account may log in."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


def grant_issues(
    role: Role,
    scope_id: UUID | None,
    starts_on: date,
    ends_on: date | None,
    *,
    for_client: bool,
) -> tuple[Issue, ...]:
    """Everything that is wrong with a grant: its scope, its dates, its kind of holder."""
    issues = []
    scope = SCOPE_OF_ROLE[role]
    if scope is ScopeKind.DISTRICT and scope_id is not None:
        issues.append(
            Issue(
                code="scope_superfluous",
                pointer="/scope_id",
                detail=Text(
                    zh=f"角色 {role} 覆盖全区，不应指定范围。",
                    en=f"The role {role} covers the whole district and takes no scope.",
                ),
                remedy=Text(zh="请删除 scope_id。", en="Leave scope_id out."),
            )
        )
    if scope is not ScopeKind.DISTRICT and scope_id is None:
        issues.append(
            Issue(
                code="scope_missing",
                pointer="/scope_id",
                detail=Text(
                    zh=f"角色 {role} 必须指定范围（{scope}）。",
                    en=f"The role {role} is held over one {scope}.",
                ),
                remedy=Text(zh="请在 scope_id 中填写其编号。", en="Give its id in scope_id."),
            )
        )
    if ends_on is not None and ends_on <= starts_on:
        issues.append(
            Issue(
                code="ends_before_start",
                pointer="/ends_on",
                detail=Text(
                    zh="授权的截止日期不晚于开始日期。", en="The grant ends before it has begun."
                ),
                remedy=Text(
                    zh="截止日期（当日不含）应晚于开始日期。",
                    en="The end (exclusive) must be later than the start.",
                ),
            )
        )
    if for_client and role not in CLIENT_ROLES:
        issues.append(
            Issue(
                code="role_not_for_clients",
                pointer="/role",
                detail=Text(
                    zh="部门系统只能以“部门”角色接入。",
                    en="A machine client can only act as a department.",
                ),
                remedy=Text(zh="请使用 department 角色。", en="Use the role department."),
            )
        )
    return tuple(issues)


LEAST_PASSWORD_LENGTH = 10


def password_issues(password: str, login: str) -> tuple[Issue, ...]:
    """Why a password is too easily guessed: short, of one repeated sign, or holding the login."""
    weak = (
        len(password) < LEAST_PASSWORD_LENGTH
        or len(set(password)) < 5
        or login.lower() in password.lower()
        or password.isdigit()
    )
    if not weak:
        return ()
    return (
        Issue(
            code="password_weak",
            pointer="/new_password",
            detail=Text(zh="密码太容易被猜到。", en="The password is too easily guessed."),
            remedy=Text(
                zh=f"请使用至少 {LEAST_PASSWORD_LENGTH} 个字符，不全是数字、不含登录名、"
                "至少 5 种不同字符。",
                en=f"Use at least {LEAST_PASSWORD_LENGTH} characters, not only digits, without "
                "the login name, at least 5 different signs.",
            ),
        ),
    )


FAILURES_ALLOWED = 5
LOCK = timedelta(minutes=15)
NAME_FAILURES_ALLOWED = 20
LONGEST_SLOWDOWN = timedelta(minutes=1)
KNOWN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Guard:
    """What is remembered of login attempts: from one address to one name, or to a name at all."""

    failures: int = 0
    last_failed_at: datetime | None = None
    locked_until: datetime | None = None
    succeeded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """May this attempt be made? If so, both guards already count it as failed; a success clears
    them. `wait` is the time until another attempt may be made."""

    allowed: bool
    wait: timedelta
    source: Guard
    name: Guard


def attempt(source: Guard, name: Guard, now: datetime) -> Attempt:
    """Decide on a login attempt before the password is looked at (GB/T 22239 8.1.4.1: lockout).

    Five failures from one address to one name lock that pair for 15 minutes; attempts while locked
    do not prolong it. Many failures to one name from everywhere only slow further attempts down
    (at most one a minute), and never for an address from which the name has logged in before, so
    a stranger cannot lock a person out.
    """
    source, name = _faded(source, now), _faded(name, now)
    if source.locked_until is not None and now < source.locked_until:
        return Attempt(allowed=False, wait=source.locked_until - now, source=source, name=name)
    known = source.succeeded_at is not None and now - source.succeeded_at < KNOWN_FOR
    if not known and name.failures >= NAME_FAILURES_ALLOWED and name.last_failed_at is not None:
        excess = name.failures - NAME_FAILURES_ALLOWED
        pause = min(timedelta(seconds=2 ** min(excess, 10)), LONGEST_SLOWDOWN)
        ready_at = name.last_failed_at + pause
        if now < ready_at:
            return Attempt(allowed=False, wait=ready_at - now, source=source, name=name)
    failures = source.failures + 1
    return Attempt(
        allowed=True,
        wait=timedelta(0),
        source=replace(
            source,
            failures=failures,
            last_failed_at=now,
            locked_until=now + LOCK if failures >= FAILURES_ALLOWED else None,
        ),
        name=replace(name, failures=name.failures + 1, last_failed_at=now),
    )


def cleared(now: datetime) -> Guard:
    """The guard after a success."""
    return Guard(succeeded_at=now)


def _faded(guard: Guard, now: datetime) -> Guard:
    """Failures are forgotten a quarter of an hour after the last one."""
    if guard.last_failed_at is not None and now - guard.last_failed_at >= LOCK:
        return Guard(succeeded_at=guard.succeeded_at)
    return guard
