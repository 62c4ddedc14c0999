"""What gateway and workstation tell each other of admitted work. Amounts are integer fen."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field


class ItemAdmitted(BaseModel):
    """`ITEM_ADMITTED`: a department's item was admitted with its money; subject `item/{id}`.

    `funds` is all that may be spent on it, in fen.
    """

    id: UUID
    code: str
    title: str
    department_id: UUID
    department_name: str
    funds: int = Field(ge=0)
    source_line: str
    document: str
    admitted_on: date


class DispatchedTo(BaseModel):
    """One community of a dispatch: its task's id, how many cases, and what is paid for it."""

    task_id: UUID
    community_id: UUID
    cases: int = Field(ge=1)
    amount: int = Field(ge=0)


class DispatchAdmitted(BaseModel):
    """`DISPATCH_ADMITTED`: work that becomes one task a community; subject `item/{item_id}`, so
    that it follows its item. `elements` are codes of ledger elements that the work feeds."""

    id: UUID
    item_id: UUID
    item_code: str
    item_title: str
    department_id: UUID
    department_name: str
    title: str
    content: str
    standard: str
    dispatched_on: date
    due_on: date
    elements: list[str] = []
    communities: list[DispatchedTo]


class TaskConcluded(BaseModel):
    """`TASK_CONCLUDED`: a task's money was released on acceptance, or freed because the task was
    closed without it; subject `item/{item_id}`."""

    task_id: UUID
    dispatch_id: UUID
    item_id: UUID
    community_id: UUID
    outcome: Literal["released", "freed"]
    amount: int = Field(ge=0)
    concluded_on: date
