"""Write use cases of standards: draft, change, publish, retire."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.assessment.standards import repository
from services.gateway.assessment.standards.clock import first_clock
from services.gateway.assessment.standards.domain import (
    STANDARD,
    Item,
    PublishedItem,
    StandardState,
    publication_issues,
)
from services.gateway.assessment.standards.models import ItemMapping, Standard, StandardItem
from services.gateway.identity.public import Department
from services.gateway.webhooks.public import STANDARD_PUBLISHED
from services.gateway.webhooks.public import publish as tell_departments
from shared.audit.record import Actor, record
from shared.auth.principal import Role
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Decision, Issue
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook


async def draft(
    session: AsyncSession,
    actor: Actor,
    *,
    code: str,
    title: str,
    basis: str,
    based_on: UUID | None,
    demo_today: date | None,
    demonstrations: bool,
) -> Standard:
    """Begin a standard's next version, with the items of `based_on` where it is given; a new one
    may be a demonstration, where these are allowed, whose own clock begins at `demo_today`.

    Raises Conflict while another draft of it stands, NotFound for an unknown `based_on`, Invalid
    for a clock that it cannot have.
    """
    earlier = await repository.latest(session, code)
    demo, day = first_clock(earlier, demo_today, allowed=demonstrations)
    items: list[Any] = []
    if based_on is not None:
        if await session.scalar(select(Standard.id).where(Standard.id == based_on)) is None:
            raise NotFound
        items = [asdict(one.item) for one in await repository.items_of(session, based_on)]
    made: Standard | None = await session.scalar(
        insert(Standard)
        .values(
            district=actor.district,
            id=new_id(),
            code=code,
            number=1 if earlier is None else earlier.number + 1,
            title=title,
            basis=basis,
            draft=items,
            state=StandardState.DRAFT.value,
            created_by=actor.id,
            demo=demo,
            demo_today=day,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Standard)
    )
    if made is None:
        raise Conflict(
            code="draft_exists",
            detail=Text(
                zh=f"标准 {code} 已有一份草案，请在该草案上修改，或先放弃它。",
                en=f"There is a draft of the standard {code} already. Change it, or abandon it "
                "first.",
            ),
        )
    await record(
        session, actor, "assessment_standard.drafted", ("assessment_standard", made.id),
        after={"code": code, "number": made.number, **({"demo_today": str(day)} if day else {})},
    )  # fmt: skip
    return made


async def change(
    session: AsyncSession, actor: Actor, standard: Standard, values: Mapping[str, Any]
) -> None:
    """Change a locked draft's title, basis or items. Raises Conflict once it is published."""
    if standard.state != StandardState.DRAFT:
        raise Conflict(
            code="standard_not_editable",
            detail=Text(
                zh=f"该版本的状态是“{STANDARD.states[standard.state].zh}”，不能修改；"
                "请以它为基础起草新版本。",
                en=f"This version is “{STANDARD.states[standard.state].en}” and never changes. "
                "Draft a new version based on it.",
            ),
        )
    before = {name: getattr(standard, name) for name in values}
    for name, value in values.items():
        setattr(standard, name, value)
    standard.version += 1
    await session.flush()
    await record(
        session, actor, "assessment_standard.changed", ("assessment_standard", standard.id),
        before=before, after=values,
    )  # fmt: skip


def blockers(
    standard: Any, rulebook: Rulebook, district: str, today: date
) -> Decision[tuple[Issue, ...]]:
    """What stands against publishing a draft on a day."""
    return publication_issues(
        drafted(standard),
        scale=rulebook.lookup("inspection.score_scale", district, today),
        veto=rulebook.lookup("inspection.veto_items", district, today),
    )


def drafted(standard: Any) -> list[Item]:
    """The items of a draft."""
    return [repository.item_of(stored) for stored in standard.draft]


async def publish(
    session: AsyncSession,
    actor: Actor,
    standard: Standard,
    *,
    document: str,
    by: Collection[Role],
    rulebook: Rulebook,
    today: date,
) -> None:
    """Publish a locked draft in the place of the version that stands; from then on nothing of it
    changes. Departments' mappings go over to items whose measure is the same.

    Raises Invalid with everything that stands against it.
    """
    STANDARD.step(standard.state, "publication", by=by, reason=None)
    found = blockers(standard, rulebook, actor.district, today)
    if found.value:
        raise Invalid(issues=found.value, rules=found.rules)
    earlier = await repository.published(session, standard.code)
    known = [] if earlier is None else await repository.items_of(session, earlier.id)
    if earlier is not None:
        platform = Actor.platform(actor.district)
        await take(
            session, platform, STANDARD, earlier, "supersession",
            by=None, rulebook=rulebook, today=today, told={"by": str(standard.id)},
        )  # fmt: skip
    standard.document, standard.published_on = document, today
    await take(
        session, actor, STANDARD, standard, "publication",
        by=by, rulebook=rulebook, today=today, told={"document": document},
    )  # fmt: skip
    rows = _rows(standard, drafted(standard), known)
    session.add_all(rows)
    await session.flush()
    if earlier is not None:
        await _carry_mappings(session, earlier.id, standard, rows)
    await _tell(session, standard, today)


async def _tell(session: AsyncSession, standard: Standard, today: date) -> None:
    told = {
        "standard_id": str(standard.id),
        "code": standard.code,
        "number": standard.number,
        "title": standard.title,
        "document": standard.document,
        "published_on": today.isoformat(),
    }
    await tell_departments(
        session, standard.district, type=STANDARD_PUBLISHED,
        subject=f"assessment_standard/{standard.code}", data=told,
        departments=(await session.scalars(select(Department.id))).all(),
    )  # fmt: skip


def _rows(
    standard: Standard, items: Sequence[Item], known: Sequence[PublishedItem]
) -> list[StandardItem]:
    origins = {one.item.measure: one.origin_id for one in known}
    rows = []
    for position, item in enumerate(items):
        id = new_id()
        rows.append(
            StandardItem(
                district=standard.district,
                id=id,
                standard_id=standard.id,
                position=position,
                origin_id=origins.get(item.measure, id),
                **asdict(item),
            )
        )
    return rows


async def _carry_mappings(
    session: AsyncSession, earlier: UUID, standard: Standard, rows: Sequence[StandardItem]
) -> None:
    successors = {row.origin_id: row.id for row in rows}
    found = await session.execute(
        select(ItemMapping, StandardItem.origin_id)
        .join(
            StandardItem,
            (StandardItem.district == ItemMapping.district)
            & (StandardItem.id == ItemMapping.item_id),
        )
        .where(ItemMapping.standard_id == earlier, ItemMapping.ended_on.is_(None))
    )
    session.add_all(
        ItemMapping(
            district=standard.district,
            id=new_id(),
            department_item_id=mapping.department_item_id,
            standard_id=standard.id,
            item_id=successors[origin],
            relation=mapping.relation,
            note=mapping.note,
            created_by=mapping.created_by,
        )
        for mapping, origin in found.all()
        if origin in successors
    )
    await session.flush()


async def end(
    session: AsyncSession,
    actor: Actor,
    standard: Standard,
    action: str,
    *,
    reason: str,
    by: Collection[Role],
    rulebook: Rulebook,
    today: date,
) -> None:
    """Abandon a locked draft, or retire a locked published version."""
    await take(
        session, actor, STANDARD, standard, action,
        by=by, rulebook=rulebook, today=today, reason=reason,
    )  # fmt: skip


async def shown_items(
    session: AsyncConnection | AsyncSession, standard: Any
) -> list[tuple[UUID | None, Item]]:
    """The items of a version: of a draft without ids, published ones with theirs."""
    if standard.published_on is None:
        return [(None, item) for item in drafted(standard)]
    return [(one.id, one.item) for one in await repository.items_of(session, standard.id)]
