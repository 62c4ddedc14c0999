"""Write use cases of removal notices: inspect the inventory, report, confirm."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.plaques import repository
from services.gateway.plaques.domain import NOTICE, NoticeState, to_be_removed
from services.gateway.plaques.hanging import end, require_community
from services.gateway.plaques.models import Plaque, RemovalNotice
from services.gateway.webhooks.public import PLAQUE_NOTICE, publish
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.procedures.acting import Act
from shared.procedures.taking import take
from shared.rulebook.calendar import limit_day
from shared.web.problem import RuleView

LIMIT = "plaque.removal_working_days"


async def inspect(act: Act, communities: Collection[UUID] | None) -> list[UUID]:
    """Issue a notice for every plaque that must come down and has none yet, in the communities
    named or in all; the notices' ids."""
    hanging = await repository.hanging_by_community(act.session, communities)
    noticed = await repository.plaques_under_notice(act.session)
    days = act.rulebook.lookup(LIMIT, act.actor.district, act.today)
    due_on = limit_day(act.rulebook, act.actor.district, act.today, days.integer())
    made = []
    for community_id, plaques in hanging.items():
        found = to_be_removed(
            [facts for facts, _ in plaques],
            rule=lambda key: act.rulebook.lookup(key, act.actor.district, act.today),
        )
        departments = {facts.id: department for facts, department in plaques}
        rules = {rule.key: RuleView.of(rule).model_dump(mode="json") for rule in found.rules}
        limit = RuleView.of(days.applied).model_dump(mode="json")
        for plaque, because in found.value:
            if plaque.id in noticed:
                continue
            notice = {
                "plaque_id": plaque.id,
                "community_id": community_id,
                "department_id": departments[plaque.id],
                "because": because,
                "rules": [rules[because], limit],
                "due_on": due_on,
            }
            if (id := await _issue(act, notice)) is not None:
                made.append(id)
    return made


async def _issue(act: Act, values: dict[str, Any]) -> UUID | None:
    """Issue a notice; None when another inspection did so at the same time."""
    id: UUID | None = await act.session.scalar(
        insert(RemovalNotice)
        .values(
            district=act.actor.district,
            id=new_id(),
            state=NoticeState.ISSUED.value,
            issued_on=act.today,
            issued_by=act.actor.id,
            version=1,
            **values,
        )
        .on_conflict_do_nothing()
        .returning(RemovalNotice.id)
    )
    if id is None:
        return None
    await record(
        act.session, act.actor, "plaque_removal_notice.issued", ("plaque_removal_notice", id),
        after={"plaque": str(values["plaque_id"]), "because": values["because"]},
    )  # fmt: skip
    if values["department_id"] is not None:
        await publish(
            act.session, act.actor.district,
            type=PLAQUE_NOTICE,
            subject=f"plaque/{values['plaque_id']}",
            data={
                "notice_id": str(id),
                "plaque_id": str(values["plaque_id"]),
                "community_id": str(values["community_id"]),
                "because": values["because"],
                "due_on": values["due_on"].isoformat(),
            },
            departments=[values["department_id"]],
        )  # fmt: skip
    return id


async def locked_notice(session: AsyncSession, reach: Reach, id: UUID) -> RemovalNotice:
    """A notice under a row lock. Raises NotFound when it is out of reach."""
    found = await session.scalar(
        select(RemovalNotice).where(RemovalNotice.id == id).with_for_update()
    )
    if found is None:
        raise NotFound
    await require_community(session, reach, found.community_id)
    return found


async def report_removal(act: Act, notice: RemovalNotice, photograph: dict[str, Any]) -> None:
    """Report with a photograph that the plaque of a locked notice is down."""
    await step(act, notice, "removal")
    notice.photograph = photograph


async def step(act: Act, notice: RemovalNotice, action: str, reason: str | None = None) -> None:
    """Take a step of a locked notice; confirmed, its plaque has ended."""
    await take(
        act.session, act.actor, NOTICE, notice, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
    )  # fmt: skip
    if notice.state == NoticeState.CONFIRMED:
        plaque = await act.session.scalar(
            select(Plaque).where(Plaque.id == notice.plaque_id).with_for_update()
        )
        assert plaque is not None
        await end(act, plaque, removed_on=act.today, because=notice.because)
