"""Who may see committees, record what belongs to them, examine kinship and supervise handovers."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_DISTRICT = frozenset({Role.CIVIL_AFFAIRS, Role.AUDITOR})
_COMMITTEE = frozenset({Role.COMMITTEE_MEMBER})
_ELECTION = frozenset({Role.ELECTION_COMMITTEE})
_STREET = frozenset({Role.STREET_OFFICER})
_INNER = _COMMITTEE | _ELECTION | {Role.SUPERVISOR}

READ = Policy(
    "organisation.committee.read",
    Text(zh="查看居民委员会", en="see residents' committees"),
    public=True,
)
RECORD = Policy(
    "organisation.body.record",
    Text(
        zh="登记居民小组、居民代表和下属委员会", en="record groups, representatives, sub-committees"
    ),
    scoped_roles=_COMMITTEE,
)
CHOOSE_SUPERVISORS = Policy(
    "organisation.supervisor.record",
    Text(zh="登记居务监督委员会成员", en="record who supervises the committee"),
    scoped_roles=_COMMITTEE | _ELECTION,
)
READ_KINSHIPS = Policy(
    "organisation.kinship.read",
    Text(zh="查看近亲属申报", en="see declared kinships"),
    district_roles=_DISTRICT,
    scoped_roles=_INNER | _STREET,
)
DECLARE_KINSHIP = Policy(
    "organisation.kinship.declare",
    Text(zh="申报近亲属关系", en="declare kinship"),
    scoped_roles=_INNER,
)
EXAMINE_KINSHIP = Policy(
    "organisation.kinship.examine",
    Text(zh="核实近亲属关系", en="examine a declared kinship"),
    scoped_roles=_STREET,
)
READ_HANDOVERS = Policy(
    "organisation.handover.read",
    Text(zh="查看工作移交", en="see handovers"),
    district_roles=_DISTRICT,
    scoped_roles=_INNER | _STREET,
)
HAND_OVER = Policy(
    "organisation.handover.submit",
    Text(zh="主持工作移交", en="hand over the work"),
    scoped_roles=_ELECTION,
)
SUPERVISE_HANDOVER = Policy(
    "organisation.handover.supervise",
    Text(zh="监督工作移交", en="supervise a handover"),
    scoped_roles=_STREET,
)
