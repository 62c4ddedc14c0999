"""Write use cases of dispatches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission import repository
from services.gateway.admission.applying import stored_issues
from services.gateway.admission.dispatching import Wanted, decide, price
from services.gateway.admission.models import Dispatch, DispatchCommunity, Item, Refusal
from services.gateway.identity.public import Department
from shared.audit.record import Actor, record
from shared.contracts.subscriptions import DISPATCH_ADMITTED
from shared.contracts.work import DispatchAdmitted, DispatchedTo
from shared.events.outbox import emit
from shared.kernel.ids import new_id
from shared.kernel.issue import Decision, Issue
from shared.kernel.money import Money
from shared.rulebook.rulebook import Rulebook
from shared.web.problem import RuleView


@dataclass(frozen=True, slots=True)
class Admitted:
    """A dispatch that reaches its communities."""

    dispatch: Dispatch
    item_code: str
    communities: Sequence[DispatchCommunity]


async def dispatch(
    session: AsyncSession,
    actor: Actor,
    department: Department,
    *,
    item_code: str,
    title: str,
    content: str,
    due_on: date,
    communities: Sequence[Wanted] | None,
    rulebook: Rulebook,
    today: date,
) -> Admitted | Decision[tuple[Issue, ...]]:
    """Give admitted work to communities, or say everything that forbids it.

    The item stays locked until the transaction ends, so that dispatches at once cannot take more
    than its money. A refusal is recorded and must be committed too.
    """
    item = await session.scalar(
        select(Item)
        .where(Item.code == item_code, Item.department_id == department.id)
        .with_for_update()
    )
    named = None if communities is None else {one.community_id for one in communities}
    known = await repository.communities(session, named)
    facts = None if item is None else repository.facts_of(item)
    if communities is None:
        communities = [
            Wanted(one.id, 1)
            for one in known.values()
            if one.active and facts is not None and facts.targets.cover(one)
        ]
    paid = (
        frozenset[UUID]()
        if item is None
        else await repository.communities_paid(session, item.id, today.year)
    )
    decision = decide(
        facts,
        communities,
        communities=known,
        paid_this_year=paid,
        due_on=due_on,
        today=today,
        unlisted=rulebook.lookup("admission.refuse_unlisted", actor.district, today),
        funded=rulebook.lookup("admission.funds_with_task", actor.district, today),
    )
    if item is None or facts is None or decision.value:
        await _refuse(
            session, actor, department, item_code, title, len(communities), decision, today
        )
        return decision
    amounts = price(facts.funding, communities, paid)
    made = Dispatch(
        district=actor.district,
        id=new_id(),
        item_id=item.id,
        department_id=department.id,
        title=title,
        content=content,
        due_on=due_on,
        dispatched_on=today,
        amount=Money.total(amounts).fen,
        rules=[RuleView.of(rule).model_dump(mode="json") for rule in decision.rules],
        created_by=actor.id,
    )
    session.add(made)
    item.drawn += made.amount
    await session.flush()
    parts = [
        DispatchCommunity(
            district=actor.district,
            id=new_id(),
            dispatch_id=made.id,
            item_id=item.id,
            community_id=one.community_id,
            cases=one.cases,
            amount=amount.fen,
            dispatched_on=today,
        )
        for one, amount in zip(communities, amounts, strict=True)
    ]
    session.add_all(parts)
    await session.flush()
    await record(
        session,
        actor,
        "dispatch.admitted",
        ("dispatch", made.id),
        after={"item": item.code, "communities": len(parts), "amount": made.amount},
    )
    await _tell(session, item, department, made, parts)
    return Admitted(made, item.code, parts)


async def _refuse(
    session: AsyncSession,
    actor: Actor,
    department: Department,
    item_code: str,
    title: str,
    communities: int,
    decision: Decision[tuple[Issue, ...]],
    today: date,
) -> None:
    refusal = Refusal(
        district=actor.district,
        id=new_id(),
        department_id=department.id,
        item_code=item_code,
        title=title,
        communities=communities,
        codes=sorted({issue.code for issue in decision.value}),
        reasons=stored_issues(decision.value),
        refused_on=today,
        created_by=actor.id,
    )
    session.add(refusal)
    await record(
        session,
        actor,
        "dispatch.refused",
        ("dispatch_refusal", refusal.id),
        after={"item": item_code, "codes": refusal.codes},
    )


async def _tell(
    session: AsyncSession,
    item: Item,
    department: Department,
    made: Dispatch,
    parts: Sequence[DispatchCommunity],
) -> None:
    told = DispatchAdmitted(
        id=made.id,
        item_id=item.id,
        item_code=item.code,
        item_title=item.title,
        department_id=department.id,
        department_name=department.name,
        title=made.title,
        content=made.content,
        standard=item.standard,
        dispatched_on=made.dispatched_on,
        due_on=made.due_on,
        elements=item.elements,
        communities=[
            DispatchedTo(
                task_id=part.id,
                community_id=part.community_id,
                cases=part.cases,
                amount=part.amount,
            )
            for part in parts
        ],
    )
    await emit(
        session,
        district=made.district,
        type=DISPATCH_ADMITTED,
        subject=f"item/{item.id}",
        data=told.model_dump(mode="json"),
    )
