"""Write use cases of decisions: admit, reject, return, suspend, resume, exit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission.applying import Roles, draft, screening_of, stored_screening
from services.gateway.admission.domain import ITEM, ItemState
from services.gateway.admission.models import CatalogueSpan, Item
from services.gateway.identity.public import Department
from services.gateway.webhooks.public import ITEM_DECIDED, publish
from shared.audit.record import Actor
from shared.contracts.subscriptions import ITEM_ADMITTED
from shared.contracts.work import ItemAdmitted
from shared.events.outbox import emit
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook


async def decide(
    session: AsyncSession,
    actor: Actor,
    item: Item,
    *,
    outcome: str,
    document: str | None,
    reason: str | None,
    by: Roles,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Take the Leading Group's decision on a locked item; `outcome` is the action's name."""
    step = ITEM.step(item.state, outcome, by=by, reason=reason)
    admitted = step.next == ItemState.ADMITTED
    if admitted and document is None:
        raise Invalid(issues=(_document_missing(),))
    item.document, item.decided_on = document, today
    await take(
        session, actor, ITEM, item, outcome,
        by=by, rulebook=rulebook, today=today, reason=reason, told={"document": document},
    )  # fmt: skip
    await publish(
        session, actor.district,
        type=ITEM_DECIDED,
        subject=f"item/{item.id}",
        data={
            "item_id": str(item.id), "code": item.code, "outcome": outcome, "reason": reason
        },
        departments=[item.department_id],
    )  # fmt: skip
    if admitted:
        await _enter_catalogue(session, item, today)
        await _tell_admitted(session, item)


async def suspend_resume_or_exit(
    session: AsyncSession,
    actor: Actor,
    item: Item,
    action: str,
    *,
    reason: str,
    by: Roles,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Take a locked item out of the catalogue or back into it from today on."""
    await take(
        session, actor, ITEM, item, action, by=by, rulebook=rulebook, today=today, reason=reason
    )
    if item.state == ItemState.ADMITTED:
        await _enter_catalogue(session, item, today)
    else:
        await _leave_catalogue(session, item, today)


async def record_decided(
    session: AsyncSession,
    actor: Actor,
    department: Department,
    values: Mapping[str, Any],
    *,
    applied_on: date,
    decided_on: date,
    document: str,
    by: Roles,
    rulebook: Rulebook,
    today: date,
) -> Item:
    """Enter an item that was decided on before, judged by the rules of the day it was applied for.

    Raises Invalid with everything that stands against it."""
    if not applied_on <= decided_on <= today:
        raise Invalid(issues=(_days_disordered(),))
    item = await draft(session, actor, department, values)
    found = await screening_of(session, item, rulebook, applied_on)
    if found.value:
        raise Invalid(issues=found.value, rules=found.rules)
    item.screening, item.submitted_on = stored_screening(found, applied_on), applied_on
    platform = Actor.platform(actor.district)
    await take(
        session, platform, ITEM, item, "submission", by=None, rulebook=rulebook, today=applied_on
    )
    await decide(
        session, actor, item,
        outcome="admission", document=document, reason=None, by=by, rulebook=rulebook,
        today=decided_on,
    )  # fmt: skip
    return item


async def _enter_catalogue(session: AsyncSession, item: Item, today: date) -> None:
    if item.ends_on <= today:
        raise Conflict(
            code="item_period_over",
            detail=Text(
                zh=f"实施期已于 {item.ends_on} 结束，请退回部门修改起止日期。",
                en=f"Its period ended on {item.ends_on}. Return it, so that the department mends "
                "the days.",
            ),
        )
    session.add(
        CatalogueSpan(
            district=item.district,
            id=new_id(),
            item_id=item.id,
            starts_on=max(item.starts_on, today),
            ends_on=item.ends_on,
            open=True,
        )
    )
    await session.flush()


async def _leave_catalogue(session: AsyncSession, item: Item, today: date) -> None:
    span = await session.scalar(
        select(CatalogueSpan).where(CatalogueSpan.item_id == item.id, CatalogueSpan.open)
    )
    if span is not None:
        span.open = False
        span.ends_on = max(span.starts_on, min(span.ends_on, today))
        await session.flush()


async def _tell_admitted(session: AsyncSession, item: Item) -> None:
    department = await session.get_one(Department, (item.district, item.department_id))
    told = ItemAdmitted(
        id=item.id,
        code=item.code,
        title=item.title,
        department_id=item.department_id,
        department_name=department.name,
        funds=item.total or 0,
        source_line=item.source_line,
        document=item.document or "",
        admitted_on=item.decided_on or item.starts_on,
    )
    await emit(
        session,
        district=item.district,
        type=ITEM_ADMITTED,
        subject=f"item/{item.id}",
        data=told.model_dump(mode="json"),
    )


def _document_missing() -> Issue:
    return Issue(
        code="document_missing",
        pointer="/document",
        detail=Text(
            zh="准入须有领导小组文件。", en="Admission needs the Leading Group's document."
        ),
        remedy=Text(zh="请填写文号。", en="Give its number."),
    )


def _days_disordered() -> Issue:
    return Issue(
        code="days_disordered",
        pointer="/decided_on",
        detail=Text(
            zh="申请日期、决定日期须依次不晚于今天。",
            en="It was applied for, then decided, and both not after today.",
        ),
        remedy=Text(zh="请更正日期。", en="Mend the days."),
    )
