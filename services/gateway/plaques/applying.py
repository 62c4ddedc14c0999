"""Write use cases of applications for plaques."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.gateway.admission.public import stored_screening
from services.gateway.identity.public import Department
from services.gateway.plaques.domain import (
    APPLICATION,
    EDITABLE,
    ApplicationState,
    Payer,
    Wanted,
    Where,
    screen,
)
from services.gateway.plaques.models import PlaqueApplication
from services.gateway.webhooks.public import PLAQUE_DECIDED, publish
from shared.audit.record import Actor, record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Decision, Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook


async def locked_application(session: AsyncSession, reach: Reach, id: UUID) -> PlaqueApplication:
    """An application under a row lock. Raises NotFound when it is out of reach."""
    found = await session.scalar(
        select(PlaqueApplication).where(PlaqueApplication.id == id).with_for_update()
    )
    if found is None or not (reach.whole_district or found.department_id in reach.departments):
        raise NotFound
    return found


async def draft(act: Act, department: Department, values: Mapping[str, Any]) -> PlaqueApplication:
    """Begin an application."""
    made = PlaqueApplication(
        district=act.actor.district,
        id=new_id(),
        department_id=department.id,
        state=ApplicationState.DRAFT.value,
        created_by=act.actor.id,
        **values,
    )
    act.session.add(made)
    await act.session.flush()
    await record(
        act.session, act.actor, "plaque_application.drafted", ("plaque_application", made.id),
        after={"title": made.title},
    )  # fmt: skip
    return made


async def change(act: Act, found: PlaqueApplication, values: Mapping[str, Any]) -> None:
    """Change a locked application that is a draft or was returned. Raises Conflict otherwise."""
    if found.state not in EDITABLE:
        raise Conflict(
            code="application_not_editable",
            detail=Text(
                zh=f"当前状态是“{APPLICATION.states[found.state].zh}”，不能修改。",
                en=f"It is “{APPLICATION.states[found.state].en}” and cannot be changed.",
            ),
        )
    before = {name: getattr(found, name) for name in values}
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    await act.session.flush()
    await record(
        act.session, act.actor, "plaque_application.changed", ("plaque_application", found.id),
        before=before, after=dict(values),
    )  # fmt: skip


async def screening_of(
    session: AsyncConnection | AsyncSession, row: Any, rulebook: Rulebook, today: Any
) -> Decision[tuple[Issue, ...]]:
    """What stands against an application on a day."""
    standing = await session.scalars(
        select(PlaqueApplication.title).where(
            PlaqueApplication.department_id == row.department_id,
            PlaqueApplication.state == ApplicationState.APPROVED,
            PlaqueApplication.id != row.id,
        )
    )
    wanted = Wanted(
        title=row.title,
        where=Where(row.where),
        room=row.room,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        colours=row.colours,
        payer=Payer(row.payer),
        has_design=row.design is not None,
    )
    return screen(
        wanted,
        standing=set(standing.all()),
        rule=lambda key: rulebook.lookup(key, row.district, today),
    )


async def submit(act: Act, found: PlaqueApplication) -> None:
    """Submit a locked application: it goes to the Leading Group, or back with everything that
    stands against it."""
    APPLICATION.step(found.state, "submission", by=act.roles, reason=None)
    decision = await screening_of(act.session, found, act.rulebook, act.today)
    found.screening = stored_screening(decision, act.today)
    found.submitted_on = act.today
    refused = bool(decision.value)
    await take(
        act.session,
        Actor.platform(act.actor.district) if refused else act.actor,
        APPLICATION, found, "screening" if refused else "submission",
        by=None if refused else act.roles, rulebook=act.rulebook, today=act.today,
        told={"issues": [issue.code for issue in decision.value]},
    )  # fmt: skip


async def withdraw(act: Act, found: PlaqueApplication) -> None:
    """Take a locked application back before it is decided on."""
    await take(
        act.session, act.actor, APPLICATION, found, "withdrawal",
        by=act.roles, rulebook=act.rulebook, today=act.today,
    )  # fmt: skip


async def decide(
    act: Act,
    found: PlaqueApplication,
    *,
    outcome: str,
    where: Where | None,
    document: str | None,
    reason: str | None,
) -> None:
    """The Leading Group's decision on a locked application; approved, it hangs indoors or is kept
    as a photograph. Raises Invalid without the document."""
    step = APPLICATION.step(found.state, outcome, by=act.roles, reason=reason)
    if step.next == ApplicationState.APPROVED:
        if document is None:
            raise Invalid(issues=(_document_missing(),))
        found.where = (where or Where(found.where)).value
    found.document, found.decided_on = document, act.today
    await take(
        act.session, act.actor, APPLICATION, found, outcome,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
        told={"document": document, "where": found.where},
    )  # fmt: skip
    await publish(
        act.session, act.actor.district,
        type=PLAQUE_DECIDED,
        subject=f"plaque-application/{found.id}",
        data={
            "application_id": str(found.id), "title": found.title, "outcome": outcome,
            "where": found.where, "reason": reason,
        },
        departments=[found.department_id],
    )  # fmt: skip


def _document_missing() -> Issue:
    return Issue(
        code="document_missing",
        pointer="/document",
        detail=Text(zh="同意须有领导小组文件。", en="Approval needs the Leading Group's document."),
        remedy=Text(zh="请填写文号。", en="Give its number."),
    )
