"""Requests and answers of results. Scores and weights are hundredths of a point; exact numbers are
fractions in text, as `13/3`."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt, StringConstraints

from services.gateway.assessment.results.domain import ResultState, Source
from services.gateway.assessment.standards.domain import ItemKind, Relation
from shared.web.problem import RuleView
from shared.web.shapes import Code, Line, Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class PublishedResults(BaseModel):
    """How many results were published."""

    campaign_id: UUID = Field(examples=[_ID])
    results: int = Field(examples=[83])


class ResultView(BaseModel):
    """A community's result. `score` is rounded half up from `exact`; null where nothing was
    assessed. `vetoed` are the veto items that it failed."""

    id: UUID = Field(examples=[_ID])
    campaign_id: UUID = Field(examples=[_ID])
    campaign_title: str = Field(examples=["2026年度社区综合考核"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    score: int | None = Field(description="Hundredths of a point", examples=[8735])
    exact: str | None = Field(description="Points, exact", examples=["1747/20"])
    assessed_weight: int = Field(
        description="Weight of what was assessed, in hundredths of a point", examples=[10_000]
    )
    vetoed: Sequence[str] = Field(examples=[[]])
    state: ResultState = Field(examples=["provisional"])
    due_on: date | None = Field(
        description="Last day for an objection, or for its review", examples=["2026-12-29"]
    )
    published_on: date = Field(examples=["2026-12-22"])
    final_on: date | None = Field(examples=[None])
    revision: int = Field(examples=[1])
    version: int = Field(examples=[1])


class LineView(BaseModel):
    """One item of a result: its value, the share of its weight that it earned, the points that are
    of the score, and where all that comes from. `source` none: it was not assessed, `note` says
    why."""

    code: str = Field(examples=["ZZ-01"])
    title: str = Field(examples=["警务室有专人值守"])
    subject: str = Field(examples=["综合治理"])
    kind: ItemKind = Field(examples=["boolean"])
    weight: int = Field(description="Hundredths of a point", examples=[750])
    zero_at: int = Field(examples=[0])
    full_at: int = Field(examples=[1])
    source: Source = Field(examples=["finding"])
    source_id: UUID | None = Field(
        description="The finding, ledger entry, earlier line or objection", examples=[_ID]
    )
    value: str | None = Field(examples=["1"])
    share: str | None = Field(examples=["1"])
    points: str | None = Field(examples=["15/2"])
    found_on: date | None = Field(examples=["2026-12-16"])
    valid_until: date | None = Field(examples=["2027-06-14"])
    note: str = Field(examples=[""])


class ObjectionView(BaseModel):
    """An objection and what came of it."""

    id: UUID = Field(examples=[_ID])
    items: Sequence[str] = Field(examples=[["ZZ-01"]])
    reason: str = Field(examples=["检查当日值班人员在处理警情，有接处警记录。"])
    raised_on: date = Field(examples=["2026-12-24"])
    outcome: str | None = Field(examples=["upholding"])
    reply: str | None = Field(examples=["经核查接处警记录属实"])
    decided_on: date | None = Field(examples=["2026-12-28"])


class ResultDetail(ResultView):
    """A result with its whole derivation and its objection."""

    lines: Sequence[LineView]
    rules: Sequence[RuleView]
    objection: ObjectionView | None


class ObjectionRequest(Request):
    """Which items of its result a community objects to, and why."""

    items: Annotated[list[Code], Field(min_length=1, max_length=50)] = Field(examples=[["ZZ-01"]])
    reason: Paragraph = Field(examples=["检查当日值班人员在处理警情，有接处警记录。"])


class CorrectionShape(Request):
    """What the review found an item's value to be."""

    code: Code = Field(examples=["ZZ-01"])
    value: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = Field(examples=[1])
    reason: Line = Field(examples=["接处警记录属实"])


class ReviewRequest(Request):
    """The Leading Group's word on an objection; upheld, it corrects items."""

    outcome: Annotated[str, StringConstraints(pattern=r"^(upholding|dismissal)$")] = Field(
        examples=["upholding"]
    )
    reply: Paragraph = Field(examples=["经核查接处警记录属实"])
    corrections: list[CorrectionShape] = Field([], max_length=50)


class Finalised(BaseModel):
    """What became final, and what is still open to objection or under review."""

    finalised: int = Field(examples=[81])
    open: int = Field(examples=[1])
    objected: int = Field(examples=[1])


class SharedResult(BaseModel):
    """What a department asked for of an item in a community, by its own code. `complete` is false
    where the unified item covers only a part of it (relation subset or intersects)."""

    request_id: UUID = Field(examples=[_ID])
    reference: str = Field(examples=["GA-2026-03"])
    department_id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["GA-07"])
    title: str = Field(examples=["社区警务室值守情况"])
    relation: Relation = Field(examples=["equal"])
    complete: bool = Field(examples=[True])
    item_code: str = Field(examples=["ZZ-01"])
    item_title: str = Field(examples=["警务室有专人值守"])
    kind: ItemKind = Field(examples=["boolean"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    value: str = Field(examples=["1"])
    share: str = Field(description="Of the item's weight, exact", examples=["1"])
    source: Source = Field(examples=["finding"])
    found_on: date = Field(examples=["2026-12-16"])
    valid_until: date = Field(examples=["2027-06-14"])
    result_id: UUID = Field(examples=[_ID])
    campaign_id: UUID = Field(examples=[_ID])
