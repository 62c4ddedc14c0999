"""Who assesses, confirms, adds evidence and rates."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_OFFICE = frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS})
_DEPARTMENT = frozenset({Role.DEPARTMENT})

READ = Policy(
    "assessment.finding.read",
    Text(zh="查看检查认定和佐证", en="see findings and their evidence"),
    district_roles=_OFFICE | {Role.AUDITOR},
    scoped_roles=_DEPARTMENT,
    client_scope="assessment:read",
)
ASSESS = Policy(
    "assessment.finding.record",
    Text(zh="录入检查认定", en="record findings"),
    district_roles=_OFFICE,
    scoped_roles=_DEPARTMENT,
)
"""Persons only: a finding has a name. A department assesses on visits that serve its requests."""
RATE = Policy(
    "assessment.rating.give",
    Text(zh="居民评价", en="rate items in one's community"),
    scoped_roles=frozenset({Role.RESIDENT, Role.REPRESENTATIVE}),
)
READ_RATINGS = Policy(
    "assessment.rating.read",
    Text(zh="查看居民评价汇总", en="see sums of residents' ratings"),
    district_roles=_OFFICE | {Role.AUDITOR},
)
