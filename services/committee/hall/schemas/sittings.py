"""Requests and answers about sittings."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from services.committee.hall.schemas.matters import ID, MASK, TITLE, Name, Somewhere
from services.committee.hall.sitting_domain import SITTING, Choice, Consensus, SittingState
from shared.kernel.text import Language
from shared.web.shapes import CivilDay, Line, Paragraph, Request

_TOPIC = "3号楼路灯和夜间照明"
_PLACE = "社区一楼议事厅"
_RESOLUTION = "由社区工作站协调供电公司，七个工作日内修复两盏路灯。"
Hands = Annotated[StrictInt, Field(ge=0, le=100_000)]
ParticipantKind = Literal[
    "resident", "representative", "committee", "supervisor", "department", "organisation", "expert"
]


class SittingRequest(Request):
    """A sitting to announce: on one of the rule's days (逢五), or on another with a reason."""

    community_id: UUID = Field(examples=[ID])
    topic: Line = Field(examples=[_TOPIC])
    held_on: CivilDay = Field(examples=["2026-12-05"])
    begins: time = Field(time(19, 0), description="Asia/Shanghai", examples=["19:00:00"])
    place: Somewhere = Field("", examples=[_PLACE])
    extraordinary: Line | None = Field(
        None, description="Why on another day / 临时召开的理由", examples=[None]
    )


class SittingChange(Request):
    """What is to be mended in an announcement; what is left out stays."""

    topic: Line = Field(_TOPIC, examples=[_TOPIC])
    begins: time = Field(time(19, 0), examples=["19:30:00"])
    place: Somewhere = Field("", examples=[_PLACE])


class AgendaRequest(Request):
    """An accepted matter of the same community."""

    matter_id: UUID = Field(examples=[ID])


class DeferralRequest(Request):
    """The matter to take off the agenda, and why; all can read it."""

    matter_id: UUID = Field(examples=[ID])
    reason: Line = Field(examples=["等供电公司答复后再议"])


class ParticipantRequest(Request):
    """Somebody to invite, or who came. Names are for the committee; the public sees organisations
    and how many of each kind."""

    kind: ParticipantKind = Field(examples=["department"])
    name: Name = Field(examples=["李明"])
    organisation: Name | None = Field(None, examples=["区住建局"])
    department_id: UUID | None = Field(None, examples=[ID])
    attended: bool = Field(False, examples=[False])


class EndingRequest(Request):
    """Why it is cancelled (needed before it began), or why what was not resolved is deferred."""

    reason: Line | None = Field(None, examples=["因暴雨改期"])


class MinutesRequest(Request):
    """The minutes as they are published."""

    minutes: Annotated[str, Field(min_length=2, max_length=20_000, pattern=r"^[^\x00]+$")] = Field(
        examples=["到会居民23人，就路灯维修达成一致。"]
    )
    mask_personal_data: bool = MASK


class OpinionRequest(Request):
    """An opinion on a matter of the agenda."""

    matter_id: UUID = Field(examples=[ID])
    body: Paragraph = Field(examples=["建议换成太阳能路灯，省电又亮。"])
    mask_personal_data: bool = MASK


class VoteRequest(Request):
    """What one thinks of what is proposed on a matter of the agenda."""

    matter_id: UUID = Field(examples=[ID])
    choice: Choice = Field(examples=["agree"])


class TallyView(BaseModel):
    """How many agree, have reservations, are against."""

    agree: int = Field(examples=[21])
    reserve: int = Field(examples=[2])
    oppose: int = Field(examples=[0])


class Floor(Request):
    """Hands in the room, of those who did not vote with an account."""

    agree: Hands = Field(0, examples=[15])
    reserve: Hands = Field(0, examples=[1])
    oppose: Hands = Field(0, examples=[0])


class ResolutionRequest(Request):
    """What a live sitting came to on a matter of its agenda."""

    sitting_id: UUID = Field(examples=[ID])
    text: Paragraph = Field(examples=[_RESOLUTION])
    floor: Floor = Field(Floor(), examples=[{"agree": 15, "reserve": 1, "oppose": 0}])
    mask_personal_data: bool = MASK


class ResolutionView(BaseModel):
    """A resolution and its level of consensus; the figures count accounts and hands."""

    id: UUID = Field(examples=[ID])
    matter_id: UUID = Field(examples=[ID])
    sitting_id: UUID = Field(examples=[ID])
    text: str = Field(examples=[_RESOLUTION])
    agree: int = Field(examples=[21])
    reserve: int = Field(examples=[2])
    oppose: int = Field(examples=[0])
    consensus: Consensus = Field(examples=["broad"])
    decided_on: date = Field(examples=["2026-12-05"])


class AgendaView(BaseModel):
    """A matter of an agenda, what accounts chose so far, and what became of it."""

    matter_id: UUID = Field(examples=[ID])
    title: str = Field(examples=[TITLE])
    outcome: str | None = Field(examples=["resolved"])
    reason: str | None = Field(examples=[None])
    tally: TallyView
    resolution: ResolutionView | None


class ParticipantView(BaseModel):
    """Somebody invited or come; for the committee."""

    id: UUID = Field(examples=[ID])
    kind: ParticipantKind = Field(examples=["department"])
    name: str = Field(examples=["李明"])
    organisation: str | None = Field(examples=["区住建局"])
    department_id: UUID | None = Field(examples=[ID])
    attended: bool = Field(examples=[True])


class SittingView(BaseModel):
    """A sitting as all can read it."""

    id: UUID = Field(examples=[ID])
    community_id: UUID = Field(examples=[ID])
    community_name: str = Field(examples=["航空路社区"])
    topic: str = Field(examples=[_TOPIC])
    held_on: date = Field(examples=["2026-12-05"])
    begins: time = Field(examples=["19:00:00"])
    place: str = Field(examples=[_PLACE])
    extraordinary: str | None = Field(examples=[None])
    state: SittingState = Field(examples=["planned"])
    state_name: str = Field(examples=["已预告"])
    matters: int = Field(description="On its agenda", examples=[3])
    due_on: date | None = Field(description="Minutes are due", examples=[None])
    opened_at: datetime | None = Field(examples=[None])
    ended_at: datetime | None = Field(examples=[None])

    @classmethod
    def fields_of(cls, row: Any, language: Language) -> dict[str, Any]:
        """A row of sittings as fields."""
        own = {
            name: getattr(row, name) for name in SittingView.model_fields if name != "state_name"
        }
        return {**own, "state_name": SITTING.states[row.state].in_language(language)}


class SittingDetail(SittingView):
    """With its agenda, who came (how many of each kind), whom it invited, and its minutes."""

    agenda: list[AgendaView]
    attendance: dict[str, int] = Field(examples=[{"resident": 23, "department": 1}])
    organisations: list[str] = Field(examples=[["区住建局"]])
    minutes: str | None = Field(examples=[None])
    last_event: int = Field(description="Of its stream", examples=[12])
