"""What other capabilities of the gateway may ask of webhooks."""

from services.gateway.webhooks.domain import (
    EVENT_TYPES,
    ITEM_DECIDED,
    REQUEST_DECIDED,
    STANDARD_PUBLISHED,
    TASK_SETTLED,
    EventType,
)
from services.gateway.webhooks.publishing import publish

__all__ = [
    "EVENT_TYPES",
    "ITEM_DECIDED",
    "REQUEST_DECIDED",
    "STANDARD_PUBLISHED",
    "TASK_SETTLED",
    "EventType",
    "publish",
]
