"""Yearly money by the rates in force."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.funding.domain import (
    EntryKind,
    RatePeriod,
    Source,
    rate_periods,
    yearly_grant,
)
from services.workstation.funding.models import Appropriation
from services.workstation.funding.posting import enter, locked, open_year
from services.workstation.posts.public.records import Post
from services.workstation.registry.public import Community
from shared.audit.record import Actor, record
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import RuleApplied
from shared.kernel.money import Money
from shared.rulebook.rulebook import Rulebook

TITLES = {Source.PER_POST: "岗位经费", Source.PER_COMMUNITY: "社区工作经费"}


@dataclass(frozen=True, slots=True)
class Grant:
    """What one community is due for a year and what is new of it."""

    community: Community
    periods: tuple[RatePeriod, ...]
    due: Money
    added: Money


@dataclass(frozen=True, slots=True)
class Grants:
    """All communities' grants, and the rules that were applied."""

    grants: Sequence[Grant]
    rules: tuple[RuleApplied, ...]


async def grant_by_rates(
    session: AsyncSession,
    actor: Actor,
    rulebook: Rulebook,
    *,
    source: Source,
    year: int,
    community_id: UUID | None,
    document: str,
    source_line: str,
    granted_on: date,
    dry_run: bool,
) -> Grants:
    """Grant a year's money by the rates in force on the first of each month.

    What a community already has is not granted again; a higher rate adds the difference. Raises
    NotFound for an unknown community, Conflict `year_closed`.
    """
    communities = await _communities(session, community_id)
    posts = await _posts(session) if source is Source.PER_POST else {}
    had = {
        row.community_id: row.granted
        for row in await session.scalars(
            select(Appropriation).where(
                Appropriation.source == source.value, Appropriation.year == year
            )
        )
    }
    grants, rules = [], dict[tuple[str, date], RuleApplied]()
    for community in communities:
        periods, used = rate_periods(
            year,
            lambda day, one=community: rulebook.lookup(_key(source, one), actor.district, day),  # type: ignore[misc]
            lambda day, one=community: _count(source, one, posts.get(one.id, []), day),  # type: ignore[misc]
        )
        due = yearly_grant(periods)
        added = Money(max(0, due.fen - had.get(community.id, 0)))
        grants.append(Grant(community, periods, due, added))
        rules |= {(rule.key, rule.in_force_from): rule.applied for rule in used}
    found = Grants(grants, tuple(rules.values()))
    if not dry_run:
        await _grant(session, actor, found, source, year, document, source_line, granted_on)
    return found


async def _grant(
    session: AsyncSession,
    actor: Actor,
    found: Grants,
    source: Source,
    year: int,
    document: str,
    source_line: str,
    granted_on: date,
) -> None:
    await open_year(session, actor.district, granted_on.year)
    for grant in sorted(found.grants, key=lambda one: one.community.id):
        if grant.added.fen == 0:
            continue
        await session.execute(
            insert(Appropriation)
            .values(
                district=actor.district,
                id=new_id(),
                source=source.value,
                year=year,
                community_id=grant.community.id,
                title=f"{year}年{TITLES[source]}",
                source_line=source_line,
                document=document,
                derivation={"periods": [_plain(one) for one in grant.periods]},
                granted=0,
                available=0,
                reserved=0,
                payable=0,
                paid=0,
                version=1,
            )
            .on_conflict_do_nothing()
        )
        row = await locked(
            session,
            Appropriation.community_id == grant.community.id,
            Appropriation.source == source.value,
            Appropriation.year == year,
        )
        more = Money(grant.due.fen - row.granted)
        if more.fen <= 0:
            continue
        await enter(
            session,
            actor,
            row,
            EntryKind.APPROPRIATION,
            more,
            on=granted_on,
            text=document,
            community_id=grant.community.id,
        )
        await record(
            session,
            actor,
            "appropriation.granted",
            ("appropriation", row.id),
            after={"amount": more.fen, "document": document},
        )


async def _communities(session: AsyncSession, id: UUID | None) -> Sequence[Community]:
    query = select(Community).where(Community.state != "proposed").order_by(Community.code)
    if id is not None:
        query = query.where(Community.id == id)
    found = (await session.scalars(query)).all()
    if id is not None and not found:
        raise NotFound
    return found


async def _posts(session: AsyncSession) -> dict[UUID, list[Post]]:
    found: dict[UUID, list[Post]] = {}
    for post in await session.scalars(select(Post)):
        found.setdefault(post.community_id, []).append(post)
    return found


def _key(source: Source, community: Community) -> str:
    if source is Source.PER_POST:
        return "funding.per_post_per_year"
    kind = "factory_community" if community.kind == "factory" else "community"
    return f"funding.per_{kind}_per_year"


def _count(source: Source, community: Community, posts: Sequence[Post], day: date) -> int:
    if source is Source.PER_COMMUNITY:
        there = community.established_on <= day
        return int(there and (community.ended_on is None or community.ended_on > day))
    return sum(
        post.approved_on <= day and (post.ended_on is None or post.ended_on > day) for post in posts
    )


def _plain(period: RatePeriod) -> dict[str, Any]:
    return {**asdict(period), "rate": period.rate.fen}
