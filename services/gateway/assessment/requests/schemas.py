"""Requests and answers of inspection requests."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt, StringConstraints

from services.gateway.admission.public import Screening, TargetsShape
from services.gateway.assessment.requests.domain import (
    Level,
    RequestKind,
    RequestState,
    Verdict,
)
from shared.kernel.text import Language, Text
from shared.web.paging import Page
from shared.web.shapes import CivilDay, Code, Line, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
Basis = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")
]
Minutes = Annotated[StrictInt, Field(ge=10, le=480)]
Inspectors = Annotated[StrictInt, Field(ge=1, le=200)]


class AskedItemShape(Request):
    """One item: a code of the department's own items, else of the standard's."""

    code: Code = Field(examples=["GA-07"])
    veto: bool = Field(False, description="Failing it fails the community", examples=[False])
    material: bool = Field(
        False, description="Communities are asked to hand in a form or report", examples=[False]
    )
    legal_basis: Basis = Field("", examples=[""])


Items = Annotated[list[AskedItemShape], Field(min_length=1, max_length=100)]


class InspectionRequestRequest(Request):
    """What a department wants to inspect. Nothing is screened before it is submitted."""

    reference: Code = Field(description="The department's own number", examples=["GA-2026-03"])
    department_id: UUID | None = Field(
        None, description="Needed only by who acts for several departments", examples=[None]
    )
    title: Line = Field(examples=["社区警务工作检查"])
    kind: RequestKind = Field(examples=["inspection"])
    comprehensive: bool = Field(
        False, description="Of the department's whole work 综合性检查", examples=[False]
    )
    level: Level = Field(examples=["district"])
    legal_basis: Basis = Field("", examples=["公安机关社区警务工作规范"])
    standard_id: UUID | None = Field(
        None, description="Left out: the only standard in force", examples=[None]
    )
    items: Items
    targets: TargetsShape = TargetsShape()
    starts_on: CivilDay = Field(examples=["2026-12-14"])
    ends_on: CivilDay = Field(
        description="The first day that no longer counts", examples=["2026-12-29"]
    )
    minutes_on_site: Minutes = Field(description="Of one visit", examples=[60])
    inspectors_per_day: Inspectors = Field(
        description="How many inspectors the team can send on a day", examples=[4]
    )
    team: Basis = Field("", description="Who is in the team", examples=["治安大队二中队"])


class InspectionRequestChange(Request):
    """Changes of a draft or returned request; what is left out stays."""

    title: Line | None = Field(None, examples=["社区警务工作检查"])
    kind: RequestKind | None = Field(None, examples=["inspection"])
    comprehensive: bool | None = Field(None, examples=[False])
    level: Level | None = Field(None, examples=["district"])
    legal_basis: Basis | None = Field(None, examples=["公安机关社区警务工作规范"])
    standard_id: UUID | None = Field(None, examples=[None])
    items: Items | None = None
    targets: TargetsShape | None = None
    starts_on: CivilDay | None = Field(None, examples=["2026-12-14"])
    ends_on: CivilDay | None = Field(None, examples=["2026-12-29"])
    minutes_on_site: Minutes | None = Field(None, examples=[60])
    inspectors_per_day: Inspectors | None = Field(None, examples=[4])
    team: Basis | None = Field(None, examples=["治安大队二中队"])


class VerdictCounts(BaseModel):
    """How many (item, community) pairs got which verdict."""

    shared: int = Field(0, examples=[120])
    from_ledger: int = Field(0, examples=[83])
    needs_visit: int = Field(0, examples=[40])
    refused: int = Field(0, examples=[6])


class RequestView(BaseModel):
    """A request with its course and what its last screening found."""

    id: UUID = Field(examples=[_ID])
    reference: str = Field(examples=["GA-2026-03"])
    department_id: UUID = Field(examples=[_ID])
    department_name: str = Field(examples=["公安分局"])
    title: str = Field(examples=["社区警务工作检查"])
    kind: RequestKind = Field(examples=["inspection"])
    comprehensive: bool = Field(examples=[False])
    level: Level = Field(examples=["district"])
    legal_basis: str = Field(examples=["公安机关社区警务工作规范"])
    standard_id: UUID = Field(examples=[_ID])
    standard_code: str = Field(examples=["unified"])
    items: Sequence[AskedItemShape]
    targets: TargetsShape
    starts_on: date = Field(examples=["2026-12-14"])
    ends_on: date = Field(examples=["2026-12-29"])
    minutes_on_site: int = Field(examples=[60])
    inspectors_per_day: int = Field(examples=[4])
    team: str = Field(examples=["治安大队二中队"])
    state: RequestState = Field(examples=["with_leading_group"])
    due_on: date | None = Field(description="Last day for the decision", examples=["2026-12-08"])
    overdue: bool = Field(examples=[False])
    submission: int = Field(description="How often it was submitted", examples=[1])
    submitted_on: date | None = Field(examples=["2026-11-24"])
    decided_on: date | None = Field(examples=[None])
    document: str | None = Field(examples=[None])
    screening: Screening | None
    verdicts: VerdictCounts
    communities: int = Field(examples=[83])
    communities_to_visit: int = Field(examples=[12])
    version: int = Field(examples=[2])

    @classmethod
    def read(cls, row: Any, language: Language, today: date) -> "RequestView":
        """A row for a reader of that language; `today` is the calendar's."""
        day = row.demo_today or today
        made = {"items", "overdue", "screening", "verdicts", "communities", "communities_to_visit"}
        own = {name: getattr(row, name) for name in cls.model_fields if name not in made}
        kept: Mapping[str, Any] = row.screening or {}
        return cls(
            **own,
            items=[AskedItemShape(**one) for one in row.asked],
            overdue=row.due_on is not None and row.due_on < day,
            screening=Screening.read(kept, language) if kept else None,
            verdicts=VerdictCounts(**kept.get("verdicts", {})),
            communities=kept.get("communities", 0),
            communities_to_visit=kept.get("communities_to_visit", 0),
        )


class VerdictView(BaseModel):
    """What becomes of an item in a community: why, by which rule, and what answers it
    (`source_id`: a result, or an entry of the ledger, good to the end of `valid_until`)."""

    code: str = Field(examples=["GA-07"])
    title: str = Field(examples=["社区警务室值守情况"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    verdict: Verdict = Field(examples=["from_ledger"])
    reason: str = Field(examples=["entry_valid"])
    rule: str = Field(examples=["inspection.single_ledger"])
    source_id: UUID | None = Field(examples=[_ID])
    valid_until: date | None = Field(examples=["2026-12-31"])


VERDICTS = Text("审查结果", "Verdicts")
VERDICT_COLUMNS: tuple[tuple[Text, Callable[[VerdictView], object]], ...] = (
    (Text("项目代码", "Code"), lambda one: one.code),
    (Text("项目", "Item"), lambda one: one.title),
    (Text("社区", "Community"), lambda one: one.community_name),
    (Text("结论", "Verdict"), lambda one: one.verdict.value),
    (Text("原因", "Reason"), lambda one: one.reason),
    (Text("规则", "Rule"), lambda one: one.rule),
    (Text("有效至", "Valid until"), lambda one: one.valid_until),
)


class ScreeningView(Page[VerdictView]):
    """A screening: what stands against the request, counts, rules, and the verdicts page by page.

    `binding` is false for a draft, which is screened as it would be today."""

    binding: bool = Field(examples=[True])
    screening: Screening
    verdicts: VerdictCounts
    communities: int = Field(examples=[83])
    communities_to_visit: int = Field(examples=[12])


class RequestDecision(Request):
    """The Leading Group's decision. An approval needs its document, the others a reason."""

    outcome: Annotated[str, StringConstraints(pattern=r"^(approval|rejection|return)$")] = Field(
        examples=["approval"]
    )
    document: Line | None = Field(None, examples=["沙社建组〔2026〕12号"])
    reason: Line | None = Field(None, examples=[None])


class Withdrawal(Request):
    """Why; needed for a request that was approved."""

    reason: Line | None = Field(None, examples=["上级已取消该项检查"])
