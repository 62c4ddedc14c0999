"""Queries of inspection requests, and rows turned into facts."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import Community, targets_of
from services.gateway.assessment.requests.domain import (
    AskedItem,
    InspectionRequest,
    Level,
    RequestKind,
    RequestState,
    Verdict,
)
from services.gateway.assessment.requests.models import (
    Request,
    RequestItem,
    RequestTarget,
    ScreeningVerdict,
)
from services.gateway.assessment.requests.screening import Resolved
from services.gateway.assessment.standards.domain import PublishedItem, Relation
from services.gateway.assessment.standards.models import (
    DepartmentItem,
    ItemMapping,
    Standard,
    StandardItem,
)
from services.gateway.identity.public import Department
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.kernel.period import Period

Session = AsyncConnection | AsyncSession
_YEAR = func.date_part("year", Request.starts_on)


def requests(reach: Reach) -> Rows:
    """Requests within reach with their department's name and their standard's code and clock."""
    query: Rows = (
        select(
            *Request.__table__.columns,
            Department.name.label("department_name"),
            Standard.code.label("standard_code"),
            Standard.demo_today,
        )
        .join(
            Department,
            and_(Department.district == Request.district, Department.id == Request.department_id),
        )
        .join(
            Standard,
            and_(Standard.district == Request.district, Standard.id == Request.standard_id),
        )
    )
    if reach.whole_district:
        return query
    return query.where(Request.department_id.in_(reach.departments))


def verdicts(request_id: UUID, submission: int) -> Rows:
    """The verdicts of a submission, with the item's code and the community's name."""
    return (
        select(
            *ScreeningVerdict.__table__.columns,
            RequestItem.code,
            RequestItem.title,
            Community.name.label("community_name"),
        )
        .join(
            RequestItem,
            and_(
                RequestItem.district == ScreeningVerdict.district,
                RequestItem.id == ScreeningVerdict.request_item_id,
            ),
        )
        .join(
            Community,
            and_(
                Community.district == ScreeningVerdict.district,
                Community.id == ScreeningVerdict.community_id,
            ),
        )
        .where(ScreeningVerdict.request_id == request_id, ScreeningVerdict.submission == submission)
    )


async def one(session: Session, reach: Reach, id: UUID) -> Any:
    """A request within reach. Raises NotFound."""
    return await the_row(session, requests(reach).where(Request.id == id))


async def locked(session: AsyncSession, reach: Reach, id: UUID) -> Request:
    """A request under a row lock. Raises NotFound when out of reach."""
    found = await session.scalar(select(Request).where(Request.id == id).with_for_update())
    if found is None or not (reach.whole_district or found.department_id in reach.departments):
        raise NotFound
    return found


async def resolved(
    session: Session, department_id: UUID, items: Collection[PublishedItem], codes: Collection[str]
) -> dict[str, Resolved]:
    """Codes of a department's own items, else of the standard's, as the standard knows them."""
    unified = {one.id: one for one in items}
    found = {
        one.item.code: Resolved(one.item.title, None, ((one, Relation.EQUAL),))
        for one in items
        if one.item.code in codes
    }
    rows = await session.execute(
        select(
            DepartmentItem.id, DepartmentItem.code, DepartmentItem.title,
            ItemMapping.item_id, ItemMapping.relation,
        )
        .outerjoin(
            ItemMapping,
            and_(
                ItemMapping.district == DepartmentItem.district,
                ItemMapping.department_item_id == DepartmentItem.id,
                ItemMapping.ended_on.is_(None),
                ItemMapping.item_id.in_(unified),
            ),
        )
        .where(DepartmentItem.department_id == department_id, DepartmentItem.code.in_(codes))
        .order_by(DepartmentItem.id, ItemMapping.id)
    )  # fmt: skip
    own: dict[str, Resolved] = {}
    for row in rows:
        before = own[row.code].mapped if row.code in own else ()
        mapped = () if row.item_id is None else ((unified[row.item_id], Relation(row.relation)),)
        own[row.code] = Resolved(row.title, row.id, (*before, *mapped))
    return {**found, **own}


async def comprehensive_references(
    session: Session, request: Any, states: Collection[RequestState]
) -> list[str]:
    """References of a department's other comprehensive requests of the same year."""
    query = select(Request.reference).where(
        Request.department_id == request.department_id,
        Request.comprehensive,
        Request.state.in_(states),
        request.starts_on.year == _YEAR,
        Request.id != request.id,
    )
    return [row.reference for row in await session.execute(query.order_by(Request.reference))]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What approved requests take to communities already: how often material on an item was asked
    for in the year, and what the same department inspects in an overlapping window."""

    reported: Mapping[tuple[UUID, UUID], int]
    asked: frozenset[tuple[UUID, UUID]]


def asked(*columns: Any) -> Rows:
    """What requests, as last submitted, ask of communities: a row for each verdict and unified item
    (`StandardItem`) that has to do with what is asked, none of it where all mappings were ended."""
    return (
        select(*columns)
        .select_from(ScreeningVerdict)
        .join(
            RequestItem,
            and_(
                RequestItem.district == ScreeningVerdict.district,
                RequestItem.id == ScreeningVerdict.request_item_id,
            ),
        )
        .join(
            Request,
            and_(
                Request.district == ScreeningVerdict.district,
                Request.id == ScreeningVerdict.request_id,
                Request.submission == ScreeningVerdict.submission,
            ),
        )
        .outerjoin(
            ItemMapping,
            and_(
                ItemMapping.district == RequestItem.district,
                ItemMapping.department_item_id == RequestItem.department_item_id,
                ItemMapping.standard_id == Request.standard_id,
                ItemMapping.ended_on.is_(None),
            ),
        )
        .outerjoin(
            StandardItem,
            and_(
                StandardItem.district == RequestItem.district,
                StandardItem.id == func.coalesce(RequestItem.item_id, ItemMapping.item_id),
            ),
        )
    )


async def earlier(session: Session, request: Any, origins: Collection[UUID]) -> Earlier:
    """What other approved requests ask of these items; keys are (origin, community)."""
    of_year = and_(RequestItem.material, request.starts_on.year == _YEAR)
    of_department = and_(
        Request.department_id == request.department_id,
        Request.starts_on < request.ends_on,
        Request.ends_on > request.starts_on,
    )
    pair = (Request.id, StandardItem.origin_id, ScreeningVerdict.community_id)
    query = (
        asked(
            *pair,
            func.bool_or(of_year).label("reported"),
            func.bool_or(of_department).label("asked"),
        )
        .where(
            ScreeningVerdict.verdict == Verdict.NEEDS_VISIT,
            Request.state == RequestState.APPROVED,
            Request.id != request.id,
            StandardItem.origin_id.in_(origins),
            or_(of_year, of_department),
        )
        .group_by(*pair)
    )
    reported: Counter[tuple[UUID, UUID]] = Counter()
    own = set()
    for row in await session.execute(query):
        if row.reported:
            reported[row.origin_id, row.community_id] += 1
        if row.asked:
            own.add((row.origin_id, row.community_id))
    return Earlier(reported, frozenset(own))


async def pairs_of(session: Session, request: Request) -> dict[tuple[UUID, UUID], bool]:
    """The (origin, community) that a screened request has visited, and whether for material."""
    pair = (StandardItem.origin_id, ScreeningVerdict.community_id)
    query = (
        asked(*pair, func.bool_or(RequestItem.material).label("material"))
        .where(
            Request.id == request.id,
            ScreeningVerdict.verdict == Verdict.NEEDS_VISIT,
            StandardItem.origin_id.is_not(None),
        )
        .group_by(*pair)
    )
    return {(row.origin_id, row.community_id): row.material for row in await session.execute(query)}


async def target_counts(session: Session, request: Any) -> tuple[int, int]:
    """How many communities a submission is about, and how many of them need a visit."""
    query = select(func.count(), func.count().filter(RequestTarget.visit)).where(
        RequestTarget.request_id == request.id, RequestTarget.submission == request.submission
    )
    row = (await session.execute(query)).one()
    return row[0], row[1]


def facts_of(row: Any) -> InspectionRequest:
    """A row as facts."""
    return InspectionRequest(
        id=row.id,
        department_id=row.department_id,
        title=row.title,
        kind=RequestKind(row.kind),
        comprehensive=row.comprehensive,
        level=Level(row.level),
        legal_basis=row.legal_basis,
        targets=targets_of(row.targets),
        window=Period(row.starts_on, row.ends_on),
        minutes_on_site=row.minutes_on_site,
        inspectors_per_day=row.inspectors_per_day,
        items=tuple(AskedItem(**one) for one in row.asked),
    )
