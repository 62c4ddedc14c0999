"""Who may catalogue, record, grant and read."""

from dataclasses import dataclass
from uuid import UUID

from services.workstation.ledger.domain import Element, OwnerKind
from shared.auth.policy import Policy, Reach
from shared.auth.principal import Principal, Role
from shared.kernel.text import Text

_DEPARTMENT = frozenset({Role.DEPARTMENT})
_STAFF = frozenset({Role.WORKSTATION_STAFF})
_MEMBER = frozenset({Role.COMMITTEE_MEMBER})
_GOVERNING = frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS})
_OFFICES = _GOVERNING | {Role.AUDITOR}
_LOCAL = _STAFF | {Role.STREET_OFFICER}

READ_ELEMENTS = Policy(
    "ledger.element.read", Text(zh="查看数据项目录", en="see the element catalogue"), anyone=True
)
MANAGE_ELEMENTS = Policy(
    "ledger.element.manage",
    Text(zh="维护数据项目录", en="catalogue elements"),
    district_roles=_GOVERNING,
    scoped_roles=_DEPARTMENT,
    client_scope="ledger:write",
)
READ = Policy(
    "ledger.entry.read",
    Text(zh="查看台账", en="see entries"),
    district_roles=_OFFICES,
    scoped_roles=_LOCAL | _MEMBER | _DEPARTMENT,
    client_scope="ledger:read",
)
READ_PERSONAL = Policy(
    "ledger.entry.read_personal",
    Text(zh="查看涉及个人的台账原值", en="see values of households and residents unmasked"),
    scoped_roles=_LOCAL | _DEPARTMENT,
    client_scope="ledger:read",
)
RECORD = Policy(
    "ledger.entry.record",
    Text(zh="登记台账", en="enter values"),
    scoped_roles=_STAFF | _MEMBER | _DEPARTMENT,
    client_scope="ledger:write",
)
COLLECTING = {
    OwnerKind.DEPARTMENT: Policy(
        "ledger.entry.record_as_department",
        Text(zh="以部门名义登记台账", en="enter values for a department"),
        scoped_roles=_DEPARTMENT,
        client_scope="ledger:write",
    ),
    OwnerKind.WORKSTATION: Policy(
        "ledger.entry.record_as_workstation",
        Text(zh="以工作站名义登记台账", en="enter values for a workstation"),
        scoped_roles=_STAFF,
    ),
    OwnerKind.COMMITTEE: Policy(
        "ledger.entry.record_as_committee",
        Text(zh="以居委会名义登记台账", en="enter values for a residents' committee"),
        scoped_roles=_MEMBER,
    ),
}
MANAGE_GRANTS = Policy(
    "ledger.grant.manage",
    Text(zh="授权使用数据项", en="grant the use of elements"),
    district_roles=_GOVERNING,
    scoped_roles=_DEPARTMENT,
    client_scope="ledger:write",
)
READ_GRANTS = Policy(
    "ledger.grant.read",
    Text(zh="查看数据授权和使用记录", en="see grants and the log of reads"),
    district_roles=_OFFICES,
    scoped_roles=_DEPARTMENT,
    client_scope="ledger:read",
)
READ_COVERAGE = Policy(
    "ledger.coverage.read",
    Text(zh="查看数据项覆盖情况", en="see which communities have a value"),
    district_roles=_OFFICES,
    scoped_roles=_DEPARTMENT,
    client_scope="ledger:read",
)

ASK = Policy(
    "ledger.form.ask",
    Text(zh="发起报表请求", en="send form requests"),
    scoped_roles=_DEPARTMENT,
    client_scope="ledger:write",
)
READ_FORMS = Policy(
    "ledger.form.read",
    Text(zh="查看报表请求", en="see form requests"),
    district_roles=_OFFICES,
    scoped_roles=_DEPARTMENT,
    client_scope="ledger:read",
)
READ_QUESTIONS = Policy(
    "ledger.question.read",
    Text(zh="查看待补采的数据", en="see what is asked for"),
    district_roles=_OFFICES,
    scoped_roles=_LOCAL | _MEMBER | _DEPARTMENT,
    client_scope="ledger:read",
)
READ_REUSE = Policy(
    "ledger.reuse.read",
    Text(zh="查看数据复用情况", en="see how values are reused"),
    district_roles=_OFFICES,
    scoped_roles=_LOCAL | _MEMBER,
)


@dataclass(frozen=True, slots=True)
class Collector:
    """Whose elements a caller may collect: of which departments, and for which communities as
    their workstation or their committee."""

    departments: frozenset[UUID]
    workstations: frozenset[UUID]
    committees: frozenset[UUID]

    @classmethod
    def of(cls, principal: Principal) -> "Collector":
        """What the caller's grants say."""
        found = {kind: _reach(policy, principal) for kind, policy in COLLECTING.items()}
        return cls(
            found[OwnerKind.DEPARTMENT].departments,
            found[OwnerKind.WORKSTATION].communities,
            found[OwnerKind.COMMITTEE].communities,
        )

    def is_at(self, community_id: UUID) -> bool:
        """Whether the caller works in the community, or for a department in all of them."""
        return bool(self.departments) or community_id in self.workstations | self.committees

    def collects(self, element: Element, community_id: UUID) -> bool:
        """Whether the caller acts for the element's owner in the community."""
        match element.owner_kind:
            case OwnerKind.DEPARTMENT:
                return element.owner_department_id in self.departments
            case OwnerKind.WORKSTATION:
                return community_id in self.workstations
            case OwnerKind.COMMITTEE:
                return community_id in self.committees


def personal_reach(principal: Principal) -> Reach:
    """Where the caller sees values of households and residents unmasked."""
    return _reach(READ_PERSONAL, principal)


def _reach(policy: Policy, principal: Principal) -> Reach:
    return policy.reach_or_none(principal) or Reach()
