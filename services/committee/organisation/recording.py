"""What recording and ending the bodies of a committee have in common."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.organisation.models import (
    Representative,
    ResidentGroup,
    SubCommittee,
    SubCommitteeMember,
    Supervisor,
    Term,
)
from shared.audit.record import record
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text
from shared.procedures.acting import Act

Made = TypeVar("Made", SubCommittee, SubCommitteeMember, ResidentGroup, Representative, Supervisor)


async def require_term(session: AsyncSession, committee_id: UUID, number: int) -> None:
    """Raises Invalid for another term than the last one or the next."""
    query = select(func.max(Term.number)).where(Term.committee_id == committee_id)
    last = await session.scalar(query) or 0
    if number not in {last, last + 1}:
        raise Invalid(issues=(_other_term(last),))


async def added(act: Act, made: Made, action: str, told: Mapping[str, Any]) -> Made:
    """Keep a new row, and record who made it."""
    act.session.add(made)
    await act.session.flush()
    await record(act.session, act.actor, action, (made.__tablename__, made.id), after=told)
    return made


def active(over: date | None) -> None:
    """Raises Conflict for what has ended."""
    if over is not None:
        raise Conflict(
            code="ended_already",
            detail=Text(
                zh=f"已于 {over} 终止，不能再变更；如登记有误，请新设或重新登记。",
                en=f"It ended on {over} and cannot be changed any more; record a new one instead.",
            ),
        )


def not_ahead(act: Act, field: str, day: date) -> None:
    """Raises Invalid for a day that has not come."""
    if day > act.today:
        raise Invalid(issues=(_day_ahead(field),))


def within(act: Act, on: date, began: date) -> None:
    """Raises Invalid for an end that has not come, or lies before the beginning."""
    not_ahead(act, "on", on)
    if on < began:
        raise Invalid(issues=(_ends_before_start(began),))


def not_in_office(pointer: str) -> Issue:
    """Somebody who holds no office on the day."""
    return issue(
        "not_in_office",
        pointer,
        "此人在该日不在任。",
        "That person is not in office on that day.",
        "请选择在任人员。",
        "Choose somebody who is.",
    )


def _other_term(last: int) -> Issue:
    return issue(
        "term_number",
        "/term_number",
        f"最近一届是第 {last} 届。",
        f"The committee's last term is {last}.",
        f"请填写 {last} 或下一届 {last + 1}。",
        f"Give {last}, or {last + 1} for the next term.",
    )


def _day_ahead(field: str) -> Issue:
    return issue(
        "day_ahead",
        f"/{field}",
        "日期尚未到来。",
        "That day has not come yet.",
        "请在当日或其后登记。",
        "Record it on that day or after.",
    )


def _ends_before_start(began: date) -> Issue:
    return issue(
        "ends_before_start",
        "/on",
        f"早于开始日期 {began}。",
        f"It began on {began}.",
        "请更正日期。",
        "Mend the day.",
    )
