"""Write use cases of departments' own items and their mappings."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.standards.domain import (
    STANDARD,
    Relation,
    StandardState,
)
from services.gateway.assessment.standards.models import (
    DepartmentItem,
    ItemMapping,
    Standard,
    StandardItem,
)
from services.gateway.identity.public import Department
from shared.audit.record import Actor, record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text


async def propose(
    session: AsyncSession, actor: Actor, department: Department, values: Mapping[str, Any]
) -> DepartmentItem:
    """Enter a department's own item. Raises Conflict when it has one of that code."""
    made: DepartmentItem | None = await session.scalar(
        insert(DepartmentItem)
        .values(
            district=actor.district,
            id=new_id(),
            department_id=department.id,
            created_by=actor.id,
            version=1,
            **values,
        )
        .on_conflict_do_nothing()
        .returning(DepartmentItem)
    )
    if made is None:
        raise Conflict(
            code="code_taken",
            detail=Text(
                zh=f"本部门已有代码为 {values['code']} 的项目，请换一个代码，或沿用该项目。",
                en=f"The department has an item {values['code']} already. Use it, or choose "
                "another code.",
            ),
        )
    await record(
        session, actor, "department_item.proposed", ("department_item", made.id), after=values
    )
    return made


async def locked_item(session: AsyncSession, reach: Reach, id: UUID) -> DepartmentItem:
    """A department's item under a row lock. Raises NotFound when out of reach."""
    found = await session.scalar(
        select(DepartmentItem).where(DepartmentItem.id == id).with_for_update()
    )
    if found is None or not (reach.whole_district or found.department_id in reach.departments):
        raise NotFound
    return found


async def change(
    session: AsyncSession, actor: Actor, item: DepartmentItem, values: Mapping[str, Any]
) -> None:
    """Change a locked item's wording. Raises Conflict while it is mapped: what was compared with
    the standard must stay as it was compared."""
    mapped = await session.scalar(
        select(ItemMapping.id)
        .where(ItemMapping.department_item_id == item.id, ItemMapping.ended_on.is_(None))
        .limit(1)
    )
    if mapped is not None:
        raise Conflict(
            code="item_mapped",
            detail=Text(
                zh="该项目已与统一标准建立对应关系，不能改动；请先终止对应关系，再修改并重新对应。",
                en="The item is mapped to the standard. End its mappings, change it, then map it "
                "anew.",
            ),
        )
    before = {name: getattr(item, name) for name in values}
    for name, value in values.items():
        setattr(item, name, value)
    item.version += 1
    await session.flush()
    await record(
        session, actor, "department_item.changed", ("department_item", item.id),
        before=before, after=values,
    )  # fmt: skip


async def map_item(
    session: AsyncSession,
    actor: Actor,
    standard_id: UUID,
    item: DepartmentItem,
    *,
    item_code: str,
    relation: Relation,
    note: str,
) -> ItemMapping:
    """Say what a published standard's item is of a department's locked own.

    Raises NotFound for an unknown standard, Conflict when it is not in force or the two are mapped
    already, Invalid for an item that it does not have.
    """
    standard = await session.scalar(
        select(Standard).where(Standard.id == standard_id).with_for_update(read=True)
    )
    if standard is None:
        raise NotFound
    if standard.state != StandardState.PUBLISHED:
        state = STANDARD.states[standard.state]
        raise Conflict(
            code="standard_not_in_force",
            detail=Text(
                zh=f"该版本的状态是“{state.zh}”，只能与现行版本建立对应关系。",
                en=f"This version is “{state.en}”. Items are mapped to the one in force.",
            ),
        )
    unified = await session.scalar(
        select(StandardItem.id).where(
            StandardItem.standard_id == standard_id, StandardItem.code == item_code
        )
    )
    if unified is None:
        raise Invalid(issues=(_unknown_item(item_code),))
    made: ItemMapping | None = await session.scalar(
        insert(ItemMapping)
        .values(
            district=actor.district,
            id=new_id(),
            department_item_id=item.id,
            standard_id=standard_id,
            item_id=unified,
            relation=relation.value,
            note=note,
            created_by=actor.id,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(ItemMapping)
    )
    if made is None:
        raise Conflict(
            code="already_mapped",
            detail=Text(
                zh=f"{item.code} 与 {item_code} 已有对应关系；如需更改，请先终止原来的。",
                en=f"{item.code} and {item_code} are mapped already. End that mapping to change "
                "it.",
            ),
        )
    await record(
        session, actor, "item_mapping.made", ("item_mapping", made.id),
        after={"department_item": item.code, "item": item_code, "relation": relation.value},
    )  # fmt: skip
    return made


async def end_mapping(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    standard_id: UUID,
    id: UUID,
    *,
    reason: str,
    today: date,
) -> ItemMapping:
    """End a mapping; screenings made with it stay. Raises NotFound, Conflict when it has ended."""
    found = await session.scalar(
        select(ItemMapping)
        .where(ItemMapping.id == id, ItemMapping.standard_id == standard_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    await locked_item(session, reach, found.department_item_id)
    if found.ended_on is not None:
        raise Conflict(
            code="mapping_ended",
            detail=Text(
                zh=f"该对应关系已于 {found.ended_on} 终止。",
                en=f"The mapping ended on {found.ended_on}.",
            ),
        )
    found.ended_on, found.ended_because = today, reason
    found.version += 1
    await session.flush()
    await record(
        session, actor, "item_mapping.ended", ("item_mapping", id), after={"reason": reason}
    )
    return found


def _unknown_item(code: str) -> Issue:
    return Issue(
        code="item_unknown",
        pointer="/item_code",
        detail=Text(zh=f"该标准没有代码为 {code} 的项目。", en=f"The standard has no item {code}."),
        remedy=Text(zh="请从该标准的项目中选择。", en="Choose one of the standard's items."),
    )
