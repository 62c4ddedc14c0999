"""Answers of facilities."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from services.workstation.facilities.domain import FacilityKind, ProjectKind
from shared.web.problem import RuleView

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class FacilityView(BaseModel):
    """A room or service point; of a street when the community is null."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["F0001"])
    kind: FacilityKind = Field(examples=["library"])
    name: str = Field(examples=["航空路社区图书阅览室"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    community_id: UUID | None = Field(examples=[_ID])
    community_name: str | None = Field(examples=["航空路社区"])
    opened_on: date = Field(examples=["2022-05-01"])
    closed_on: date | None = Field(examples=[None])


class PremisesView(BaseModel):
    """A community's premises against the standard; areas in square metres."""

    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    area_m2: Decimal | None = Field(description="Null: not recorded", examples=["312.50"])
    meets_standard: bool = Field(examples=[True])
    missing_m2: Decimal = Field(examples=["0.00"])


class ComplianceView(BaseModel):
    """Communities' premises on a day, judged by the rule then in force."""

    on: date = Field(examples=["2023-12-31"])
    communities: int = Field(examples=[83])
    below_standard: int = Field(examples=[26])
    items: list[PremisesView]
    rules: list[RuleView]


class ProjectView(BaseModel):
    """A building project; money in fen. It is planned until it has a day of completion."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["P0001"])
    kind: ProjectKind = Field(examples=["premises_new"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    community_id: UUID | None = Field(examples=[_ID])
    community_name: str | None = Field(examples=["航空路社区"])
    planned_on: date = Field(examples=["2022-03-01"])
    finished_on: date | None = Field(examples=[None])
    budget_fen: int = Field(examples=[30000000])
    given_fen: int = Field(description="From all sources so far", examples=[30000000])
