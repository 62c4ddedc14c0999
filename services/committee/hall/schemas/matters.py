"""Requests and answers about matters."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.committee.hall.domain import (
    MATTER,
    Category,
    Channel,
    Handler,
    MatterState,
    is_overdue,
)
from services.committee.hall.repository import shown_text
from shared.kernel.masking import mask_name
from shared.kernel.text import Language
from shared.procedures.taking import StepView
from shared.web.shapes import Line, Paragraph, Request

ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
TITLE = "3号楼门前路灯不亮"
CONTENT = "3号楼门前两盏路灯坏了半个多月，老人晚上下楼容易摔倒，请尽快修好。"
PLACE = "航空路社区3号楼门前"
MASK = Field(
    False, description="Mask identity and telephone numbers instead of refusing them / 自动打码"
)
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00]+$"),
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{5,19}$")]
Somewhere = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=120, pattern=r"^[^\x00]*$")
]


class Contact(Request):
    """How the committee reaches who raised it; the public never sees it."""

    name: Name | None = Field(None, examples=["王女士"])
    phone: Phone | None = Field(None, examples=["13800000000"])


class MatterRequest(Request):
    """A matter to raise. Residents use the channel `web`; staff write down calls and visits."""

    community_id: UUID = Field(examples=[ID])
    title: Line = Field(examples=[TITLE])
    content: Paragraph = Field(examples=[CONTENT])
    category: Category = Field(Category.OTHER, examples=["facilities"])
    place: Somewhere = Field("", examples=[PLACE])
    channel: Channel = Field(Channel.WEB, examples=["web"])
    anonymous: bool = Field(
        False, description="Nobody but the committee learns who raised it", examples=[True]
    )
    contact: Contact = Field(Contact(), examples=[{"name": "王女士", "phone": "13800000000"}])
    mask_personal_data: bool = MASK


class MatterChange(Request):
    """What is to be mended; what is left out stays."""

    title: Line = Field(TITLE, examples=[TITLE])
    content: Paragraph = Field(CONTENT, examples=[CONTENT])
    category: Category = Field(Category.OTHER, examples=["facilities"])
    place: Somewhere = Field("", examples=[PLACE])
    anonymous: bool = Field(False, examples=[True])
    mask_personal_data: bool = MASK


class AcceptanceRequest(Request):
    """The committee's classification; left out, the category stays."""

    category: Category | None = Field(None, examples=["facilities"])


class PublicReasonRequest(Request):
    """Why; all can read it."""

    reason: Paragraph = Field(examples=["此事属业主共有部分维修，请向业主委员会提出。"])
    mask_personal_data: bool = MASK


class MergingRequest(Request):
    """The open matter of the same community that goes on."""

    into: UUID = Field(examples=[ID])


class MatterView(BaseModel):
    """A matter as all can read it. `raised_by` is a masked name, null for an anonymous one;
    `supporters` counts people; `due_on` is the last day of the present step. The texts of a
    `hidden` one are empty."""

    id: UUID = Field(examples=[ID])
    code: str = Field(examples=["261105-K3F9QA"])
    community_id: UUID = Field(examples=[ID])
    community_name: str = Field(examples=["航空路社区"])
    street_id: UUID = Field(examples=[ID])
    street_name: str = Field(examples=["解放街道"])
    title: str = Field(examples=[TITLE])
    content: str = Field(examples=[CONTENT])
    category: Category = Field(examples=["facilities"])
    place: str = Field(examples=[PLACE])
    channel: Channel = Field(examples=["web"])
    anonymous: bool = Field(examples=[True])
    raised_by: str | None = Field(examples=[None])
    hidden: bool = Field(examples=[False])
    state: MatterState = Field(examples=["in_progress"])
    state_name: str = Field(examples=["办理中"])
    due_on: date | None = Field(examples=["2026-11-16"])
    overdue: bool = Field(examples=[False])
    merged_into: UUID | None = Field(examples=[None])
    supporters: int = Field(examples=[12])
    handler: Handler | None = Field(examples=["workstation"])
    department_name: str | None = Field(examples=[None])
    result: str | None = Field(examples=[None])
    reopened: bool = Field(examples=[False])
    closed_by: str | None = Field(examples=[None])
    raised_at: datetime = Field(examples=["2026-11-05T01:00:00Z"])
    first_answered_at: datetime | None = Field(examples=["2026-11-05T03:20:00Z"])
    resulted_at: datetime | None = Field(examples=[None])
    closed_at: datetime | None = Field(examples=[None])
    version: int = Field(description="As in the ETag", examples=[3])

    @classmethod
    def fields_of(cls, row: Any, language: Language, today: date) -> dict[str, Any]:
        """A row of `repository.matters` as fields."""
        title, content = shown_text(row)
        made = {"title", "content", "raised_by", "state_name", "overdue"}
        return {
            **{name: getattr(row, name) for name in MatterView.model_fields if name not in made},
            "title": title,
            "content": content,
            "raised_by": mask_name(row.raised_by) if row.raised_by else None,
            "state_name": MATTER.states[row.state].in_language(language),
            "overdue": is_overdue(row.state, row.due_on, today),
        }

    @classmethod
    def of(cls, row: Any, language: Language, today: date) -> "MatterView":
        """A row of `repository.matters`."""
        return cls(**cls.fields_of(row, language, today))


class OwnMatterView(MatterView):
    """One's own matter, with whether its text was hidden, why, and under which id to appeal."""

    moderation_id: UUID | None = Field(examples=[None])
    hidden_because: str | None = Field(examples=[None])


class SimilarView(BaseModel):
    """An open matter that is alike: support it instead of raising the same again."""

    percent: int = Field(description="How alike, 0 to 100", examples=[64])
    matter: MatterView


class DisclosureRequest(Request):
    """What the contact is needed for; kept on record."""

    purpose: Line = Field(examples=["电话答复说事人"])


class RaiserView(BaseModel):
    """How to reach who raised a matter; reading it is on record with its purpose."""

    name: str | None = Field(examples=["王女士"])
    phone: str | None = Field(examples=["13800000000"])
    account_id: UUID | None = Field(examples=[ID])
    entered_by: UUID | None = Field(examples=[None])


class PublicStepView(BaseModel):
    """One step of a matter's course. Who took it is not shown, only their kind."""

    action: str = Field(examples=["acceptance"])
    action_name: str = Field(examples=["受理"])
    to_state: MatterState = Field(examples=["accepted"])
    state_name: str = Field(examples=["已受理"])
    reason: str | None = Field(examples=[None])
    due_on: date | None = Field(examples=["2026-11-16"])
    at: datetime = Field(examples=["2026-11-05T03:20:00Z"])

    @classmethod
    def of(cls, step: StepView, language: Language) -> "PublicStepView":
        """A step as all can read it."""
        return cls(
            action=step.action,
            action_name=MATTER.actions[step.action].in_language(language),
            to_state=MatterState(step.to_state),
            state_name=MATTER.states[step.to_state].in_language(language),
            reason=step.reason,
            due_on=step.due_on,
            at=step.at,
        )
