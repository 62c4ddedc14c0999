"""Who may see and move campaigns. Of a campaign that is not announced nobody but the district's
offices knows."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_GROUP = frozenset({Role.LEADING_GROUP})
_OFFICES = _GROUP | {Role.CIVIL_AFFAIRS, Role.AUDITOR}

READ = Policy(
    "assessment.campaign.read",
    Text(zh="查看联合检查", en="see campaigns and their visits"),
    district_roles=_OFFICES,
    scoped_roles=frozenset(
        {
            Role.DEPARTMENT,
            Role.STREET_OFFICER,
            Role.WORKSTATION_STAFF,
            Role.COMMITTEE_MEMBER,
            Role.SUPERVISOR,
        }
    ),
    client_scope="assessment:read",
)
READ_PLAN = Policy(
    "assessment.plan.read",
    Text(zh="查看部署方案", en="see plans"),
    district_roles=_OFFICES,
)
MANAGE = Policy(
    "assessment.campaign.manage",
    Text(zh="部署联合检查", en="plan and announce campaigns"),
    district_roles=_GROUP,
)
