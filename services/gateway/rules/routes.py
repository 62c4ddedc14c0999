"""HTTP of rules."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import select

from services.gateway.rules import access, commands
from services.gateway.rules.schemas import (
    OverrideRequest,
    OverrideView,
    RuleDetail,
    RuleValueView,
    RuleView,
    WithdrawalRequest,
)
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.rulebook.errors import NoRuleInForce
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.models import RuleOverride
from shared.rulebook.rule import RuleValue
from shared.web.authentication import (
    CurrentPrincipal,
    PublicDistrict,
    PublicReading,
    open_to_all,
    permits,
)
from shared.web.days import Day
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession

router = APIRouter(prefix="/v1/rules", tags=["platform"], route_class=UnitOfWorkRoute)
Key = Annotated[str, Path(max_length=80, pattern=r"^[a-z][a-z0-9_.]*$")]
Manage = Annotated[Reach, permits(access.OVERRIDE)]


def _override(row: Any) -> OverrideView:
    return OverrideView.model_validate(row, from_attributes=True)


@router.get("", operation_id="rules_rules", dependencies=[open_to_all(access.READ)])
async def rules(
    session: PublicReading,
    request: Request,
    district: PublicDistrict,
    page: Paging,
    day: Day,
    prefix: Annotated[
        str | None,
        Query(max_length=80, pattern=r"^[a-z0-9_.]*$", description="Keys that begin so"),
    ] = None,
) -> Page[RuleView]:
    """Rules and their values on a day, by key; those without a value that day are left out.
    规则一览。"""
    in_force: RulesInForce = request.app.state.rules
    rulebook = await in_force.of(session, district)
    found: list[RuleValue] = []
    for key in page.keys_after(rulebook.keys):
        if key.startswith(prefix or "") and len(found) <= page.limit:
            try:
                found.append(rulebook.lookup(key, district, day))
            except NoRuleInForce:
                continue
    return page.page(found, lambda rule: (rule.key,), RuleView.of)


@router.get("/{key}", operation_id="rules_rule", dependencies=[open_to_all(access.READ)])
async def rule(
    key: Key, session: PublicReading, request: Request, district: PublicDistrict, day: Day
) -> RuleDetail:
    """A rule's value on a day, its history, and the district's decisions on it. 规则详情。"""
    in_force: RulesInForce = request.app.state.rules
    rulebook = await in_force.of(session, district)
    found = RuleView.of(rulebook.lookup(key, district, day))
    columns = [getattr(RuleOverride, name) for name in OverrideView.model_fields]
    query = select(*columns).where(RuleOverride.key == key).order_by(RuleOverride.id)
    return RuleDetail(
        **dict(found),
        history=[RuleValueView.of(value) for value in rulebook.history(key, district)],
        overrides=[_override(row) for row in (await session.execute(query)).all()],
    )


@router.post("/{key}/overrides", operation_id="rules_override", status_code=201)
async def override(
    key: Key,
    body: OverrideRequest,
    session: WriteSession,
    request: Request,
    principal: CurrentPrincipal,
    _reach: Manage,
) -> OverrideView:
    """Record the Leading Group's decision that a rule has another value in this district.
    调整本区规则。"""
    rules: RulesInForce = request.app.state.rules
    made = await commands.override(
        session,
        Actor.of(principal),
        rules.of_all,
        key=key,
        today=request.app.state.clock.today(),
        **dict(body),
    )
    rules.forget(principal.district)
    return _override(made)


@router.post("/{key}/overrides/{id}/withdrawal", operation_id="rules_withdraw_override")
async def withdraw_override(
    key: Key,
    id: UUID,
    body: WithdrawalRequest,
    session: WriteSession,
    request: Request,
    principal: CurrentPrincipal,
    _reach: Manage,
) -> OverrideView:
    """Withdraw an override; what all districts have holds again. 撤回调整。"""
    rules: RulesInForce = request.app.state.rules
    found = await commands.withdraw(
        session, Actor.of(principal), key=key, id=id, reason=body.reason
    )
    rules.forget(principal.district)
    return _override(found)
