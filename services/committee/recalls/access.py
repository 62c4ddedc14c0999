"""Who may petition, verify, defend, hold the vote, and see it."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_HOLD = frozenset({Role.ELECTION_COMMITTEE})
_HOSTS = _HOLD | {Role.SUPERVISOR}
_MEMBER = frozenset({Role.COMMITTEE_MEMBER})
_DISTRICT = frozenset({Role.CIVIL_AFFAIRS, Role.AUDITOR})
INNER = _HOSTS
"""They also see petitions that nobody has accepted yet."""

READ = Policy(
    "recalls.recall.read",
    Text(zh="查看罢免", en="see recalls"),
    district_roles=_DISTRICT,
    scoped_roles=_HOSTS | _MEMBER | {Role.RESIDENT, Role.REPRESENTATIVE, Role.STREET_OFFICER},
)
PETITION = Policy(
    "recalls.recall.petition",
    Text(zh="提出罢免要求", en="petition for a recall"),
    scoped_roles=_HOSTS | {Role.RESIDENT, Role.REPRESENTATIVE},
)
SIGNATURES = Policy(
    "recalls.signature.handle",
    Text(zh="登记和核实联名", en="enter and verify signatures"),
    scoped_roles=_HOSTS,
)
HOLD = Policy(
    "recalls.recall.hold", Text(zh="主持罢免投票", en="hold a recall vote"), scoped_roles=_HOLD
)
COUNT = Policy("recalls.recall.count", Text(zh="计票", en="count the votes"), scoped_roles=_HOSTS)
DEFEND = Policy("recalls.recall.defend", Text(zh="申辩", en="defend oneself"), scoped_roles=_MEMBER)
RESIGN = Policy(
    "recalls.resignation.submit", Text(zh="申请辞职", en="resign"), scoped_roles=_MEMBER
)
DECIDE_RESIGNATION = Policy(
    "recalls.resignation.decide",
    Text(zh="登记会议对辞职的决定", en="record what the meeting decided on a resignation"),
    scoped_roles=_MEMBER | {Role.SUPERVISOR},
)
END_OFFICE = Policy(
    "recalls.office.end",
    Text(zh="登记职务终止", en="record that an office ended"),
    scoped_roles=_MEMBER | {Role.SUPERVISOR},
)
BY_ELECTION = Policy(
    "recalls.by_election.begin",
    Text(zh="登记补选决议", en="record the resolution to hold a by-election"),
    scoped_roles=_MEMBER | _HOLD,
)
READ_VACANCIES = Policy(
    "recalls.vacancy.read", Text(zh="查看缺额", en="see vacancies"), public=True
)
