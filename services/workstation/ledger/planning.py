"""Answering forms: what the ledger knows, and what must be asked, once. Pure.

A form is filled by cells. Each cell is answered from the ledger or waits for exactly one open
question, never both; whoever asks for what is being asked already joins that question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class FormState(StrEnum):
    """States of a form request."""

    DRAFT = "draft"
    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"


_DEPARTMENT = frozenset({Role.DEPARTMENT})
_S = FormState
FORM = Procedure(
    name="ledger_form",
    states={
        _S.DRAFT: Text("待确认对应关系", "mapping to be confirmed"),
        _S.OPEN: Text("补采中", "being asked for"),
        _S.FILLED: Text("已填齐", "filled"),
        _S.CANCELLED: Text("已取消", "cancelled"),
    },
    actions={
        "submission": Text("提交", "submit"),
        "completion": Text("填齐", "complete"),
        "cancellation": Text("取消", "cancel"),
    },
    steps=(
        Step(
            _S.DRAFT, "submission", "submitted", _S.OPEN, _DEPARTMENT,
            limit="ledger.answer_working_days",
        ),
        Step(_S.OPEN, "completion", "completed", _S.FILLED),
        Step(_S.DRAFT, "cancellation", "cancelled", _S.CANCELLED, _DEPARTMENT, reason=True),
        Step(_S.OPEN, "cancellation", "cancelled", _S.CANCELLED, _DEPARTMENT, reason=True),
    ),
)  # fmt: skip


class How(StrEnum):
    """How a cell of a form is filled: from the ledger at once, by a question that stood already,
    or by one that had to be asked."""

    LEDGER = "ledger"
    JOINED = "joined"
    ASKED = "asked"


class Cell(NamedTuple):
    """A value that a form asks for: of which element, of which community, for which period."""

    element_id: UUID
    community_id: UUID
    period: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How a form's cells are filled: by entries, by questions that are open, or by questions to be
    asked."""

    answered: Mapping[Cell, UUID]
    joined: Mapping[Cell, UUID]
    asked: tuple[Cell, ...]


def plan_form(
    cells: Iterable[Cell], entries: Mapping[Cell, UUID], questions: Mapping[Cell, UUID]
) -> Plan:
    """How each cell is filled, once even if it is named twice; `entries` are those that count
    today, `questions` those that are open."""
    answered, joined, asked = {}, {}, []
    for cell in dict.fromkeys(cells):
        if cell in entries:
            answered[cell] = entries[cell]
        elif cell in questions:
            joined[cell] = questions[cell]
        else:
            asked.append(cell)
    return Plan(answered, joined, tuple(asked))
