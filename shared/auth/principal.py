"""The one who asks: a person or a machine client, with grants of a role over a scope."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The platform's roles (`domain.md`, Words)."""

    RESIDENT = "resident"
    REPRESENTATIVE = "representative"
    COMMITTEE_MEMBER = "committee_member"
    ELECTION_COMMITTEE = "election_committee"
    SUPERVISOR = "supervisor"
    WORKSTATION_STAFF = "workstation_staff"
    STREET_OFFICER = "street_officer"
    DEPARTMENT = "department"
    LEADING_GROUP = "leading_group"
    HR_BUREAU = "hr_bureau"
    FINANCE_BUREAU = "finance_bureau"
    CIVIL_AFFAIRS = "civil_affairs"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class ScopeKind(StrEnum):
    """What a grant covers."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    DEPARTMENT = "department"


class PrincipalKind(StrEnum):
    """A person logs in; a client is a department's system."""

    PERSON = "person"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a scope; `scope_id` is None for the whole district."""

    role: Role
    scope: ScopeKind
    scope_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller. `scopes` are OAuth scopes and limit machine clients only."""

    subject: UUID
    kind: PrincipalKind
    district: str
    grants: tuple[Grant, ...]
    scopes: frozenset[str] = field(default_factory=frozenset)

    def holds(self, *roles: Role) -> bool:
        """Whether any grant carries one of the roles, over whatever scope."""
        return any(grant.role in roles for grant in self.grants)
