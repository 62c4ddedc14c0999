"""Queries of findings, evidence and ratings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.assessment.campaigns.models import VisitRequest
from services.gateway.assessment.campaigns.public import VisitFacts, announced_visit
from services.gateway.assessment.findings.models import Citation, Finding, Rating, VisitEvidence
from services.gateway.assessment.requests.domain import RequestState, Verdict
from services.gateway.assessment.requests.models import Request, RequestItem, ScreeningVerdict
from services.gateway.assessment.requests.public import asked
from services.gateway.assessment.standards.models import DepartmentItem, StandardItem
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.kernel.errors import NotFound

Session = AsyncConnection | AsyncSession


async def visit(session: Session, reach: Reach, id: UUID) -> VisitFacts:
    """An announced visit within reach: a department's are those that serve its requests. Raises
    NotFound."""
    found = await announced_visit(session, id)
    if not (reach.whole_district or found.departments & reach.departments):
        raise NotFound
    return found


def findings(reach: Reach, visit_id: UUID) -> Rows:
    """The findings of a visit with their item's code and title; of departments' own items only
    those within reach."""
    query: Rows = (
        select(
            *Finding.__table__.columns,
            func.coalesce(StandardItem.code, DepartmentItem.code).label("code"),
            func.coalesce(StandardItem.title, DepartmentItem.title).label("title"),
        )
        .outerjoin(
            StandardItem,
            and_(StandardItem.district == Finding.district, StandardItem.id == Finding.item_id),
        )
        .outerjoin(
            DepartmentItem,
            and_(
                DepartmentItem.district == Finding.district,
                DepartmentItem.id == Finding.department_item_id,
            ),
        )
        .where(Finding.visit_id == visit_id)
    )
    if reach.whole_district:
        return query
    return query.where(
        Finding.department_item_id.is_(None) | DepartmentItem.department_id.in_(reach.departments)
    )


async def citations(session: Session, ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    """What findings cite, by finding."""
    found: dict[UUID, list[Any]] = {}
    query = select(*Citation.__table__.columns).where(Citation.finding_id.in_(ids))
    for row in await session.execute(query.order_by(Citation.id)):
        found.setdefault(row.finding_id, []).append(row)
    return found


async def locked(session: AsyncSession, visit_id: UUID, id: UUID) -> Finding:
    """A finding of a visit under a row lock. Raises NotFound."""
    found = await session.scalar(
        select(Finding).where(Finding.id == id, Finding.visit_id == visit_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What the approved requests of a visit need found there: unified items by origin, and
    departments' own items by their department and code."""

    origins: frozenset[UUID]
    own: Mapping[tuple[UUID, str], UUID]


async def asked_on(session: Session, visit: VisitFacts) -> Asked:
    """What may be assessed on a visit: nothing that nobody asked for, nothing that is answered by a
    shared result or the ledger already."""
    query = (
        asked(
            Request.department_id, RequestItem.code, RequestItem.department_item_id,
            StandardItem.origin_id,
        )
        .join(
            VisitRequest,
            and_(
                VisitRequest.district == Request.district, VisitRequest.request_id == Request.id
            ),
        )
        .where(
            VisitRequest.visit_id == visit.id,
            VisitRequest.ended_on.is_(None),
            Request.state == RequestState.APPROVED,
            ScreeningVerdict.community_id == visit.community_id,
            ScreeningVerdict.verdict == Verdict.NEEDS_VISIT,
        )
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    return Asked(
        frozenset(row.origin_id for row in rows if row.origin_id is not None),
        {
            (row.department_id, row.code): row.department_item_id
            for row in rows
            if row.department_item_id is not None
        },
    )


async def evidence_ids(session: Session, visit_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of some ids that are files of the visit."""
    query = select(VisitEvidence.id).where(
        VisitEvidence.visit_id == visit_id, VisitEvidence.id.in_(ids)
    )
    return {row.id for row in await session.execute(query)}


def evidence(visit_id: UUID) -> Rows:
    """The files of a visit."""
    return select(*VisitEvidence.__table__.columns).where(VisitEvidence.visit_id == visit_id)


@dataclass(frozen=True, slots=True)
class Rated:
    """Residents' ratings of an item in a community; `last_at` is when the last one came."""

    by_value: dict[int, int]
    last_at: datetime

    @property
    def number(self) -> int:
        """How many rated."""
        return sum(self.by_value.values())

    @property
    def mean(self) -> Fraction:
        """Their exact mean."""
        return Fraction(sum(value * number for value, number in self.by_value.items()), self.number)


async def ratings_of(session: Session, campaign_id: UUID) -> dict[tuple[UUID, UUID], Rated]:
    """Residents' ratings of a campaign by (community, item)."""
    query = (
        select(
            Rating.community_id, Rating.item_id, Rating.value, func.count().label("number"),
            func.max(Rating.updated_at).label("last_at"),
        )
        .where(Rating.campaign_id == campaign_id)
        .group_by(Rating.community_id, Rating.item_id, Rating.value)
        .order_by(Rating.community_id, Rating.item_id, Rating.value)
    )  # fmt: skip
    found: dict[tuple[UUID, UUID], Rated] = {}
    for row in await session.execute(query):
        place = (row.community_id, row.item_id)
        before = found.get(place)
        found[place] = Rated(
            {**(before.by_value if before else {}), row.value: row.number},
            max(row.last_at, before.last_at) if before else row.last_at,
        )
    return found
