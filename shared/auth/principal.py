"""The one who asks: a person or a machine client, with grants of a role over a scope."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from shared.kernel.text import Text


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

    @property
    def called(self) -> Text:
        """What people call it."""
        return _CALLED[self]


_CALLED = {
    Role.RESIDENT: Text("居民", "resident"),
    Role.REPRESENTATIVE: Text("居民代表", "residents' representative"),
    Role.COMMITTEE_MEMBER: Text("居委会成员", "committee member"),
    Role.ELECTION_COMMITTEE: Text("居民选举委员会", "election committee"),
    Role.SUPERVISOR: Text("居务监督委员会", "supervision committee"),
    Role.WORKSTATION_STAFF: Text("社区工作站人员", "workstation staff"),
    Role.STREET_OFFICER: Text("街道干部", "street officer"),
    Role.DEPARTMENT: Text("职能部门", "department"),
    Role.LEADING_GROUP: Text("领导小组", "Leading Group"),
    Role.HR_BUREAU: Text("人社局", "HR bureau"),
    Role.FINANCE_BUREAU: Text("财政局", "finance bureau"),
    Role.CIVIL_AFFAIRS: Text("民政局", "civil affairs"),
    Role.AUDITOR: Text("审计", "auditor"),
    Role.ADMINISTRATOR: Text("管理员", "administrator"),
}


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
