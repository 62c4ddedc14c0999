"""Who may see, draft and publish standards, and map items to them."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_OFFICE = frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS})
_DEPARTMENT = frozenset({Role.DEPARTMENT})

READ = Policy(
    "assessment.standard.read",
    Text(zh="查看统一标准", en="see the unified standards"),
    district_roles=_OFFICE | {Role.AUDITOR},
    scoped_roles=_DEPARTMENT
    | {Role.STREET_OFFICER, Role.WORKSTATION_STAFF, Role.COMMITTEE_MEMBER, Role.SUPERVISOR},
    client_scope="assessment:read",
)
"""Whole districts' offices see drafts too, everybody else what was published."""
DRAFT = Policy(
    "assessment.standard.draft",
    Text(zh="起草统一标准", en="draft a unified standard"),
    district_roles=_OFFICE,
)
PUBLISH = Policy(
    "assessment.standard.publish",
    Text(zh="发布、废止统一标准", en="publish and retire unified standards"),
    district_roles=frozenset({Role.LEADING_GROUP}),
)
READ_OWN_ITEMS = Policy(
    "assessment.department_item.read",
    Text(zh="查看部门项目和对应关系", en="see departments' items and mappings"),
    district_roles=_OFFICE | {Role.AUDITOR},
    scoped_roles=_DEPARTMENT,
    client_scope="assessment:read",
)
PROPOSE = Policy(
    "assessment.department_item.propose",
    Text(zh="提出部门项目并建立对应关系", en="propose a department's items and map them"),
    district_roles=_OFFICE,
    scoped_roles=_DEPARTMENT,
    client_scope="assessment:write",
)
