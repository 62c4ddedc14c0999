"""Write use cases of applications: draft, change, submit."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission import repository
from services.gateway.admission.domain import EDITABLE, ITEM, ItemState
from services.gateway.admission.models import Item
from services.gateway.admission.screening import screen
from services.gateway.identity.public import Department
from shared.audit.record import Actor, record
from shared.auth.principal import Role
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Decision, Issue
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.calendar import working_days
from shared.rulebook.rulebook import Rulebook
from shared.web.problem import RuleView

Roles = Collection[Role]


async def draft(
    session: AsyncSession, actor: Actor, department: Department, values: Mapping[str, Any]
) -> Item:
    """Begin an application. Raises Conflict when its code is taken, Invalid for its days."""
    _require_days(values["starts_on"], values["ends_on"])
    made: Item | None = await session.scalar(
        insert(Item)
        .values(
            district=actor.district,
            id=new_id(),
            department_id=department.id,
            drawn=0,
            state=ItemState.DRAFT.value,
            created_by=actor.id,
            version=1,
            **_stored(values),
        )
        .on_conflict_do_nothing()
        .returning(Item)
    )
    if made is None:
        raise Conflict(
            code="code_taken",
            detail=Text(
                zh=f"事项代码 {values['code']} 已被使用，请换一个。",
                en=f"The item code {values['code']} is taken. Choose another.",
            ),
        )
    await record(session, actor, "item.drafted", ("item", made.id), after={"code": made.code})
    return made


async def change(
    session: AsyncSession, actor: Actor, item: Item, values: Mapping[str, Any]
) -> None:
    """Change a locked draft or returned application. Raises Conflict in any other state."""
    if item.state not in EDITABLE:
        raise Conflict(
            code="item_not_editable",
            detail=Text(
                zh=f"当前状态是“{ITEM.states[item.state].zh}”，不能修改。如在审议中，可先撤回。",
                en=f"The item is “{ITEM.states[item.state].en}” and cannot be changed. Withdraw it "
                "first if it is with the Leading Group.",
            ),
        )
    stored = _stored(values)
    _require_days(stored.get("starts_on", item.starts_on), stored.get("ends_on", item.ends_on))
    before = {name: _plain(getattr(item, name)) for name in stored}
    for name, value in stored.items():
        setattr(item, name, value)
    item.version += 1
    await session.flush()
    after = {name: _plain(value) for name, value in stored.items()}
    await record(session, actor, "item.changed", ("item", item.id), before=before, after=after)


async def screening_of(
    session: AsyncConnection | AsyncSession, item: Any, rulebook: Rulebook, today: date
) -> Decision[tuple[Issue, ...]]:
    """What stands against an application on a day."""
    return screen(
        repository.application_of(item),
        communities=await repository.communities(session),
        admitted=await repository.admitted_items(session, but=item.id),
        rule=lambda key: rulebook.lookup(key, item.district, today),
        calendar=working_days(rulebook, item.district, today),
        today=today,
    )


async def submit(
    session: AsyncSession,
    actor: Actor,
    item: Item,
    *,
    by: Roles,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Submit a locked application: screened at once, it goes to the Leading Group, or back to the
    department with everything that stands against it."""
    ITEM.step(item.state, "submission", by=by, reason=None)
    found = await screening_of(session, item, rulebook, today)
    item.screening = stored_screening(found, today)
    item.submitted_on = today
    told = {"issues": [issue.code for issue in found.value]}
    if found.value:
        platform = Actor.platform(actor.district)
        await take(
            session, platform, ITEM, item, "screening",
            by=None, rulebook=rulebook, today=today, told=told,
        )  # fmt: skip
    else:
        await take(session, actor, ITEM, item, "submission", by=by, rulebook=rulebook, today=today)


async def withdraw(
    session: AsyncSession,
    actor: Actor,
    item: Item,
    *,
    by: Roles,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Take a locked application back before it is decided on."""
    await take(session, actor, ITEM, item, "withdrawal", by=by, rulebook=rulebook, today=today)


def stored_screening(found: Decision[tuple[Issue, ...]], today: date) -> dict[str, Any]:
    """A screening as it is kept, in both languages."""
    return {
        "screened_on": today.isoformat(),
        "issues": stored_issues(found.value),
        "rules": [RuleView.of(rule).model_dump(mode="json") for rule in found.rules],
    }


def stored_issues(issues: Collection[Issue]) -> list[dict[str, Any]]:
    """Issues as they are kept, in both languages."""
    return [
        {
            "code": issue.code,
            "pointer": issue.pointer,
            "detail": {"zh": issue.detail.zh, "en": issue.detail.en},
            "remedy": {"zh": issue.remedy.zh, "en": issue.remedy.en},
        }
        for issue in issues
    ]


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """A request's values as columns; targets and funding are shapes of the API."""
    stored = {name: _plain(value) for name, value in values.items()}
    if "targets" in stored:
        stored["targets"] = {
            name: [str(one) for one in given] for name, given in stored["targets"].items()
        }
    if "funding" in stored:
        funding = stored.pop("funding") or {}
        stored["funding_basis"] = funding.get("basis")
        stored["amount"], stored["total"] = funding.get("amount"), funding.get("total")
        stored["source_line"] = funding.get("source_line", "")
    return stored


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


def _require_days(starts_on: date, ends_on: date) -> None:
    if ends_on <= starts_on:
        raise Invalid(
            issues=(
                Issue(
                    code="period_backwards",
                    pointer="/ends_on",
                    detail=Text(zh="结束日期须晚于开始日期。", en="It must end after it starts."),
                    remedy=Text(zh="请更正日期。", en="Mend the days."),
                ),
            )
        )
