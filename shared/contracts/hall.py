"""What committee and workstation tell each other of matters in the workstation's hands.

Nothing in it says who raised a matter: the committee alone knows, and answers.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

Move = Literal["signed", "refused", "progress", "done"]


class HandedOver(BaseModel):
    """`HALL_HANDED_OVER`: a matter for the workstation; subject `handover/{id}`. `due_on` is the
    last day for the result, `sign_by` the one for taking it on."""

    id: UUID
    matter_id: UUID
    matter_code: str
    community_id: UUID
    title: str
    content: str
    category: str
    place: str
    request: str
    handed_on: date
    sign_by: date
    due_on: date


class HandoverRecalled(BaseModel):
    """`HALL_RECALLED`: the committee takes a matter back; same subject, so it comes after it was
    handed over."""

    id: UUID
    reason: str
    recalled_on: date


class HandoverMoved(BaseModel):
    """`HALL_TASK_MOVED`: what the workstation does with it: signed for, refused with the reason,
    how it goes on, done with the result; subject `handover/{id}`, so in the order in which it
    happened."""

    id: UUID
    matter_id: UUID
    move: Move
    text: str | None = None
    moved_on: date
