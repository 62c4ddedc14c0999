"""Requests and answers of webhooks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.gateway.webhooks.domain import (
    EVENT_TYPES,
    ITEM_DECIDED,
    DeliveryState,
    WebhookState,
)
from shared.web.shapes import Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_URL = "https://example.gov.cn/shequ-events"
_AT = "2026-11-24T01:00:00Z"

Url = Annotated[str, StringConstraints(min_length=10, max_length=500, pattern=r"^[!-~]+$")]
EventName = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
Types = Annotated[list[EventName], Field(min_length=1, max_length=50)]
Description = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class EventTypeView(BaseModel):
    """A type of event, and an example of what its `data` holds."""

    type: str = Field(examples=[ITEM_DECIDED])
    title: str = Field(examples=["准入申请有了决定"])
    example: dict[str, Any] = Field(examples=[dict(EVENT_TYPES[ITEM_DECIDED].example)])


class WebhookRequest(Request):
    """Where to send which events."""

    url: Url = Field(examples=[_URL])
    event_types: Types = Field(examples=[[ITEM_DECIDED]])
    description: Description = Field("", examples=["准入系统"])
    department_id: UUID | None = Field(
        None, description="Needed only by who acts for several departments", examples=[None]
    )


class WebhookChange(Request):
    """Changes of a webhook; what is left out stays."""

    url: Url | None = Field(None, examples=[_URL])
    event_types: Types | None = Field(None, examples=[[ITEM_DECIDED]])
    description: Description | None = Field(None, examples=["准入系统"])


class WebhookView(BaseModel):
    """A webhook. `failing_since` is when it began to refuse everything, null while it takes what
    it is sent; `disabled_because` is `endpoint_gone` (410) or `endpoint_dead` (three days)."""

    id: UUID = Field(examples=[_ID])
    department_id: UUID = Field(examples=[_ID])
    url: str = Field(examples=[_URL])
    event_types: Sequence[str] = Field(examples=[[ITEM_DECIDED]])
    description: str = Field(examples=["准入系统"])
    state: WebhookState = Field(examples=["active"])
    failing_since: datetime | None = Field(examples=[None])
    disabled_because: str | None = Field(examples=[None])
    former_until: datetime | None = Field(
        description="Until when the former secret signs too", examples=[None]
    )
    created_at: datetime = Field(examples=[_AT])
    version: int = Field(examples=[1])


class WebhookSecretView(WebhookView):
    """A webhook with its secret, which is shown this once."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class AttemptView(BaseModel):
    """One attempt: the status answered, or why there was no answer, and the answer's beginning."""

    at: datetime = Field(examples=[_AT])
    status: int | None = Field(examples=[503])
    error: str | None = Field(examples=[None])
    answer: str = Field(examples=["upstream unavailable"])
    milliseconds: int = Field(examples=[84])


class DeliveryView(BaseModel):
    """One event on its way to a webhook; `event_id` is its `webhook-id`. While an attempt is
    `under_way`, `attempts` counts it already. `due_at` is when the next attempt is due, null while
    one is under way and once delivered or dead."""

    id: UUID = Field(examples=[_ID])
    event_id: UUID = Field(examples=[_ID])
    type: str = Field(examples=[ITEM_DECIDED])
    subject: str = Field(examples=[f"item/{_ID}"])
    state: DeliveryState = Field(examples=["pending"])
    attempts: int = Field(examples=[2])
    under_way: bool = Field(examples=[False])
    due_at: datetime | None = Field(examples=[_AT])
    occurred_at: datetime = Field(examples=[_AT])
    delivered_at: datetime | None = Field(examples=[None])


class DeliveryDetail(DeliveryView):
    """A delivery with its data and every attempt, oldest first."""

    data: dict[str, Any] = Field(examples=[dict(EVENT_TYPES[ITEM_DECIDED].example)])
    log: Sequence[AttemptView]
