"""What the committee service hears of the others."""

from collections.abc import Mapping

from services.committee.hall.events import take_in_move
from services.committee.organisation.events import take_in_community
from shared.contracts.subscriptions import COMMUNITY_RECORDED, HALL_TASK_MOVED, RULE_OVERRIDDEN
from shared.events.delivery import Handler
from shared.rulebook.events import take_in_override

HANDLERS: Mapping[str, Handler] = {
    COMMUNITY_RECORDED: take_in_community,
    HALL_TASK_MOVED: take_in_move,
    RULE_OVERRIDDEN: take_in_override,
}
