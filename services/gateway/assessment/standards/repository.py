"""Queries of standards, departments' items and mappings; rows turned into facts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.assessment.standards.domain import (
    Item,
    ItemKind,
    PublishedItem,
    StandardState,
    Verification,
)
from services.gateway.assessment.standards.models import (
    DepartmentItem,
    ItemMapping,
    Standard,
    StandardItem,
)
from services.gateway.identity.public import Department
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.kernel.errors import NotFound

FIELDS = tuple(Item.__dataclass_fields__)
_HIDDEN = (StandardState.DRAFT, StandardState.ABANDONED)


def standards(reach: Reach) -> Rows:
    """Versions of standards; drafts only for the district's offices."""
    query: Rows = select(*Standard.__table__.columns)
    return query if reach.whole_district else query.where(Standard.state.not_in(_HIDDEN))


def department_items(reach: Reach) -> Rows:
    """Departments' own items within reach, with the department's name."""
    query: Rows = select(
        *DepartmentItem.__table__.columns, Department.name.label("department_name")
    ).join(
        Department,
        and_(
            Department.district == DepartmentItem.district,
            Department.id == DepartmentItem.department_id,
        ),
    )
    if reach.whole_district:
        return query
    return query.where(DepartmentItem.department_id.in_(reach.departments))


def mappings(reach: Reach) -> Rows:
    """Mappings within reach with both items' codes and titles."""
    query: Rows = (
        select(
            *ItemMapping.__table__.columns,
            DepartmentItem.department_id,
            DepartmentItem.code.label("department_item_code"),
            DepartmentItem.title.label("department_item_title"),
            StandardItem.code.label("item_code"),
            StandardItem.title.label("item_title"),
        )
        .join(
            DepartmentItem,
            and_(
                DepartmentItem.district == ItemMapping.district,
                DepartmentItem.id == ItemMapping.department_item_id,
            ),
        )
        .join(
            StandardItem,
            and_(
                StandardItem.district == ItemMapping.district,
                StandardItem.id == ItemMapping.item_id,
            ),
        )
    )
    if reach.whole_district:
        return query
    return query.where(DepartmentItem.department_id.in_(reach.departments))


async def locked_standard(session: AsyncSession, id: UUID) -> Standard:
    """A version under a row lock. Raises NotFound."""
    found = await session.scalar(select(Standard).where(Standard.id == id).with_for_update())
    if found is None:
        raise NotFound
    return found


async def locked_versions(session: AsyncSession, id: UUID) -> list[Standard]:
    """All versions of the standard that has the version, by number, under row locks that everybody
    takes in this order. Raises NotFound."""
    code = select(Standard.code).where(Standard.id == id).scalar_subquery()
    query = select(Standard).where(Standard.code == code).order_by(Standard.number)
    found = list(await session.scalars(query.with_for_update()))
    if not found:
        raise NotFound
    return found


async def published(session: AsyncSession, code: str) -> Standard | None:
    """The published version of a standard, locked."""
    return await session.scalar(
        select(Standard)
        .where(Standard.code == code, Standard.state == StandardState.PUBLISHED)
        .with_for_update()
    )


async def latest(session: AsyncSession, code: str) -> Standard | None:
    """The latest version of a standard, whatever its state."""
    query = select(Standard).where(Standard.code == code).order_by(Standard.number.desc()).limit(1)
    return await session.scalar(query)


async def items_of(
    session: AsyncConnection | AsyncSession, standard_id: UUID
) -> list[PublishedItem]:
    """A published version's items in their order."""
    rows = await session.execute(
        select(*StandardItem.__table__.columns)
        .where(StandardItem.standard_id == standard_id)
        .order_by(StandardItem.position)
    )
    return [published_item(row) for row in rows]


def published_item(row: Any) -> PublishedItem:
    """A row as facts."""
    return PublishedItem(
        row.id, row.standard_id, row.origin_id, item_of({n: getattr(row, n) for n in FIELDS})
    )


def item_of(stored: Mapping[str, Any]) -> Item:
    """A stored item, of a draft or a row, as facts."""
    return Item(
        **{
            **stored,
            "kind": ItemKind(stored["kind"]),
            "verification": Verification(stored["verification"]),
        }
    )
