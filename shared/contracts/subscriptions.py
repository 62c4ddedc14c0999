"""Which service hears which event."""

COMMUNITY_RECORDED = "cn.shequ.registry.community.recorded"
VOLUNTEER_TEAM_RECORDED = "cn.shequ.volunteers.team.recorded"
RULE_OVERRIDDEN = "cn.shequ.rules.override.recorded"
ITEM_ADMITTED = "cn.shequ.admission.item.admitted"
DISPATCH_ADMITTED = "cn.shequ.admission.dispatch.admitted"
TASK_CONCLUDED = "cn.shequ.tasks.task.concluded"
HALL_HANDED_OVER = "cn.shequ.hall.handover.sent"
HALL_RECALLED = "cn.shequ.hall.handover.recalled"
HALL_TASK_MOVED = "cn.shequ.tasks.hall_task.moved"
REWARDS_GRANTED = "cn.shequ.assessment.rewards.granted"

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    COMMUNITY_RECORDED: ("committee", "gateway"),
    VOLUNTEER_TEAM_RECORDED: ("workstation",),
    RULE_OVERRIDDEN: ("workstation", "committee"),
    ITEM_ADMITTED: ("workstation",),
    DISPATCH_ADMITTED: ("workstation",),
    TASK_CONCLUDED: ("gateway",),
    HALL_HANDED_OVER: ("workstation",),
    HALL_RECALLED: ("workstation",),
    HALL_TASK_MOVED: ("committee",),
    REWARDS_GRANTED: ("workstation",),
}
