"""Appropriations and the journal."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from services.workstation.funding import access, granting, repository
from services.workstation.funding.domain import EntryKind, Source
from services.workstation.funding.models import Appropriation, JournalEntry
from services.workstation.funding.schemas import (
    AppropriationRequest,
    AppropriationView,
    EntryView,
    GrantsView,
    GrantView,
    RateView,
)
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.rulebook.in_force import WritingRules
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.problem import RuleView
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(prefix="/v1/workstation/funds", tags=["money"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ)]


def _entry(row: Any) -> EntryView:
    return EntryView.model_validate(row, from_attributes=True)


def _appropriation(row: Any) -> AppropriationView:
    return AppropriationView.model_validate(row, from_attributes=True)


def _grant(grant: granting.Grant) -> GrantView:
    return GrantView(
        community_id=grant.community.id,
        community_name=grant.community.name,
        due=grant.due.fen,
        added=grant.added.fen,
        derivation=[
            RateView(month=one.month, months=one.months, rate=one.rate.fen, count=one.count)
            for one in grant.periods
        ],
    )


@router.post("/appropriations", operation_id="funding_appropriate", status_code=201)
async def appropriate(
    body: AppropriationRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    rulebook: WritingRules,
    _reach: Annotated[Reach, permits(access.APPROPRIATE)],
) -> GrantsView:
    """Grant a year's money by post or by community, at the rates in force each month; with
    `dry_run` compute it only. 拨付岗位或社区经费。"""
    values = body.model_dump(exclude={"source"})
    found = await granting.grant_by_rates(
        session, Actor.of(principal), rulebook, source=Source(body.source), **values
    )
    return GrantsView(
        dry_run=body.dry_run,
        total_added=sum(grant.added.fen for grant in found.grants),
        grants=[_grant(grant) for grant in found.grants],
        rules=[RuleView.of(rule) for rule in found.rules],
    )


@router.get("/appropriations", operation_id="funding_appropriations")
async def appropriations(
    session: Reading,
    page: Paging,
    reach: Read,
    source: Source | None = None,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    community_id: UUID | None = None,
    department_id: UUID | None = None,
    item_code: Annotated[str | None, Query(max_length=40, pattern=r"^[^\x00]*$")] = None,
) -> Page[AppropriationView]:
    """Money granted within reach and what became of it, newest first. 拨款。"""
    query = repository.appropriations(reach)
    for column, value in (
        (Appropriation.source, source),
        (Appropriation.year, year),
        (Appropriation.community_id, community_id),
        (Appropriation.department_id, department_id),
        (Appropriation.item_code, item_code),
    ):
        if value is not None:
            query = query.where(column == value)
    rows = (await session.execute(page.apply(query, Appropriation.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _appropriation)


@router.get("/appropriations/{id}", operation_id="funding_appropriation")
async def appropriation(id: UUID, session: Reading, reach: Read) -> AppropriationView:
    """One appropriation. 拨款详情。"""
    query = repository.appropriations(reach).where(Appropriation.id == id)
    row = await the_row(session, query)
    return _appropriation(row)


@router.get("/entries", operation_id="funding_entries")
async def entries(
    session: Reading,
    page: Paging,
    reach: Read,
    appropriation_id: UUID | None = None,
    community_id: UUID | None = None,
    department_id: UUID | None = None,
    task_id: UUID | None = None,
    kind: EntryKind | None = None,
    since: Annotated[date | None, Query(description="From that day on")] = None,
    until: Annotated[date | None, Query(description="Before that day")] = None,
) -> Page[EntryView]:
    """The journal within reach, oldest first: every balance is explained by it. 会计凭证。"""
    query = repository.entries(reach)
    for column, value in (
        (JournalEntry.appropriation_id, appropriation_id),
        (JournalEntry.community_id, community_id),
        (Appropriation.department_id, department_id),
        (JournalEntry.task_id, task_id),
        (JournalEntry.kind, kind),
    ):
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(JournalEntry.posted_on >= since)
    if until is not None:
        query = query.where(JournalEntry.posted_on < until)
    rows = (await session.execute(page.apply(query, JournalEntry.id))).all()
    return page.page(rows, lambda row: (row.id,), _entry)
