"""Requests and answers about handing over, results, and judgement."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from services.committee.hall.domain import Handler, HandoverState
from services.committee.hall.schemas.matters import ID, MASK
from shared.web.shapes import Line, Paragraph, Request

_ASKED = "请联系供电公司修复3号楼门前两盏路灯。"
_DONE = "两盏路灯已于11月9日更换，夜间照明恢复。"


class HandoverRequest(Request):
    """To whom a matter is handed, and what is asked; all can read it. A department is named with
    id and name (`GET /v1/departments`)."""

    handler: Handler = Field(examples=["workstation"])
    department_id: UUID | None = Field(None, examples=[None])
    department_name: Line | None = Field(None, examples=[None])
    request: Paragraph = Field(examples=[_ASKED])
    mask_personal_data: bool = MASK


class HandoverView(BaseModel):
    """A matter in somebody's hands; `due_on` is the last day for the result."""

    id: UUID = Field(examples=[ID])
    matter_id: UUID = Field(examples=[ID])
    handler: Handler = Field(examples=["workstation"])
    department_id: UUID | None = Field(examples=[None])
    department_name: str | None = Field(examples=[None])
    request: str = Field(examples=[_ASKED])
    state: HandoverState = Field(examples=["signed"])
    handed_on: date = Field(examples=["2026-11-06"])
    due_on: date = Field(examples=["2026-11-13"])
    signed_on: date | None = Field(examples=["2026-11-06"])
    ended_on: date | None = Field(examples=[None])
    reason: str | None = Field(examples=[None])
    result: str | None = Field(examples=[None])


class ProgressRequest(Request):
    """How the work goes on; all can read it."""

    body: Paragraph = Field(examples=["供电公司已派人勘查，明日施工。"])
    mask_personal_data: bool = MASK


class ResultRequest(Request):
    """What came of it; all can read it, and who raised the matter judges it."""

    result: Paragraph = Field(examples=[_DONE])
    mask_personal_data: bool = MASK


class RatingRequest(Request):
    """The word of who raised it: 1 (not at all content) to 5 (very content). It closes the matter;
    who is not content may have it reopened instead, once."""

    score: Annotated[StrictInt, Field(ge=1, le=5)] = Field(examples=[5])
    word: Paragraph | None = Field(None, examples=["修得很快，谢谢。"])
    mask_personal_data: bool = MASK


class RatingView(BaseModel):
    """A judgement; `entered` by staff for somebody without an account."""

    round: int = Field(examples=[1])
    score: int = Field(examples=[5])
    word: str | None = Field(examples=["修得很快，谢谢。"])
    entered: bool = Field(examples=[False])
    at: datetime = Field(examples=["2026-11-10T01:00:00Z"])
