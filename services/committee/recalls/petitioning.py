"""A petition begins, is signed, its signatures are verified, and it is submitted (组织法 20)."""

import hmac
import secrets
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.committee.elections.public.rolls import find_elector, frozen_roll
from services.committee.elections.public.words import Form
from services.committee.recalls import repository
from services.committee.recalls.domain import (
    RECALL,
    Basis,
    RecallState,
    Roll,
    Rules,
    SignatureState,
    petition_issues,
)
from services.committee.recalls.models import Recall, RecallSignature
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.identity_number import IdentityNumber, read_identity_number
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue, RuleApplied
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take

ADULT = 18


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
                zh="对该成员的罢免程序正在进行。",
                en="A recall of this member is open already.",
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


async def sign(
    act: Act, reach: Reach, recall_id: UUID, values: Mapping[str, Any]
) -> RecallSignature:
    """Enter a signature. A representative's is verified at once against those who serve, an elector's
    against the roll where the platform has it; another waits for a second person, who compares it
    with the roll on paper.

    Raises Conflict for who has signed already (or whose household has), and when no more are taken.
    """
    recall = await repository.locked_recall(act.session, reach, recall_id, share=True)
    _collecting(recall)
    if values["signed_on"] > act.today:
        raise Invalid(issues=(_signed_ahead(),))
    if recall.basis == Basis.REPRESENTATIVES:
        signer, name, household, state = await _representative(act, recall, values)
    else:
        signer, name, household, state = await _resident(act, recall, values)
    made: RecallSignature | None = await act.session.scalar(
        insert(RecallSignature)
        .values(
            district=recall.district,
            id=new_id(),
            recall_id=recall.id,
            signer=signer,
            name=name,
            household=household,
            signed_on=values["signed_on"],
            state=state.value,
            entered_by=act.actor.id,
        )
        .on_conflict_do_nothing()
        .returning(RecallSignature)
    )
    if made is None:
        raise Conflict(
            code="signed_already",
            detail=Text(
                zh="此人（或此户）已经联名。", en="This person (or household) has signed already."
            ),
        )
    await record(
        act.session,
        act.actor,
        "recall.signed",
        ("recall", recall.id),
        after={"signature": str(made.id), "state": state.value},
    )
    return made


async def verify(
    act: Act, reach: Reach, recall_id: UUID, id: UUID, *, valid: bool, reason: str | None
) -> RecallSignature:
    """A second person compares a signature with the roll. Raises Conflict for the same person, and
    for one that does not wait; Invalid for a refusal without a reason."""
    recall = await repository.locked_recall(act.session, reach, recall_id)
    _collecting(recall)
    found = await _signature(act, recall, id)
    if found.state != SignatureState.ENTERED:
        raise _does_not_wait()
    if found.entered_by == act.actor.id:
        raise Conflict(
            code="two_persons",
            detail=Text(
                zh="登记人不能核实自己登记的联名，请由另一人核实。",
                en="Who entered a signature may not verify it; another person does.",
            ),
        )
    if not valid and not reason:
        raise Invalid(issues=(_reason_missing(),))
    state = SignatureState.VERIFIED if valid else SignatureState.REFUSED
    found.verified_by = act.actor.id
    return await _become(act, recall, found, state, reason)


async def withdraw_signature(
    act: Act, reach: Reach, recall_id: UUID, id: UUID, reason: str
) -> RecallSignature:
    """Somebody takes their signature back while signatures are collected; they may sign again."""
    recall = await repository.locked_recall(act.session, reach, recall_id)
    _collecting(recall)
    found = await _signature(act, recall, id)
    if found.state not in {SignatureState.ENTERED, SignatureState.VERIFIED}:
        raise _does_not_wait()
    return await _become(act, recall, found, SignatureState.WITHDRAWN, reason)


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


async def _representative(
    act: Act, recall: Recall, values: Mapping[str, Any]
) -> tuple[bytes, str, None, SignatureState]:
    query = repository.representatives_of(recall.committee_id)
    rows = {row.id: row.name for row in await act.session.execute(query)}
    id = values["representative_id"]
    if id not in rows:
        raise Invalid(
            issues=(
                Issue(
                    code="not_a_representative",
                    pointer="/representative_id",
                    detail=Text(
                        zh="应由本社区在任居民代表联名。",
                        en="Residents' representatives who serve here sign this petition.",
                    ),
                    remedy=Text(
                        zh="请填写在任居民代表的编号。", en="Give the id of one who serves."
                    ),
                ),
            )
        )
    return id.bytes, rows[id], None, SignatureState.VERIFIED


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


async def _resident(
    act: Act, recall: Recall, values: Mapping[str, Any]
) -> tuple[bytes, str, str | None, SignatureState]:
    by_household = recall.basis == Basis.HOUSEHOLDS
    issues: list[Issue] = []
    found = read_identity_number(values["id_number"] or "", act.today, pointer="/id_number")
    if not isinstance(found, IdentityNumber):
        issues += found
    elif _age(found.born, values["signed_on"]) < ADULT:
        issues.append(_under_age())
    if not values["name"]:
        issues.append(_missing("/name", "姓名", "the signer's name"))
    if by_household and not values["household"] and recall.election_id is None:
        issues.append(_missing("/household", "户号", "the household"))
    if issues or not isinstance(found, IdentityNumber):
        raise Invalid(issues=issues)
    signer = hmac.digest(recall.secret, found.number.encode(), sha256)
    household = values["household"] if by_household else None
    if recall.election_id is None:
        return signer, values["name"], household, SignatureState.ENTERED
    elector = await find_elector(act.session, recall.election_id, found.number, act.today)
    if elector is None or elector.name != values["name"]:
        raise Invalid(issues=(_not_on_roll(),))
    if by_household and not elector.votes:
        raise Invalid(issues=(_represents_no_household(),))
    household = elector.unit if by_household else None
    return signer, elector.name, household, SignatureState.VERIFIED


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


async def _signature(act: Act, recall: Recall, id: UUID) -> RecallSignature:
    found = await act.session.scalar(
        select(RecallSignature)
        .where(RecallSignature.id == id, RecallSignature.recall_id == recall.id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


async def _become(
    act: Act,
    recall: Recall,
    found: RecallSignature,
    state: SignatureState,
    reason: str | None,
) -> RecallSignature:
    before = found.state
    found.state, found.reason = state.value, reason
    await act.session.flush()
    await record(
        act.session,
        act.actor,
        f"recall.signature_{state.value}",
        ("recall", recall.id),
        before={"state": before},
        after={"signature": str(found.id), "state": state.value, "reason": reason},
    )
    return found


def _collecting(recall: Recall) -> None:
    if recall.state != RecallState.COLLECTING:
        raise Conflict(
            code="not_collecting",
            detail=Text(
                zh="已不在征集联名阶段。", en="Signatures of this petition are no longer taken."
            ),
        )


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


def _not_on_roll() -> Issue:
    return Issue(
        code="not_on_roll",
        pointer="/id_number",
        detail=Text(
            zh="选民名单中没有此姓名和身份证号。",
            en="Nobody of this name and identity number stands on the roll.",
        ),
        remedy=Text(zh="请核对身份证件；不是选民的不能联名。", en="Check the identity card."),
    )


def _represents_no_household() -> Issue:
    return Issue(
        code="represents_no_household",
        pointer="/id_number",
        detail=Text(zh="此人不是户的代表。", en="This elector does not vote for a household."),
        remedy=Text(zh="请由该户的代表联名。", en="The household's representative signs."),
    )


def _signed_ahead() -> Issue:
    return Issue(
        code="signed_ahead",
        pointer="/signed_on",
        detail=Text(zh="日期尚未到来。", en="That day has not come yet."),
        remedy=Text(zh="请更正签名日期。", en="Mend the day."),
    )


def _under_age() -> Issue:
    return Issue(
        code="under_age",
        pointer="/id_number",
        detail=Text(zh="签名时未满十八周岁。", en="The signer was not 18 on that day."),
        remedy=Text(zh="未满十八周岁的居民不能联名。", en="Only electors may sign."),
    )


def _missing(pointer: str, zh: str, en: str) -> Issue:
    return Issue(
        code="missing",
        pointer=pointer,
        detail=Text(zh=f"缺少{zh}。", en=f"It lacks {en}."),
        remedy=Text(zh=f"请填写{zh}。", en=f"Give {en}."),
    )


def _reason_missing() -> Issue:
    return Issue(
        code="reason_missing",
        pointer="/reason",
        detail=Text(zh="不予认定须写明理由。", en="A refusal needs a reason."),
        remedy=Text(zh="请在 reason 中填写理由。", en="Give the reason in `reason`."),
    )


def _does_not_wait() -> Conflict:
    return Conflict(
        code="signature_settled",
        detail=Text(
            zh="此联名已核实、不予认定或撤回。",
            en="This signature is verified, refused or withdrawn already.",
        ),
    )
