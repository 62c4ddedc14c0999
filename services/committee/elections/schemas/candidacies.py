"""Nominations, candidates, proxies."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.committee.elections.domain import (
    Ground,
    NominationState,
    Nominator,
    Office,
    Withdrawal,
)
from services.committee.elections.schemas.shapes import ID, Number
from shared.web.shapes import CivilDay, Line, Request


class NominationRequest(Request):
    """A nomination (组织法 18): `person` and `nominators` are electors' numbers. `near_kin` names
    members of the election committee who are near kin of the person and so leave it."""

    person: Number = Field(examples=[1024])
    contest: str = Field(min_length=1, max_length=40, pattern=r"^[^\x00]+$", examples=["member"])
    by: Nominator = Field(examples=["electors"])
    document: Line | None = Field(None, examples=["联名提名表第3号"])
    nominators: list[Number] = Field(
        [], max_length=500, examples=[[11, 25, 38, 41, 56, 77, 82, 90, 103, 118]]
    )
    near_kin: list[UUID] = Field([], max_length=40, examples=[[]])


class ReviewRequest(Request):
    """The review of a nominated person: qualified, or refused on a ground of 组织法 18."""

    qualified: bool = Field(examples=[True])
    ground: Ground | None = Field(None, examples=[None])
    review: Line = Field(examples=["区联审2026年12月5日回复：无异议"])


class AcceptanceRequest(Request):
    """Whether the nominated person accepts."""

    accepted: bool = Field(examples=[True])


class NominationView(BaseModel):
    """A nomination; `supporters` is how many electors nominated."""

    id: UUID = Field(examples=[ID])
    person: UUID = Field(examples=[ID])
    number: int | None = Field(examples=[1024])
    name: str = Field(examples=["李建国"])
    contest: str = Field(examples=["member"])
    nominated_by: Nominator = Field(examples=["electors"])
    supporters: int = Field(examples=[10])
    document: str | None = Field(examples=["联名提名表第3号"])
    state: NominationState = Field(examples=["submitted"])
    ground: Ground | None = Field(examples=[None])
    nominated_on: date = Field(examples=["2026-12-01"])
    review: str | None = Field(examples=[None])


class CandidateView(BaseModel):
    """A candidate in the order of the ballot."""

    person: UUID = Field(examples=[ID])
    name: str = Field(examples=["李建国"])
    sex: str = Field(examples=["male"])
    round: int = Field(examples=[1])
    contest: str = Field(examples=["chair"])
    position: Office = Field(examples=["chair"])
    place: int = Field(examples=[1])
    withdrawn_on: date | None = Field(examples=[None])


class MeetingRequest(Request):
    """That the candidates met the residents (组织法 18)."""

    held_on: CivilDay = Field(examples=["2026-12-20"])
    place: Line = Field(examples=["社区居民说事厅"])
    note: Line = Field(examples=["候选人介绍履职设想并回答12个问题"])


class ProxyRequest(Request):
    """A written proxy of an elector who is away; both are electors' numbers."""

    principal: Number = Field(examples=[88])
    holder: Number = Field(examples=[91])
    document: Line = Field(examples=["委托书第7号"])
    reason: Line = Field(examples=["外出务工"])


class ProxyView(BaseModel):
    """A proxy as the election committee sees it."""

    id: UUID = Field(examples=[ID])
    principal: int | None = Field(examples=[88])
    holder: int | None = Field(examples=[91])
    document: str = Field(examples=["委托书第7号"])
    reason: str = Field(examples=["外出务工"])
    given_on: date = Field(examples=["2026-12-20"])
    published: bool = Field(examples=[True])


class ProxyNotice(BaseModel):
    """A published proxy by name, masked for who is not of the community (组织法 19)."""

    id: UUID = Field(examples=[ID])
    principal_name: str = Field(examples=["张**"])
    holder_name: str = Field(examples=["王**"])


class WithdrawalRequest(Request):
    """Why a member leaves the election committee."""

    because: Withdrawal = Field(examples=["other"])
    reason: Line = Field(examples=["因病不能履职"])
