"""Write use cases of rules."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.record import Actor, record
from shared.contracts.rules import OverrideRecorded
from shared.contracts.subscriptions import RULE_OVERRIDDEN
from shared.events.outbox import emit
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.special_days import read_special_days
from shared.kernel.text import Text
from shared.rulebook.calendar import KEY as SPECIAL_DAYS
from shared.rulebook.errors import InvalidRulebook
from shared.rulebook.in_force import override_of
from shared.rulebook.models import RuleOverride
from shared.rulebook.rulebook import Rulebook

CHECKS: Mapping[str, Callable[[str], object]] = {SPECIAL_DAYS: read_special_days}
"""Values with an inner form of their own; each check raises Invalid."""


async def override(
    session: AsyncSession,
    actor: Actor,
    rulebook: Rulebook,
    *,
    key: str,
    value: Any,
    in_force_from: date,
    until: date | None,
    document: str,
    decided_on: date,
    note: str,
    today: date,
) -> RuleOverride:
    """Record a district's own value of a rule.

    An older override that is open, or ends later, ends the day before. Raises UnknownRule, Invalid
    with every misfit, Conflict when one begins on that day already.
    """
    unit = rulebook.history(key)[-1].unit
    if decided_on > today:
        raise Invalid(issues=(_decided_later(),))
    made = RuleOverride(
        district=actor.district,
        id=new_id(),
        key=key,
        value=value,
        unit=unit,
        in_force_from=in_force_from,
        until=until,
        document=document,
        decided_on=decided_on,
        note=note,
        decided_by=actor.id,
    )
    others = await _of_key(session, key)
    if any(other.in_force_from == in_force_from for other in others):
        raise _begins_already(in_force_from)
    changed = _shorten(others, in_force_from)
    _require_fit(rulebook, actor.district, [*others, made])
    if key in CHECKS:
        CHECKS[key](value)
    session.add(made)
    await session.flush()
    await session.refresh(made, ["recorded_at"])
    await record(
        session,
        actor,
        "rule_override.recorded",
        ("rule", key),
        after={"value": value, "in_force_from": str(in_force_from), "document": document},
    )
    for one in (*changed, made):
        await _tell(session, one)
    return made


async def withdraw(
    session: AsyncSession, actor: Actor, *, key: str, id: UUID, reason: str
) -> RuleOverride:
    """Say that an override does not hold; it stays to be read. Raises NotFound, Conflict when it
    was withdrawn already. Decisions that were made under it keep the value they cite."""
    found = await session.scalar(
        select(RuleOverride).where(RuleOverride.id == id, RuleOverride.key == key).with_for_update()
    )
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        raise Conflict(
            code="override_withdrawn",
            detail=Text(zh="该决定已撤回。", en="This override was withdrawn already."),
        )
    found.withdrawn_because = reason
    found.withdrawn_at = await session.scalar(select(func.now()))
    await session.flush()
    await record(
        session,
        actor,
        "rule_override.withdrawn",
        ("rule", key),
        before={"value": found.value, "in_force_from": str(found.in_force_from)},
        after={"reason": reason},
    )
    await _tell(session, found)
    return found


async def _of_key(session: AsyncSession, key: str) -> list[RuleOverride]:
    query = (
        select(RuleOverride)
        .where(RuleOverride.key == key, RuleOverride.withdrawn_at.is_(None))
        .order_by(RuleOverride.in_force_from)
        .with_for_update()
    )
    return list(await session.scalars(query))


def _shorten(others: list[RuleOverride], first_day: date) -> list[RuleOverride]:
    """The earlier ones that would reach over the first day, now open to end there: an open one
    gives way by itself, one with a last day gets an earlier one."""
    reaching = [
        other
        for other in others
        if other.in_force_from < first_day and other.until is not None and other.until >= first_day
    ]
    for other in reaching:
        other.until = first_day.fromordinal(first_day.toordinal() - 1)
    return reaching


def _require_fit(rulebook: Rulebook, district: str, overrides: list[RuleOverride]) -> None:
    try:
        rulebook.with_overrides(override_of(one, district) for one in overrides)
    except InvalidRulebook as error:
        raise Invalid(
            issues=[
                Issue(issue.code, issue.detail, issue.remedy, _field(issue.pointer))
                for issue in error.issues
            ]
        ) from None


def _field(pointer: str) -> str:
    """`overrides#/3/value` as `/value`; an overlap concerns the first day."""
    last = pointer.rpartition("/")[2]
    return f"/{last}" if last in {"value", "until"} else "/in_force_from"


async def _tell(session: AsyncSession, override: RuleOverride) -> None:
    told = OverrideRecorded.model_validate(override, from_attributes=True)
    await emit(
        session,
        district=override.district,
        type=RULE_OVERRIDDEN,
        subject=f"rule/{override.key}",
        data=told.model_dump(mode="json"),
    )


def _decided_later() -> Issue:
    return Issue(
        code="decided_later",
        pointer="/decided_on",
        detail=Text(zh="决定日期不能晚于今天。", en="The decision lies in the future."),
        remedy=Text(zh="请在作出决定后录入。", en="Record it once it has been taken."),
    )


def _begins_already(day: date) -> Conflict:
    return Conflict(
        code="override_exists",
        detail=Text(
            zh=f"已有一项自 {day} 起的决定。请先撤回它，或换一个起始日期。",
            en=f"There is an override from {day} already. Withdraw it first, or choose another "
            "first day.",
        ),
    )
