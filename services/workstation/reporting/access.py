"""Who may read the district's reports; they hold no personal data."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

READ = Policy(
    "reporting.report.read",
    Text(zh="查看全区报告", en="read the district's reports"),
    district_roles=frozenset(
        {
            Role.LEADING_GROUP,
            Role.CIVIL_AFFAIRS,
            Role.HR_BUREAU,
            Role.FINANCE_BUREAU,
            Role.AUDITOR,
            Role.STREET_OFFICER,
        }
    ),
)
