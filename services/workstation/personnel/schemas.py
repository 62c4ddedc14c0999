"""Answers of personnel."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.workstation.personnel.domain import Counts, Whereabouts
from shared.web.problem import RuleView

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class StaffView(BaseModel):
    """A person of the communities' staff, and where they are on the day."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["G0001"])
    name: str = Field(examples=["王秀英"])
    sex: str = Field(examples=["female"])
    hired_on: date = Field(examples=["2012-03-01"])
    whereabouts: Whereabouts = Field(examples=["on_duty"])
    host: str | None = Field(description="Where they are seconded to", examples=[None])
    there_since: date = Field(examples=["2021-12-01"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    community_id: UUID | None = Field(examples=[_ID])
    community_name: str | None = Field(examples=["航空路社区"])
    post_code: str | None = Field(examples=["421002001001-1"])


class CountsView(BaseModel):
    """Posts and people; `quota` is null where no rule was in force."""

    quota: int | None = Field(examples=[5])
    approved: int = Field(examples=[5])
    occupied: int = Field(examples=[5])
    vacant: int = Field(examples=[0])
    on_duty: int = Field(examples=[3])
    seconded_to_street: int = Field(examples=[1])
    seconded_to_district: int = Field(examples=[0])
    off_post: int = Field(examples=[1])
    self_hired: int = Field(examples=[1])

    @classmethod
    def of(cls, counts: Counts) -> "CountsView":
        """The counts as the API shows them."""
        return cls(**{name: getattr(counts, name) for name in cls.model_fields})


class PlaceCounts(BaseModel):
    """The counts of a community, or of a street when the community is null."""

    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    community_id: UUID | None = Field(examples=[_ID])
    community_name: str | None = Field(examples=["航空路社区"])
    counts: CountsView


class PostCounts(BaseModel):
    """The counts of a day, place by place and in total, with the rule of the quota."""

    on: date = Field(examples=["2023-12-31"])
    total: CountsView
    items: list[PlaceCounts]
    rules: list[RuleView]
