"""Answers of organisation; all of it is public."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.committee.organisation.domain import Leaving, Position, TermEnding
from shared.web.problem import ProblemError, RuleView

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class TermView(BaseModel):
    """A term of office; `ends_on` is the first day after its years, `ended_on` the first on which it
    was over."""

    id: UUID = Field(examples=[_ID])
    number: int = Field(description="届", examples=[6])
    starts_on: date = Field(examples=["2021-12-01"])
    ends_on: date = Field(examples=["2026-12-01"])
    ended_on: date | None = Field(examples=[None])
    ended_because: TermEnding | None = Field(examples=[None])


class CommitteeView(BaseModel):
    """A residents' committee; `term` is the one running on the day, null when there is none."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["421002001001"])
    name: str = Field(examples=["航空路社区居民委员会"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    established_on: date = Field(examples=["2003-05-20"])
    ended_on: date | None = Field(examples=[None])
    term: TermView | None
    member_count: int = Field(description="In office on the day", examples=[5])


class CommitteeDetail(CommitteeView):
    """A committee with what stands against it, what deserves a look, and the rules that say so."""

    household_count: int = Field(description="Official number of households", examples=[2500])
    composition_issues: list[ProblemError] = Field(description="To be mended (组织法 8, 36)")
    advice: list[ProblemError] = Field(description="Worth a look; stands against nothing")
    rules: list[RuleView]


class MemberView(BaseModel):
    """A person's office in a term."""

    id: UUID = Field(examples=[_ID])
    term_number: int = Field(examples=[6])
    number: int = Field(description="Order on the list", examples=[1])
    name: str = Field(examples=["李建国"])
    position: Position = Field(examples=["chair"])
    began_on: date = Field(examples=["2021-12-01"])
    left_on: date | None = Field(examples=[None])
    left_because: Leaving | None = Field(examples=[None])
