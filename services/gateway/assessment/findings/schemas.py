"""Requests and answers of findings, evidence and ratings."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt, StringConstraints

from services.gateway.assessment.findings.domain import FindingState, Observed
from services.gateway.assessment.findings.recording import Outcome
from shared.web.problem import ProblemError
from shared.web.shapes import Code, Line, Moment, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=r"^[^\x00]*$")
]
Value = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class EntryCitation(Request):
    """An entry of the ledger, by its element's code and its id."""

    element: Code = Field(examples=["police_room"])
    entry_id: UUID = Field(examples=[_ID])


class FindingShape(Request):
    """What was found of an item: `value` 0 or 1 of a boolean, hundredths of a percent of a ratio,
    points of a scale, a number of a count. `id` is the client's own: sent again, it is known."""

    id: UUID = Field(examples=[_ID])
    code: Code = Field(description="Of the standard, or of an own item", examples=["ZZ-01"])
    value: Value = Field(examples=[1])
    note: Note = Field("", examples=["值守记录完整"])
    observed_at: Moment = Field(examples=["2026-12-16T02:20:00Z"])
    replaces: UUID | None = Field(
        None, description="A finding that this one mends; `note` says why", examples=[None]
    )
    evidence: Annotated[list[UUID], Field(max_length=20)] = Field(
        [], description="Files of the visit", examples=[[]]
    )
    entries: Annotated[list[EntryCitation], Field(max_length=20)] = Field(
        [], description="Entries of the ledger", examples=[[]]
    )

    def observed(self) -> Observed:
        """As facts."""
        return Observed(
            id=self.id,
            code=self.code,
            value=self.value,
            note=self.note,
            observed_at=self.observed_at,
            replaces=self.replaces,
            evidence=tuple(self.evidence),
            entries=tuple((one.element, one.entry_id) for one in self.entries),
        )


class FindingsRequest(Request):
    """What an assessor found, as much as the client has to send."""

    findings: Annotated[list[FindingShape], Field(min_length=1, max_length=200)]


class FindingAnswer(BaseModel):
    """What became of one finding of a batch: recorded, known already, or refused and why."""

    id: UUID = Field(examples=[_ID])
    outcome: Outcome = Field(examples=["recorded"])
    issues: Sequence[ProblemError]


class FindingsAnswer(BaseModel):
    """What became of each finding, in the order sent."""

    recorded: int = Field(examples=[12])
    repeated: int = Field(examples=[0])
    refused: int = Field(examples=[0])
    findings: Sequence[FindingAnswer]


class FindingView(BaseModel):
    """A finding with who found it, who confirmed it and what it cites. `late`: it came after the
    limit."""

    id: UUID = Field(examples=[_ID])
    visit_id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    item_id: UUID | None = Field(examples=[_ID])
    department_item_id: UUID | None = Field(examples=[None])
    code: str = Field(examples=["ZZ-01"])
    title: str = Field(examples=["警务室有专人值守"])
    value: int = Field(examples=[1])
    note: str = Field(examples=["值守记录完整"])
    state: FindingState = Field(examples=["established"])
    due_on: date | None = Field(
        description="Last day for the second assessor", examples=["2026-12-21"]
    )
    observed_at: datetime = Field(examples=["2026-12-16T02:20:00Z"])
    received_at: datetime = Field(examples=["2026-12-16T09:00:00Z"])
    late: bool = Field(examples=[False])
    recorded_by: UUID = Field(examples=[_ID])
    second_by: UUID | None = Field(examples=[_ID])
    second_at: datetime | None = Field(examples=["2026-12-16T09:10:00Z"])
    second_reason: str | None = Field(examples=[None])
    replaces_id: UUID | None = Field(examples=[None])
    evidence: Sequence[UUID] = Field(examples=[[_ID]])
    entries: Sequence[EntryCitation]


class SecondRequest(Request):
    """What the second assessor says."""

    note: Line | None = Field(None, examples=["现场一致"])


class EvidenceView(BaseModel):
    """A file of a visit. `scanned` says whether a virus scanner has seen it."""

    id: UUID = Field(examples=[_ID])
    visit_id: UUID = Field(examples=[_ID])
    name: str = Field(examples=["警务室值守.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="Bytes", examples=[183204])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    scanned: bool = Field(examples=[True])
    added_by: UUID = Field(examples=[_ID])
    added_at: datetime = Field(examples=["2026-12-16T02:21:00Z"])


class RatingShape(Request):
    """A resident's rating of an item, on the item's own scale."""

    code: Code = Field(examples=["FW-03"])
    value: Value = Field(examples=[4])


class RatingsRequest(Request):
    """Ratings of one's own community."""

    community_id: UUID | None = Field(
        None, description="Needed only by who lives in several", examples=[None]
    )
    ratings: Annotated[list[RatingShape], Field(min_length=1, max_length=50)]


class RatingsAnswer(BaseModel):
    """How many ratings were given or changed."""

    given: int = Field(examples=[2])


class RatingSum(BaseModel):
    """How many residents gave an item in a community which rating, and the exact mean."""

    community_id: UUID = Field(examples=[_ID])
    item_id: UUID = Field(examples=[_ID])
    number: int = Field(examples=[42])
    by_value: dict[int, int] = Field(examples=[{"4": 20, "5": 22}])
    mean: str = Field(description="A fraction, as 191/42", examples=["95/21"])
