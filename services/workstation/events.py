"""What the workstation hears of the other services."""

from collections.abc import Mapping

from services.workstation.reporting.events import take_in_team
from shared.contracts.subscriptions import RULE_OVERRIDDEN, VOLUNTEER_TEAM_RECORDED
from shared.events.delivery import Handler
from shared.rulebook.events import take_in_override

HANDLERS: Mapping[str, Handler] = {
    RULE_OVERRIDDEN: take_in_override,
    VOLUNTEER_TEAM_RECORDED: take_in_team,
}
