"""Write use cases of form requests."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger import repository
from services.workstation.ledger.closing import (
    OPEN,
    asking_lock,
    complete,
    withdraw_unwanted,
)
from services.workstation.ledger.domain import Element, Scope
from services.workstation.ledger.models import LedgerEntry, LedgerForm, LedgerQuestion
from services.workstation.ledger.periods import period_of, read_period
from services.workstation.ledger.planning import FORM, Cell, FormState, How, Plan, plan_form
from services.workstation.ledger.recording import element_unknown
from services.workstation.registry.public import Community
from shared.auth.policy import Reach
from shared.imports.bulk import insert_rows, keys_as_table
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take

MOST_CELLS = 20_000
_CELLS = {
    "district": "char(6)",
    "id": "uuid",
    "form_id": "uuid",
    "element_id": "uuid",
    "community_id": "uuid",
    "period": "text",
    "how": "text",
    "entry_id": "uuid",
    "question_id": "uuid",
}
_QUESTIONS = {
    "district": "char(6)",
    "id": "uuid",
    "element_id": "uuid",
    "community_id": "uuid",
    "period": "text",
    "asked_on": "date",
    "due_on": "date",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An element that a form asks for, by its code, and the period as told, None for the one that
    holds the form's day."""

    element: str
    period: str | None


def department_of(reach: Reach, named: UUID | None) -> UUID:
    """The department that the caller asks for. Raises Invalid when several are possible and none
    is named, NotFound for another's."""
    if named is None and len(reach.departments) == 1:
        return next(iter(reach.departments))
    if named is None:
        raise Invalid(
            issues=(
                Issue(
                    code="department_missing",
                    pointer="/department_id",
                    detail=Text(zh="未指明部门。", en="No department is named."),
                    remedy=Text(
                        zh="请在 department_id 中填写部门编号。",
                        en="Give its id in department_id.",
                    ),
                ),
            )
        )
    if named not in reach.departments:
        raise NotFound
    return named


async def draft(
    act: Act, department_id: UUID, *, title: str, purpose: str, as_of: date,
    sheet: dict[str, Any] | None, id: UUID | None = None,
) -> LedgerForm:  # fmt: skip
    """Begin a form; nothing is asked before it is submitted."""
    made = LedgerForm(
        district=act.actor.district,
        id=id or new_id(),
        department_id=department_id,
        title=title,
        purpose=purpose,
        as_of=as_of,
        state=FormState.DRAFT.value,
        sheet=sheet,
        from_ledger=0,
        joined=0,
        asked=0,
        remaining=0,
        created_by=act.actor.id,
        version=1,
    )
    act.session.add(made)
    await act.session.flush()
    return made


async def submit(
    act: Act, form: LedgerForm, wanted: Sequence[Wanted], communities: Collection[UUID] | None
) -> list[str]:
    """Answer a locked draft from the ledger and ask for the rest, each value once however many
    forms want it. Without communities it asks for all that exist. Gives the periods' keys, as wanted.

    Raises Invalid naming every element, period and community that cannot be asked for.
    """
    FORM.step(form.state, "submission", by=act.roles, reason=None)
    await asking_lock(act.session, form.district)
    elements = await _elements(act.session, form.as_of, wanted)
    places = await _communities(act.session, communities)
    if len(elements) * len(places) > MOST_CELLS:
        raise Invalid(issues=(_too_large(),))
    cells = [
        Cell(element.id, community, period) for community in places for element, period in elements
    ]
    plan = plan_form(
        cells, await _known(act.session, cells, act.today), await _open(act.session, cells)
    )
    form.asked_on = act.today
    form.from_ledger, form.joined, form.asked = map(len, (plan.answered, plan.joined, plan.asked))
    form.remaining = form.joined + form.asked
    told = {"from_ledger": form.from_ledger, "joined": form.joined, "asked": form.asked}
    await take(
        act.session, act.actor, FORM, form, "submission",
        by=act.roles, rulebook=act.rulebook, today=act.today, told=told,
    )  # fmt: skip
    assert form.due_on is not None
    await _keep(act.session, form, plan, form.due_on)
    if form.remaining == 0:
        await complete(act.session, form, act.today)
    return [period for _, period in elements]


async def cancel(act: Act, form: LedgerForm, reason: str) -> None:
    """Cancel a locked form; what only it asked for is asked no longer."""
    await take(
        act.session, act.actor, FORM, form, "cancellation",
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
    )  # fmt: skip
    await withdraw_unwanted(act.session, form.id, act.today)


async def locked_form(act: Act, reach: Reach, id: UUID) -> LedgerForm:
    """A form under the asking lock and a row lock, in the order in which entries take theirs.
    Raises NotFound when it is another's."""
    await asking_lock(act.session, act.actor.district)
    found = await act.session.scalar(
        select(LedgerForm)
        .where(LedgerForm.id == id, LedgerForm.department_id.in_(reach.departments))
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


async def _elements(
    session: AsyncSession, as_of: date, wanted: Sequence[Wanted]
) -> list[tuple[Element, str]]:
    found = await repository.elements_by_code(session, {one.element for one in wanted})
    issues: list[Issue] = []
    kept: list[tuple[Element, str]] = []
    for at, one in enumerate(wanted):
        element = found.get(one.element)
        if element is None:
            issues.append(element_unknown(one.element, f"/elements/{at}/element"))
        elif element.scope is not Scope.COMMUNITY or element.ended_on is not None:
            issues.append(_not_askable(element, at))
        else:
            period = (
                period_of(as_of, element.frequency)
                if one.period is None
                else read_period(one.period, element.frequency)
            )
            if isinstance(period, Issue):
                issues.append(_pointed(period, f"/elements/{at}/period"))
            elif period.start is not None and period.start > as_of:
                issues.append(_not_begun(period.key, at))
            else:
                kept.append((element, period.key))
    if issues:
        raise Invalid(issues=issues)
    return kept


async def _communities(session: AsyncSession, named: Collection[UUID] | None) -> list[UUID]:
    query = select(Community.id).where(Community.state == "active").order_by(Community.code)
    if named is None:
        return list(await session.scalars(query))
    found = list(await session.scalars(query.where(Community.id.in_(named))))
    unknown = [id for id in dict.fromkeys(named) if id not in set(found)]
    if unknown:
        raise Invalid(
            issues=[_community_unknown(id, at) for at, id in enumerate(named) if id in unknown]
        )
    return found


async def _known(session: AsyncSession, cells: Sequence[Cell], today: date) -> dict[Cell, UUID]:
    """The entries that stand for the cells and count today."""
    if not cells:
        return {}
    columns = (LedgerEntry.element_id, LedgerEntry.subject_id, LedgerEntry.period)
    wanted, same = keys_as_table(columns, cells)
    query = (
        select(*columns, LedgerEntry.id)
        .join(wanted, same)
        .where(repository.valid_on(today), LedgerEntry.ended_on.is_(None))
    )
    rows = (await session.execute(query)).all()
    return {Cell(row.element_id, row.subject_id, row.period): row.id for row in rows}


async def _open(session: AsyncSession, cells: Sequence[Cell]) -> dict[Cell, UUID]:
    """The questions that are open for the cells."""
    if not cells:
        return {}
    columns = (LedgerQuestion.element_id, LedgerQuestion.community_id, LedgerQuestion.period)
    wanted, same = keys_as_table(columns, cells)
    query = select(*columns, LedgerQuestion.id).join(wanted, same).where(OPEN)
    rows = (await session.execute(query)).all()
    return {Cell(row.element_id, row.community_id, row.period): row.id for row in rows}


async def _keep(session: AsyncSession, form: LedgerForm, plan: Plan, due_on: date) -> None:
    made = {cell: new_id() for cell in plan.asked}
    district, asked_on = form.district, form.asked_on
    await insert_rows(
        session,
        "ledger_question",
        _QUESTIONS,
        [(district, id, *cell, asked_on, due_on) for cell, id in made.items()],
    )
    rows: list[tuple[Any, ...]] = []
    for how, filled in ((How.LEDGER, plan.answered), (How.JOINED, plan.joined), (How.ASKED, made)):
        for cell, id in filled.items():
            by = (id, None) if how is How.LEDGER else (None, id)
            rows.append((district, new_id(), form.id, *cell, how.value, *by))
    await insert_rows(session, "ledger_form_cell", _CELLS, rows)


def _pointed(issue: Issue, pointer: str) -> Issue:
    return Issue(issue.code, issue.detail, issue.remedy, pointer, issue.rules)


def _too_large() -> Issue:
    return Issue(
        code="form_too_large",
        pointer="/elements",
        detail=Text(
            zh=f"一份报表最多 {MOST_CELLS} 个格（数据项数×社区数）。",
            en=f"A form has at most {MOST_CELLS} cells, elements times communities.",
        ),
        remedy=Text(zh="请分成几份报表。", en="Send it as several forms."),
    )


def _not_askable(element: Element, at: int) -> Issue:
    ended = element.ended_on is not None
    return Issue(
        code="element_ended" if ended else "element_personal",
        pointer=f"/elements/{at}/element",
        detail=Text(
            zh=f"“{element.title}”已停用。" if ended else f"“{element.title}”涉及家庭或个人。",
            en=f"{element.code} has ended." if ended else f"{element.code} is told of persons.",
        ),
        remedy=Text(
            zh="请改用现行的数据项。" if ended else "报表只汇集社区数据；涉及个人的请申请授权。",
            en="Use one in force."
            if ended
            else "Forms gather communities' values; ask for a grant to read those of persons.",
        ),
    )


def _not_begun(period: str, at: int) -> Issue:
    return Issue(
        code="period_not_begun",
        pointer=f"/elements/{at}/period",
        detail=Text(zh=f"期间 {period} 尚未开始。", en=f"The period {period} has not begun."),
        remedy=Text(zh="请填写已开始的期间。", en="Choose a period that has begun."),
    )


def _community_unknown(id: UUID, at: int) -> Issue:
    return Issue(
        code="community_unknown",
        pointer=f"/communities/{at}",
        detail=Text(zh=f"没有现设社区 {id}。", en=f"There is no active community {id}."),
        remedy=Text(zh="请从本区社区列表中选择。", en="Choose from the district's communities."),
    )
