"""Queries of forms, questions and reuse."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.workstation.ledger.closing import OPEN
from services.workstation.ledger.models import (
    LedgerElement,
    LedgerEntry,
    LedgerForm,
    LedgerFormCell,
    LedgerQuestion,
)
from services.workstation.ledger.planning import FormState, How
from services.workstation.registry.public import Community, within
from shared.auth.policy import Reach
from shared.db.base import Rows

_OF_FORM = and_(
    LedgerForm.district == LedgerFormCell.district, LedgerForm.id == LedgerFormCell.form_id
)


def forms(reach: Reach) -> Rows:
    """Forms within reach: a department's own, or all."""
    query: Rows = select(*LedgerForm.__table__.columns)
    return (
        query
        if reach.whole_district
        else query.where(LedgerForm.department_id.in_(reach.departments))
    )


def answers(form_id: UUID) -> Rows:
    """A form's cells with the entries that fill them."""
    return (
        select(
            LedgerFormCell.id,
            LedgerFormCell.element_id,
            LedgerFormCell.community_id,
            Community.name.label("community_name"),
            LedgerElement.code.label("element"),
            LedgerElement.title.label("element_title"),
            LedgerElement.type,
            LedgerElement.unit,
            LedgerFormCell.period,
            LedgerFormCell.how,
            LedgerEntry.value,
            LedgerEntry.id.label("entry_id"),
            LedgerEntry.recorded_on,
            LedgerEntry.valid_until,
            LedgerEntry.ended_on,
            case((OPEN, LedgerQuestion.due_on)).label("due_on"),
        )
        .join(
            LedgerElement,
            and_(
                LedgerElement.district == LedgerFormCell.district,
                LedgerElement.id == LedgerFormCell.element_id,
            ),
        )
        .join(
            Community,
            and_(
                Community.district == LedgerFormCell.district,
                Community.id == LedgerFormCell.community_id,
            ),
        )
        .outerjoin(
            LedgerQuestion,
            and_(
                LedgerQuestion.district == LedgerFormCell.district,
                LedgerQuestion.id == LedgerFormCell.question_id,
            ),
        )
        .outerjoin(
            LedgerEntry,
            and_(
                LedgerEntry.district == LedgerFormCell.district,
                LedgerEntry.id == func.coalesce(LedgerFormCell.entry_id, LedgerQuestion.entry_id),
            ),
        )
        .where(LedgerFormCell.form_id == form_id)
    )


def questions(reach: Reach) -> Rows:
    """Open questions within reach: of communities in it, or of elements that its departments
    own."""
    waiting = (
        select(func.count())
        .select_from(LedgerFormCell)
        .join(LedgerForm, _OF_FORM)
        .where(
            LedgerFormCell.district == LedgerQuestion.district,
            LedgerFormCell.question_id == LedgerQuestion.id,
            LedgerForm.state == FormState.OPEN.value,
        )
        .scalar_subquery()
    )
    query: Rows = (
        select(
            LedgerQuestion.id,
            LedgerElement.code.label("element"),
            LedgerElement.title.label("element_title"),
            LedgerElement.definition,
            LedgerElement.type,
            LedgerElement.unit,
            LedgerElement.choices,
            LedgerElement.owner_kind,
            LedgerElement.owner_name,
            LedgerQuestion.community_id,
            Community.name.label("community_name"),
            LedgerQuestion.period,
            waiting.label("forms"),
            LedgerQuestion.asked_on,
            LedgerQuestion.due_on,
        )
        .join(
            LedgerElement,
            and_(
                LedgerElement.district == LedgerQuestion.district,
                LedgerElement.id == LedgerQuestion.element_id,
            ),
        )
        .join(
            Community,
            and_(
                Community.district == LedgerQuestion.district,
                Community.id == LedgerQuestion.community_id,
            ),
        )
        .where(OPEN)
    )
    if reach.whole_district:
        return query
    return query.where(
        or_(
            _local(reach),
            LedgerElement.owner_department_id.in_(reach.departments),
        )
    )


def _local(reach: Reach) -> ColumnElement[bool]:
    of_streets = select(Community.id).where(Community.street_id.in_(reach.streets))
    return or_(
        LedgerQuestion.community_id.in_(reach.communities),
        LedgerQuestion.community_id.in_(of_streets),
    )


async def reuse(
    session: AsyncConnection, reach: Reach, year: int, community_id: UUID | None
) -> Sequence[Any]:
    """How a year's forms were filled, by community, in one query."""

    def counted(how: How) -> ColumnElement[int]:
        return func.count().filter(LedgerFormCell.how == how.value)

    each: Any = (
        select(
            LedgerFormCell.community_id,
            counted(How.LEDGER).label("from_ledger"),
            counted(How.JOINED).label("joined"),
            counted(How.ASKED).label("asked"),
        )
        .join(LedgerForm, _OF_FORM)
        .where(
            LedgerForm.asked_on >= date(year, 1, 1),
            LedgerForm.asked_on <= date(year, 12, 31),
            LedgerForm.state != FormState.CANCELLED.value,
        )
        .group_by(LedgerFormCell.form_id, LedgerFormCell.community_id)
    )
    if community_id is not None:
        each = each.where(LedgerFormCell.community_id == community_id)
    each = within(each, reach, LedgerFormCell.community_id).subquery()
    query = (
        select(
            Community.id.label("community_id"),
            Community.name.label("community_name"),
            func.count().label("forms"),
            func.count().filter(each.c.asked == literal(0)).label("forms_avoided"),
            *(func.sum(each.c[name]).label(name) for name in ("from_ledger", "joined", "asked")),
        )
        .join(each, each.c.community_id == Community.id)
        .group_by(Community.district, Community.id)
        .order_by(Community.code)
    )
    return (await session.execute(query)).all()
