"""Who may ask for inspections, see requests and decide on them. Nobody of a community: what is not
approved and announced does not exist for it."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_DEPARTMENT = frozenset({Role.DEPARTMENT})
_GROUP = frozenset({Role.LEADING_GROUP})

READ = Policy(
    "assessment.request.read",
    Text(zh="查看检查申请", en="see inspection requests"),
    district_roles=_GROUP | {Role.CIVIL_AFFAIRS, Role.AUDITOR},
    scoped_roles=_DEPARTMENT,
    client_scope="assessment:read",
)
ASK = Policy(
    "assessment.request.ask",
    Text(zh="申请检查考核", en="ask for an inspection"),
    scoped_roles=_DEPARTMENT,
    client_scope="assessment:write",
)
DECIDE = Policy(
    "assessment.request.decide",
    Text(zh="审议检查申请", en="decide on inspection requests"),
    district_roles=_GROUP,
)
WITHDRAW = Policy(
    "assessment.request.withdraw",
    Text(zh="撤回检查申请", en="withdraw inspection requests"),
    district_roles=_GROUP,
    scoped_roles=_DEPARTMENT,
    client_scope="assessment:write",
)
