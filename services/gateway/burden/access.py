"""Who may see the burden: the offices, and each community and street its own."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

READ = Policy(
    "burden.burden.read",
    Text(zh="查看减负情况", en="see the burden of communities"),
    district_roles=frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS, Role.AUDITOR}),
    scoped_roles=frozenset({Role.STREET_OFFICER, Role.WORKSTATION_STAFF, Role.COMMITTEE_MEMBER}),
)
