"""Who may ask for plaques, decide, hang and inspect them."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_DEPARTMENT = frozenset({Role.DEPARTMENT})
_OFFICES = frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS, Role.AUDITOR})
_ON_SITE = frozenset({Role.WORKSTATION_STAFF, Role.STREET_OFFICER})
_LOCAL = _ON_SITE | {Role.COMMITTEE_MEMBER}

READ_APPLICATIONS = Policy(
    "plaques.application.read",
    Text(zh="查看挂牌申请", en="see applications for plaques"),
    district_roles=_OFFICES,
    scoped_roles=_DEPARTMENT | _LOCAL,
    client_scope="plaques:read",
)
APPLY = Policy(
    "plaques.application.apply",
    Text(zh="申请挂牌", en="apply for a plaque"),
    scoped_roles=_DEPARTMENT,
    client_scope="plaques:write",
)
DECIDE = Policy(
    "plaques.application.decide",
    Text(zh="审议挂牌申请", en="decide on applications for plaques"),
    district_roles=frozenset({Role.LEADING_GROUP}),
)
READ_INVENTORY = Policy(
    "plaques.plaque.read",
    Text(zh="查看牌子清单", en="see the inventory of plaques"),
    district_roles=_OFFICES,
    scoped_roles=_DEPARTMENT | _LOCAL,
    client_scope="plaques:read",
)
RECORD = Policy(
    "plaques.plaque.record",
    Text(zh="登记牌子", en="record plaques"),
    scoped_roles=_ON_SITE,
)
INSPECT = Policy(
    "plaques.notice.issue",
    Text(zh="检查牌子并下达拆除通知", en="inspect plaques and issue removal notices"),
    district_roles=frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS}),
)
