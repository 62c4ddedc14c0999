"""Requests and answers of tasks. Amounts are integer fen."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StrictBool, StrictFloat, StrictInt

from services.workstation.tasks.domain import AssistanceState, TaskState, Turn
from shared.web.problem import Problem
from shared.web.shapes import Line, Paragraph, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_TITLE = "第四季度老年人健康档案更新"
_RESULT = "入户核对 126 户，更新档案 126 份。"
_MOST = 10**15
MOST_AT_ONCE = 100

Whole = Annotated[StrictInt, Field(ge=-_MOST, le=_MOST)]
Broken = Annotated[StrictFloat, Field(ge=-_MOST, le=_MOST, allow_inf_nan=False)]
Figure = StrictBool | Whole | Broken | Line
ElementCode = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]+$")]
Figures = Annotated[
    dict[ElementCode, Figure] | None,
    Field(
        max_length=100,
        description="Ledger element code → its value in this community; one for each element of "
        "the task",
        examples=[{"elderly_over_65": 126}],
    ),
]


class TaskView(BaseModel):
    """A community's task. `deadline` is the day by which the work is to be done, `next_due_on` the
    last day for the one whose turn it is."""

    id: UUID = Field(examples=[_ID])
    dispatch_id: UUID = Field(examples=[_ID])
    item_id: UUID = Field(examples=[_ID])
    item_code: str = Field(examples=["WJ-003"])
    item_title: str = Field(examples=["60岁以上老年人健康档案更新"])
    title: str = Field(examples=[_TITLE])
    department_id: UUID = Field(examples=[_ID])
    department_name: str = Field(examples=["卫生健康局"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    cases: int = Field(examples=[126])
    amount: int = Field(description="Paid on acceptance, in fen", examples=[120000])
    state: TaskState = Field(examples=["in_progress"])
    turn: Turn | None = Field(description="Who is to act next", examples=["community"])
    dispatched_on: date = Field(examples=["2026-10-08"])
    deadline: date = Field(examples=["2026-12-15"])
    next_due_on: date = Field(examples=["2026-12-15"])
    overdue: bool = Field(examples=[False])
    reminded_at: datetime | None = Field(examples=[None])
    escalated_at: datetime | None = Field(
        description="Raised to the street, as the present step is late", examples=[None]
    )
    submitted_on: date | None = Field(description="The last time", examples=[None])
    concluded_on: date | None = Field(examples=[None])


class EvidenceView(BaseModel):
    """A file that shows what was done. `scanned`: a virus scanner has seen it."""

    id: UUID = Field(examples=[_ID])
    name: str = Field(examples=["入户照片.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="Bytes", examples=[482113])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    scanned: bool = Field(examples=[True])
    added_by: UUID | None = Field(examples=[_ID])
    added_at: datetime = Field(examples=["2026-11-20T02:11:00Z"])
    withdrawn_at: datetime | None = Field(examples=[None])
    withdrawn_because: str | None = Field(examples=[None])


class PossibleStep(BaseModel):
    """A step that may be taken now, and by which roles."""

    action: str = Field(examples=["submission"])
    name: str = Field(examples=["提交验收"])
    roles: Sequence[str] = Field(examples=[["workstation_staff"]])


class TaskDetail(TaskView):
    """A task with what is to be done, what was done, and what may follow."""

    content: str = Field(examples=["按名单入户核对，更新慢性病和用药情况。"])
    standard: str = Field(examples=["档案更新率达到95%"])
    elements: Sequence[str] = Field(
        description="Codes of the ledger elements it reports", examples=[["elderly_over_65"]]
    )
    result: str | None = Field(examples=[_RESULT])
    figures: Mapping[str, Figure] | None = Field(examples=[{"elderly_over_65": 126}])
    evidence: Sequence[EvidenceView]
    possible: Sequence[PossibleStep]


class SubmissionRequest(Request):
    """What was done. Files are added as evidence before; one of the two is needed. What is left
    out stays as it was when the task was submitted before."""

    result: Paragraph | None = Field(None, examples=[_RESULT])
    figures: Figures = None


class ReviewRequest(Request):
    """The department's word on submitted work; sending it back needs the reason."""

    outcome: Literal["approval", "sending_back"] = Field(examples=["approval"])
    reason: Line | None = Field(None, examples=[None])


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) != len(ids):
        raise ValueError("each task once")
    return ids


class SeveralRequest(Request):
    """The same step of several tasks."""

    action: Literal[
        "acceptance", "return", "start", "submission", "recall", "approval", "sending_back",
        "withdrawal",
    ] = Field(examples=["acceptance"])  # fmt: skip
    task_ids: Annotated[
        list[UUID],
        Field(min_length=1, max_length=MOST_AT_ONCE),
        AfterValidator(_each_once),
    ] = Field(examples=[[_ID]])
    reason: Line | None = Field(None, examples=[None])
    result: Paragraph | None = Field(None, examples=[None])
    figures: Figures = Field(None, examples=[None])


class RowView(BaseModel):
    """What became of one task: its new state, or why the step was not taken."""

    task_id: UUID = Field(examples=[_ID])
    state: TaskState | None = Field(examples=["accepted"])
    problem: Problem | None = Field(examples=[None])


class SeveralView(BaseModel):
    """What became of each task, in the order asked."""

    done: int = Field(examples=[1])
    refused: int = Field(examples=[0])
    rows: Sequence[RowView]


class WorkloadRow(BaseModel):
    """The tasks of one community, street or department. Amounts in fen: of all, of open ones, and
    of what was released on acceptance."""

    key: UUID | None = Field(examples=[_ID])
    name: str = Field(examples=["航空路社区"])
    tasks: int = Field(examples=[42])
    open: int = Field(examples=[7])
    overdue: int = Field(examples=[1])
    escalated: int = Field(examples=[1])
    closed: int = Field(examples=[33])
    returned: int = Field(examples=[2])
    withdrawn: int = Field(examples=[0])
    tasks_amount: int = Field(examples=[5040000])
    open_amount: int = Field(examples=[840000])
    closed_amount: int = Field(examples=[3960000])


class Workload(BaseModel):
    """The tasks dispatched in a year, by name."""

    year: int = Field(examples=[2026])
    by: str = Field(examples=["community"])
    rows: Sequence[WorkloadRow]
    total: WorkloadRow


class AssistanceRequest(Request):
    """What the committee is asked for."""

    request: Paragraph = Field(examples=["请楼栋长协助通知三号楼老人周六上午体检。"])
    wanted_by: date = Field(examples=["2026-12-05"])


class AnswerRequest(Request):
    """The committee's answer; it may decline (组织法 43), with or without saying why."""

    outcome: Literal["acceptance", "declining", "completion"] = Field(examples=["acceptance"])
    reply: Line | None = Field(None, examples=["周五前由楼栋长通知到户。"])


class AssistanceView(BaseModel):
    """A request for assistance and the committee's answer."""

    id: UUID = Field(examples=[_ID])
    task_id: UUID = Field(examples=[_ID])
    title: str = Field(description="Of the task", examples=[_TITLE])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    request: str = Field(examples=["请楼栋长协助通知三号楼老人周六上午体检。"])
    wanted_by: date = Field(examples=["2026-12-05"])
    state: AssistanceState = Field(examples=["asked"])
    reply: str | None = Field(examples=[None])
    created_at: datetime = Field(examples=["2026-11-24T01:00:00Z"])
