"""What the gateway hears of the other services."""

from collections.abc import Mapping

from services.gateway.admission.events import take_in_community, take_in_conclusion
from shared.contracts.subscriptions import COMMUNITY_RECORDED, TASK_CONCLUDED
from shared.events.delivery import Handler

HANDLERS: Mapping[str, Handler] = {
    COMMUNITY_RECORDED: take_in_community,
    TASK_CONCLUDED: take_in_conclusion,
}
