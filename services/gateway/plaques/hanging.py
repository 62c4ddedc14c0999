"""Write use cases of the inventory: what hangs, and that it was taken down."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission.public import Community
from services.gateway.identity.public import Department
from services.gateway.plaques.domain import ApplicationState, Kind, Payer, Where
from services.gateway.plaques.models import Plaque, PlaqueApplication, RemovalNotice
from shared.audit.record import record
from shared.auth.policy import Place, Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act

OPEN = ("issued", "removed")


async def require_community(session: AsyncSession, reach: Reach, id: UUID) -> Community:
    """A community within reach. Raises NotFound."""
    found = await session.scalar(select(Community).where(Community.id == id))
    if found is None:
        raise NotFound
    reach.require(Place(street=found.street_id, community=found.id))
    return found


async def hang(
    act: Act,
    application_id: UUID,
    community: Community,
    *,
    hung_on: date,
    photograph: dict[str, Any],
) -> Plaque:
    """Record that an approved plaque hangs in a community, or is on file there.

    Raises NotFound for an application that was not approved, Conflict when it hangs already.
    """
    _require_not_ahead(hung_on, act.today)
    approved = await act.session.scalar(
        select(PlaqueApplication).where(
            PlaqueApplication.id == application_id,
            PlaqueApplication.state == ApplicationState.APPROVED,
        )
    )
    if approved is None:
        raise NotFound
    return await _record(
        act,
        community,
        application_id=approved.id,
        department_id=approved.department_id,
        kind=Kind.OTHER.value,
        title=approved.title,
        where=approved.where,
        room=approved.room,
        payer=approved.payer,
        cost=approved.cost,
        hung_on=hung_on,
        photograph=photograph,
    )


async def take_stock(
    act: Act,
    community: Community,
    *,
    kind: Kind,
    title: str,
    where: Where,
    room: str,
    department_id: UUID | None,
    payer: Payer,
    cost: int,
    hung_on: date,
    photograph: dict[str, Any],
) -> Plaque:
    """Record a plaque that hangs, approved or not. Raises Invalid for an unknown department."""
    _require_not_ahead(hung_on, act.today)
    if department_id is not None:
        known = await act.session.get(Department, (act.actor.district, department_id))
        if known is None:
            raise Invalid(issues=(_department_unknown(),))
    return await _record(
        act, community, application_id=None, department_id=department_id, kind=kind.value,
        title=title, where=where.value, room=room, payer=payer.value, cost=cost, hung_on=hung_on,
        photograph=photograph,
    )  # fmt: skip


async def _record(act: Act, community: Community, **values: Any) -> Plaque:
    made: Plaque | None = await act.session.scalar(
        insert(Plaque)
        .values(
            district=act.actor.district,
            id=new_id(),
            community_id=community.id,
            recorded_by=act.actor.id,
            version=1,
            **values,
        )
        .on_conflict_do_nothing()
        .returning(Plaque)
    )
    if made is None:
        raise Conflict(
            code="plaque_hangs_already",
            detail=Text(
                zh="该社区已登记过这块牌子。更换时请先登记旧牌拆除。",
                en="This plaque stands in the community's inventory already. If it was replaced, "
                "record the removal of the old one first.",
            ),
        )
    await record(
        act.session, act.actor, "plaque.recorded", ("plaque", made.id),
        after={"title": made.title, "where": made.where, "community": str(community.id)},
    )  # fmt: skip
    return made


async def add_photograph(act: Act, plaque: Plaque, photograph: dict[str, Any]) -> None:
    """Add the photograph of a locked plaque that has none. Raises Conflict when it has one."""
    if plaque.photograph is not None:
        raise Conflict(
            code="photograph_there",
            detail=Text(
                zh="该牌子已有照片。更换牌子时请登记旧牌拆除，再登记新牌。",
                en="This plaque has its photograph. If it was replaced, record the removal of the "
                "old one and then the new one.",
            ),
        )
    plaque.photograph = photograph
    plaque.version += 1
    await act.session.flush()
    await record(
        act.session, act.actor, "plaque.photographed", ("plaque", plaque.id),
        after={"sha256": photograph["sha256"]},
    )  # fmt: skip


async def locked_plaque(session: AsyncSession, reach: Reach, id: UUID) -> Plaque:
    """A plaque under a row lock. Raises NotFound when it is out of reach."""
    found = await session.scalar(select(Plaque).where(Plaque.id == id).with_for_update())
    if found is None:
        raise NotFound
    await require_community(session, reach, found.community_id)
    return found


async def take_down(act: Act, plaque: Plaque, *, removed_on: date, because: str) -> None:
    """Record that a locked plaque was taken down. Raises Conflict when it was already, or when a
    notice asks for it, Invalid for a day that cannot be."""
    waiting = await act.session.scalar(
        select(RemovalNotice.id).where(
            RemovalNotice.plaque_id == plaque.id, RemovalNotice.state.in_(OPEN)
        )
    )
    if waiting is not None:
        raise Conflict(
            code="plaque_under_notice",
            detail=Text(
                zh="该牌子有未办结的拆除通知，请在通知中报告拆除并附照片。",
                en="A removal notice asks for this plaque. Report the removal there, with a "
                "photograph.",
            ),
        )
    await end(act, plaque, removed_on=removed_on, because=because)


async def end(act: Act, plaque: Plaque, *, removed_on: date, because: str) -> None:
    """End a locked plaque. Raises Conflict when it has ended, Invalid for a day that cannot be."""
    _require_not_ahead(removed_on, act.today, "/removed_on")
    if plaque.removed_on is not None:
        raise Conflict(
            code="plaque_removed_already",
            detail=Text(
                zh=f"该牌子已于 {plaque.removed_on} 拆除。",
                en=f"This plaque was taken down on {plaque.removed_on}.",
            ),
        )
    if removed_on < plaque.hung_on:
        raise Invalid(issues=(_before_hung(plaque.hung_on),))
    plaque.removed_on, plaque.removed_because = removed_on, because
    plaque.version += 1
    await act.session.flush()
    await record(
        act.session, act.actor, "plaque.removed", ("plaque", plaque.id),
        after={"removed_on": removed_on.isoformat(), "because": because},
    )  # fmt: skip


def _require_not_ahead(day: date, today: date, pointer: str = "/hung_on") -> None:
    if day > today:
        raise Invalid(
            issues=(
                Issue(
                    code="in_future",
                    pointer=pointer,
                    detail=Text(zh="日期晚于今天。", en="The day lies in the future."),
                    remedy=Text(zh="请填写实际日期。", en="Give the actual day."),
                ),
            )
        )


def _before_hung(hung_on: date) -> Issue:
    return Issue(
        code="before_it_hung",
        pointer="/removed_on",
        detail=Text(
            zh=f"早于挂牌日期 {hung_on}。", en=f"It hung from {hung_on} on, which is later."
        ),
        remedy=Text(zh="请填写实际拆除日期。", en="Give the actual day."),
    )


def _department_unknown() -> Issue:
    return Issue(
        code="department_unknown",
        pointer="/department_id",
        detail=Text(zh="没有这个部门。", en="There is no such department."),
        remedy=Text(
            zh="请从 GET /v1/departments 选取，不清楚的可不填。",
            en="Choose one of GET /v1/departments, or leave it out when it is not known.",
        ),
    )
