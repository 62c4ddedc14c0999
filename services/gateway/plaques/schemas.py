"""Requests and answers of plaques. Amounts are integer fen, sizes millimetres."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from services.gateway.admission.public import Screening
from services.gateway.plaques.domain import (
    ApplicationState,
    Kind,
    NoticeState,
    Payer,
    Where,
)
from shared.imports.schemas import FindingView
from shared.web.problem import RuleView
from shared.web.shapes import Line, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_TITLE = "劳动保障服务站"
Cost = Annotated[StrictInt, Field(ge=0, le=10**10)]
Size = Annotated[StrictInt, Field(ge=1, le=10_000)]
Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class PictureView(BaseModel):
    """A stored picture; `size` in bytes."""

    name: str = Field(examples=["挂牌.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(examples=[184320])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )


class ApplicationRequest(Request):
    """A plaque as its department describes it, of one design for all communities; a draft may
    still lack size, colours and drawing. `cost` is of one plaque."""

    department_id: UUID | None = Field(
        None, description="Needed only by who acts for several departments", examples=[None]
    )
    title: Line = Field(examples=[_TITLE])
    purpose: Line = Field(examples=["为居民办理就业失业登记"])
    legal_basis: Words = Field("", examples=["就业促进法 35"])
    where: Where = Field(Where.INDOOR, examples=["indoor"])
    room: Words = Field("", examples=["一站式服务大厅"])
    width_mm: Size | None = Field(None, examples=[600])
    height_mm: Size | None = Field(None, examples=[400])
    colours: Words = Field("", examples=["白底蓝字"])
    payer: Payer = Field(Payer.DEPARTMENT, examples=["department"])
    cost: Cost = Field(0, examples=[18000])


class ApplicationChange(Request):
    """Changes of a draft; what is left out stays."""

    title: Line | None = Field(None, examples=[_TITLE])
    purpose: Line | None = Field(None, examples=["为居民办理就业失业登记"])
    legal_basis: Words | None = Field(None, examples=["就业促进法 35"])
    where: Where | None = Field(None, examples=["indoor"])
    room: Words | None = Field(None, examples=["一站式服务大厅"])
    width_mm: Size | None = Field(None, examples=[600])
    height_mm: Size | None = Field(None, examples=[400])
    colours: Words | None = Field(None, examples=["白底蓝字"])
    payer: Payer | None = Field(None, examples=["department"])
    cost: Cost | None = Field(None, examples=[18000])


class ApplicationView(BaseModel):
    """An application with its course."""

    id: UUID = Field(examples=[_ID])
    department_id: UUID = Field(examples=[_ID])
    department_name: str = Field(examples=["人力资源和社会保障局"])
    title: str = Field(examples=[_TITLE])
    purpose: str = Field(examples=["为居民办理就业失业登记"])
    legal_basis: str = Field(examples=["就业促进法 35"])
    where: Where = Field(examples=["indoor"])
    room: str = Field(examples=["一站式服务大厅"])
    width_mm: int | None = Field(examples=[600])
    height_mm: int | None = Field(examples=[400])
    colours: str = Field(examples=["白底蓝字"])
    payer: Payer = Field(examples=["department"])
    cost: int = Field(examples=[18000])
    design: PictureView | None
    state: ApplicationState = Field(examples=["with_leading_group"])
    due_on: date | None = Field(description="Last day for the decision", examples=["2026-12-15"])
    overdue: bool = Field(examples=[False])
    submitted_on: date | None = Field(examples=["2026-11-24"])
    decided_on: date | None = Field(examples=[None])
    document: str | None = Field(examples=[None])
    screening: Screening | None
    version: int = Field(examples=[2])


class DecisionRequest(Request):
    """The Leading Group's decision. Approving needs its document, and says whether it hangs
    indoors or is kept as a photograph (as applied for, if left out); the others need a reason."""

    outcome: Literal["approval", "rejection", "return"] = Field(examples=["approval"])
    where: Literal["indoor", "photo"] | None = Field(None, examples=["photo"])
    document: Line | None = Field(None, examples=["沙社建组〔2026〕15号"])
    reason: Line | None = Field(None, examples=[None])


class PlaqueView(BaseModel):
    """A plaque of a community; it hangs while `removed_on` is null."""

    id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    application_id: UUID | None = Field(
        description="The approval it hangs by, null where there is none", examples=[_ID]
    )
    department_id: UUID | None = Field(examples=[_ID])
    kind: Kind = Field(examples=["other"])
    title: str = Field(examples=[_TITLE])
    where: Where = Field(examples=["indoor"])
    room: str = Field(examples=["一站式服务大厅"])
    payer: Payer = Field(examples=["department"])
    cost: int = Field(examples=[18000])
    hung_on: date = Field(examples=["2026-11-20"])
    removed_on: date | None = Field(examples=[None])
    removed_because: str | None = Field(examples=[None])
    photograph: PictureView | None = Field(
        description="Null until one is added to what was taken in from a sheet"
    )
    version: int = Field(examples=[1])


class TakenDownRequest(Request):
    """When a plaque was taken down, and why."""

    removed_on: date = Field(examples=["2026-11-24"])
    because: Line = Field(examples=["部门已合并"])


class ComplianceRow(BaseModel):
    """A community's plaques in numbers: where they hang, who paid, how many must come down.
    `due_fen` is what others than the department paid for departments' plaques."""

    community_id: UUID = Field(examples=[_ID])
    community_code: str = Field(examples=["421002001001"])
    community_name: str = Field(examples=["航空路社区"])
    outdoor: int = Field(examples=[12])
    indoor: int = Field(examples=[6])
    on_file: int = Field(examples=[2])
    unapproved: int = Field(examples=[15])
    to_be_removed: int = Field(examples=[14])
    by_payer: dict[str, int] = Field(
        examples=[{"department": 4, "street": 0, "community": 15, "unknown": 1}]
    )
    due_fen: int = Field(examples=[186000])
    compliant: bool = Field(examples=[False])


class Compliance(BaseModel):
    """Every community within reach, by code, their sum, and the rules applied."""

    communities: Sequence[ComplianceRow]
    plaques: int = Field(examples=[1640])
    outdoor: int = Field(examples=[920])
    to_be_removed: int = Field(examples=[700])
    due_fen: int = Field(examples=[15438000])
    rules: Sequence[RuleView]


class InspectionRequest(Request):
    """Which communities' inventories are inspected; all of the district if left out."""

    communities: list[UUID] | None = Field(None, max_length=500, examples=[[_ID]])


class InspectionView(BaseModel):
    """How many notices the inspection issued; those open before stay as they are."""

    issued: int = Field(examples=[14])


class NoticeView(BaseModel):
    """A notice that a plaque must come down, the rule that says so (`because`) and its course."""

    id: UUID = Field(examples=[_ID])
    plaque_id: UUID = Field(examples=[_ID])
    title: str = Field(examples=[_TITLE])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    department_id: UUID | None = Field(examples=[_ID])
    because: str = Field(examples=["plaque.outdoor_allowed"])
    rules: Sequence[RuleView]
    state: NoticeState = Field(examples=["issued"])
    issued_on: date = Field(examples=["2026-11-24"])
    due_on: date | None = Field(examples=["2026-12-08"])
    overdue: bool = Field(examples=[False])
    photograph: PictureView | None
    version: int = Field(examples=[1])


class InventorySheetReport(BaseModel):
    """What a sheet did: rows that became plaques, rows that stood there already, and every fault;
    with `dry_run`, or with faults in `all_or_nothing`, nothing was taken."""

    taken: bool = Field(examples=[True])
    rows: int = Field(description="Rows read", examples=[1640])
    created: int = Field(examples=[1638])
    unchanged: int = Field(examples=[1])
    rejected: int = Field(description="Rows with a fault", examples=[1])
    findings: Sequence[FindingView]
