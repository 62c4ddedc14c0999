"""Shapes that many requests are made of."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[^\x00]+$"),
]
Paragraph = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=4000, pattern=r"^[^\x00]+$"),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$")]

CivilDay = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
"""A day that an office may mean, far enough from the ends of the calendar to count periods from."""
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
"""A moment of such a day, with its time zone."""


class Request(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ReasonRequest(Request):
    """Why."""

    reason: Line = Field(examples=["上级已取消该项工作"])
