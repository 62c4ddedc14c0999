"""Standards and their items."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.assessment.standards import access, drafting, repository
from services.gateway.assessment.standards.clock import by_clock_of, set_demo_clock
from services.gateway.assessment.standards.domain import STANDARD, StandardState
from services.gateway.assessment.standards.models import Standard
from services.gateway.assessment.standards.schemas import (
    ClockRequest,
    ItemsRequest,
    ItemsView,
    ItemView,
    PublicationRequest,
    StandardChange,
    StandardRequest,
    StandardView,
)
from shared.auth.policy import Policy, Reach
from shared.db.reading import the_row
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.rulebook.in_force import ReadingRules
from shared.rulebook.rulebook import Rulebook
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.problem import ProblemError, RuleView
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/assessment/standards", tags=["assessment"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ)]
Draft = Annotated[Reach, permits(access.DRAFT)]


def _view(row: Any) -> StandardView:
    return StandardView.model_validate(row, from_attributes=True)


def _shown(standard: Standard, response: Response) -> StandardView:
    response.headers["ETag"] = etag(standard.version)
    return _view(standard)


async def _found(session: AsyncConnection, reach: Reach, id: UUID) -> Any:
    query = repository.standards(reach).where(Standard.id == id)
    return await the_row(session, query)


async def _items(
    session: AsyncConnection | AsyncSession,
    standard: Any,
    rulebook: Rulebook,
    district: str,
    request: Request,
) -> ItemsView:
    items = await drafting.shown_items(session, standard)
    today = request.app.state.clock.today()
    found = drafting.blockers(standard, rulebook, district, today)
    issues = found.value if standard.state == StandardState.DRAFT else ()
    return ItemsView(
        items=[ItemView.of(id, item) for id, item in items],
        total_weight=sum(item.weight for _, item in items),
        issues=[ProblemError.of(issue, language_of(request)) for issue in issues],
        rules=[RuleView.of(rule) for rule in found.rules],
    )


@router.get("", operation_id="assessment_standards")
async def standards(
    session: Reading,
    page: Paging,
    reach: Read,
    state: StandardState | None = None,
    code: str | None = None,
) -> Page[StandardView]:
    """Versions of the unified standards, newest first; drafts only for the district's offices.
    统一标准。"""
    query = repository.standards(reach)
    if state is not None:
        query = query.where(Standard.state == state)
    if code is not None:
        query = query.where(Standard.code == code.replace("\x00", ""))
    rows = (await session.execute(page.apply(query, Standard.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _view)


@router.get("/{id}", operation_id="assessment_standard")
async def standard(id: UUID, session: Reading, response: Response, reach: Read) -> StandardView:
    """One version. 统一标准详情。"""
    row = await _found(session, reach, id)
    response.headers["ETag"] = etag(row.version)
    return _view(row)


@router.get("/{id}/history", operation_id="assessment_standard_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a version, oldest first. 办理经过。"""
    await _found(session, reach, id)
    return await steps_of(session, STANDARD, id)


@router.get("/{id}/items", operation_id="assessment_standard_items")
async def items(
    id: UUID,
    session: Reading,
    request: Request,
    response: Response,
    rulebook: ReadingRules,
    principal: CurrentPrincipal,
    reach: Read,
) -> ItemsView:
    """The items of a version; for a draft also everything that stands against publishing it.
    标准项目。"""
    row = await _found(session, reach, id)
    response.headers["ETag"] = etag(row.version)
    return await _items(session, row, rulebook, principal.district, request)


@router.post("", operation_id="assessment_draft_standard", status_code=201)
async def draft(
    body: StandardRequest, act: Acting, request: Request, response: Response, _reach: Draft
) -> StandardView:
    """Begin the next version of a standard, with the items of the one it is based on. With
    `demo_today`, where this is allowed, a new one is a demonstration: all that is done by it goes
    by its own clock. 起草统一标准。"""
    made = await drafting.draft(
        act.session, act.actor,
        demonstrations=request.app.state.settings.demo_assessments, **dict(body),
    )  # fmt: skip
    return _shown(made, response)


@router.patch("/{id}", operation_id="assessment_change_standard")
async def change(
    id: UUID,
    body: StandardChange,
    act: Acting,
    expected: ExpectedVersion,
    response: Response,
    _reach: Draft,
) -> StandardView:
    """Change a draft's title or basis. 修改草案。"""
    found = await repository.locked_standard(act.session, id)
    require_version(found.version, expected)
    values = {name: value for name, value in body.model_dump().items() if value is not None}
    await drafting.change(act.session, act.actor, found, values)
    return _shown(found, response)


@router.put("/{id}/items", operation_id="assessment_set_standard_items")
async def set_items(
    id: UUID,
    body: ItemsRequest,
    act: Acting,
    expected: ExpectedVersion,
    request: Request,
    response: Response,
    _reach: Draft,
) -> ItemsView:
    """Set all items of a draft; it may be incomplete, what is still missing is said in `issues`.
    编制标准项目。"""
    found = await repository.locked_standard(act.session, id)
    require_version(found.version, expected)
    stored = [item.stored() for item in body.items]
    await drafting.change(act.session, act.actor, found, {"draft": stored})
    response.headers["ETag"] = etag(found.version)
    return await _items(act.session, found, act.rulebook, act.actor.district, request)


@router.post("/{id}/publication", operation_id="assessment_publish_standard")
async def publish(
    id: UUID,
    body: PublicationRequest,
    act: Acting,
    response: Response,
    _reach: Annotated[Reach, permits(access.PUBLISH)],
) -> StandardView:
    """Put a draft in force in the place of the version before it; a published version never
    changes. 发布统一标准。"""
    found = await repository.locked_standard(act.session, id)
    act = await by_clock_of(act, id)
    await drafting.publish(
        act.session, act.actor, found,
        document=body.document, by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return _shown(found, response)


@router.post("/{id}/demo-clock", operation_id="assessment_move_demo_clock")
async def move_demo_clock(
    id: UUID,
    body: ClockRequest,
    act: Acting,
    response: Response,
    _reach: Annotated[Reach, permits(access.PUBLISH)],
) -> StandardView:
    """Move the clock of a demonstration forward, or with null let it go by the calendar from now
    on; a real standard has none. 演示时钟。"""
    versions = await repository.locked_versions(act.session, id)
    await set_demo_clock(act, versions, body.today)
    return _shown(next(one for one in versions if one.id == id), response)


async def _end(act: Act, id: UUID, action: str, reason: str, response: Response) -> StandardView:
    found = await repository.locked_standard(act.session, id)
    act = await by_clock_of(act, id)
    await drafting.end(
        act.session, act.actor, found, action,
        reason=reason, by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip
    return _shown(found, response)


def _step(action: str, policy: Policy, told: str) -> None:
    async def take(
        id: UUID,
        body: ReasonRequest,
        act: Acting,
        response: Response,
        _reach: Annotated[Reach, permits(policy)],
    ) -> StandardView:
        return await _end(act, id, action, body.reason, response)

    router.add_api_route(
        f"/{{id}}/{action}",
        take,
        methods=["POST"],
        operation_id=f"assessment_standard_{action}",
        description=told,
        summary=told.partition(".")[0],
    )


_step("abandonment", access.DRAFT, "Give a draft up; it stays on record. 放弃草案。")
_step("retirement", access.PUBLISH, "Take a version out of force without a new one. 废止标准。")
