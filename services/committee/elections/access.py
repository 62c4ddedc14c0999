"""Who may see, hold and oversee elections. Nobody may see how an elector voted: it is nowhere."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_HOLD = frozenset({Role.ELECTION_COMMITTEE})
_LOCAL = frozenset(
    {
        Role.RESIDENT,
        Role.REPRESENTATIVE,
        Role.COMMITTEE_MEMBER,
        Role.ELECTION_COMMITTEE,
        Role.SUPERVISOR,
    }
)
_OFFICES = frozenset({Role.WORKSTATION_STAFF, Role.STREET_OFFICER})

READ = Policy(
    "elections.read",
    Text(zh="查看选举", en="see elections"),
    public=True,
)
READ_NOTICES = Policy(
    "elections.notice.read",
    Text(zh="查看本社区公布的名单", en="see the lists published in the community"),
    district_roles=frozenset({Role.CIVIL_AFFAIRS}),
    scoped_roles=_LOCAL | {Role.STREET_OFFICER},
)
READ_COURSE = Policy(
    "elections.course.read",
    Text(zh="查看选举办理情况", en="see how an election goes on"),
    district_roles=frozenset({Role.CIVIL_AFFAIRS, Role.AUDITOR}),
    scoped_roles=_LOCAL | _OFFICES,
)
RESOLVE = Policy(
    "elections.resolve",
    Text(zh="登记选举决议", en="record the resolution to hold an election"),
    scoped_roles=frozenset({Role.COMMITTEE_MEMBER, Role.ELECTION_COMMITTEE}),
)
HOLD = Policy(
    "elections.hold",
    Text(zh="主持选举", en="hold an election"),
    scoped_roles=_HOLD,
)
REGISTER = Policy(
    "elections.roll.register",
    Text(zh="登记选民", en="register electors"),
    scoped_roles=_HOLD,
)
READ_ROLL = Policy(
    "elections.roll.read",
    Text(zh="查看选民登记册", en="see the register of electors"),
    scoped_roles=_HOLD,
)
OBJECT = Policy(
    "elections.roll.object",
    Text(zh="对选民名单提出异议", en="object to the roll"),
    scoped_roles=_LOCAL,
)
MARK = Policy(
    "elections.roll.mark",
    Text(zh="发放选票并标记", en="hand out ballots and mark the roll"),
    scoped_roles=_HOLD,
)
COUNT = Policy(
    "elections.count",
    Text(zh="录入计票表", en="enter count sheets"),
    scoped_roles=frozenset({Role.ELECTION_COMMITTEE, Role.SUPERVISOR}),
)
CANCEL = Policy(
    "elections.cancel",
    Text(zh="取消选举", en="cancel an election"),
    district_roles=frozenset({Role.CIVIL_AFFAIRS}),
    scoped_roles=_HOLD | {Role.STREET_OFFICER},
)
