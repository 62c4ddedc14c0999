"""Results of a campaign, objections, review."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import Community
from services.gateway.assessment.ledger import LedgerOfCaller
from services.gateway.assessment.results import access, computing, repository, reviewing
from services.gateway.assessment.results.domain import RESULT, ResultState
from services.gateway.assessment.results.models import Result
from services.gateway.assessment.results.reviewing import Correction
from services.gateway.assessment.results.schemas import (
    Finalised,
    LineView,
    ObjectionRequest,
    ObjectionView,
    PublishedResults,
    ResultDetail,
    ResultView,
    ReviewRequest,
)
from shared.auth.policy import Reach
from shared.procedures.acting import Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import etag
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/assessment", tags=["assessment"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ)]
Publish = Annotated[Reach, permits(access.PUBLISH)]
_ITEM = {"code", "title", "subject", "kind", "weight", "zero_at", "full_at"}
_MADE = {"lines", "objection"}


def _view(row: Any) -> ResultView:
    return ResultView.model_validate(row, from_attributes=True)


def _line(row: Any) -> LineView:
    return LineView(
        **{
            name: getattr(row, f"item_{name}" if name in _ITEM else name)
            for name in LineView.model_fields
        }
    )


def _objection(row: Any) -> ObjectionView | None:
    if row is None:
        return None
    own = {name: getattr(row, name) for name in ObjectionView.model_fields if name != "items"}
    return ObjectionView(**own, items=row.codes)


async def _detail(
    session: AsyncConnection | AsyncSession, row: Any, response: Response
) -> ResultDetail:
    own = {name: getattr(row, name) for name in ResultDetail.model_fields if name not in _MADE}
    response.headers["ETag"] = etag(row.version)
    return ResultDetail(
        **own,
        lines=[_line(line) for line in await repository.lines(session, row.id, row.revision)],
        objection=_objection(await repository.objection(session, row.id)),
    )


@router.get("/campaigns/{id}/results", operation_id="assessment_results")
async def results(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: Read,
    state: ResultState | None = None,
    street_id: UUID | None = None,
) -> Page[ResultView]:
    """The results of a campaign within reach, by community. 考核结果。"""
    query = repository.results(reach).where(Result.campaign_id == id)
    if state is not None:
        query = query.where(Result.state == state)
    if street_id is not None:
        query = query.where(Community.street_id == street_id)
    order = (Community.code, Result.id)
    rows = (await session.execute(page.apply(query, *order))).all()
    return page.page(rows, lambda row: (row.community_code, row.id), _view)


@router.post("/campaigns/{id}/results", operation_id="assessment_publish_results", status_code=201)
async def publish(
    id: UUID, act: Acting, ledger: LedgerOfCaller, _reach: Publish
) -> PublishedResults:
    """Compute and publish the results of a campaign: from findings, the ledger, residents' ratings
    and results still valid. Communities may object from then on. 公布考核结果。"""
    return PublishedResults(campaign_id=id, results=await computing.publish(act, id, ledger))


@router.post("/campaigns/{id}/results/finalisation", operation_id="assessment_finalise_results")
async def finalise(id: UUID, act: Acting, _reach: Publish) -> Finalised:
    """Make final every result whose limit for objections has passed. 确定最终结果。"""
    return Finalised(**await reviewing.finalise(act, id))


@router.get("/results/{id}", operation_id="assessment_result")
async def result(id: UUID, session: Reading, response: Response, reach: Read) -> ResultDetail:
    """One result with its derivation down to the single finding. 考核结果详情。"""
    return await _detail(session, await repository.one(session, reach, id), response)


@router.get("/results/{id}/history", operation_id="assessment_result_history")
async def history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a result, oldest first. 办理经过。"""
    await repository.one(session, reach, id)
    return await steps_of(session, RESULT, id)


@router.post("/results/{id}/objection", operation_id="assessment_object", status_code=201)
async def object_to(
    id: UUID,
    body: ObjectionRequest,
    act: Acting,
    response: Response,
    reach: Annotated[Reach, permits(access.OBJECT)],
) -> ResultDetail:
    """A community objects to items of its result, within the limit and once. 申诉。"""
    found = await repository.locked(act.session, reach, id)
    await reviewing.object_to(act, found, body.items, body.reason)
    return await _detail(act.session, await repository.one(act.session, reach, id), response)


@router.post("/results/{id}/review", operation_id="assessment_review")
async def review(
    id: UUID,
    body: ReviewRequest,
    act: Acting,
    response: Response,
    reach: Annotated[Reach, permits(access.REVIEW)],
) -> ResultDetail:
    """The Leading Group upholds an objection and corrects items, or dismisses it; the result is
    final. 复核申诉。"""
    found = await repository.locked(act.session, reach, id)
    corrections = [Correction(one.code, one.value, one.reason) for one in body.corrections]
    await reviewing.review(act, found, body.outcome, body.reply, corrections)
    return await _detail(act.session, await repository.one(act.session, reach, id), response)
