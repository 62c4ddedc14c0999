"""Requests and answers of standards. Weights are hundredths of a point: 10000 make 100 points."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt, StringConstraints

from services.gateway.assessment.standards.domain import (
    LIMITS,
    Item,
    ItemKind,
    Relation,
    StandardState,
    Verification,
)
from shared.web.problem import ProblemError, RuleView
from shared.web.shapes import CivilDay, Code, Line, Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
Basis = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")
]
Value = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class StandardRequest(Request):
    """The next version of a standard."""

    code: Code = Field(examples=["unified"])
    title: Line = Field(examples=["社区综合考核统一标准"])
    basis: Basis = Field("", examples=["区社区建设工作领导小组会议纪要"])
    based_on: UUID | None = Field(
        None, description="A published version whose items it begins with", examples=[None]
    )
    demo_today: CivilDay | None = Field(
        None,
        description="Only for demonstrations: the day at which its own clock begins",
        examples=[None],
    )


class StandardChange(Request):
    """Changes of a draft; what is left out stays."""

    title: Line | None = Field(None, examples=["社区综合考核统一标准"])
    basis: Basis | None = Field(None, examples=["区社区建设工作领导小组会议纪要"])


class ItemShape(Request):
    """An item of a standard. A value at `zero_at` earns nothing, one at `full_at` all of the
    weight, between them in proportion; with `zero_at` above `full_at` less is better.

    Values: boolean 0 or 1; ratio hundredths of a percent; scale points; count a number."""

    code: Code = Field(examples=["ZZ-01"])
    title: Line = Field(examples=["警务室有专人值守"])
    subject: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00]+$"
        ),
    ] = Field(examples=["综合治理"])
    kind: ItemKind = Field(examples=["boolean"])
    weight: Annotated[StrictInt, Field(ge=1, le=10_000)] = Field(
        description="Hundredths of a point", examples=[750]
    )
    zero_at: Value | None = Field(
        None, description="Left out: the least value of the kind", examples=[0]
    )
    full_at: Value | None = Field(
        None, description="Left out: the greatest value of the kind", examples=[1]
    )
    verification: Verification = Field(examples=["on_site"])
    element: Code | None = Field(
        None, description="Code of the ledger's data element that answers it", examples=[None]
    )
    two_person: bool = Field(
        False, description="A finding needs a second assessor", examples=[True]
    )
    veto: bool = Field(False, description="Failing it fails the community", examples=[False])
    validity_days: Annotated[StrictInt, Field(ge=0, le=1830)] = Field(
        365, description="How long a result may be shared", examples=[180]
    )
    legal_basis: Basis = Field("", examples=["湖北省平安建设条例"])

    def stored(self) -> dict[str, Any]:
        """As a draft keeps it."""
        least, most = LIMITS[self.kind]
        values = self.model_dump(mode="json")
        values["zero_at"] = least if self.zero_at is None else self.zero_at
        values["full_at"] = most if self.full_at is None else self.full_at
        return values


class ItemsRequest(Request):
    """All items of a draft, in their order; they take the place of those it had."""

    items: Annotated[list[ItemShape], Field(max_length=300)]


class ItemView(BaseModel):
    """An item of a version; `id` once it is published."""

    id: UUID | None = Field(examples=[_ID])
    code: str = Field(examples=["ZZ-01"])
    title: str = Field(examples=["警务室有专人值守"])
    subject: str = Field(examples=["综合治理"])
    kind: ItemKind = Field(examples=["boolean"])
    weight: int = Field(description="Hundredths of a point", examples=[750])
    zero_at: int = Field(examples=[0])
    full_at: int = Field(examples=[1])
    verification: Verification = Field(examples=["on_site"])
    element: str | None = Field(examples=[None])
    two_person: bool = Field(examples=[True])
    veto: bool = Field(examples=[False])
    validity_days: int = Field(examples=[180])
    legal_basis: str = Field(examples=["湖北省平安建设条例"])

    @classmethod
    def of(cls, id: UUID | None, item: Item) -> "ItemView":
        """The item as the API shows it."""
        own = {name: getattr(item, name) for name in cls.model_fields if name != "id"}
        return cls(id=id, **own)


class ItemsView(BaseModel):
    """A version's items, what they weigh together, and what stands against publishing a draft."""

    items: Sequence[ItemView]
    total_weight: int = Field(description="Hundredths of a point", examples=[10_000])
    issues: Sequence[ProblemError]
    rules: Sequence[RuleView]


class StandardView(BaseModel):
    """A version of a standard."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["unified"])
    number: int = Field(examples=[1])
    title: str = Field(examples=["社区综合考核统一标准"])
    basis: str = Field(examples=["区社区建设工作领导小组会议纪要"])
    state: StandardState = Field(examples=["published"])
    published_on: date | None = Field(examples=["2026-01-05"])
    document: str | None = Field(examples=["沙社建组〔2026〕1号"])
    demo: bool = Field(description="A demonstration", examples=[False])
    demo_today: date | None = Field(
        description="The day of a demonstration's own clock; null by the calendar", examples=[None]
    )
    version: int = Field(examples=[2])


class PublicationRequest(Request):
    """The Leading Group's document that puts a version in force."""

    document: Line = Field(examples=["沙社建组〔2026〕1号"])


class ClockRequest(Request):
    """The day to which a demonstration's clock is moved; null to go by the calendar from now on."""

    today: CivilDay | None = Field(examples=["2026-03-02"])


class DepartmentItemRequest(Request):
    """An item of a department's own inspections."""

    department_id: UUID | None = Field(
        None, description="Needed only by who acts for several departments", examples=[None]
    )
    code: Code = Field(examples=["GA-07"])
    title: Line = Field(examples=["社区警务室值守情况"])
    content: Paragraph = Field(examples=["查看值守记录、公示牌和值班人员在岗情况。"])
    legal_basis: Basis = Field("", examples=["公安机关社区警务工作规范"])


class DepartmentItemChange(Request):
    """Changes of an item that is not mapped; what is left out stays."""

    title: Line | None = Field(None, examples=["社区警务室值守情况"])
    content: Paragraph | None = Field(None, examples=["查看值守记录。"])
    legal_basis: Basis | None = Field(None, examples=["公安机关社区警务工作规范"])


class DepartmentItemView(BaseModel):
    """A department's own item."""

    id: UUID = Field(examples=[_ID])
    department_id: UUID = Field(examples=[_ID])
    department_name: str = Field(examples=["公安分局"])
    code: str = Field(examples=["GA-07"])
    title: str = Field(examples=["社区警务室值守情况"])
    content: str = Field(examples=["查看值守记录、公示牌和值班人员在岗情况。"])
    legal_basis: str = Field(examples=["公安机关社区警务工作规范"])
    version: int = Field(examples=[1])


class MappingRequest(Request):
    """What the standard's item is of the department's: `equal` the same, `subset` a part of it,
    `superset` more than it, `intersects` something that only meets it. Only `equal` and `superset`
    answer all that the department asks."""

    department_item_id: UUID = Field(examples=[_ID])
    item_code: Code = Field(examples=["ZZ-01"])
    relation: Relation = Field(examples=["equal"])
    note: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")
    ] = Field("", examples=["两项查看内容一致"])


class MappingView(BaseModel):
    """A mapping, with both items."""

    id: UUID = Field(examples=[_ID])
    standard_id: UUID = Field(examples=[_ID])
    department_id: UUID = Field(examples=[_ID])
    department_item_id: UUID = Field(examples=[_ID])
    department_item_code: str = Field(examples=["GA-07"])
    department_item_title: str = Field(examples=["社区警务室值守情况"])
    item_id: UUID = Field(examples=[_ID])
    item_code: str = Field(examples=["ZZ-01"])
    item_title: str = Field(examples=["警务室有专人值守"])
    relation: Relation = Field(examples=["equal"])
    note: str = Field(examples=["两项查看内容一致"])
    ended_on: date | None = Field(examples=[None])
    ended_because: str | None = Field(examples=[None])
