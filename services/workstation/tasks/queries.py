"""Read use cases of tasks: rows as they are shown, the workload, and the list as a workbook."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncConnection

from services.workstation.tasks import repository
from services.workstation.tasks.domain import TASK, TaskState, is_overdue, turn_of
from services.workstation.tasks.schemas import (
    EvidenceView,
    PossibleStep,
    TaskDetail,
    TaskView,
    Workload,
    WorkloadRow,
)
from shared.auth.policy import Reach
from shared.kernel.text import Language, Text

_COMPUTED = {"turn", "overdue", "evidence", "possible"}
_NAMES = [name for name in TaskView.model_fields if name not in _COMPUTED]
_DETAIL_NAMES = [name for name in TaskDetail.model_fields if name not in _COMPUTED]
_HEADS = (
    Text("办理期限", "Next due"),
    Text("完成期限", "Deadline"),
    Text("状态", "State"),
    Text("逾期", "Overdue"),
    Text("任务", "Task"),
    Text("事项代码", "Item code"),
    Text("事项", "Item"),
    Text("部门", "Department"),
    Text("街道", "Street"),
    Text("社区", "Community"),
    Text("件数", "Cases"),
    Text("经费（元）", "Amount (yuan)"),
    Text("下派日期", "Dispatched"),
    Text("办结日期", "Concluded"),
)
_SUMS = [name for name in WorkloadRow.model_fields if name not in {"key", "name"}]


def _computed(row: Any, today: date) -> dict[str, Any]:
    state = TaskState(row.state)
    return {"turn": turn_of(state), "overdue": is_overdue(state, row.next_due_on, today)}


def shown(row: Any, today: date) -> TaskView:
    """A task of a list."""
    return TaskView(**{name: getattr(row, name) for name in _NAMES}, **_computed(row, today))


def shown_whole(row: Any, evidence: Sequence[Any], today: date, language: Language) -> TaskDetail:
    """One task."""
    return TaskDetail(
        **{name: getattr(row, name) for name in _DETAIL_NAMES},
        **_computed(row, today),
        evidence=[EvidenceView.model_validate(one, from_attributes=True) for one in evidence],
        possible=[
            PossibleStep(
                action=step.action,
                name=TASK.actions[step.action].in_language(language),
                roles=sorted(step.by),
            )
            for step in TASK.possible(row.state)
        ],
    )


async def workload_of(
    session: AsyncConnection, reach: Reach, *, by: str, year: int, today: date, language: Language
) -> Workload:
    """The tasks dispatched in a year within reach, by community, street or department."""
    found = await repository.workload(
        session, reach, by, date(year, 1, 1), date(year + 1, 1, 1), today
    )
    rows = [WorkloadRow.model_validate(row, from_attributes=True) for row in found]
    total = WorkloadRow(
        key=None,
        name=Text("合计", "total").in_language(language),
        **{name: sum(getattr(row, name) for row in rows) for name in _SUMS},
    )
    return Workload(year=year, by=by, rows=rows, total=total)


def workbook(tasks: Sequence[Any], today: date, language: Language) -> bytes:
    """The work list as XLSX; texts are never formulas."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(Text("任务清单", "Tasks").in_language(language))
        sheet.set_column(0, len(_HEADS) - 1, 16)
        sheet.freeze_panes(1, 0)
        for at, head in enumerate(_HEADS):
            sheet.write_string(0, at, head.in_language(language))
        for line, task in enumerate(tasks, start=1):
            state = TaskState(task.state)
            late = is_overdue(state, task.next_due_on, today)
            texts = (
                str(task.next_due_on),
                str(task.deadline),
                TASK.states[state].in_language(language),
                Text("是" if late else "", "yes" if late else "").in_language(language),
                task.title,
                task.item_code,
                task.item_title,
                task.department_name,
                task.street_name,
                task.community_name,
            )
            for at, said in enumerate(texts):
                sheet.write_string(line, at, said)
            sheet.write_number(line, 10, task.cases)
            sheet.write_number(line, 11, task.amount / 100, money)
            sheet.write_string(line, 12, str(task.dispatched_on))
            sheet.write_string(line, 13, str(task.concluded_on or ""))
        sheet.autofilter(0, 0, len(tasks), len(_HEADS) - 1)
    return content.getvalue()
