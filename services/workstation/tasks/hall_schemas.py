"""Requests and answers about what the residents' talk hall handed over."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.workstation.tasks.domain import TaskState
from services.workstation.tasks.hall_domain import HALL_ENDED, HALL_TASK
from shared.kernel.text import Language
from shared.web.shapes import Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class HallTaskView(BaseModel):
    """A matter that the residents' talk hall handed over. `deadline` is the last day for its
    result, `due_on` that of the present step."""

    id: UUID = Field(examples=[_ID])
    matter_id: UUID = Field(examples=[_ID])
    matter_code: str = Field(examples=["261105-K3F9QA"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    title: str = Field(examples=["3号楼门前路灯不亮"])
    content: str = Field(examples=["3号楼门前两盏路灯坏了半个多月。"])
    category: str = Field(examples=["facilities"])
    place: str = Field(examples=["3号楼门前"])
    request: str = Field(examples=["请联系供电公司修复。"])
    handed_on: date = Field(examples=["2026-11-06"])
    deadline: date = Field(examples=["2026-11-13"])
    state: TaskState = Field(examples=["in_progress"])
    state_name: str = Field(examples=["办理中"])
    due_on: date | None = Field(examples=["2026-11-13"])
    overdue: bool = Field(examples=[False])
    reason: str | None = Field(examples=[None])
    result: str | None = Field(examples=[None])
    concluded_on: date | None = Field(examples=[None])

    @classmethod
    def of(cls, row: Any, language: Language, today: date) -> "HallTaskView":
        """A row of `hall_tasks`."""
        made = {"state_name", "overdue"}
        own = {name: getattr(row, name) for name in cls.model_fields if name not in made}
        late = row.state not in HALL_ENDED and row.due_on is not None and row.due_on < today
        return cls(
            **own, state_name=HALL_TASK.states[row.state].in_language(language), overdue=late
        )


class PublishedReason(Request):
    """Why it goes back; the hall publishes it."""

    reason: Paragraph = Field(examples=["路灯属供电公司产权，请转交区住建局。"])


class PublishedProgress(Request):
    """How the work goes on; the hall publishes it."""

    body: Paragraph = Field(examples=["供电公司已派人勘查，明日施工。"])


class PublishedResult(Request):
    """What came of it; the hall publishes it."""

    result: Paragraph = Field(examples=["两盏路灯已于11月9日更换。"])
