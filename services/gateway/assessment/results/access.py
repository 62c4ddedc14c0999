"""Who publishes results, sees them, objects, reviews, and shares them."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_GROUP = frozenset({Role.LEADING_GROUP})
_OFFICES = _GROUP | {Role.CIVIL_AFFAIRS, Role.AUDITOR}

PUBLISH = Policy(
    "assessment.result.publish",
    Text(zh="公布和确定考核结果", en="publish results and make them final"),
    district_roles=_GROUP,
)
READ = Policy(
    "assessment.result.read",
    Text(zh="查看考核结果", en="see results"),
    district_roles=_OFFICES,
    scoped_roles=frozenset(
        {
            Role.STREET_OFFICER,
            Role.WORKSTATION_STAFF,
            Role.COMMITTEE_MEMBER,
            Role.SUPERVISOR,
        }
    ),
)
"""A community sees its own result, a street those of its communities; departments see what they
asked for as shared results."""
OBJECT = Policy(
    "assessment.result.object",
    Text(zh="对考核结果申诉", en="object to a result"),
    scoped_roles=frozenset({Role.WORKSTATION_STAFF, Role.COMMITTEE_MEMBER}),
)
REVIEW = Policy(
    "assessment.result.review",
    Text(zh="复核申诉", en="review objections"),
    district_roles=_GROUP,
)
SHARE = Policy(
    "assessment.shared_result.read",
    Text(zh="查看共享成果", en="see shared results"),
    district_roles=_OFFICES,
    scoped_roles=frozenset({Role.DEPARTMENT}),
    client_scope="assessment:read",
)
