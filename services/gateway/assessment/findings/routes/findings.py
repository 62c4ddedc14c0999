"""Findings of a visit."""

from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.gateway.assessment.findings import access, recording, repository, seconding
from services.gateway.assessment.findings.domain import FINDING, FindingState
from services.gateway.assessment.findings.models import Finding
from services.gateway.assessment.findings.recording import Outcome
from services.gateway.assessment.findings.schemas import (
    EntryCitation,
    FindingAnswer,
    FindingsAnswer,
    FindingsRequest,
    FindingView,
    SecondRequest,
)
from services.gateway.assessment.ledger import LedgerOfCaller
from services.gateway.assessment.standards.clock import by_clock_of
from shared.auth.policy import Reach
from shared.kernel.errors import NotFound
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import Reading, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.problem import ProblemError
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/assessment/visits/{id}/findings", tags=["assessment"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ)]
Assess = Annotated[Reach, permits(access.ASSESS)]
_ALL = Reach(whole_district=True)
_MADE = {"evidence", "entries"}


def _view(row: Any, cited: list[Any]) -> FindingView:
    own = {name: getattr(row, name) for name in FindingView.model_fields if name not in _MADE}
    return FindingView(
        **own,
        evidence=[one.evidence_id for one in cited if one.evidence_id is not None],
        entries=[
            EntryCitation(element=one.element, entry_id=one.entry_id)
            for one in cited
            if one.entry_id is not None
        ],
    )


@router.get("", operation_id="assessment_findings")
async def findings(
    id: UUID, session: Reading, page: Paging, reach: Read, state: FindingState | None = None
) -> Page[FindingView]:
    """The findings of a visit, oldest first; of departments' own items only one's own.
    检查认定。"""
    await repository.visit(session, reach, id)
    query = repository.findings(reach, id)
    if state is not None:
        query = query.where(Finding.state == state)
    order = (Finding.received_at, Finding.id)
    rows = (await session.execute(page.apply(query, *order))).all()
    cited = await repository.citations(session, [row.id for row in rows])
    return page.page(
        rows,
        lambda row: (row.received_at, row.id),
        lambda row: _view(row, cited.get(row.id, [])),
    )


@router.get("/{finding_id}/history", operation_id="assessment_finding_history")
async def history(id: UUID, finding_id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a finding, oldest first. 认定经过。"""
    await repository.visit(session, reach, id)
    query = repository.findings(reach, id).where(Finding.id == finding_id)
    if (await session.execute(query)).first() is None:
        raise NotFound
    return await steps_of(session, FINDING, finding_id)


@router.post("", operation_id="assessment_record_findings")
async def record(
    id: UUID,
    body: FindingsRequest,
    act: Acting,
    request: Request,
    ledger: LedgerOfCaller,
    reach: Assess,
) -> FindingsAnswer:
    """Record what was found, each finding answered for itself. A client that was offline sends all
    it has, late or again: what is known by its id is not recorded twice. 录入检查认定。"""
    visit = await repository.visit(act.session, reach, id)
    act = await by_clock_of(act, visit.standard_id)
    departments = visit.departments
    if not reach.whole_district:
        departments = departments & reach.departments
    answers = await recording.record(
        act, visit, departments, [one.observed() for one in body.findings], ledger,
        act.now,
    )  # fmt: skip
    numbers = Counter(one.outcome for one in answers)
    language = language_of(request)
    return FindingsAnswer(
        recorded=numbers[Outcome.RECORDED],
        repeated=numbers[Outcome.REPEATED],
        refused=numbers[Outcome.REFUSED],
        findings=[
            FindingAnswer(
                id=one.id,
                outcome=one.outcome,
                issues=[ProblemError.of(issue, language) for issue in one.issues],
            )
            for one in answers
        ],
    )


async def _second(
    act: Act, reach: Reach, ids: tuple[UUID, UUID], action: str, reason: str | None
) -> FindingView:
    visit = await repository.visit(act.session, reach, ids[0])
    act = await by_clock_of(act, visit.standard_id)
    found = await repository.locked(act.session, *ids)
    await seconding.second(act, visit, found, action, reason, act.now)
    query = repository.findings(_ALL, ids[0]).where(Finding.id == ids[1])
    row = (await act.session.execute(query)).one()
    return _view(row, (await repository.citations(act.session, [row.id])).get(row.id, []))


@router.post("/{finding_id}/confirmation", operation_id="assessment_confirm_finding")
async def confirm(
    id: UUID,
    finding_id: UUID,
    body: SecondRequest,
    act: Acting,
    reach: Assess,
) -> FindingView:
    """The second assessor confirms a finding; never the one who recorded it. 第二人确认。"""
    return await _second(act, reach, (id, finding_id), "confirmation", body.note)


@router.post("/{finding_id}/contest", operation_id="assessment_contest_finding")
async def contest(
    id: UUID,
    finding_id: UUID,
    body: ReasonRequest,
    act: Acting,
    reach: Assess,
) -> FindingView:
    """The second assessor contests a finding: it does not count, the item is found anew.
    第二人提出异议。"""
    return await _second(act, reach, (id, finding_id), "contest", body.reason)
