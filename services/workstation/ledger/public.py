"""What tasks ask of the ledger: figures of approved work become entries.

All within the caller's transaction.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger import repository
from services.workstation.ledger.closing import recording_lock
from services.workstation.ledger.domain import (
    Checked,
    Element,
    OwnerKind,
    Proposed,
    Scope,
    Source,
    check_entry,
)
from services.workstation.ledger.periods import period_of
from services.workstation.ledger.recording import Told, enter, supersede
from shared.audit.record import Actor
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue

REASON = "任务验收更正"


async def figure_issues(
    session: AsyncSession, *, figures: Mapping[str, Any], department_id: UUID, on: date
) -> list[Issue]:
    """What stands against a task's figures, `{element code: value}`, with pointers
    `/figures/{code}`; for the submission, so that an approval need not fail."""
    found = await _feeding(session, figures, department_id)
    issues = []
    for code, element in found.items():
        checked = _checked(element, figures[code], on)
        if not isinstance(checked, Checked):
            issues += [_at(issue, code) for issue in checked]
    return issues


async def record_from_task(
    session: AsyncSession,
    actor: Actor,
    *,
    task_id: UUID,
    community_id: UUID,
    department_id: UUID,
    figures: Mapping[str, Any],
    on: date,
    today: date,
) -> dict[str, UUID]:
    """Enter the figures of a task that its department approves today, `{element code: value}`, as
    they were on a day and for the period that holds it; the entries' ids by code.

    Codes that the catalogue does not have, elements of persons, and those that another department
    owns are left out. A value that stands already is confirmed or corrected by the new one, unless
    it was recorded after the day.
    Raises Invalid for a value that does not fit its element.
    """
    issues = await figure_issues(session, figures=figures, department_id=department_id, on=on)
    if issues:
        raise Invalid(issues=issues)
    await recording_lock(session, actor.district)
    place: dict[str, UUID | None] = {
        "community_id": community_id,
        "household_id": None,
        "resident_id": None,
        "subject_id": community_id,
    }
    told = Told(Source.TASK, today, on, task_id)
    made = {}
    for code, element in (await _feeding(session, figures, department_id)).items():
        checked = _checked(element, figures[code], on)
        assert isinstance(checked, Checked)
        entry = await enter(session, actor, element, place, checked, told)
        if entry is None:
            standing = await repository.current_entry(
                session, element.id, community_id, checked.period.key
            )
            assert standing is not None
            if standing.recorded_on > on:
                continue
            entry = await supersede(session, actor, standing, element, checked, told, REASON)
        made[code] = entry.id
    return made


async def _feeding(
    session: AsyncSession, codes: Collection[str], department_id: UUID
) -> dict[str, Element]:
    """The elements among the codes that the department's tasks may feed."""
    found = await repository.elements_by_code(session, list(codes))
    return {
        code: element
        for code, element in sorted(found.items())
        if element.scope is Scope.COMMUNITY
        and element.ended_on is None
        and (
            element.owner_kind is not OwnerKind.DEPARTMENT
            or element.owner_department_id == department_id
        )
    }


def _checked(element: Element, value: Any, on: date) -> Checked | tuple[Issue, ...]:
    given = value if isinstance(value, (bool, int, float, str)) else str(value)
    proposed = Proposed(given, None, period_of(on, element.frequency).key, on)
    return check_entry(element, proposed, on)


def _at(issue: Issue, code: str) -> Issue:
    return Issue(
        code=issue.code,
        detail=issue.detail,
        remedy=issue.remedy,
        pointer=f"/figures/{code}",
        rules=issue.rules,
    )
