"""Who may apply, decide, dispatch and report."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_DEPARTMENT = frozenset({Role.DEPARTMENT})
_OFFICES = frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS, Role.FINANCE_BUREAU, Role.AUDITOR})

READ_CATALOGUE = Policy(
    "admission.catalogue.read", Text(zh="查看准入目录", en="read the catalogue"), public=True
)
READ_ITEMS = Policy(
    "admission.item.read",
    Text(zh="查看准入申请", en="see item applications"),
    district_roles=_OFFICES,
    scoped_roles=_DEPARTMENT,
    client_scope="admission:read",
)
APPLY = Policy(
    "admission.item.apply",
    Text(zh="申请事项准入", en="apply for admission of an item"),
    scoped_roles=_DEPARTMENT,
    client_scope="admission:write",
)
DECIDE = Policy(
    "admission.item.decide",
    Text(zh="审议准入事项", en="decide on items"),
    district_roles=frozenset({Role.LEADING_GROUP}),
)
EXIT = Policy(
    "admission.item.exit",
    Text(zh="退出准入事项", en="take an item out of the catalogue"),
    district_roles=frozenset({Role.LEADING_GROUP}),
    scoped_roles=_DEPARTMENT,
    client_scope="admission:write",
)
DISPATCH = Policy(
    "admission.dispatch.create",
    Text(zh="下派已准入事项", en="dispatch admitted items"),
    scoped_roles=_DEPARTMENT,
    client_scope="admission:write",
)
READ_DISPATCHES = Policy(
    "admission.dispatch.read",
    Text(zh="查看下派", en="see dispatches"),
    district_roles=_OFFICES,
    scoped_roles=_DEPARTMENT,
    client_scope="admission:read",
)
REPORT = Policy(
    "admission.report.create",
    Text(zh="反映清单外事项", en="report an off-catalogue demand"),
    scoped_roles=frozenset({Role.WORKSTATION_STAFF, Role.COMMITTEE_MEMBER}),
)
READ_REPORTS = Policy(
    "admission.report.read",
    Text(zh="查看清单外事项反映", en="see reports of off-catalogue demands"),
    district_roles=frozenset({Role.LEADING_GROUP}),
    scoped_roles=frozenset({Role.WORKSTATION_STAFF, Role.COMMITTEE_MEMBER}),
)
DECIDE_REPORTS = Policy(
    "admission.report.decide",
    Text(zh="核实清单外事项反映", en="decide on reports of off-catalogue demands"),
    district_roles=frozenset({Role.LEADING_GROUP}),
)
