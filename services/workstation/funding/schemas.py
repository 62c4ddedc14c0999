"""Requests and answers of funding. Amounts are integer fen."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from services.workstation.funding.domain import Account, EntryKind, PaymentState, Source
from shared.web.problem import RuleView

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=200, pattern=r"^[^\x00]+$"),
]
Year = Annotated[int, Field(ge=2000, le=2100)]


class Request(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class AppropriationRequest(Request):
    """Yearly money by the rates in force: of one community, or of all when none is named. With
    `dry_run` it is computed and shown only."""

    source: Literal["per_post", "per_community"] = Field(examples=["per_post"])
    year: Year = Field(examples=[2026])
    community_id: UUID | None = Field(None, examples=[None])
    document: Line = Field(examples=["沙财预〔2026〕5号"])
    source_line: Line = Field(examples=["2080208 基层政权建设和社区治理"])
    granted_on: date = Field(examples=["2026-01-20"])
    dry_run: bool = Field(False, examples=[True])


class RateView(BaseModel):
    """Months of the year with one rate and one number: `months` × `rate` × `count` / 12."""

    month: int = Field(description="First month", examples=[7])
    months: int = Field(examples=[6])
    rate: int = Field(description="Fen a year for each", examples=[1560000])
    count: int = Field(description="Posts, or 1 for a community", examples=[5])


class GrantView(BaseModel):
    """What one community gets for the year; `added` is new, 0 where it had all of it before."""

    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    due: int = Field(description="By the rates, for the whole year", examples=[6400000])
    added: int = Field(examples=[6400000])
    derivation: Sequence[RateView]


class GrantsView(BaseModel):
    """What an appropriation by rates comes to, by community code, and the rules applied."""

    dry_run: bool = Field(examples=[True])
    total_added: int = Field(examples=[6400000])
    grants: Sequence[GrantView]
    rules: Sequence[RuleView]


class AppropriationView(BaseModel):
    """Money granted for one purpose and what became of it: `granted` is the sum of the rest."""

    id: UUID = Field(examples=[_ID])
    source: Source = Field(examples=["per_post"])
    year: int = Field(examples=[2026])
    community_id: UUID | None = Field(examples=[_ID])
    item_id: UUID | None = Field(examples=[None])
    item_code: str | None = Field(examples=[None])
    campaign_id: UUID | None = Field(examples=[None])
    department_id: UUID | None = Field(examples=[None])
    department_name: str | None = Field(examples=[None])
    title: str = Field(examples=["2026年岗位经费"])
    source_line: str = Field(examples=["2080208 基层政权建设和社区治理"])
    document: str = Field(examples=["沙财预〔2026〕5号"])
    granted: int = Field(examples=[6400000])
    available: int = Field(examples=[6000000])
    reserved: int = Field(examples=[0])
    payable: int = Field(examples=[0])
    paid: int = Field(examples=[400000])


class EntryView(BaseModel):
    """One entry of the journal: `amount` from `credit` to `debit`."""

    id: UUID = Field(examples=[_ID])
    appropriation_id: UUID = Field(examples=[_ID])
    kind: EntryKind = Field(examples=["payment"])
    credit: Account = Field(examples=["available"])
    debit: Account = Field(examples=["paid"])
    amount: int = Field(examples=[400000])
    posted_on: date = Field(examples=["2026-03-02"])
    community_id: UUID | None = Field(examples=[_ID])
    task_id: UUID | None = Field(examples=[None])
    payment_id: UUID | None = Field(examples=[_ID])
    reverses: UUID | None = Field(examples=[None])
    text: str = Field(examples=["三月岗位补贴"])
    posted_by: UUID | None = Field(examples=[_ID])
    posted_at: datetime = Field(examples=["2026-03-02T01:00:00Z"])


class PaymentRequest(Request):
    """A payment to be approved by a second person. A community's own money is paid from what is
    available, an item's from what its accepted tasks have released to the community, a campaign's from
    what the community was rewarded with."""

    appropriation_id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    amount: Annotated[StrictInt, Field(gt=0, le=10**13)] = Field(examples=[400000])
    payee: Line = Field(examples=["航空路社区工作站"])
    purpose: Line = Field(examples=["三月岗位补贴"])


class PaymentView(BaseModel):
    """A payment and its course."""

    id: UUID = Field(examples=[_ID])
    appropriation_id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    amount: int = Field(examples=[400000])
    paid_from: Account = Field(examples=["available"])
    payee: str = Field(examples=["航空路社区工作站"])
    purpose: str = Field(examples=["三月岗位补贴"])
    state: PaymentState = Field(examples=["prepared"])
    prepared_by: UUID | None = Field(examples=[_ID])
    approved_by: UUID | None = Field(examples=[None])
    paid_on: date | None = Field(examples=[None])


class ReasonRequest(Request):
    """Why."""

    reason: Line = Field(examples=["收款人账号有误"])


class YearView(BaseModel):
    """A year of the books."""

    year: int = Field(examples=[2025])
    closed_on: date | None = Field(examples=["2026-01-15"])


class StatementRow(BaseModel):
    """What one community, street, department or source had in a year. `opening` is what was not
    yet paid when the year began, `closing` when it ended: opening + granted − paid, which is
    available + reserved + payable. Money of an item that no task has been given yet belongs to no
    community: its `key` is null."""

    key: str | None = Field(examples=[_ID])
    name: str = Field(examples=["航空路社区"])
    opening: int = Field(examples=[0])
    granted: int = Field(examples=[6400000])
    paid: int = Field(examples=[400000])
    closing: int = Field(examples=[6000000])
    available: int = Field(examples=[6000000])
    reserved: int = Field(examples=[0])
    payable: int = Field(examples=[0])
    entries: int = Field(description="Entries of the year that explain it", examples=[2])


class Statement(BaseModel):
    """A year's statement. `reconciliation` is 0 where the journal explains every balance: the sum
    of all accounts, and its difference from the balances that appropriations hold."""

    year: int = Field(examples=[2026])
    by: str = Field(examples=["community"])
    rows: Sequence[StatementRow]
    total: StatementRow
    reconciliation: int = Field(examples=[0])
