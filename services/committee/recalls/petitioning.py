"""A petition begins and is submitted (组织法 20)."""

import secrets
from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.committee.elections.public.rolls import frozen_roll
from services.committee.elections.public.words import Form
from services.committee.recalls import repository
from services.committee.recalls.domain import (
    RECALL,
    Basis,
    RecallState,
    Roll,
    Rules,
    petition_issues,
)
from services.committee.recalls.models import Recall
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue, RuleApplied
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take


def rules_of(act: Act) -> tuple[Rules, tuple[RuleApplied, ...]]:
    """The shares of the day, and the rules they stand in. Raises NoRuleInForce."""
    district = act.actor.district
    petition, turnout, majority = (
        act.rulebook.lookup(f"recalls.{name}", district, act.today)
        for name in ("petition_share", "turnout", "majority")
    )
    rules = Rules(
        {basis: _share(petition.mapping()[basis]) for basis in Basis},
        {form: _share(turnout.mapping()[form]) for form in Form},
        majority.fraction(),
    )
    return rules, (petition.applied, turnout.applied, majority.applied)


def roll_of(recall: Recall) -> Roll:
    """The numbers that a recall is judged by."""
    return Roll(recall.electors, recall.households, recall.representatives)


async def petition(act: Act, reach: Reach, values: Mapping[str, Any]) -> Recall:
    """Begin a petition against a member in office, with its reasons.

    Where the platform held the election that brought the member to office, its roll and form count
    (组织法 20: 按照产生时的选举方式). Raises Invalid for another form, and when a number of the roll is
    missing that basis or form needs; Conflict while another petition against the member is open.
    """
    rules_of(act)
    member_id = values["member_id"]
    office = await repository.member_in_office(act.session, reach, member_id, act.today)
    serving = repository.representatives_of(office.committee_id).subquery()
    recorded = await act.session.scalar(select(func.count()).select_from(serving))
    basis, form = Basis(values["basis"]), Form(values["form"])
    values, election_id = await _by_the_election(act, values, form, office.election_id)
    roll = Roll(values["electors"], values["households"], recorded or values["representatives"])
    if not roll.petitioners(basis) or not roll.voters(form):
        raise Invalid(issues=(_roll_incomplete(),))
    made: Recall | None = await act.session.scalar(
        insert(Recall)
        .values(
            district=act.actor.district,
            id=new_id(),
            committee_id=office.committee_id,
            election_id=election_id,
            member_id=member_id,
            basis=basis.value,
            form=form.value,
            reasons=values["reasons"],
            electors=roll.electors,
            households=roll.households,
            representatives=roll.representatives,
            roll_document=values["roll_document"],
            secret=secrets.token_bytes(32),
            state=RecallState.COLLECTING.value,
            petitioned_by=act.actor.id,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Recall)
    )
    if made is None:
        raise Conflict(
            code="recall_open",
            detail=Text(
                zh="对该成员的罢免程序正在进行，不能再提出一件。同意罢免的，请在该件上联名。",
                en="A recall of this member is open already. Who wants it signs that one.",
            ),
        )
    await record(
        act.session,
        act.actor,
        "recall.petitioned",
        ("recall", made.id),
        after={"member": str(member_id), "basis": basis.value, "form": form.value},
    )
    return made


async def submit(act: Act, reach: Reach, recall_id: UUID) -> Recall:
    """Submit a petition that enough have signed. Raises Invalid `too_few_signatures`."""
    recall = await repository.locked_recall(act.session, reach, recall_id)
    RECALL.step(recall.state, "submission", by=act.roles, reason=None)
    rules, applied = rules_of(act)
    basis = Basis(recall.basis)
    of = roll_of(recall).petitioners(basis)
    assert of is not None
    valid = await repository.valid_signatures(act.session, recall.id)
    issues = petition_issues(valid, of, rules.petition[basis])
    if issues:
        raise Invalid(issues=issues, rules=applied[:1])
    await step(act, recall, "submission", told={"signatures": valid, "of": of})
    return recall


async def step(
    act: Act,
    recall: Recall,
    action: str,
    *,
    reason: str | None = None,
    told: Mapping[str, Any] | None = None,
) -> None:
    """Take a step of a locked recall."""
    await take(
        act.session, act.actor, RECALL, recall, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason, told=told,
    )  # fmt: skip


async def _by_the_election(
    act: Act, values: Mapping[str, Any], form: Form, election_id: UUID | None
) -> tuple[Mapping[str, Any], UUID | None]:
    roll = await frozen_roll(act.session, election_id) if election_id else None
    if roll is None:
        return values, None
    if form is not roll.form:
        raise Invalid(issues=(_other_form(roll.form),))
    counted = {"electors": roll.electors, "roll_document": roll.document}
    if form is Form.HOUSEHOLD_REPRESENTATIVES:
        counted["households"] = roll.voters
    elif form is Form.RESIDENT_REPRESENTATIVES:
        counted["representatives"] = roll.voters
    return {**values, **counted}, election_id


def _share(value: Any) -> Fraction:
    return Fraction(str(value))


def _roll_incomplete() -> Issue:
    return Issue(
        code="roll_incomplete",
        pointer="/electors",
        detail=Text(
            zh="缺少计算联名比例或投票比例所需的人数。",
            en="A number is missing that the share of signatures or of votes is reckoned from.",
        ),
        remedy=Text(
            zh="请按最近一次选举的选民名单填写选民数、户代表数或居民代表数。",
            en="Give electors, households or representatives as the last election's roll has them.",
        ),
    )


def _other_form(form: Form) -> Issue:
    return Issue(
        code="other_form",
        pointer="/form",
        detail=Text(
            zh=f"该成员由{form.voters.zh}选举产生，罢免按同一方式投票。",
            en=f"The member was elected by {form.voters.en}; the recall takes the same form.",
        ),
        remedy=Text(zh=f"请填写 {form}。", en=f"Give {form}."),
    )
