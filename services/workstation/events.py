"""What the workstation hears of the other services."""

from collections.abc import Mapping

from services.workstation.reporting.events import take_in_team
from services.workstation.tasks.events import take_in_dispatch, take_in_item
from shared.contracts.subscriptions import (
    DISPATCH_ADMITTED,
    ITEM_ADMITTED,
    RULE_OVERRIDDEN,
    VOLUNTEER_TEAM_RECORDED,
)
from shared.events.delivery import Handler
from shared.rulebook.events import take_in_override

HANDLERS: Mapping[str, Handler] = {
    ITEM_ADMITTED: take_in_item,
    DISPATCH_ADMITTED: take_in_dispatch,
    RULE_OVERRIDDEN: take_in_override,
    VOLUNTEER_TEAM_RECORDED: take_in_team,
}
