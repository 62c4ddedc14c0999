"""Households and residents."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.workstation.registry import access, commands, repository
from services.workstation.registry import residents as use_cases
from services.workstation.registry.models import Household, Resident
from services.workstation.registry.schemas import (
    DepartureRequest,
    DisclosureRequest,
    DisclosureView,
    ExtractRequest,
    ExtractView,
    HouseholdRequest,
    HouseholdView,
    IdNumberSearch,
    ResidentChange,
    ResidentRequest,
    ResidentView,
)
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.clock import Clock
from shared.privacy.cipher import PersonalData
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

households = APIRouter(
    prefix="/v1/workstation/households", tags=["registry"], route_class=UnitOfWorkRoute
)
router = APIRouter(
    prefix="/v1/workstation/residents", tags=["registry"], route_class=UnitOfWorkRoute
)


async def _personal(request: Request) -> PersonalData:
    personal: PersonalData = request.app.state.personal_data
    return personal


async def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


Personal = Annotated[PersonalData, Depends(_personal)]
Now = Annotated[Clock, Depends(_clock)]
Read = Annotated[Reach, permits(access.READ_RESIDENTS)]
Manage = Annotated[Reach, permits(access.MANAGE_RESIDENTS)]
_Text = Annotated[str | None, Query(max_length=40, pattern=r"^[^\x00]*$")]


def _household(row: Any) -> HouseholdView:
    return HouseholdView.model_validate(row, from_attributes=True)


@households.get("", operation_id="registry_households")
async def list_households(
    session: Reading,
    page: Paging,
    reach: Annotated[Reach, permits(access.READ_HOUSEHOLDS)],
    community_id: UUID | None = None,
    q: _Text = None,
) -> Page[HouseholdView]:
    """Households within reach, by community and code; `q` is part of the address. 家庭户列表。"""
    query = page.apply(
        repository.households(reach, community_id=community_id, q=q),
        Household.community_id,
        Household.code,
    )
    rows = (await session.execute(query)).all()
    return page.page(rows, lambda row: (row.community_id, row.code), _household)


@households.get("/{id}", operation_id="registry_household")
async def household(
    id: UUID, session: Reading, reach: Annotated[Reach, permits(access.READ_HOUSEHOLDS)]
) -> HouseholdView:
    """One household. 家庭户详情。"""
    query = repository.households(reach, community_id=None, q=None).where(Household.id == id)
    row = await the_row(session, query)
    return _household(row)


@households.post("", operation_id="registry_register_household", status_code=201)
async def register_household(
    body: HouseholdRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    reach: Annotated[Reach, permits(access.MANAGE_HOUSEHOLDS)],
) -> HouseholdView:
    """Register a household. 登记家庭户。"""
    made = await commands.register_household(session, Actor.of(principal), reach, **dict(body))
    return HouseholdView(
        id=made.id,
        community_id=made.community_id,
        code=made.code,
        address=made.address,
        resident_count=0,
    )


@router.get("", operation_id="registry_residents")
async def list_residents(
    session: Reading,
    page: Paging,
    reach: Read,
    personal: Personal,
    community_id: UUID | None = None,
    household_id: UUID | None = None,
    name: Annotated[
        str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Begins with")
    ] = None,
    present: Annotated[bool, Query(description="Only those who have not left")] = True,
) -> Page[ResidentView]:
    """Residents within reach, masked, in the order in which they were registered. 居民列表。"""
    query = repository.residents(
        reach, community_id=community_id, household_id=household_id, name=name, present=present
    )
    rows = (await session.execute(page.apply(query, Resident.id))).all()
    return page.page(rows, lambda row: (row.id,), lambda row: use_cases.masked_view(row, personal))


@router.get("/{id}", operation_id="registry_resident")
async def resident(
    id: UUID, session: Reading, reach: Read, personal: Personal, response: Response
) -> ResidentView:
    """One resident, masked. 居民详情（脱敏）。"""
    query = repository.residents(reach).where(Resident.id == id)
    row = await the_row(session, query)
    response.headers["ETag"] = etag(row.version)
    return use_cases.masked_view(row, personal)


@router.post("/search", operation_id="registry_search_resident")
async def search(
    body: IdNumberSearch,
    session: WriteSession,
    principal: CurrentPrincipal,
    reach: Read,
    personal: Personal,
) -> Page[ResidentView]:
    """Find a resident by ID number, masked; an empty page when there is none within reach.
    按身份证号查询。"""
    digest = personal.lookup(principal.district, body.id_number.upper())
    query = repository.residents(reach, present=True).where(Resident.id_hash == digest)
    rows = (await session.execute(query)).all()
    return Page(items=[use_cases.masked_view(row, personal) for row in rows])


@router.post("", operation_id="registry_register_resident", status_code=201)
async def register(
    body: ResidentRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    reach: Manage,
    personal: Personal,
    clock: Now,
) -> ResidentView:
    """Register a resident; sex and birth date come from the ID number. 登记居民。"""
    made = await use_cases.register(
        session, Actor.of(principal), reach, personal, today=clock.today(), **dict(body)
    )
    return use_cases.masked_view(made, personal)


@router.patch("/{id}", operation_id="registry_change_resident")
async def change(
    id: UUID,
    body: ResidentChange,
    session: WriteSession,
    principal: CurrentPrincipal,
    reach: Manage,
    personal: Personal,
    expected: ExpectedVersion,
    response: Response,
) -> ResidentView:
    """Change a resident's name, phone, kind of residence or household. 修改居民信息。"""
    found = await use_cases.resident_within(session, reach, id)
    require_version(found.version, expected)
    await use_cases.change(session, Actor.of(principal), reach, personal, found, **dict(body))
    response.headers["ETag"] = etag(found.version)
    return use_cases.masked_view(found, personal)


@router.post("/{id}/departure", operation_id="registry_resident_departure")
async def depart(
    id: UUID,
    body: DepartureRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    reach: Manage,
    personal: Personal,
) -> ResidentView:
    """Record that a resident moved away, died, or was registered in error. 办理离开。"""
    found = await use_cases.resident_within(session, reach, id)
    await use_cases.depart(
        session, Actor.of(principal), found, on=body.left_on, because=body.because
    )
    return use_cases.masked_view(found, personal)


@router.post("/{id}/disclosure", operation_id="registry_disclose_resident")
async def disclose(
    id: UUID,
    body: DisclosureRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    reach: Annotated[Reach, permits(access.DISCLOSE_RESIDENTS)],
    personal: Personal,
) -> DisclosureView:
    """The full data of a resident; the purpose and the reader are recorded. 查看完整信息。"""
    found = await use_cases.resident_within(session, reach, id)
    return await use_cases.disclose(session, Actor.of(principal), personal, found, body.purpose)


@router.post("/extracts", operation_id="registry_extract_residents")
async def extract(
    body: ExtractRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    reach: Annotated[Reach, permits(access.DISCLOSE_RESIDENTS)],
    personal: Personal,
) -> ExtractView:
    """Names and ID numbers of a community's residents for a statutory list; the purpose and the
    reader are recorded. 按法定用途提取居民名册。"""
    items, after = await use_cases.extract(
        session, Actor.of(principal), reach, personal, **dict(body)
    )
    return ExtractView(items=items, after=after)
