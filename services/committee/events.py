"""What the committee service hears of the others."""

from collections.abc import Mapping

from services.committee.organisation.events import take_in_community
from shared.contracts.subscriptions import COMMUNITY_RECORDED
from shared.events.delivery import Handler

HANDLERS: Mapping[str, Handler] = {COMMUNITY_RECORDED: take_in_community}
