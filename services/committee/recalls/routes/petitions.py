"""Petitions and their signatures."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import or_, select

from services.committee.organisation.public import Community
from services.committee.recalls import access, petitioning, repository, signing
from services.committee.recalls.domain import PUBLISHED, RECALL, RecallState, SignatureState
from services.committee.recalls.models import Recall, RecallSignature
from services.committee.recalls.schemas import (
    OutcomeView,
    PetitionRequest,
    RecallView,
    SignatureRequest,
    SignatureView,
    VerificationRequest,
)
from shared.auth.policy import Reach
from shared.auth.principal import Principal
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.kernel.masking import mask_name
from shared.procedures.acting import Act, Acting
from shared.procedures.taking import StepView, steps_of
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee", tags=["recalls"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ)]
Petition = Annotated[Reach, permits(access.PETITION)]
Signatures = Annotated[Reach, permits(access.SIGNATURES)]
_EVERYWHERE = Reach(whole_district=True)


def visible(principal: Principal, reach: Reach) -> Any:
    """Recalls that a caller may see: those within reach that are published, their own, and all
    where they hold the vote or supervise."""
    inner = Reach.of(grant for grant in principal.grants if grant.role in access.INNER)
    return repository.recalls(reach).where(
        or_(
            Recall.state.in_([state.value for state in PUBLISHED]),
            Recall.petitioned_by == principal.subject,
            Community.id.in_(inner.communities),
        )
    )


def shown(row: Any, today: date) -> RecallView:
    """A row as the API shows it."""
    made = {"overdue", "outcome"}
    own = {name: getattr(row, name) for name in RecallView.model_fields if name not in made}
    return RecallView(
        **own,
        overdue=row.due_on is not None and row.due_on < today,
        outcome=OutcomeView(**row.outcome) if row.outcome else None,
    )


async def answered(act: Act, recall: Recall) -> RecallView:
    """A recall after a step."""
    await act.session.flush()
    query = repository.recalls(_EVERYWHERE).where(Recall.id == recall.id)
    return shown((await act.session.execute(query)).one(), act.today)


@router.post("/recalls", operation_id="recalls_petition", status_code=201)
async def petition(body: PetitionRequest, act: Acting, reach: Petition) -> RecallView:
    """Begin a petition to recall a member in office, with its reasons (组织法 20). 提出罢免要求。"""
    made = await petitioning.petition(act, reach, body.model_dump())
    return await answered(act, made)


@router.get("/recalls", operation_id="recalls_recalls")
async def recalls(
    session: Reading,
    request: Request,
    principal: CurrentPrincipal,
    page: Paging,
    reach: Read,
    state: RecallState | None = None,
    committee_id: UUID | None = None,
    overdue: bool = False,
) -> Page[RecallView]:
    """Recalls within reach, newest first; petitions that nobody has accepted yet only for who began
    them, holds the vote or supervises. 罢免。"""
    today = request.app.state.clock.today()
    query = visible(principal, reach)
    if state is not None:
        query = query.where(Recall.state == state)
    if committee_id is not None:
        query = query.where(Recall.committee_id == committee_id)
    if overdue:
        query = query.where(Recall.due_on < today)
    rows = (await session.execute(page.apply(query, Recall.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), lambda row: shown(row, today))


async def _one(session: Any, principal: Principal, reach: Reach, id: UUID) -> Any:
    query = visible(principal, reach).where(Recall.id == id)
    return await the_row(session, query)


@router.get("/recalls/{id}", operation_id="recalls_recall")
async def recall(
    id: UUID, session: Reading, request: Request, principal: CurrentPrincipal, reach: Read
) -> RecallView:
    """One recall with reasons, defence and result. 罢免详情。"""
    row = await _one(session, principal, reach, id)
    return shown(row, request.app.state.clock.today())


@router.get("/recalls/{id}/history", operation_id="recalls_recall_history")
async def history(
    id: UUID, session: Reading, principal: CurrentPrincipal, reach: Read
) -> list[StepView]:
    """Every step of a recall, oldest first. 办理经过。"""
    await _one(session, principal, reach, id)
    return await steps_of(session, RECALL, id)


def _signature(row: Any) -> SignatureView:
    own = {name: getattr(row, name) for name in SignatureView.model_fields}
    return SignatureView(**{**own, "name": mask_name(row.name)})


@router.get("/recalls/{id}/signatures", operation_id="recalls_signatures")
async def signatures(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: Signatures,
    state: SignatureState | None = None,
) -> Page[SignatureView]:
    """Who signed, names masked. 联名名单。"""
    found = await session.execute(repository.recalls(reach).where(Recall.id == id))
    if found.first() is None:
        raise NotFound
    query = select(*RecallSignature.__table__.columns).where(RecallSignature.recall_id == id)
    if state is not None:
        query = query.where(RecallSignature.state == state)
    rows = (await session.execute(page.apply(query, RecallSignature.id))).all()
    return page.page(rows, lambda row: (row.id,), _signature)


@router.post("/recalls/{id}/signatures", operation_id="recalls_sign", status_code=201)
async def sign(id: UUID, body: SignatureRequest, act: Acting, reach: Signatures) -> SignatureView:
    """Enter a signature; everybody, or every household, signs once. 登记联名。"""
    return _signature(await signing.sign(act, reach, id, body.model_dump()))


@router.post(
    "/recalls/{id}/signatures/{signature_id}/verification",
    operation_id="recalls_verify_signature",
)
async def verify(
    id: UUID, signature_id: UUID, body: VerificationRequest, act: Acting, reach: Signatures
) -> SignatureView:
    """A second person compares a signature with the roll. 核实联名。"""
    return _signature(await signing.verify(act, reach, id, signature_id, **dict(body)))


@router.post(
    "/recalls/{id}/signatures/{signature_id}/withdrawal",
    operation_id="recalls_withdraw_signature",
)
async def withdraw_signature(
    id: UUID, signature_id: UUID, body: ReasonRequest, act: Acting, reach: Signatures
) -> SignatureView:
    """Somebody takes their signature back. 撤回联名。"""
    found = await signing.withdraw_signature(act, reach, id, signature_id, body.reason)
    return _signature(found)


@router.post("/recalls/{id}/submission", operation_id="recalls_submit")
async def submit(id: UUID, act: Acting, principal: CurrentPrincipal, reach: Petition) -> RecallView:
    """Submit a petition that enough have signed: who began it, or who holds the vote or supervises.
    提交罢免要求。"""
    await _one(act.session, principal, reach, id)
    return await answered(act, await petitioning.submit(act, reach, id))


@router.post("/recalls/{id}/withdrawal", operation_id="recalls_withdraw")
async def withdraw(
    id: UUID, body: ReasonRequest, act: Acting, principal: CurrentPrincipal, reach: Petition
) -> RecallView:
    """Take a petition back before it is accepted: who began it, or who holds the vote or supervises.
    撤回罢免要求。"""
    await _one(act.session, principal, reach, id)
    found = await repository.locked_recall(act.session, reach, id)
    await petitioning.step(act, found, "withdrawal", reason=body.reason)
    return await answered(act, found)
