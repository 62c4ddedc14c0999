"""Kinship is declared, examined by the street, and withdrawn."""

from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.organisation import repository
from services.committee.organisation.domain import KINSHIP, Kin, KinshipState
from services.committee.organisation.models import KinshipDeclaration, Member, Supervisor, Term
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take
from shared.rulebook.calendar import limit_day


async def declare(
    act: Act,
    reach: Reach,
    committee_id: UUID,
    *,
    persons: tuple[UUID, UUID],
    relation: Kin,
    note: str | None,
) -> KinshipDeclaration:
    """Declare two members or supervisors of a committee to be near kin (组织法 8, 36).

    Raises Invalid for somebody who is neither, Conflict for what is declared already.
    """
    await repository.place_of(act.session, reach, committee_id)
    one, other = sorted(persons)
    known = await _people(act.session, committee_id)
    if one == other or not {one, other} <= known:
        raise Invalid(
            issues=(
                Issue(
                    code="not_of_this_committee",
                    pointer="/persons",
                    detail=Text(
                        zh="应是本居委会的两名不同的成员或居务监督委员会成员。",
                        en="They must be two different members or supervisors of this committee.",
                    ),
                    remedy=Text(zh="请核对人员编号。", en="Check the two ids."),
                ),
            )
        )
    days = act.rulebook.lookup(
        "organisation.kinship_examine_working_days", act.actor.district, act.today
    ).integer()
    made = KinshipDeclaration(
        district=act.actor.district,
        id=new_id(),
        committee_id=committee_id,
        one_id=one,
        other_id=other,
        relation=relation.value,
        note=note,
        state=KinshipState.DECLARED.value,
        due_on=limit_day(act.rulebook, act.actor.district, act.today, days),
        declared_by=act.actor.id,
    )
    await _require_new(act.session, made)
    act.session.add(made)
    await act.session.flush()
    await record(
        act.session,
        act.actor,
        "kinship.declared",
        ("kinship", made.id),
        after={"persons": [str(one), str(other)], "relation": relation.value},
        personal=frozenset({"persons", "relation"}),
    )
    return made


async def step(act: Act, reach: Reach, id: UUID, action: str, reason: str) -> KinshipDeclaration:
    """Confirm, dismiss or withdraw a declaration. Raises Conflict for one's own declaration."""
    found = await act.session.scalar(
        select(KinshipDeclaration).where(KinshipDeclaration.id == id).with_for_update()
    )
    if found is None:
        raise NotFound
    await repository.place_of(act.session, reach, found.committee_id)
    if action != "withdrawal" and found.declared_by == act.actor.id:
        raise Conflict(
            code="two_persons",
            detail=Text(
                zh="申报人不能核实自己的申报。请由街道另一名干部核实。",
                en="Who declared a kinship may not examine it. Another officer of the street does.",
            ),
        )
    await take(
        act.session, act.actor, KINSHIP, found, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
    )  # fmt: skip
    return found


async def _people(session: AsyncSession, committee_id: UUID) -> set[UUID]:
    members = (
        select(Member.id)
        .join(Term, (Term.district == Member.district) & (Term.id == Member.term_id))
        .where(Term.committee_id == committee_id, Member.left_on.is_(None))
    )
    supervisors = select(Supervisor.id).where(
        Supervisor.committee_id == committee_id, Supervisor.left_on.is_(None)
    )
    return set(await session.scalars(union_all(members, supervisors)))


async def _require_new(session: AsyncSession, made: KinshipDeclaration) -> None:
    found = await session.scalar(
        select(KinshipDeclaration.id).where(
            KinshipDeclaration.one_id == made.one_id,
            KinshipDeclaration.other_id == made.other_id,
            KinshipDeclaration.state.in_((KinshipState.DECLARED, KinshipState.CONFIRMED)),
        )
    )
    if found is not None:
        raise Conflict(
            code="declared_already",
            detail=Text(
                zh="此关系已申报，正在核实或已确认，不必重复申报。",
                en="This kinship is declared already, and examined or confirmed; do not declare it "
                "again.",
            ),
        )
