"""Feeds given and taken back, and what they show."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import Community
from services.gateway.assessment.campaigns.public import (
    Campaign,
    Visit,
    VisitRequest,
    VisitState,
)
from services.gateway.assessment.feeds.domain import Entry
from services.gateway.assessment.feeds.models import CalendarFeed
from services.gateway.assessment.requests.public import Request
from services.gateway.assessment.standards.models import Standard
from services.gateway.identity.public import Department
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.db.base import DISTRICT_CODE
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text

SHOWN_BACK_DAYS = 90
_STATUS = {
    VisitState.ANNOUNCED: ("CONFIRMED", Text("", "")),
    VisitState.POSTPONED: ("TENTATIVE", Text("（延期待定）", " (put off, day to come)")),
    VisitState.CANCELLED: ("CANCELLED", Text("（取消）", " (cancelled)")),
}


async def open_feed(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    community_id: UUID | None,
    department_id: UUID | None,
) -> tuple[CalendarFeed, str]:
    """A new feed and its token, which is told this once. Raises NotFound for what is out of
    reach."""
    if community_id is not None:
        place = await session.scalar(select(Community).where(Community.id == community_id))
        if place is None:
            raise NotFound
        reach.require(Place(street=place.street_id, community=community_id))
        title = f"{place.name}联合检查"
    else:
        office = await session.scalar(select(Department).where(Department.id == department_id))
        if office is None:
            raise NotFound
        reach.require(Place(department=department_id))
        title = f"{office.name}联合检查"
    token = f"{actor.district}.{secrets.token_urlsafe(32)}"
    made = CalendarFeed(
        district=actor.district,
        id=new_id(),
        title=title,
        community_id=community_id,
        department_id=department_id,
        token_hash=hashed(token),
        created_by=actor.id,
    )
    session.add(made)
    await session.flush()
    told = {"community": _text(community_id), "department": _text(department_id)}
    await record(session, actor, "calendar_feed.opened", ("calendar_feed", made.id), after=told)
    return made, token


async def revoke_feed(session: AsyncSession, actor: Actor, reach: Reach, id: UUID) -> CalendarFeed:
    """Close a feed for good: by who opened it, or an office of the district. The same again is
    nothing."""
    found = await session.scalar(
        select(CalendarFeed).where(CalendarFeed.id == id).with_for_update()
    )
    if found is None or not (reach.whole_district or found.created_by == actor.id):
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by = func.now(), actor.id
        await session.flush()
        await session.refresh(found)
        await record(session, actor, "calendar_feed.revoked", ("calendar_feed", id))
    return found


def hashed(token: str) -> bytes:
    """What is stored of a token; it holds 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def district_of(token: str) -> str:
    """The district that a token is of. Raises NotFound for what is no token."""
    district, _, secret = token.partition(".")
    if not DISTRICT_CODE.fullmatch(district) or not secret:
        raise NotFound
    return district


async def open_feed_of(session: AsyncConnection, token: str) -> Any:
    """The feed that a token opens. Raises NotFound for a wrong or revoked one."""
    query = select(*CalendarFeed.__table__.columns).where(
        CalendarFeed.token_hash == hashed(token), CalendarFeed.revoked_at.is_(None)
    )
    return await the_row(session, query)


async def entries_of(session: AsyncConnection, feed: Any, today: date) -> list[Entry]:
    """The feed's visits from some months back on. A visit that a department's requests left is
    cancelled for that department."""
    requests = func.jsonb_agg(
        aggregate_order_by(
            func.jsonb_build_array(Request.reference, Request.title, VisitRequest.ended_on),
            Request.reference,
        )
    )
    query = (
        select(
            Visit.id, Visit.on_day, Visit.minutes, Visit.state, Visit.version, Visit.updated_at,
            Community.name, Campaign.title, requests.label("requests"),
        )
        .join(
            VisitRequest,
            and_(VisitRequest.district == Visit.district, VisitRequest.visit_id == Visit.id),
        )
        .join(
            Request,
            and_(
                Request.district == VisitRequest.district, Request.id == VisitRequest.request_id
            ),
        )
        .join(
            Community,
            and_(Community.district == Visit.district, Community.id == Visit.community_id),
        )
        .join(
            Campaign, and_(Campaign.district == Visit.district, Campaign.id == Visit.campaign_id)
        )
        .join(
            Standard,
            and_(Standard.district == Campaign.district, Standard.id == Campaign.standard_id),
        )
        .where(Visit.on_day + SHOWN_BACK_DAYS >= func.coalesce(Standard.demo_today, today))
        .group_by(
            Visit.district, Visit.id, Community.district, Community.id,
            Campaign.district, Campaign.id,
        )
    )  # fmt: skip
    if feed.community_id is not None:
        query = query.where(Visit.community_id == feed.community_id)
    else:
        query = query.where(Request.department_id == feed.department_id)
    return [_entry(row) for row in await session.execute(query)]


def _entry(row: Any) -> Entry:
    served: Sequence[str] = [
        f"{reference} {title}" for reference, title, ended_on in row.requests if ended_on is None
    ]
    state = VisitState(row.state) if served else VisitState.CANCELLED
    status, suffix = _STATUS[state]
    title = Text(f"联合检查：{row.name}{suffix.zh}", f"Joint visit: {row.name}{suffix.en}")
    return Entry(
        row.id, row.on_day, row.minutes, title, row.name, [row.title, *served], status,
        row.version, row.updated_at,
    )  # fmt: skip


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)
