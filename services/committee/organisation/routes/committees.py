"""HTTP of organisation: everything here is public."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import select

from services.committee.organisation import access, queries, repository
from services.committee.organisation.models import Committee, Member, Term
from services.committee.organisation.schemas import (
    CommitteeDetail,
    CommitteeView,
    MemberView,
    TermView,
)
from shared.db.database import ReadSession
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.web.authentication import PublicReading, open_to_all
from shared.web.days import Day
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.problem import ProblemError, RuleView

router = APIRouter(
    prefix="/v1/committee/committees",
    tags=["organisation"],
    dependencies=[open_to_all(access.READ)],
)


def _committee(row: Any) -> CommitteeView:
    return CommitteeView(**_fields(row))


def _fields(row: Any) -> dict[str, Any]:
    term = None
    if row.term_id is not None:
        term = TermView(
            id=row.term_id,
            number=row.term_number,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            ended_on=row.term_ended_on,
            ended_because=row.term_ended_because,
        )
    own = {name: getattr(row, name) for name in CommitteeView.model_fields if name != "term"}
    return {**own, "term": term}


async def _require(session: ReadSession, id: UUID) -> None:
    if (await session.execute(select(Committee.id).where(Committee.id == id))).first() is None:
        raise NotFound


@router.get("", operation_id="organisation_committees")
async def committees(
    session: PublicReading,
    page: Paging,
    day: Day,
    street_id: UUID | None = None,
    community_id: UUID | None = None,
    q: Annotated[
        str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Part of the name")
    ] = None,
) -> Page[CommitteeView]:
    """Residents' committees of a day with the term then running, by code. 居民委员会列表。"""
    query = repository.committees(day, street_id=street_id, community_id=community_id, q=q)
    rows = (await session.execute(page.apply(query, Committee.code))).all()
    return page.page(rows, lambda row: (row.code,), _committee)


@router.get("/{id}", operation_id="organisation_committee")
async def committee(
    id: UUID, session: PublicReading, request: Request, day: Day
) -> CommitteeDetail:
    """One committee, with what stands against it of what the law asks (组织法 8, 36). 居民委员会详情。"""
    query = repository.committees(day, id=id).add_columns(Committee.district)
    row = await the_row(session, query)
    rulebook = await request.app.state.rules.of(session, row.district)
    households = row.household_count
    found = await queries.composition(session, rulebook, row.district, id, day, households)
    language = language_of(request)
    return CommitteeDetail(
        **_fields(row),
        household_count=households,
        composition_issues=[ProblemError.of(issue, language) for issue in found.issues],
        advice=[ProblemError.of(issue, language) for issue in found.advice],
        rules=[RuleView.of(rule) for rule in found.rules],
    )


@router.get("/{id}/terms", operation_id="organisation_terms")
async def terms(id: UUID, session: PublicReading, page: Paging) -> Page[TermView]:
    """A committee's terms of office, latest first. 历届。"""
    await _require(session, id)
    rows = await session.execute(page.apply(repository.terms(id), Term.number, descending=True))
    return page.page(
        rows.all(),
        lambda row: (row.number,),
        lambda row: TermView.model_validate(row, from_attributes=True),
    )


@router.get("/{id}/members", operation_id="organisation_members")
async def members(
    id: UUID,
    session: PublicReading,
    page: Paging,
    day: Day,
    all: Annotated[bool, Query(description="Of every term, also those who left")] = False,
) -> Page[MemberView]:
    """Members in office on the day, in their order; `all` shows every term's. 居委会成员。"""
    await _require(session, id)
    query = repository.members(id)
    if not all:
        query = repository.in_office(query, day)
    rows = await session.execute(page.apply(query, Term.number, Member.number))
    return page.page(
        rows.all(),
        lambda row: (row.term_number, row.number),
        lambda row: MemberView.model_validate(row, from_attributes=True),
    )
