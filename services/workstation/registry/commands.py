"""Write use cases of the registry."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.registry import repository
from services.workstation.registry.domain import (
    AdjustmentKind,
    CommunityKind,
    CommunityState,
    StreetKind,
    adjustment_issues,
)
from services.workstation.registry.events import tell_of_communities
from services.workstation.registry.models import (
    Adjustment,
    AdjustmentPart,
    Community,
    Household,
    Street,
)
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text


def _taken(what: Text) -> Conflict:
    return Conflict(
        code="code_taken",
        detail=Text(
            zh=f"{what.zh}的代码或名称已被使用。请核对后换一个。",
            en=f"The code or name of the {what.en} is taken. Check, and choose another.",
        ),
    )


async def create_street(
    session: AsyncSession, actor: Actor, *, code: str, name: str, kind: StreetKind
) -> Street:
    """Add a street. Raises Conflict when code or name is taken."""
    made: Street | None = await session.scalar(
        insert(Street)
        .values(
            district=actor.district, id=new_id(), code=code, name=name, kind=kind.value, version=1
        )
        .on_conflict_do_nothing()
        .returning(Street)
    )
    if made is None:
        raise _taken(Text(zh="街道", en="street"))
    await record(session, actor, "street.created", ("street", made.id), after={"name": name})
    return made


async def rename_street(session: AsyncSession, actor: Actor, street: Street, name: str) -> None:
    """Rename a street that the caller has locked; its communities are told of anew."""
    before, street.name = street.name, name
    street.version += 1
    await session.flush()
    await record(
        session,
        actor,
        "street.renamed",
        ("street", street.id),
        before={"name": before},
        after={"name": name},
    )
    communities = await session.scalars(select(Community).where(Community.street_id == street.id))
    await tell_of_communities(session, actor.district, list(communities))


async def propose_community(
    session: AsyncSession,
    actor: Actor,
    *,
    code: str,
    name: str,
    kind: CommunityKind,
    street_id: UUID,
    established_on: date,
    household_count: int,
) -> Community:
    """Add a proposed community. Raises NotFound for its street, Conflict when its code is taken."""
    if await session.get(Street, (actor.district, street_id)) is None:
        raise NotFound
    made: Community | None = await session.scalar(
        insert(Community)
        .values(
            district=actor.district,
            id=new_id(),
            code=code,
            name=name,
            kind=kind.value,
            state=CommunityState.PROPOSED.value,
            street_id=street_id,
            established_on=established_on,
            household_count=household_count,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Community)
    )
    if made is None:
        raise _taken(Text(zh="社区", en="community"))
    await record(session, actor, "community.proposed", ("community", made.id), after={"name": name})
    await tell_of_communities(session, actor.district, [made])
    return made


async def change_community(
    session: AsyncSession,
    actor: Actor,
    community: Community,
    *,
    name: str | None,
    household_count: int | None,
) -> None:
    """Change a community that the caller has locked; None leaves a value alone."""
    before = {"name": community.name, "household_count": community.household_count}
    community.name = name if name is not None else community.name
    if household_count is not None:
        community.household_count = household_count
    community.version += 1
    await session.flush()
    after = {"name": community.name, "household_count": community.household_count}
    await record(
        session,
        actor,
        "community.changed",
        ("community", community.id),
        before=before,
        after=after,
    )
    await tell_of_communities(session, actor.district, [community])


async def adjust(
    session: AsyncSession,
    actor: Actor,
    *,
    code: str,
    round: int,
    kind: AdjustmentKind,
    decided_on: date,
    document: str,
    before: list[UUID],
    after: list[UUID],
) -> Adjustment:
    """Change the map in one act: what it takes from ends, what it gives becomes active.

    Raises Invalid for a wrong number of communities, NotFound for an unknown one, Conflict when
    one is not in the state that the act needs or the code is taken.
    """
    issues = adjustment_issues(kind, [str(id) for id in before], [str(id) for id in after])
    if issues:
        raise Invalid(issues=issues)
    found = await session.scalars(
        select(Community)
        .where(Community.id.in_([*before, *after]))
        .order_by(Community.id)
        .with_for_update()
    )
    communities = {community.id: community for community in found}
    if set(communities) != {*before, *after}:
        raise NotFound
    wrong = [communities[id] for id in before if communities[id].state != CommunityState.ACTIVE]
    wrong += [communities[id] for id in after if communities[id].state != CommunityState.PROPOSED]
    if wrong:
        names = "、".join(community.name for community in wrong)
        raise Conflict(
            code="community_state",
            detail=Text(
                zh=f"以下社区的状态不允许此调整：{names}。调整前应为现设，调整后应为拟设。",
                en=f"The state of these communities forbids it: {names}. Those before must be "
                "active, those after proposed.",
            ),
        )
    adjustment: Adjustment | None = await session.scalar(
        insert(Adjustment)
        .values(
            district=actor.district,
            id=new_id(),
            code=code,
            round=round,
            kind=kind.value,
            decided_on=decided_on,
            document=document,
        )
        .on_conflict_do_nothing()
        .returning(Adjustment)
    )
    if adjustment is None:
        raise _taken(Text(zh="调整", en="adjustment"))
    for side, ids in (("before", before), ("after", after)):
        for id in ids:
            community = communities[id]
            if side == "before":
                community.state, community.ended_on = CommunityState.ENDED.value, decided_on
            else:
                community.state = CommunityState.ACTIVE.value
                community.established_on = decided_on
            community.version += 1
            session.add(
                AdjustmentPart(
                    district=actor.district,
                    id=new_id(),
                    adjustment_id=adjustment.id,
                    community_id=id,
                    side=side,
                )
            )
    await session.flush()
    await record(
        session,
        actor,
        "adjustment.decided",
        ("adjustment", adjustment.id),
        after={"kind": kind.value, "before": len(before), "after": len(after)},
    )
    await tell_of_communities(session, actor.district, list(communities.values()))
    return adjustment


async def register_household(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    *,
    community_id: UUID,
    code: str,
    address: str,
) -> Household:
    """Register a household. Raises NotFound for a community out of reach, Conflict for its code."""
    street_id = await repository.street_of(session, community_id)
    reach.require(Place(street=street_id, community=community_id if street_id else None))
    made: Household | None = await session.scalar(
        insert(Household)
        .values(
            district=actor.district,
            id=new_id(),
            community_id=community_id,
            code=code,
            address=address,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Household)
    )
    if made is None:
        raise _taken(Text(zh="家庭户", en="household"))
    await record(
        session, actor, "household.registered", ("household", made.id), after={"code": code}
    )
    return made
