"""Requests and answers of elements, entries, grants and reads."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
)

from services.workstation.ledger.domain import OwnerKind, Scope, Source, ValueType
from services.workstation.ledger.periods import Frequency
from shared.web.shapes import Code, Line, Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_TITLE = "60岁以上老年人数"
_DEFINITION = "期末在本社区常住的60周岁以上老年人数，含户籍在外者。"
_PURPOSE = "2026年养老服务补贴测算"
Given = StrictBool | StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=500)]
Unit = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20, pattern=r"^[^\x00]+$"),
]
Choice = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00]+$"),
]
PeriodText = Annotated[str, Field(max_length=20, pattern=r"^[^\x00]*$")]
ValidityDays = Annotated[int, Field(ge=1, le=3660)]


class OwnerShape(Request):
    """The one party that collects an element."""

    kind: OwnerKind = Field(examples=["workstation"])
    department_id: UUID | None = Field(None, description="Of a department only", examples=[None])
    name: Line = Field(description="As people call it", examples=["社区工作站"])

    def columns(self) -> dict[str, Any]:
        """As columns of the element."""
        return {
            "owner_kind": self.kind.value,
            "owner_department_id": self.department_id,
            "owner_name": self.name,
        }


class ElementRequest(Request):
    """A data element to be catalogued. `validity_days` is how long a value counts after the day it
    was recorded; without it until it is replaced."""

    code: Code = Field(examples=["elderly_60"])
    title: Line = Field(examples=[_TITLE])
    definition: Paragraph = Field(examples=[_DEFINITION])
    type: ValueType = Field(examples=["integer"])
    unit: Unit | None = Field(None, examples=["人"])
    scope: Scope = Field(Scope.COMMUNITY, examples=["community"])
    frequency: Frequency = Field(examples=["quarter"])
    validity_days: ValidityDays | None = Field(None, examples=[120])
    choices: list[Choice] = Field([], max_length=50, examples=[[]])
    owner: OwnerShape
    differs_because: Line | None = Field(
        None, description="How it differs from the similar elements", examples=[None]
    )

    def columns(self) -> dict[str, Any]:
        """As columns of the element."""
        own = self.model_dump(exclude={"owner"}, mode="json")
        return {**own, **self.owner.columns()}


class ElementChange(Request):
    """Changes of an element; what is left out stays."""

    title: Line | None = Field(None, examples=[_TITLE])
    definition: Paragraph | None = Field(None, examples=[_DEFINITION])
    validity_days: ValidityDays | None = Field(None, examples=[120])
    owner: OwnerShape | None = None

    def columns(self) -> dict[str, Any]:
        """As columns of the element."""
        given = self.model_dump(exclude_unset=True, exclude={"owner"})
        kept = {
            name: value
            for name, value in given.items()
            if value is not None or name == "validity_days"
        }
        return {**kept, **(self.owner.columns() if self.owner else {})}


class ElementView(BaseModel):
    """An element of the catalogue."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["elderly_60"])
    title: str = Field(examples=[_TITLE])
    definition: str = Field(examples=[_DEFINITION])
    type: ValueType = Field(examples=["integer"])
    unit: str | None = Field(examples=["人"])
    scope: Scope = Field(examples=["community"])
    frequency: Frequency = Field(examples=["quarter"])
    validity_days: int | None = Field(examples=[120])
    choices: Sequence[str] = Field(examples=[[]])
    owner: OwnerShape
    differs_because: str | None = Field(examples=[None])
    ended_on: date | None = Field(examples=[None])
    ended_because: str | None = Field(examples=[None])
    version: int = Field(examples=[1])


class EntryRequest(Request):
    """A value of an element for a community, a household or a resident (as the element's scope
    is) and a period: `2026`, `2026-H1`, `2026-Q3`, `2026-03`, nothing for what is told once."""

    element: Code = Field(examples=["elderly_60"])
    community_id: UUID | None = Field(None, examples=[_ID])
    household_id: UUID | None = Field(None, examples=[None])
    resident_id: UUID | None = Field(None, examples=[None])
    period: PeriodText | None = Field(None, examples=["2026-Q3"])
    value: Given = Field(description="Decimals as text keep every digit", examples=[412])
    unit: Unit | None = Field(
        None, description="Compared with the element's where given", examples=["人"]
    )
    recorded_on: date | None = Field(None, description="Today if left out", examples=[None])


class CorrectionRequest(Request):
    """A value in the place of another, with the reason."""

    value: Given = Field(examples=[413])
    unit: Unit | None = Field(None, examples=[None])
    recorded_on: date | None = Field(None, examples=[None])
    reason: Line = Field(examples=["漏计一名新迁入老人"])


class EntryView(BaseModel):
    """An entry. `masked` says that value and subject are withheld: they are a person's. One that
    ended says who ended it, when and why, and by which entry it was superseded."""

    id: UUID = Field(examples=[_ID])
    element: str = Field(examples=["elderly_60"])
    element_title: str = Field(examples=[_TITLE])
    type: ValueType = Field(examples=["integer"])
    unit: str | None = Field(examples=["人"])
    scope: Scope = Field(examples=["community"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    household_id: UUID | None = Field(examples=[None])
    resident_id: UUID | None = Field(examples=[None])
    period: str = Field(examples=["2026-Q3"])
    value: StrictBool | StrictInt | StrictStr | None = Field(examples=[412])
    masked: bool = Field(examples=[False])
    recorded_on: date = Field(examples=["2026-10-08"])
    valid_until: date | None = Field(examples=["2027-02-05"])
    source: Source = Field(examples=["person"])
    task_id: UUID | None = Field(examples=[None])
    reason: str | None = Field(examples=[None])
    recorded_by: UUID | None = Field(examples=[_ID])
    recorded_by_kind: str = Field(examples=["person"])
    recorded_at: datetime = Field(examples=["2026-10-08T02:11:00Z"])
    ended_on: date | None = Field(examples=[None])
    ended_at: datetime | None = Field(examples=[None])
    ended_by: UUID | None = Field(examples=[None])
    ended_because: str | None = Field(examples=[None])
    superseded_by: UUID | None = Field(examples=[None])


class EvidenceView(BaseModel):
    """A file that shows what an entry says; `size` in bytes."""

    id: UUID = Field(examples=[_ID])
    name: str = Field(examples=["老年人名册.xlsx"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(examples=[48213])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    scanned: bool = Field(description="Whether a virus scanner has seen it", examples=[True])
    added_by: UUID | None = Field(examples=[_ID])
    added_at: datetime = Field(examples=["2026-10-08T02:12:00Z"])


class GrantRequest(Request):
    """That a department may read elements for a purpose, up to and including a day."""

    department_id: UUID = Field(examples=[_ID])
    elements: list[Code] = Field(min_length=1, max_length=50, examples=[["elderly_60"]])
    purpose: Line = Field(examples=[_PURPOSE])
    starts_on: date | None = Field(None, description="Today if left out", examples=[None])
    ends_on: date = Field(examples=["2026-12-31"])


class GrantView(BaseModel):
    """A grant."""

    id: UUID = Field(examples=[_ID])
    department_id: UUID = Field(examples=[_ID])
    element: str = Field(examples=["elderly_60"])
    element_title: str = Field(examples=[_TITLE])
    purpose: str = Field(examples=[_PURPOSE])
    starts_on: date = Field(examples=["2026-10-08"])
    ends_on: date = Field(examples=["2026-12-31"])
    granted_by: UUID | None = Field(examples=[_ID])
    granted_at: datetime = Field(examples=["2026-10-08T02:11:00Z"])
    revoked_on: date | None = Field(examples=[None])
    revoked_because: str | None = Field(examples=[None])


class GrantList(BaseModel):
    """Grants that were made together."""

    items: list[GrantView]


class ReadView(BaseModel):
    """A read by a department: `rows` entries of `communities` were shown. Without `grant_id` it
    read what it owns."""

    id: UUID = Field(examples=[_ID])
    element: str = Field(examples=["elderly_60"])
    element_title: str = Field(examples=[_TITLE])
    department_id: UUID = Field(examples=[_ID])
    grant_id: UUID | None = Field(examples=[_ID])
    purpose: str = Field(examples=[_PURPOSE])
    reader: UUID | None = Field(examples=[_ID])
    reader_kind: str = Field(examples=["client"])
    filters: dict[str, Any] = Field(examples=[{"element": ["elderly_60"], "period": "2026-Q3"}])
    communities: Sequence[UUID] = Field(examples=[[_ID]])
    rows: int = Field(examples=[83])
    read_at: datetime = Field(examples=["2026-10-08T02:11:00Z"])


class CoveredCommunity(BaseModel):
    """A community with a value that counts on the day."""

    community_id: UUID = Field(examples=[_ID])
    entry_id: UUID = Field(examples=[_ID])
    period: str = Field(examples=["2026-Q3"])
    recorded_on: date = Field(examples=["2026-10-08"])
    valid_until: date | None = Field(examples=["2027-02-05"])


class ElementCoverage(BaseModel):
    """An element, and the communities that have a value of it. `known` is false for a code that
    the catalogue does not have; `active` for one that has not ended."""

    element: str = Field(examples=["elderly_60"])
    known: bool = Field(examples=[True])
    active: bool = Field(examples=[True])
    title: str | None = Field(examples=[_TITLE])
    scope: Scope | None = Field(examples=["community"])
    communities: list[CoveredCommunity]


class Coverage(BaseModel):
    """For each element asked, in the order asked, which communities have a value on the day; never
    the value itself. Elements of households and residents have none."""

    on: date = Field(examples=["2026-11-24"])
    elements: list[ElementCoverage]
