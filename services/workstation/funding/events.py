"""What funding hears of the gateway: the rewards of a campaign, with their money."""

from cloudevents.core.v1.event import CloudEvent
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding.domain import MOVES, Entry, EntryKind, Source
from services.workstation.funding.models import Appropriation
from services.workstation.funding.posting import locked, open_day, open_year, put
from shared.audit.record import Actor, record
from shared.contracts.assessment import RewardsGranted
from shared.kernel.ids import new_id
from shared.kernel.money import Money


async def take_in_rewards(session: AsyncSession, district: str, event: CloudEvent) -> None:
    """Appropriate a campaign's budget and make each community's reward payable to it, once: told
    again of the same campaign, nothing changes. It is paid as all money is, by two persons."""
    told = RewardsGranted.model_validate(event.get_data())
    actor = Actor.platform(district)
    await session.execute(
        insert(Appropriation)
        .values(
            district=district,
            id=new_id(),
            source=Source.REWARD.value,
            year=told.granted_on.year,
            campaign_id=told.campaign_id,
            title=f"{told.title}奖励",
            source_line=told.source_line,
            document=told.document,
            granted=0,
            available=0,
            reserved=0,
            payable=0,
            paid=0,
            version=1,
        )
        .on_conflict_do_nothing()
    )
    found = await locked(session, Appropriation.campaign_id == told.campaign_id)
    if found.granted:
        return
    day = await open_day(session, told.granted_on)
    await open_year(session, district, day.year)
    granted = Entry(EntryKind.APPROPRIATION, *MOVES[EntryKind.APPROPRIATION], Money(told.budget))
    put(session, actor, found, granted, on=day, text=told.document)
    for one in told.rewards:
        award = Entry(EntryKind.AWARD, *MOVES[EntryKind.AWARD], Money(one.amount))
        put(
            session, actor, found, award,
            on=day, text=f"{told.title}奖励", community_id=one.community_id,
        )  # fmt: skip
    await session.flush()
    await record(
        session,
        actor,
        "appropriation.granted",
        ("appropriation", found.id),
        after={"campaign": str(told.campaign_id), "amount": told.budget},
    )
