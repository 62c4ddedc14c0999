"""Who may see ranking and rewards, and who grants them."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

READ = Policy(
    "assessment.ranking.read",
    Text(zh="查看排名和奖励", en="see ranking and rewards"),
    district_roles=frozenset(
        {Role.LEADING_GROUP, Role.CIVIL_AFFAIRS, Role.FINANCE_BUREAU, Role.AUDITOR}
    ),
    scoped_roles=frozenset(
        {Role.STREET_OFFICER, Role.WORKSTATION_STAFF, Role.COMMITTEE_MEMBER, Role.SUPERVISOR}
    ),
)
GRANT = Policy(
    "assessment.reward.grant",
    Text(zh="发放奖励", en="grant rewards"),
    district_roles=frozenset({Role.LEADING_GROUP}),
)
