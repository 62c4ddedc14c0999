"""Answers about attachments."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.committee.hall.schemas.matters import ID


class AttachmentView(BaseModel):
    """A photograph or document; `scanned`: a virus scanner has seen it. A public one has a neutral
    name."""

    id: UUID = Field(examples=[ID])
    name: str = Field(examples=["路灯.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="Bytes", examples=[182044])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    scanned: bool = Field(examples=[True])
    public: bool = Field(examples=[False])
    added_at: datetime = Field(examples=["2026-11-05T01:00:00Z"])
