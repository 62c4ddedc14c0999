"""Write use cases of the catalogue: elements are defined once, each with one owner."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger.closing import OPEN
from services.workstation.ledger.defining import (
    Defined,
    definition_issues,
    owner_issues,
    similar_issues,
)
from services.workstation.ledger.domain import OwnerKind
from services.workstation.ledger.models import LedgerElement, LedgerQuestion
from shared.audit.record import Actor, record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Forbidden, Invalid
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.rulebook.rule import RuleValue


async def catalogue_element(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    values: Mapping[str, Any],
    *,
    likeness: RuleValue,
) -> LedgerElement:
    """Define an element. Raises Invalid for what does not fit together, Forbidden for another's ownership, Conflict when its code is taken
    or it resembles elements that stand and `differs_because` does not say how it differs."""
    issues = definition_issues(values)
    if issues:
        raise Invalid(issues=issues)
    _require_own(reach, values)
    await one_at_a_time(session, actor.district)
    alike = await _alike(session, values, likeness)
    if alike and values["differs_because"] is None:
        raise Conflict(
            code="element_similar",
            detail=Text(
                zh="目录中已有相近的数据项，请直接申请使用，不要重复采集。",
                en="The catalogue already has similar elements. Ask for their use instead of "
                "collecting anew.",
            ),
            issues=alike,
        )
    made: LedgerElement | None = await session.scalar(
        insert(LedgerElement)
        .values(district=actor.district, id=new_id(), version=1, **values)
        .on_conflict_do_nothing()
        .returning(LedgerElement)
    )
    if made is None:
        raise Conflict(
            code="code_taken",
            detail=Text(
                zh=f"数据项代码 {values['code']} 已被使用（停用的代码也不再使用），请换一个。",
                en=f"The code {values['code']} is or was another element's. Choose another.",
            ),
        )
    told = {"code": made.code, "owner": made.owner_name, "differs_because": made.differs_because}
    await record(
        session, actor, "ledger_element.catalogued", ("ledger_element", made.id), after=told
    )
    return made


async def one_at_a_time(session: AsyncSession, district: str) -> None:
    """Two that are catalogued at once would not see how alike they are."""
    key = {"key": f"ledger elements {district}"}
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)


async def _alike(
    session: AsyncSession, values: Mapping[str, Any], likeness: RuleValue
) -> Sequence[Any]:
    query = select(
        LedgerElement.code,
        LedgerElement.title,
        LedgerElement.definition,
        LedgerElement.owner_name,
    ).where(LedgerElement.ended_on.is_(None), LedgerElement.scope == values["scope"])
    standing = [Defined(*row) for row in (await session.execute(query)).all()]
    asked = Defined(values["code"], values["title"], values["definition"], values["owner_name"])
    return similar_issues(asked, standing, likeness)


async def change_element(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    element: LedgerElement,
    values: Mapping[str, Any],
) -> None:
    """Change a locked element's wording, validity or owner; type, unit, scope and frequency stay,
    since its entries were told by them. Raises Conflict for one that ended."""
    _require_standing(element)
    owner = {name: values.get(name, getattr(element, name)) for name in _OWNER}
    issues = owner_issues(owner)
    if issues:
        raise Invalid(issues=issues)
    _require_own(reach, owner)
    before = {name: getattr(element, name) for name in values}
    for name, value in values.items():
        setattr(element, name, value)
    element.version += 1
    await session.flush()
    await record(
        session,
        actor,
        "ledger_element.changed",
        ("ledger_element", element.id),
        before={name: _plain(value) for name, value in before.items()},
        after={name: _plain(value) for name, value in values.items()},
    )


async def end_element(
    session: AsyncSession, actor: Actor, element: LedgerElement, *, reason: str, today: date
) -> None:
    """End a locked element: its entries stay readable, new ones are refused. Raises Conflict when
    it has ended, or forms still wait for values of it."""
    _require_standing(element)
    asked = select(func.count()).where(OPEN, LedgerQuestion.element_id == element.id)
    open_questions = await session.scalar(asked)
    if open_questions:
        raise Conflict(
            code="element_asked",
            detail=Text(
                zh=f"还有 {open_questions} 个报表补采问题未答复，请先答复或取消相应报表。",
                en=f"Forms wait for {open_questions} values of it. Have them answered, or the "
                "forms cancelled, first.",
            ),
        )
    element.ended_on, element.ended_because = today, reason
    element.version += 1
    await session.flush()
    await record(
        session,
        actor,
        "ledger_element.ended",
        ("ledger_element", element.id),
        after={"ended_on": today.isoformat(), "reason": reason},
    )


_OWNER = ("owner_kind", "owner_department_id", "owner_name")


def _require_own(reach: Reach, owner: Mapping[str, Any]) -> None:
    """A department catalogues and hands over only what is its own; offices do so for all."""
    own = owner["owner_kind"] == OwnerKind.DEPARTMENT and reach.departments
    if not reach.whole_district and not (own and owner["owner_department_id"] in own):
        raise Forbidden(
            detail=Text(
                zh="部门只能登记本部门负责采集的数据项；其他采集方由领导小组或民政局登记。",
                en="A department catalogues only elements that it collects itself; others are "
                "catalogued by the Leading Group or civil affairs.",
            )
        )


def _require_standing(element: LedgerElement) -> None:
    if element.ended_on is not None:
        raise Conflict(
            code="element_ended",
            detail=Text(
                zh=f"数据项已于 {element.ended_on} 停用，不能再变更。",
                en=f"The element ended on {element.ended_on} and changes no more.",
            ),
        )


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
