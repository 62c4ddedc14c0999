"""The daily watch: terms that end soon or have ended without a new one, handovers that are late."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.organisation import repository
from services.committee.organisation.domain import HandoverState
from services.committee.organisation.models import Handover, Renewal, Term
from shared.audit.record import Actor, record
from shared.db.database import Database
from shared.db.districts import district_codes
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.rulebook import Rulebook


async def watch_terms(database: Database, clock: Clock, rules: RulesInForce) -> None:
    """Raise what is due in every district, once each; any number may run at once."""
    today = clock.today()
    for district in await district_codes(database):
        async with database.transaction(district) as session:
            rulebook = await rules.of(session, district)
            await _raise_renewals(session, rulebook, district, today)
            await _raise_handovers(session, district, today)


async def _raise_renewals(
    session: AsyncSession, rulebook: Rulebook, district: str, today: date
) -> None:
    days = rulebook.lookup("organisation.renewal_notice_days", district, today).integer()
    rows = await session.execute(
        repository.last_terms()
        .where(Term.ends_on <= today + timedelta(days=days), Renewal.overdue_on.is_(None))
        .order_by(Term.id)
        .with_for_update(of=Term, skip_locked=True)
    )
    actor = Actor.platform(district)
    for row in rows.all():
        subject = ("term", row.term_id)
        told = {"ends_on": row.ends_on.isoformat(), "committee": str(row.committee_id)}
        found = await session.scalar(
            select(Renewal).where(Renewal.term_id == row.term_id).with_for_update()
        )
        if found is None:
            found = Renewal(district=district, id=new_id(), term_id=row.term_id, raised_on=today)
            session.add(found)
            await session.flush()
            await record(session, actor, "renewal.raised", subject, after=told)
        if row.ends_on <= today and found.overdue_on is None:
            found.overdue_on = today
            await session.flush()
            await record(session, actor, "renewal.overdue", subject, after=told)


async def _raise_handovers(session: AsyncSession, district: str, today: date) -> None:
    late = await session.scalars(
        select(Handover)
        .where(
            Handover.state == HandoverState.DUE,
            Handover.deadline < today,
            Handover.overdue_raised_at.is_(None),
        )
        .order_by(Handover.id)
        .with_for_update(skip_locked=True)
    )
    for handover in late.all():
        handover.overdue_raised_at = func.now()
        await session.flush()
        await record(
            session,
            Actor.platform(district),
            "handover.overdue",
            ("handover", handover.id),
            after={"deadline": handover.deadline.isoformat()},
        )
