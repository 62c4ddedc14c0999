"""Shapes that many requests are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[^\x00]+$"),
]
Paragraph = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=4000, pattern=r"^[^\x00]+$"),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$")]


class Request(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ReasonRequest(Request):
    """Why."""

    reason: Line = Field(examples=["上级已取消该项工作"])
