"""Applications for plaques."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Request, Response, UploadFile
from starlette.responses import StreamingResponse

from services.gateway.admission.public import Screening, stored_screening
from services.gateway.identity.public import department_for
from services.gateway.plaques import access, applying, photographs, repository
from services.gateway.plaques.domain import APPLICATION, EDITABLE, ApplicationState, Where
from services.gateway.plaques.models import PlaqueApplication
from services.gateway.plaques.schemas import (
    ApplicationChange,
    ApplicationRequest,
    ApplicationView,
    DecisionRequest,
)
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.kernel.text import Language
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.rulebook.in_force import ReadingRules
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/plaques/applications", tags=["plaques"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ_APPLICATIONS)]
Apply = Annotated[Reach, permits(access.APPLY)]
Decide = Annotated[Reach, permits(access.DECIDE)]


def _view(row: Any, language: Language, today: date) -> ApplicationView:
    made = {"screening", "overdue"}
    own = {name: getattr(row, name) for name in ApplicationView.model_fields if name not in made}
    return ApplicationView(
        **own,
        screening=Screening.read(row.screening, language) if row.screening else None,
        overdue=row.due_on is not None and row.due_on < today,
    )


def _one(reach: Reach, id: UUID) -> Rows:
    return repository.applications(reach).where(PlaqueApplication.id == id)


async def _shown(act: Act, id: UUID, request: Request, response: Response) -> ApplicationView:
    await act.session.flush()
    row = await the_row(act.session, _one(Reach(whole_district=True), id))
    response.headers["ETag"] = etag(row.version)
    return _view(row, language_of(request), act.today)


@router.get("", operation_id="plaques_applications")
async def applications(
    session: Reading,
    request: Request,
    page: Paging,
    reach: Read,
    state: ApplicationState | None = None,
    department_id: UUID | None = None,
) -> Page[ApplicationView]:
    """Applications within reach, newest first; a community sees those that were approved.
    挂牌申请。"""
    query = repository.applications(reach)
    if state is not None:
        query = query.where(PlaqueApplication.state == state)
    if department_id is not None:
        query = query.where(PlaqueApplication.department_id == department_id)
    rows = (await session.execute(page.apply(query, PlaqueApplication.id, descending=True))).all()
    today, language = request.app.state.clock.today(), language_of(request)
    return page.page(rows, lambda row: (row.id,), lambda row: _view(row, language, today))


@router.get("/{id}", operation_id="plaques_application")
async def application(
    id: UUID, session: Reading, request: Request, response: Response, reach: Read
) -> ApplicationView:
    """One application. 挂牌申请详情。"""
    row = await the_row(session, _one(reach, id))
    response.headers["ETag"] = etag(row.version)
    return _view(row, language_of(request), request.app.state.clock.today())


@router.get("/{id}/history", operation_id="plaques_application_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of an application, oldest first. 办理经过。"""
    await the_row(session, _one(reach, id))
    return await steps_of(session, APPLICATION, id)


@router.get("/{id}/screening", operation_id="plaques_application_screening")
async def screening(
    id: UUID, session: Reading, request: Request, reach: Read, rulebook: ReadingRules
) -> Screening:
    """What stands against an application: a draft as it is today, any other as it was when it was
    submitted. 自动审查结果。"""
    row = await the_row(session, _one(reach, id))
    stored = row.screening
    if row.state in EDITABLE or stored is None:
        today = request.app.state.clock.today()
        found = await applying.screening_of(session, row, rulebook, today)
        stored = stored_screening(found, today)
    return Screening.read(stored, language_of(request))


@router.post("", operation_id="plaques_draft_application", status_code=201)
async def draft(
    body: ApplicationRequest, act: Acting, request: Request, response: Response, reach: Apply
) -> ApplicationView:
    """Begin an application; nothing is checked against the rules before it is submitted.
    起草挂牌申请。"""
    department = await department_for(act.session, reach, body.department_id)
    made = await applying.draft(act, department, body.model_dump(exclude={"department_id"}))
    return await _shown(act, made.id, request, response)


@router.patch("/{id}", operation_id="plaques_change_application")
async def change(
    id: UUID,
    body: ApplicationChange,
    act: Acting,
    expected: ExpectedVersion,
    request: Request,
    response: Response,
    reach: Apply,
) -> ApplicationView:
    """Change a draft or a returned application. 修改挂牌申请。"""
    found = await applying.locked_application(act.session, reach, id)
    require_version(found.version, expected)
    await applying.change(act, found, body.model_dump(exclude_unset=True, exclude_none=True))
    return await _shown(act, id, request, response)


@router.post(
    "/{id}/design",
    operation_id="plaques_add_design",
    status_code=201,
    max_body_size=photographs.FORM_BYTES,
)
async def add_design(
    id: UUID,
    file: Annotated[UploadFile, File(examples=["设计图.pdf"])],
    act: Acting,
    request: Request,
    response: Response,
    reach: Apply,
) -> ApplicationView:
    """The uniform drawing of a draft: JPEG, PNG or PDF of at most 10 MB. 上传统一设计图。"""
    found = await applying.locked_application(act.session, reach, id)
    kept = await photographs.keep(request, act.actor.district, file, pointer="/file", also_pdf=True)
    await applying.change(act, found, {"design": kept})
    return await _shown(act, id, request, response)


@router.get(
    "/{id}/design",
    operation_id="plaques_design",
    response_class=StreamingResponse,
    responses={200: {"content": {media: {} for media in (*photographs.IMAGES, "application/pdf")}}},
)
async def design(
    id: UUID, session: Reading, request: Request, principal: CurrentPrincipal, reach: Read
) -> StreamingResponse:
    """The drawing. 下载设计图。"""
    row = await the_row(session, _one(reach, id))
    return await photographs.show(request, principal.district, row.design)


@router.post("/{id}/submission", operation_id="plaques_submit_application")
async def submit(
    id: UUID, act: Acting, request: Request, response: Response, reach: Apply
) -> ApplicationView:
    """Submit: screened at once, it goes to the Leading Group, or comes back with everything that
    stands against it (see `screening`). 提交挂牌申请。"""
    found = await applying.locked_application(act.session, reach, id)
    await applying.submit(act, found)
    return await _shown(act, id, request, response)


@router.post("/{id}/withdrawal", operation_id="plaques_withdraw_application")
async def withdraw(
    id: UUID, act: Acting, request: Request, response: Response, reach: Apply
) -> ApplicationView:
    """Take an application back before it is decided on; it is a draft again. 撤回挂牌申请。"""
    found = await applying.locked_application(act.session, reach, id)
    await applying.withdraw(act, found)
    return await _shown(act, id, request, response)


@router.post("/{id}/decision", operation_id="plaques_decide_application")
async def decide(
    id: UUID,
    body: DecisionRequest,
    act: Acting,
    request: Request,
    response: Response,
    reach: Decide,
) -> ApplicationView:
    """The Leading Group approves, rejects or returns an application. 领导小组审议挂牌。"""
    found = await applying.locked_application(act.session, reach, id)
    where = Where(body.where) if body.where else None
    await applying.decide(act, found, **{**dict(body), "where": where})
    return await _shown(act, id, request, response)
