"""Requests and answers about what is said, and its hiding."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.committee.hall.domain import Kind, ModerationState, Speaker
from services.committee.hall.schemas.matters import ID, MASK, TITLE
from shared.web.shapes import Paragraph, Request

_SAID = "昨晚又有人差点摔倒，希望这周能修好。"


class CommentRequest(Request):
    """Something to say about a matter."""

    body: Paragraph = Field(examples=[_SAID])
    mask_personal_data: bool = MASK


class CommentView(BaseModel):
    """Something that was said: as what somebody said it, never who. The body of what is hidden is
    null and `hidden_because` says why."""

    id: UUID = Field(examples=[ID])
    matter_id: UUID = Field(examples=[ID])
    sitting_id: UUID | None = Field(examples=[None])
    kind: Kind = Field(examples=["comment"])
    speaker: Speaker = Field(examples=["resident"])
    body: str | None = Field(examples=[_SAID])
    hidden: bool = Field(examples=[False])
    hidden_because: str | None = Field(examples=[None])
    at: datetime = Field(examples=["2026-11-06T01:00:00Z"])

    @classmethod
    def of(cls, row: Any) -> "CommentView":
        """A row of `repository.comments`."""
        own = {name: getattr(row, name) for name in cls.model_fields if name != "body"}
        return cls(**own, body=None if row.hidden else row.body)


class OwnCommentView(CommentView):
    """What one said oneself, also when it is hidden, and under which id to appeal."""

    moderation_id: UUID | None = Field(examples=[None])
    withdrawn_at: datetime | None = Field(examples=[None])

    @classmethod
    def of(cls, row: Any) -> "OwnCommentView":
        """A row of `repository.own_comments`."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class HidingRequest(Request):
    """What to hide and why; without `comment_id` the matter's own text. All can read the reason."""

    comment_id: UUID | None = Field(None, examples=[ID])
    reason: Paragraph = Field(examples=["含有对他人的人身攻击。"])


class AppealRequest(Request):
    """Why it should be shown; for the supervision committee."""

    reason: Paragraph = Field(examples=["我说的是事实，没有指名道姓。"])


class ReviewRequest(Request):
    """The supervision committee's decision and its reason."""

    outcome: Literal["upholding", "restoring"] = Field(examples=["restoring"])
    reason: Paragraph = Field(examples=["内容属于对公共事务的批评，应当公开。"])


class ModerationView(BaseModel):
    """The hiding of a comment or of a matter's text, with its appeal and decision."""

    id: UUID = Field(examples=[ID])
    matter_id: UUID = Field(examples=[ID])
    matter_title: str = Field(examples=[TITLE])
    community_id: UUID = Field(examples=[ID])
    comment_id: UUID | None = Field(examples=[ID])
    text: str = Field(examples=[_SAID])
    state: ModerationState = Field(examples=["appealed"])
    reason: str = Field(examples=["含有对他人的人身攻击。"])
    appeal: str | None = Field(examples=["我说的是事实，没有指名道姓。"])
    decision: str | None = Field(examples=[None])
    due_on: date | None = Field(examples=["2026-11-16"])
    overdue: bool = Field(examples=[False])
    created_at: datetime = Field(examples=["2026-11-06T02:00:00Z"])

    @classmethod
    def of(cls, row: Any, today: date) -> "ModerationView":
        """A row of `repository.moderations`."""
        own = {name: getattr(row, name) for name in cls.model_fields if name != "overdue"}
        return cls(**own, overdue=row.due_on is not None and row.due_on < today)
