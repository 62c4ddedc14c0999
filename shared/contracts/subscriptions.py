"""Which service hears which event."""

COMMUNITY_RECORDED = "cn.shequ.registry.community.recorded"
VOLUNTEER_TEAM_RECORDED = "cn.shequ.volunteers.team.recorded"

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    COMMUNITY_RECORDED: ("committee",),
    VOLUNTEER_TEAM_RECORDED: ("workstation",),
}
