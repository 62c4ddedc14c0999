"""The inventory of plaques: what hangs where, with its photograph, and who keeps to the rules."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Header, Query, Request, Response, UploadFile
from starlette.responses import StreamingResponse

from services.gateway.admission.public import Community
from services.gateway.plaques import access, hanging, photographs, queries, repository
from services.gateway.plaques.domain import Kind, Payer, Where
from services.gateway.plaques.models import Plaque
from services.gateway.plaques.schemas import Compliance, PlaqueView, TakenDownRequest
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.files.checking import XLSX
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act, Acting
from shared.rulebook.in_force import ReadingRules
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.errors import language_of
from shared.web.media import best_media_type
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute
from shared.web.workbooks import download

JSON = "application/json"
router = APIRouter(prefix="/v1/plaques/inventory", tags=["plaques"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_INVENTORY)]
Record = Annotated[Reach, permits(access.RECORD)]
_Words = Annotated[str, Form(max_length=120, pattern=r"^[^\x00]*$")]


def _view(row: Any) -> PlaqueView:
    return PlaqueView.model_validate(row, from_attributes=True)


def _one(reach: Reach, id: UUID) -> Rows:
    return repository.plaques(reach).where(Plaque.id == id)


async def _shown(act: Act, id: UUID) -> PlaqueView:
    await act.session.flush()
    return _view(await the_row(act.session, _one(Reach(whole_district=True), id)))


@router.get("", operation_id="plaques_inventory")
async def inventory(
    session: Reading,
    page: Paging,
    reach: Read,
    community_id: UUID | None = None,
    street_id: UUID | None = None,
    department_id: UUID | None = None,
    kind: Kind | None = None,
    where: Where | None = None,
    unapproved: Annotated[bool, Query(description="Only departments' without approval")] = False,
    removed: Annotated[bool, Query(description="Also those taken down")] = False,
) -> Page[PlaqueView]:
    """Plaques within reach, newest first. 牌子清单。"""
    query = repository.plaques(reach)
    for column, value in (
        (Plaque.community_id, community_id),
        (Community.street_id, street_id),
        (Plaque.department_id, department_id),
        (Plaque.kind, kind),
        (Plaque.where, where),
    ):
        if value is not None:
            query = query.where(column == value)
    if unapproved:
        query = query.where(Plaque.kind == Kind.OTHER, Plaque.application_id.is_(None))
    if not removed:
        query = query.where(Plaque.removed_on.is_(None))
    rows = (await session.execute(page.apply(query, Plaque.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _view)


@router.get(
    "/compliance",
    operation_id="plaques_compliance",
    response_model=Compliance,
    responses={200: {"content": {XLSX: {}}}},
)
async def compliance(
    session: Reading,
    request: Request,
    principal: CurrentPrincipal,
    rulebook: ReadingRules,
    reach: Read,
    accept: Annotated[
        str, Header(max_length=500, description=f"{JSON} or {XLSX}", examples=[JSON])
    ] = JSON,
) -> Compliance | Response:
    """Each community's plaques in numbers, and how many must come down by today's rules; as JSON,
    or as a workbook by `Accept`. 挂牌规范情况。"""
    media = best_media_type(accept, (JSON, XLSX))
    today = request.app.state.clock.today()
    found = await queries.compliance_of(
        session, reach, lambda key: rulebook.lookup(key, principal.district, today)
    )
    if media == JSON:
        return found
    return download(queries.sheet_of(found, language_of(request)), "plaques")


@router.get("/{id}", operation_id="plaques_plaque")
async def plaque(id: UUID, session: Reading, reach: Read) -> PlaqueView:
    """One plaque. 牌子详情。"""
    return _view(await the_row(session, _one(reach, id)))


@router.get(
    "/{id}/photograph",
    operation_id="plaques_photograph",
    response_class=StreamingResponse,
    responses={200: {"content": {media: {} for media in photographs.IMAGES}}},
)
async def photograph(
    id: UUID, session: Reading, request: Request, principal: CurrentPrincipal, reach: Read
) -> StreamingResponse:
    """Its photograph. 牌子照片。"""
    row = await the_row(session, _one(reach, id))
    return await photographs.show(request, principal.district, row.photograph)


@router.post(
    "", operation_id="plaques_record", status_code=201, max_body_size=photographs.FORM_BYTES
)
async def record(
    act: Acting,
    request: Request,
    reach: Record,
    photograph: Annotated[UploadFile, File(examples=["挂牌.jpg"])],
    community_id: Annotated[UUID, Form()],
    hung_on: Annotated[date, Form(examples=["2026-11-20"])],
    application_id: Annotated[UUID | None, Form(description="The approval it hangs by")] = None,
    kind: Annotated[Kind, Form()] = Kind.OTHER,
    title: _Words = "",
    where: Annotated[Where, Form()] = Where.INDOOR,
    room: _Words = "",
    department_id: Annotated[UUID | None, Form()] = None,
    payer: Annotated[Payer, Form()] = Payer.UNKNOWN,
    cost: Annotated[int, Form(ge=0, le=10**10, description="In fen")] = 0,
) -> PlaqueView:
    """Record a plaque with its photograph: by an approval, which says the rest; or as it was found,
    described here. 登记挂牌。"""
    community = await hanging.require_community(act.session, reach, community_id)
    if application_id is None and not title.strip():
        raise Invalid(issues=(_title_missing(),))
    kept = await photographs.keep(request, act.actor.district, photograph, pointer="/photograph")
    if application_id is not None:
        made = await hanging.hang(act, application_id, community, hung_on=hung_on, photograph=kept)
    else:
        made = await hanging.take_stock(
            act, community, kind=kind, title=title.strip(), where=where, room=room,
            department_id=department_id, payer=payer, cost=cost, hung_on=hung_on, photograph=kept,
        )  # fmt: skip
    return await _shown(act, made.id)


@router.post(
    "/{id}/photograph",
    operation_id="plaques_add_photograph",
    max_body_size=photographs.FORM_BYTES,
)
async def add_photograph(
    id: UUID,
    act: Acting,
    request: Request,
    reach: Record,
    photograph: Annotated[UploadFile, File(examples=["挂牌.jpg"])],
) -> PlaqueView:
    """Add the photograph of a plaque that was taken in from a sheet. 补传牌子照片。"""
    found = await hanging.locked_plaque(act.session, reach, id)
    kept = await photographs.keep(request, act.actor.district, photograph, pointer="/photograph")
    await hanging.add_photograph(act, found, kept)
    return await _shown(act, id)


@router.post("/{id}/removal", operation_id="plaques_take_down")
async def take_down(id: UUID, body: TakenDownRequest, act: Acting, reach: Record) -> PlaqueView:
    """Record that a plaque was taken down without a notice. 登记拆除。"""
    found = await hanging.locked_plaque(act.session, reach, id)
    await hanging.take_down(act, found, **dict(body))
    return await _shown(act, id)


def _title_missing() -> Issue:
    return Issue(
        code="title_missing",
        pointer="/title",
        detail=Text(zh="未写明牌子名称。", en="Nothing says what stands on the plaque."),
        remedy=Text(
            zh="请填写 title，或填写批准该牌子的 application_id。",
            en="Give its title, or the application_id of its approval.",
        ),
    )
