"""Requests and answers of admission. Amounts are integer fen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt, StringConstraints

from services.gateway.admission.domain import (
    FundingBasis,
    ItemList,
    ItemState,
    Nature,
)
from shared.kernel.text import Language
from shared.web.problem import ProblemError, RuleView
from shared.web.shapes import CivilDay, Code, Line, Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_TITLE = "60岁以上老年人健康档案更新"
_CONTENT = "入户核对65岁以上老人健康档案，更新慢性病和用药情况。"
_MOST_FEN = 10**13

Fen = Annotated[StrictInt, Field(ge=0, le=_MOST_FEN)]


class FundingShape(Request):
    """The money of an item in fen: `amount` for each of what `basis` names, `total` in all."""

    basis: FundingBasis = Field(examples=["per_community"])
    amount: Fen = Field(examples=[120000])
    total: Fen = Field(examples=[9960000])
    source_line: str = Field(
        min_length=2, max_length=120, pattern=r"^[^\x00]+$", examples=["2100408 基本公共卫生服务"]
    )


Kind = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class TargetsShape(Request):
    """The communities an item is for: those named, else all of the kinds and streets named."""

    communities: list[UUID] = Field([], max_length=500, examples=[[]])
    kinds: list[Kind] = Field([], max_length=4, examples=[["urban", "village_converted"]])
    streets: list[UUID] = Field([], max_length=100, examples=[[]])


class ItemRequest(Request):
    """An item as its department describes it; a draft may still lack money and basis."""

    code: Code = Field(examples=["WJ-2027-01"])
    department_id: UUID | None = Field(
        None, description="Needed only by who acts for several departments", examples=[None]
    )
    title: Line = Field(examples=[_TITLE])
    list: ItemList = Field(examples=["assistance"])
    nature: Nature = Field(Nature.ORDINARY, examples=["ordinary"])
    legal_basis: str = Field(
        "", max_length=500, pattern=r"^[^\x00]*$", examples=["基本医疗卫生与健康促进法 36"]
    )
    content: Paragraph = Field(examples=[_CONTENT])
    standard: Paragraph = Field(
        description="When it counts as done", examples=["档案更新率达到95%"]
    )
    workload_hours: int | None = Field(
        None, ge=1, le=100_000, description="Hours of work a community", examples=[16]
    )
    time_limit_days: int | None = Field(
        None, ge=1, le=365, description="Working days a task usually gets", examples=[20]
    )
    elements: Sequence[Code] = Field(
        [],
        max_length=50,
        description="Codes of the ledger's data elements that the work feeds",
        examples=[["elderly_health_files"]],
    )
    targets: TargetsShape = TargetsShape()
    funding: FundingShape | None = None
    starts_on: CivilDay = Field(examples=["2027-01-15"])
    ends_on: CivilDay = Field(
        description="The first day that no longer counts", examples=["2028-01-01"]
    )


class ItemChange(Request):
    """Changes of a draft; what is left out stays."""

    title: Line | None = Field(None, examples=[_TITLE])
    list: ItemList | None = Field(None, examples=["assistance"])
    nature: Nature | None = Field(None, examples=["ordinary"])
    legal_basis: str | None = Field(
        None, max_length=500, pattern=r"^[^\x00]*$", examples=["基本医疗卫生与健康促进法 36"]
    )
    content: Paragraph | None = Field(None, examples=[_CONTENT])
    standard: Paragraph | None = Field(None, examples=["档案更新率达到95%"])
    workload_hours: int | None = Field(None, ge=1, le=100_000, examples=[16])
    time_limit_days: int | None = Field(None, ge=1, le=365, examples=[20])
    elements: Sequence[Code] | None = Field(None, max_length=50, examples=[[]])
    targets: TargetsShape | None = None
    funding: FundingShape | None = None
    starts_on: CivilDay | None = Field(None, examples=["2027-01-15"])
    ends_on: CivilDay | None = Field(None, examples=["2028-01-01"])


class DecidedItemRequest(ItemRequest):
    """An item that the Leading Group decided on before this platform was in use, or on paper; it
    is screened by the rules of the day on which it was applied for."""

    department_id: UUID = Field(examples=[_ID])
    applied_on: date = Field(examples=["2025-10-10"])
    decided_on: date = Field(examples=["2025-10-28"])
    document: Line = Field(examples=["沙社建组〔2025〕12号"])


class Screening(BaseModel):
    """What the automatic screening found: all issues at once, and the rules it applied."""

    passed: bool = Field(examples=[False])
    screened_on: date = Field(examples=["2026-11-24"])
    issues: Sequence[ProblemError]
    rules: Sequence[RuleView]

    @classmethod
    def read(cls, stored: Mapping[str, Any], language: Language) -> "Screening":
        """A stored screening in the reader's language."""
        return cls(
            passed=not stored["issues"],
            screened_on=stored["screened_on"],
            issues=[
                ProblemError(
                    pointer=issue["pointer"],
                    code=issue["code"],
                    detail=issue["detail"][language],
                    remedy=issue["remedy"][language],
                )
                for issue in stored["issues"]
            ],
            rules=[RuleView(**rule) for rule in stored["rules"]],
        )


class CatalogueItem(BaseModel):
    """An admitted item as everyone may see it."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["WJ-2027-01"])
    title: str = Field(examples=[_TITLE])
    department_id: UUID = Field(examples=[_ID])
    department_name: str = Field(examples=["卫生健康局"])
    list: ItemList = Field(examples=["assistance"])
    legal_basis: str = Field(examples=["基本医疗卫生与健康促进法 36"])
    content: str = Field(examples=[_CONTENT])
    standard: str = Field(examples=["档案更新率达到95%"])
    workload_hours: int | None = Field(examples=[16])
    time_limit_days: int | None = Field(examples=[20])
    elements: Sequence[str] = Field(examples=[["elderly_health_files"]])
    targets: TargetsShape
    funding: FundingShape | None
    starts_on: date = Field(examples=["2027-01-15"])
    ends_on: date = Field(examples=["2028-01-01"])
    document: str | None = Field(examples=["沙社建组〔2026〕12号"])


class ItemView(CatalogueItem):
    """An item with its course. `drawn` is what dispatches took of its money, in fen."""

    nature: Nature = Field(examples=["ordinary"])
    state: ItemState = Field(examples=["with_leading_group"])
    due_on: date | None = Field(description="Last day for the decision", examples=["2026-12-15"])
    overdue: bool = Field(examples=[False])
    submitted_on: date | None = Field(examples=["2026-11-24"])
    decided_on: date | None = Field(examples=[None])
    drawn: int = Field(examples=[0])
    screening: Screening | None
    version: int = Field(examples=[2])


class DecisionRequest(Request):
    """The Leading Group's decision on an item. Admitting needs its document, the others a
    reason."""

    outcome: Annotated[str, StringConstraints(pattern=r"^(admission|rejection|return)$")] = Field(
        examples=["admission"]
    )
    document: Line | None = Field(None, examples=["沙社建组〔2026〕12号"])
    reason: Line | None = Field(None, examples=[None])
