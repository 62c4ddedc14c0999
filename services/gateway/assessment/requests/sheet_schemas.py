"""What becomes of a sheet of requests."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, Field

from services.gateway.assessment.requests.domain import RequestState
from services.gateway.assessment.requests.schemas import VerdictCounts
from shared.imports.schemas import FindingView

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class SheetRow(BaseModel):
    """A row that is a request; `issues` are the codes of what stands against it, once submitted."""

    row: int = Field(description="The header is row 1", examples=[2])
    id: UUID = Field(examples=[_ID])
    reference: str = Field(examples=["GA-2026-03"])
    created: bool = Field(examples=[True])
    state: RequestState = Field(examples=["with_leading_group"])
    issues: Sequence[str] = Field(examples=[[]])
    verdicts: VerdictCounts


class SheetReport(BaseModel):
    """What a sheet did, row by row; with `dry_run`, or with faults in `all_or_nothing`, nothing
    was taken."""

    taken: bool = Field(examples=[True])
    rows: int = Field(description="Rows read", examples=[40])
    rejected: int = Field(description="Rows with a fault", examples=[1])
    requests: Sequence[SheetRow]
    findings: Sequence[FindingView]
