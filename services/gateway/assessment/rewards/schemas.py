"""Requests and answers of ranking and rewards. Amounts are integer fen, scores hundredths."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt, model_validator

from services.gateway.assessment.rewards.domain import Basis, Grade
from shared.web.problem import RuleView
from shared.web.shapes import Line, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
Weight = Annotated[StrictInt, Field(ge=0, le=1000)]


class WeightsShape(Request):
    """How much each grade counts; a worse grade never more than a better one."""

    excellent: Weight = Field(3, examples=[3])
    good: Weight = Field(2, examples=[2])
    passing: Weight = Field(1, alias="pass", examples=[1])

    @model_validator(mode="after")
    def _falling(self) -> "WeightsShape":
        if not self.excellent >= self.good >= self.passing:
            raise ValueError("a worse grade must not weigh more than a better one")
        return self

    def by_grade(self) -> dict[Grade, int]:
        """The weights; who fails gets nothing."""
        return {
            Grade.EXCELLENT: self.excellent,
            Grade.GOOD: self.good,
            Grade.PASS: self.passing,
        }


class RewardRequest(Request):
    """A budget and how it is shared out: by grade, or by grade and score. With `dry_run` it is
    computed and shown only."""

    budget: Annotated[StrictInt, Field(gt=0, le=10**12)] = Field(examples=[10000000])
    basis: Basis = Field(Basis.GRADE, examples=["grade"])
    weights: WeightsShape = Field(
        default_factory=lambda: WeightsShape.model_validate({}),
        examples=[{"excellent": 3, "good": 2, "pass": 1}],
    )
    source_line: Line = Field(examples=["2080208 基层政权建设和社区治理"])
    document: Line = Field(examples=["沙社建组〔2026〕20号"])
    dry_run: bool = Field(False, examples=[True])


class PlaceView(BaseModel):
    """A community's place; those that tie share a rank."""

    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    rank: int | None = Field(examples=[1])
    grade: Grade = Field(examples=["excellent"])
    score: int | None = Field(description="Hundredths of a point", examples=[9350])
    vetoed: bool = Field(examples=[False])


class RankingView(BaseModel):
    """A campaign's ranking, best first, and the rules of its grades."""

    final: bool = Field(examples=[True])
    places: Sequence[PlaceView]
    rules: Sequence[RuleView]


class RewardView(BaseModel):
    """What a community gets, and what it was derived from."""

    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    rank: int | None = Field(examples=[1])
    grade: Grade = Field(examples=["excellent"])
    score: int | None = Field(examples=[9350])
    weight: int = Field(examples=[3])
    amount: int = Field(description="Fen", examples=[350000])


class RewardsView(BaseModel):
    """A campaign's rewards; they sum to `budget`, the fen left over by rounding down went one each
    to the largest remainders, equal ones by rank and then by the community's code."""

    campaign_id: UUID = Field(examples=[_ID])
    dry_run: bool = Field(examples=[False])
    budget: int = Field(examples=[10000000])
    basis: Basis = Field(examples=["grade"])
    weights: Mapping[Grade, int] = Field(examples=[{"excellent": 3, "good": 2, "pass": 1}])
    source_line: str = Field(examples=["2080208 基层政权建设和社区治理"])
    document: str = Field(examples=["沙社建组〔2026〕20号"])
    granted_on: date | None = Field(examples=["2026-12-28"])
    rewards: Sequence[RewardView]
    rules: Sequence[RuleView]
