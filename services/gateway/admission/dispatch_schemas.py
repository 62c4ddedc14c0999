"""Requests and answers of dispatches and of reports of off-catalogue demands. Amounts are fen."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt, StringConstraints

from services.gateway.admission.domain import ReportState
from shared.web.problem import ProblemError, RuleView
from shared.web.shapes import Code, Line, Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_CONTENT = "入户核对65岁以上老人健康档案，更新慢性病和用药情况。"


class DispatchTarget(Request):
    """One community of a dispatch."""

    community_id: UUID = Field(examples=[_ID])
    cases: StrictInt = Field(1, ge=1, le=100_000, examples=[1])


class DispatchRequest(Request):
    """Work under an admitted item for communities that it covers; without `communities`, for all
    of them."""

    item_code: Code = Field(examples=["WJ-2026-01"])
    department_id: UUID | None = Field(None, examples=[None])
    title: Line = Field(examples=["第四季度健康档案更新"])
    content: Paragraph = Field(examples=[_CONTENT])
    due_on: date = Field(examples=["2026-12-25"])
    communities: Sequence[DispatchTarget] | None = Field(None, min_length=1, max_length=500)


class DispatchedCommunity(BaseModel):
    """One community of a dispatch: its task, and what is paid for it in fen."""

    task_id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    cases: int = Field(examples=[1])
    amount: int = Field(examples=[120000])
    outcome: str | None = Field(description="released or freed, once concluded", examples=[None])


class DispatchView(BaseModel):
    """A dispatch that was admitted; `amount` in fen was taken of the item's money."""

    id: UUID = Field(examples=[_ID])
    item_id: UUID = Field(examples=[_ID])
    item_code: str = Field(examples=["WJ-2026-01"])
    department_id: UUID = Field(examples=[_ID])
    title: str = Field(examples=["第四季度健康档案更新"])
    content: str = Field(examples=[_CONTENT])
    due_on: date = Field(examples=["2026-12-25"])
    dispatched_on: date = Field(examples=["2026-11-24"])
    amount: int = Field(examples=[120000])
    rules: Sequence[RuleView]


class DispatchDetail(DispatchView):
    """A dispatch with its communities."""

    communities: Sequence[DispatchedCommunity]


class RefusalView(BaseModel):
    """A dispatch that was refused, with every reason."""

    id: UUID = Field(examples=[_ID])
    department_id: UUID = Field(examples=[_ID])
    item_code: str = Field(examples=["WJ-2026-09"])
    title: str = Field(examples=["临时摸排"])
    communities: int = Field(examples=[83])
    refused_on: date = Field(examples=["2026-11-24"])
    reasons: Sequence[ProblemError]
    created_at: datetime = Field(examples=["2026-11-24T01:00:00Z"])


class ReportRequest(Request):
    """Work that was demanded of a community outside the catalogue."""

    community_id: UUID = Field(examples=[_ID])
    department_id: UUID = Field(examples=[_ID])
    demand: Paragraph = Field(examples=["电话要求三天内上报电动车台账"])
    channel: Line = Field(description="How it was demanded", examples=["工作群消息"])
    demanded_on: date = Field(examples=["2026-11-20"])


class ReportDecision(Request):
    """What the Leading Group found, told to the community that reported."""

    outcome: Annotated[str, StringConstraints(pattern=r"^(upholding|dismissal)$")] = Field(
        examples=["upholding"]
    )
    reply: Line = Field(examples=["已责成该局停止，并纳入年度考核"])


class ReportView(BaseModel):
    """A report; who made it stands in the audit only."""

    id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    department_id: UUID = Field(examples=[_ID])
    department_name: str = Field(examples=["卫生健康局"])
    demand: str = Field(examples=["电话要求三天内上报电动车台账"])
    channel: str = Field(examples=["工作群消息"])
    demanded_on: date = Field(examples=["2026-11-20"])
    state: ReportState = Field(examples=["reported"])
    due_on: date | None = Field(examples=["2026-12-08"])
    overdue: bool = Field(examples=[False])
    reply: str | None = Field(examples=[None])
    created_at: datetime = Field(examples=["2026-11-24T01:00:00Z"])
