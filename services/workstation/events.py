"""What the workstation hears of the other services."""

from collections.abc import Mapping

from services.workstation.reporting.events import take_in_team
from shared.contracts.subscriptions import VOLUNTEER_TEAM_RECORDED
from shared.events.delivery import Handler

HANDLERS: Mapping[str, Handler] = {VOLUNTEER_TEAM_RECORDED: take_in_team}
