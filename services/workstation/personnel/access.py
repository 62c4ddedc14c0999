"""Who may see staff and counts of posts."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

READ_COUNTS = Policy(
    "personnel.counts.read", Text(zh="查看岗位和人员统计", en="see counts of posts"), anyone=True
)
READ_STAFF = Policy(
    "personnel.staff.read",
    Text(zh="查看工作人员", en="see staff"),
    district_roles=frozenset(
        {
            Role.LEADING_GROUP,
            Role.HR_BUREAU,
            Role.FINANCE_BUREAU,
            Role.CIVIL_AFFAIRS,
            Role.AUDITOR,
        }
    ),
    scoped_roles=frozenset({Role.STREET_OFFICER, Role.WORKSTATION_STAFF}),
)
