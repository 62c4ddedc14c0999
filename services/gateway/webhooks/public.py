"""What other capabilities of the gateway may ask of webhooks."""

from services.gateway.webhooks.domain import (
    CAMPAIGN_ANNOUNCED,
    ITEM_DECIDED,
    PLAQUE_DECIDED,
    PLAQUE_NOTICE,
    REQUEST_DECIDED,
    RESULTS_FINAL,
    RESULTS_PUBLISHED,
    RESULTS_SHARED,
    STANDARD_PUBLISHED,
    TASK_SETTLED,
)
from services.gateway.webhooks.publishing import publish, subscribed

__all__ = [
    "CAMPAIGN_ANNOUNCED",
    "ITEM_DECIDED",
    "PLAQUE_DECIDED",
    "PLAQUE_NOTICE",
    "REQUEST_DECIDED",
    "RESULTS_FINAL",
    "RESULTS_PUBLISHED",
    "RESULTS_SHARED",
    "STANDARD_PUBLISHED",
    "TASK_SETTLED",
    "publish",
    "subscribed",
]
