"""Item applications and the catalogue."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.gateway.admission import access, applying, deciding, repository
from services.gateway.admission.domain import EDITABLE, ITEM, ItemList, ItemState
from services.gateway.admission.models import Item
from services.gateway.admission.schemas import (
    CatalogueItem,
    DecidedItemRequest,
    DecisionRequest,
    FundingShape,
    ItemChange,
    ItemRequest,
    ItemView,
    Screening,
)
from services.gateway.identity.public import department_for
from shared.auth.policy import Policy, Reach
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.kernel.text import Language
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.rulebook.in_force import ReadingRules
from shared.web.authentication import PublicReading, Reading, open_to_all, permits
from shared.web.days import Day
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/admission", tags=["admission"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_ITEMS)]
Apply = Annotated[Reach, permits(access.APPLY)]
Decide = Annotated[Reach, permits(access.DECIDE)]
Exit = Annotated[Reach, permits(access.EXIT)]
_Search = Annotated[
    str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Part of the title")
]


def _funding(row: Any) -> FundingShape | None:
    if row.funding_basis is None:
        return None
    return FundingShape(
        basis=row.funding_basis, amount=row.amount, total=row.total, source_line=row.source_line
    )


def _listed(row: Any) -> CatalogueItem:
    own = {name: getattr(row, name) for name in CatalogueItem.model_fields if name != "funding"}
    return CatalogueItem(**own, funding=_funding(row))


def _item(row: Any, language: Language, today: date) -> ItemView:
    made = {"funding", "screening", "overdue"}
    own = {name: getattr(row, name) for name in ItemView.model_fields if name not in made}
    return ItemView(
        **own,
        funding=_funding(row),
        screening=Screening.read(row.screening, language) if row.screening else None,
        overdue=row.due_on is not None and row.due_on < today,
    )


async def _shown(act: Act, item: Item, request: Request, response: Response) -> ItemView:
    await act.session.flush()
    query = repository.items(Reach(whole_district=True)).where(Item.id == item.id)
    row = (await act.session.execute(query)).one()
    response.headers["ETag"] = etag(row.version)
    return _item(row, language_of(request), act.today)


@router.get(
    "/catalogue",
    operation_id="admission_catalogue",
    dependencies=[open_to_all(access.READ_CATALOGUE)],
)
async def catalogue(
    session: PublicReading,
    page: Paging,
    day: Day,
    department_id: UUID | None = None,
    list: ItemList | None = None,
    q: _Search = None,
) -> Page[CatalogueItem]:
    """What departments may ask of communities on a day, by code. 社区工作准入目录。"""
    query = repository.catalogue(day)
    if department_id is not None:
        query = query.where(Item.department_id == department_id)
    if list is not None:
        query = query.where(Item.list == list)
    if q:
        query = query.where(Item.title.contains(q, autoescape=True))
    rows = (await session.execute(page.apply(query, Item.code))).all()
    return page.page(rows, lambda row: (row.code,), _listed)


@router.get("/items", operation_id="admission_items")
async def items(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    state: ItemState | None = None,
    department_id: UUID | None = None,
    list: ItemList | None = None,
    overdue: Annotated[bool, Query(description="Only those whose decision is late")] = False,
    q: _Search = None,
) -> Page[ItemView]:
    """Item applications within reach, newest first. 准入申请。"""
    today = request.app.state.clock.today()
    query = repository.items(reach)
    if state is not None:
        query = query.where(Item.state == state)
    if department_id is not None:
        query = query.where(Item.department_id == department_id)
    if list is not None:
        query = query.where(Item.list == list)
    if overdue:
        query = query.where(Item.due_on < today)
    if q:
        query = query.where(Item.title.contains(q, autoescape=True))
    rows = (await session.execute(page.apply(query, Item.id, descending=True))).all()
    language = language_of(request)
    return page.page(rows, lambda row: (row.id,), lambda row: _item(row, language, today))


@router.get("/items/{id}", operation_id="admission_item")
async def item(
    id: UUID, session: Reading, request: Request, response: Response, reach: Read
) -> ItemView:
    """One application with its last screening. 准入申请详情。"""
    row = await the_row(session, repository.items(reach).where(Item.id == id))
    response.headers["ETag"] = etag(row.version)
    return _item(row, language_of(request), request.app.state.clock.today())


@router.get("/items/{id}/history", operation_id="admission_item_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of an application, oldest first. 办理经过。"""
    if (await session.execute(repository.items(reach).where(Item.id == id))).first() is None:
        raise NotFound
    return await steps_of(session, ITEM, id)


@router.get("/items/{id}/screening", operation_id="admission_item_screening")
async def screening(
    id: UUID, session: Reading, request: Request, reach: Read, rulebook: ReadingRules
) -> Screening:
    """What stands against an application: a draft as it is today, any other as it was when it was
    submitted. 自动审查结果。"""
    row = await the_row(session, repository.items(reach).where(Item.id == id))
    stored = row.screening
    if row.state in EDITABLE or stored is None:
        today = request.app.state.clock.today()
        found = await applying.screening_of(session, row, rulebook, today)
        stored = applying.stored_screening(found, today)
    return Screening.read(stored, language_of(request))


@router.post("/items", operation_id="admission_draft_item", status_code=201)
async def draft(
    body: ItemRequest, act: Acting, request: Request, response: Response, reach: Apply
) -> ItemView:
    """Begin an application; nothing is checked against the rules before it is submitted.
    起草准入申请。"""
    department = await department_for(act.session, reach, body.department_id)
    values = body.model_dump(exclude={"department_id"})
    made = await applying.draft(act.session, act.actor, department, values)
    return await _shown(act, made, request, response)


@router.patch("/items/{id}", operation_id="admission_change_item")
async def change(
    id: UUID,
    body: ItemChange,
    act: Acting,
    expected: ExpectedVersion,
    request: Request,
    response: Response,
    reach: Apply,
) -> ItemView:
    """Change a draft or a returned application. 修改准入申请。"""
    found = await repository.locked_item(act.session, reach, id)
    require_version(found.version, expected)
    values = body.model_dump(exclude_unset=True)
    await applying.change(act.session, act.actor, found, values)
    return await _shown(act, found, request, response)


@router.post("/items/{id}/submission", operation_id="admission_submit_item")
async def submit(
    id: UUID, act: Acting, request: Request, response: Response, reach: Apply
) -> ItemView:
    """Submit: screened at once, it goes to the Leading Group, or comes back with everything that
    stands against it (`state` returned, see `screening`). 提交准入申请。"""
    found = await repository.locked_item(act.session, reach, id)
    await applying.submit(
        act.session, act.actor, found, by=act.roles, rulebook=act.rulebook, today=act.today
    )
    return await _shown(act, found, request, response)


@router.post("/items/{id}/withdrawal", operation_id="admission_withdraw_item")
async def withdraw(
    id: UUID, act: Acting, request: Request, response: Response, reach: Apply
) -> ItemView:
    """Take an application back before it is decided on; it is a draft again. 撤回准入申请。"""
    found = await repository.locked_item(act.session, reach, id)
    await applying.withdraw(
        act.session, act.actor, found, by=act.roles, rulebook=act.rulebook, today=act.today
    )
    return await _shown(act, found, request, response)


@router.post("/items/{id}/decision", operation_id="admission_decide_item")
async def decide(
    id: UUID,
    body: DecisionRequest,
    act: Acting,
    request: Request,
    response: Response,
    reach: Decide,
) -> ItemView:
    """The Leading Group admits, rejects or returns an application. 领导小组审议。"""
    found = await repository.locked_item(act.session, reach, id)
    await deciding.decide(
        act.session, act.actor, found,
        **dict(body), by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return await _shown(act, found, request, response)


@router.post("/items/decided", operation_id="admission_record_decided", status_code=201)
async def record_decided(
    body: DecidedItemRequest, act: Acting, request: Request, response: Response, reach: Decide
) -> ItemView:
    """Enter an item that was admitted on paper, judged by the rules of its day.
    补录已准入事项。"""
    department = await department_for(act.session, reach, body.department_id)
    days = {"applied_on", "decided_on", "document"}
    made = await deciding.record_decided(
        act.session, act.actor, department, body.model_dump(exclude={"department_id", *days}),
        applied_on=body.applied_on, decided_on=body.decided_on, document=body.document,
        by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return await _shown(act, made, request, response)


async def _take(id: UUID, body: ReasonRequest, act: Act, reach: Reach, action: str) -> Item:
    found = await repository.locked_item(act.session, reach, id)
    await deciding.suspend_resume_or_exit(
        act.session, act.actor, found, action,
        reason=body.reason, by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return found


def _step(action: str, policy: Policy, told: str) -> None:
    async def take(
        id: UUID,
        body: ReasonRequest,
        act: Acting,
        request: Request,
        response: Response,
        reach: Annotated[Reach, permits(policy)],
    ) -> ItemView:
        found = await _take(id, body, act, reach, action)
        return await _shown(act, found, request, response)

    router.add_api_route(
        f"/items/{{id}}/{action}",
        take,
        methods=["POST"],
        operation_id=f"admission_item_{action}",
        description=told,
        summary=told.partition(".")[0],
    )


_step("suspension", access.DECIDE, "No dispatch from today on, until resumed. 暂停事项。")
_step("resumption", access.DECIDE, "Back into the catalogue from today on. 恢复事项。")
_step("exit", access.EXIT, "Out of the catalogue from today on, for good. 退出目录。")
