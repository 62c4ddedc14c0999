"""Requests and answers of imports."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from shared.imports.models import ImportMode
from shared.jobs.models import JobState

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class ImportView(BaseModel):
    """An import: `done` of `total` rows checked, and what they changed."""

    id: UUID = Field(description="Also the job's id", examples=[_ID])
    kind: str = Field(examples=["residents"])
    file_name: str = Field(examples=["residents.csv"])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    mode: ImportMode = Field(examples=["good_rows"])
    dry_run: bool = Field(examples=[False])
    state: JobState = Field(examples=["succeeded"])
    done: int = Field(examples=[1200])
    total: int | None = Field(examples=[1200])
    created: int = Field(examples=[1198])
    updated: int = Field(examples=[0])
    unchanged: int = Field(examples=[0])
    rejected: int = Field(description="Rows with a fault", examples=[2])
    finding_counts: dict[str, int] = Field(
        description="Faults by code", examples=[{"check_digit_wrong": 2}]
    )
    created_at: datetime = Field(examples=["2026-01-05T01:00:00Z"])


class FindingView(BaseModel):
    """A fault by row (the header is row 1) and column."""

    row: int = Field(examples=[17])
    column: str = Field(examples=["id_number"])
    column_title: str = Field(description="As it stands in the template", examples=["身份证号"])
    code: str = Field(examples=["check_digit_wrong"])
    detail: str = Field(examples=["身份证号校验位不正确。"])
    remedy: str = Field(examples=["请核对证件后更正。"])


class ColumnView(BaseModel):
    """A column of a template."""

    name: str = Field(examples=["id_number"])
    title: str = Field(examples=["身份证号"])
    required: bool = Field(examples=[True])
    example: str = Field(examples=["11010519491231002X"])
    note: str = Field(examples=["18 位"])


class TemplateView(BaseModel):
    """A kind of file that can be imported."""

    kind: str = Field(examples=["residents"])
    title: str = Field(examples=["居民"])
    columns: list[ColumnView]
