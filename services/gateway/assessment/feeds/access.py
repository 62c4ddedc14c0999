"""Who may have a calendar of whose visits, and take it back."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

SUBSCRIBE = Policy(
    "assessment.feed.create",
    Text(zh="订阅检查日历", en="subscribe to calendars of visits"),
    district_roles=frozenset({Role.LEADING_GROUP, Role.CIVIL_AFFAIRS}),
    scoped_roles=frozenset({Role.DEPARTMENT, Role.WORKSTATION_STAFF, Role.COMMITTEE_MEMBER}),
    client_scope="assessment:read",
)
READ = Policy(
    "assessment.feed.read",
    Text(zh="凭订阅地址读取检查日历", en="read a calendar by its address"),
    public=True,
)
