"""Who may see facilities and projects."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

READ = Policy("facilities.facility.read", Text(zh="查看设施", en="see facilities"), anyone=True)
READ_PROJECTS = Policy(
    "facilities.project.read",
    Text(zh="查看建设项目", en="see building projects"),
    district_roles=frozenset(
        {Role.LEADING_GROUP, Role.FINANCE_BUREAU, Role.CIVIL_AFFAIRS, Role.AUDITOR}
    ),
    scoped_roles=frozenset({Role.STREET_OFFICER, Role.WORKSTATION_STAFF}),
)
