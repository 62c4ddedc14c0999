"""What the workstation hears of the other services."""

from collections.abc import Mapping

from services.workstation.funding.events import take_in_rewards
from services.workstation.reporting.events import take_in_team
from services.workstation.tasks.events import take_in_dispatch, take_in_item
from services.workstation.tasks.hall_events import take_in_handover, take_in_recall
from shared.contracts.subscriptions import (
    DISPATCH_ADMITTED,
    HALL_HANDED_OVER,
    HALL_RECALLED,
    ITEM_ADMITTED,
    REWARDS_GRANTED,
    RULE_OVERRIDDEN,
    VOLUNTEER_TEAM_RECORDED,
)
from shared.events.delivery import Handler
from shared.rulebook.events import take_in_override

HANDLERS: Mapping[str, Handler] = {
    ITEM_ADMITTED: take_in_item,
    DISPATCH_ADMITTED: take_in_dispatch,
    HALL_HANDED_OVER: take_in_handover,
    HALL_RECALLED: take_in_recall,
    REWARDS_GRANTED: take_in_rewards,
    RULE_OVERRIDDEN: take_in_override,
    VOLUNTEER_TEAM_RECORDED: take_in_team,
}
