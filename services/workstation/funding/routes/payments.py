"""Payments and the years of the books."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from sqlalchemy import select

from services.workstation.funding import access, paying, repository
from services.workstation.funding.domain import PAYMENT, PaymentState
from services.workstation.funding.models import FundYear, Payment
from services.workstation.funding.schemas import (
    PaymentRequest,
    PaymentView,
    ReasonRequest,
    YearView,
)
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.procedures.taking import StepView, steps_of
from shared.rulebook.in_force import WritingRules
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(prefix="/v1/workstation/funds", tags=["money"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ)]
Approve = Annotated[Reach, permits(access.APPROVE)]


def _payment(row: Any) -> PaymentView:
    return PaymentView.model_validate(row, from_attributes=True)


@router.post("/payments", operation_id="funding_prepare_payment", status_code=201)
async def prepare(
    body: PaymentRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    reach: Annotated[Reach, permits(access.PREPARE)],
) -> PaymentView:
    """Prepare a payment; a second person approves it. 编制支付。"""
    made = await paying.prepare_payment(session, Actor.of(principal), reach, **dict(body))
    return _payment(made)


@router.get("/payments", operation_id="funding_payments")
async def payments(
    session: Reading,
    page: Paging,
    reach: Read,
    state: PaymentState | None = None,
    appropriation_id: UUID | None = None,
    community_id: UUID | None = None,
) -> Page[PaymentView]:
    """Payments within reach, newest first. 支付。"""
    query = repository.payments(reach)
    for column, value in (
        (Payment.state, state),
        (Payment.appropriation_id, appropriation_id),
        (Payment.community_id, community_id),
    ):
        if value is not None:
            query = query.where(column == value)
    rows = (await session.execute(page.apply(query, Payment.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _payment)


@router.get("/payments/{id}", operation_id="funding_payment")
async def payment(id: UUID, session: Reading, reach: Read) -> PaymentView:
    """One payment. 支付详情。"""
    row = await the_row(session, repository.payments(reach).where(Payment.id == id))
    return _payment(row)


@router.get("/payments/{id}/history", operation_id="funding_payment_history")
async def payment_history(id: UUID, session: Reading, reach: Read) -> list[StepView]:
    """Every step of a payment, oldest first. 办理经过。"""
    if (await session.execute(repository.payments(reach).where(Payment.id == id))).first() is None:
        raise NotFound
    return await steps_of(session, PAYMENT, id)


def _by(principal: CurrentPrincipal) -> Any:
    return {grant.role for grant in principal.grants}


@router.post("/payments/{id}/approval", operation_id="funding_approve_payment")
async def approve(
    id: UUID,
    session: WriteSession,
    principal: CurrentPrincipal,
    rulebook: WritingRules,
    request: Request,
    _reach: Approve,
) -> PaymentView:
    """Pay what another person prepared. 复核支付。"""
    today = request.app.state.clock.today()
    found = await paying.approve_payment(
        session, Actor.of(principal), id, by=_by(principal), rulebook=rulebook, today=today
    )
    return _payment(found)


@router.post("/payments/{id}/rejection", operation_id="funding_reject_payment")
async def reject(
    id: UUID,
    body: ReasonRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    rulebook: WritingRules,
    request: Request,
    _reach: Approve,
) -> PaymentView:
    """Refuse a prepared payment. 驳回支付。"""
    today = request.app.state.clock.today()
    found = await paying.reject_payment(
        session, Actor.of(principal), id,
        reason=body.reason, by=_by(principal), rulebook=rulebook, today=today,
    )  # fmt: skip
    return _payment(found)


@router.post("/payments/{id}/reversal", operation_id="funding_reverse_payment")
async def reverse(
    id: UUID,
    body: ReasonRequest,
    session: WriteSession,
    principal: CurrentPrincipal,
    rulebook: WritingRules,
    request: Request,
    _reach: Approve,
) -> PaymentView:
    """Take a payment back by a counter-entry. 冲回支付。"""
    today = request.app.state.clock.today()
    found = await paying.reverse_payment(
        session, Actor.of(principal), id,
        reason=body.reason, by=_by(principal), rulebook=rulebook, today=today,
    )  # fmt: skip
    return _payment(found)


@router.get("/years", operation_id="funding_years")
async def years(session: Reading, page: Paging, _reach: Read) -> Page[YearView]:
    """Years with entries, and which are closed. 账务年度。"""
    query = page.apply(select(FundYear.year, FundYear.closed_on), FundYear.year)
    rows = (await session.execute(query)).all()
    return page.page(
        rows,
        lambda row: (row.year,),
        lambda row: YearView.model_validate(row, from_attributes=True),
    )


@router.post("/years/{year}/closing", operation_id="funding_close_year")
async def close_year(
    year: Annotated[int, Path(ge=2000, le=2100)],
    session: WriteSession,
    principal: CurrentPrincipal,
    request: Request,
    _reach: Annotated[Reach, permits(access.CLOSE)],
) -> YearView:
    """Close a year's books; they take no entry any more. 年度关账。"""
    today = request.app.state.clock.today()
    found = await paying.close_year(session, Actor.of(principal), year, today)
    return YearView.model_validate(found, from_attributes=True)
