"""Entries close the questions that they answer, and fill the forms that waited for them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger.models import LedgerForm, LedgerFormCell, LedgerQuestion
from services.workstation.ledger.planning import FORM, Cell, FormState
from shared.audit.record import Actor
from shared.imports.bulk import keys_as_table
from shared.procedures.taking import take

OPEN = LedgerQuestion.entry_id.is_(None) & LedgerQuestion.withdrawn_on.is_(None)


async def recording_lock(session: AsyncSession, district: str) -> None:
    """Held while entries are made, by any number at once; whoever plans a form waits for them, so
    that no value is asked for that is being entered."""
    await _lock(session, "pg_advisory_xact_lock_shared", district)


async def asking_lock(session: AsyncSession, district: str) -> None:
    """Held while a form is planned or cancelled, by one at a time."""
    await _lock(session, "pg_advisory_xact_lock", district)


async def closing_lock(session: AsyncSession, district: str) -> None:
    """Held while questions are closed, by one at a time: answers to several forms, given in
    whatever order, never wait for one another in a circle."""
    await _lock(session, "pg_advisory_xact_lock", f"{district} closing")


async def _lock(session: AsyncSession, function: str, district: str) -> None:
    await session.execute(
        text(f"SELECT {function}(hashtextextended(:key, 0))"), {"key": f"ledger {district}"}
    )


async def close_questions(
    session: AsyncSession, actor: Actor, entries: Mapping[Cell, UUID], today: date
) -> None:
    """Close the open questions that the entries answer, under the recording lock, and complete the
    forms of which nothing remains."""
    if not entries:
        return
    columns = (LedgerQuestion.element_id, LedgerQuestion.community_id, LedgerQuestion.period)
    wanted, same = keys_as_table(columns, list(entries))
    query = select(LedgerQuestion).join(wanted, same).where(OPEN)
    if (await session.execute(query.limit(1))).first() is None:
        return
    await closing_lock(session, actor.district)
    questions = (await session.scalars(query.with_for_update(of=LedgerQuestion))).all()
    for question in questions:
        cell = Cell(question.element_id, question.community_id, question.period)
        question.entry_id, question.answered_on = entries[cell], today
    await session.flush()
    await _fill_forms(session, actor, [question.id for question in questions], today)


async def _fill_forms(
    session: AsyncSession, actor: Actor, questions: list[UUID], today: date
) -> None:
    waiting = (
        select(LedgerFormCell.form_id, func.count().label("cells"))
        .where(LedgerFormCell.question_id.in_(questions))
        .group_by(LedgerFormCell.form_id)
    )
    cells = {row.form_id: row.cells for row in (await session.execute(waiting)).all()}
    query = (
        select(LedgerForm)
        .where(LedgerForm.id.in_(cells), LedgerForm.state == FormState.OPEN.value)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for form in (await session.scalars(query)).all():
        form.remaining -= cells[form.id]
        if form.remaining == 0:
            await complete(session, form, today)
    await session.flush()


async def complete(session: AsyncSession, form: LedgerForm, today: date) -> None:
    """A locked form of which nothing remains to be asked is filled."""
    form.filled_on = today
    platform = Actor.platform(form.district)
    await take(session, platform, FORM, form, "completion", by=None, rulebook=None, today=today)


async def withdraw_unwanted(session: AsyncSession, form_id: UUID, today: date) -> None:
    """Withdraw the open questions of a cancelled form that no other open form waits for, under the
    asking lock."""
    mine = select(LedgerFormCell.question_id).where(LedgerFormCell.form_id == form_id)
    wanted = (
        select(LedgerFormCell.question_id)
        .join(
            LedgerForm,
            (LedgerForm.district == LedgerFormCell.district)
            & (LedgerForm.id == LedgerFormCell.form_id),
        )
        .where(
            LedgerForm.state == FormState.OPEN.value,
            LedgerFormCell.question_id == LedgerQuestion.id,
        )
    )
    await session.execute(
        update(LedgerQuestion)
        .where(OPEN, LedgerQuestion.id.in_(mine), ~wanted.exists())
        .values(withdrawn_on=today)
        .execution_options(synchronize_session=False)
    )
