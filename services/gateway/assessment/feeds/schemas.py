"""Requests and answers of calendar feeds."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from shared.web.shapes import Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class FeedRequest(Request):
    """Whose visits: those of one community, or those that serve one department's requests."""

    community_id: UUID | None = Field(None, examples=[_ID])
    department_id: UUID | None = Field(None, examples=[None])

    @model_validator(mode="after")
    def _one(self) -> "FeedRequest":
        if (self.community_id is None) == (self.department_id is None):
            raise ValueError("give either community_id or department_id")
        return self


class FeedView(BaseModel):
    """A calendar that was opened; its address was told when it was."""

    id: UUID = Field(examples=[_ID])
    title: str = Field(examples=["航空路社区联合检查"])
    community_id: UUID | None = Field(examples=[_ID])
    department_id: UUID | None = Field(examples=[None])
    created_by: UUID | None = Field(examples=[_ID])
    created_at: datetime = Field(examples=["2026-11-24T01:00:00Z"])
    revoked_at: datetime | None = Field(examples=[None])


class OpenedFeed(FeedView):
    """A calendar just opened. Who has `url` can read it: it is told this once, give it to your
    phone and to nobody else."""

    url: str = Field(
        description="Path at the gateway; put its host before it, `webcal://` on a phone",
        examples=["/v1/assessment/calendars/421002.kQ3…/visits.ics"],
    )
