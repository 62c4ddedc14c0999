"""Taking steps: history and audit are written in the transaction of the step itself."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.audit.record import Actor, record
from shared.auth.principal import Role
from shared.kernel.ids import new_id
from shared.procedures.models import ProcedureStep
from shared.procedures.procedure import Procedure, Step
from shared.rulebook.calendar import limit_day
from shared.rulebook.rulebook import Rulebook

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


class Subject(Protocol):
    """A row that goes through a procedure, locked by the caller."""

    id: Any
    state: Any
    due_on: Any
    version: Any


class StepView(BaseModel):
    """One step of the history. `due_on` is the last day for the step that follows."""

    id: UUID = Field(examples=[_ID])
    action: str = Field(examples=["submission"])
    from_state: str = Field(examples=["draft"])
    to_state: str = Field(examples=["with_leading_group"])
    actor: UUID | None = Field(examples=[_ID])
    actor_kind: str = Field(examples=["person"])
    reason: str | None = Field(examples=[None])
    due_on: date | None = Field(examples=["2026-11-16"])
    at: datetime = Field(examples=["2026-10-26T01:00:00Z"])


async def take(
    session: AsyncSession,
    actor: Actor,
    procedure: Procedure,
    subject: Subject,
    action: str,
    *,
    by: Collection[Role] | None,
    rulebook: Rulebook | None,
    today: date,
    reason: str | None = None,
    told: Mapping[str, Any] | None = None,
    due_on: date | None = None,
) -> Step:
    """Move a locked subject one step on, write history and audit; `told` goes into the audit.

    `due_on` is the last day of the step that follows where the table names no rule for it.
    `by` are the caller's roles, None for the platform; `rulebook` may be None for a step that sets
    no limit by rule. Raises what `Procedure.step` raises, and NoRuleInForce for its limit.
    """
    step = procedure.step(subject.state, action, by=by, reason=reason)
    before = subject.state
    subject.state = step.next
    subject.due_on = due_on
    if step.limit is not None:
        assert rulebook is not None
        days = rulebook.lookup(step.limit, actor.district, today).integer()
        subject.due_on = limit_day(rulebook, actor.district, today, days)
    subject.version += 1
    session.add(
        ProcedureStep(
            district=actor.district,
            id=new_id(),
            procedure=procedure.name,
            subject_id=subject.id,
            action=action,
            from_state=before,
            to_state=subject.state,
            actor=actor.id,
            actor_kind=actor.kind,
            reason=reason,
            due_on=subject.due_on,
        )
    )
    await session.flush()
    await record(
        session,
        actor,
        f"{procedure.name}.{step.act}",
        (procedure.name, subject.id),
        before={"state": before},
        after={"state": subject.state, "reason": reason, **(told or {})},
    )
    return step


async def steps_of(
    session: AsyncConnection | AsyncSession, procedure: Procedure, subject_id: UUID
) -> list[StepView]:
    """The history of one subject, oldest first."""
    columns = [getattr(ProcedureStep, name) for name in StepView.model_fields]
    rows = await session.execute(
        select(*columns)
        .where(ProcedureStep.procedure == procedure.name, ProcedureStep.subject_id == subject_id)
        .order_by(ProcedureStep.id)
    )
    return [StepView.model_validate(row, from_attributes=True) for row in rows]
