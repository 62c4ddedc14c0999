"""What the gateway tells of the joint assessment."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class StandardPublished(BaseModel):
    """`STANDARD_PUBLISHED`: a version of a standard is in force from that day; subject
    `assessment_standard/{code}`."""

    id: UUID
    code: str
    number: int = Field(ge=1)
    title: str
    document: str
    published_on: date
    items: int = Field(ge=1)


class RequestDecided(BaseModel):
    """`REQUEST_DECIDED`: what became of a department's inspection request; subject
    `inspection_request/{id}`. `state` is approved, rejected, returned or withdrawn; counts are of
    (item, community) pairs by verdict."""

    id: UUID
    reference: str
    title: str
    department_id: UUID
    state: str
    reason: str | None
    document: str | None
    decided_on: date
    communities: int
    communities_to_visit: int
    verdicts: dict[str, int]
