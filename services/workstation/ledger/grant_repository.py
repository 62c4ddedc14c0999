"""Queries of grants, the rights that they give, and the log of reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.workstation.ledger.models import LedgerElement, LedgerGrant, LedgerRead
from shared.auth.policy import Reach
from shared.db.base import Rows


@dataclass(frozen=True, slots=True)
class Right:
    """Why a department may read an element: it owns it (no grant), or by a grant."""

    element_id: UUID
    department_id: UUID
    grant_id: UUID | None
    purpose: str


OWNER = "数据项主管部门"


async def rights(
    session: AsyncConnection | AsyncSession, departments: Collection[UUID], today: date
) -> dict[UUID, Right]:
    """What the departments may read on a day, by element; ownership goes before grants."""
    owned = select(
        LedgerElement.id.label("element_id"),
        LedgerElement.owner_department_id.label("department_id"),
        cast(None, LedgerGrant.id.type).label("grant_id"),
        literal(OWNER).label("purpose"),
    ).where(LedgerElement.owner_department_id.in_(departments))
    granted = select(
        LedgerGrant.element_id,
        LedgerGrant.department_id,
        LedgerGrant.id.label("grant_id"),
        LedgerGrant.purpose,
    ).where(LedgerGrant.department_id.in_(departments), in_force(today))
    found: dict[UUID, Right] = {}
    rows: Sequence[Any] = (await session.execute(union_all(owned, granted))).all()
    for row in rows:
        kept = found.get(row.element_id)
        if kept is None or row.grant_id is None:
            found[row.element_id] = Right(
                row.element_id, row.department_id, row.grant_id, row.purpose
            )
    return found


def in_force(today: date) -> ColumnElement[bool]:
    """Grants that hold on a day."""
    return and_(
        LedgerGrant.starts_on <= today,
        LedgerGrant.ends_on >= today,
        or_(LedgerGrant.revoked_on.is_(None), LedgerGrant.revoked_on > today),
    )


def grants(reach: Reach) -> Rows:
    """Grants within reach: to its departments, or of elements that they own."""
    query: Rows = select(
        *LedgerGrant.__table__.columns,
        LedgerElement.code.label("element"),
        LedgerElement.title.label("element_title"),
    ).join(
        LedgerElement,
        and_(
            LedgerElement.district == LedgerGrant.district,
            LedgerElement.id == LedgerGrant.element_id,
        ),
    )
    if reach.whole_district:
        return query
    return query.where(
        or_(
            LedgerGrant.department_id.in_(reach.departments),
            LedgerElement.owner_department_id.in_(reach.departments),
        )
    )


def reads(reach: Reach) -> Rows:
    """Reads of elements: all of them, or of those that the departments in reach own."""
    query: Rows = select(
        *LedgerRead.__table__.columns,
        LedgerElement.code.label("element"),
        LedgerElement.title.label("element_title"),
    ).join(
        LedgerElement,
        and_(
            LedgerElement.district == LedgerRead.district,
            LedgerElement.id == LedgerRead.element_id,
        ),
    )
    if reach.whole_district:
        return query
    return query.where(LedgerElement.owner_department_id.in_(reach.departments))
