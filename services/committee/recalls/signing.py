"""A petition's signatures: entered, verified against the roll, taken back (组织法 20)."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.committee.elections.public.rolls import find_elector
from services.committee.elections.public.words import age_on
from services.committee.recalls import repository
from services.committee.recalls.domain import RECALL, Basis, RecallState, SignatureState
from services.committee.recalls.models import Recall, RecallSignature
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.identity_number import IdentityNumber, read_identity_number
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text
from shared.procedures.acting import Act

ADULT = 18


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
                zh="此人（或此户）已经联名，每人（每户）只计一次，请勿重复登记。",
                en="This person (or household) has signed already and counts once; do not enter it "
                "again.",
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


async def _representative(
    act: Act, recall: Recall, values: Mapping[str, Any]
) -> tuple[bytes, str, None, SignatureState]:
    query = repository.representatives_of(recall.committee_id)
    rows = {row.id: row.name for row in await act.session.execute(query)}
    id = values["representative_id"]
    if id not in rows:
        raise Invalid(issues=(_not_a_representative(),))
    return id.bytes, rows[id], None, SignatureState.VERIFIED


async def _resident(
    act: Act, recall: Recall, values: Mapping[str, Any]
) -> tuple[bytes, str, str | None, SignatureState]:
    by_household = recall.basis == Basis.HOUSEHOLDS
    issues: list[Issue] = []
    found = read_identity_number(values["id_number"] or "", act.today, pointer="/id_number")
    if not isinstance(found, IdentityNumber):
        issues += found
    elif age_on(found.born, values["signed_on"]) < ADULT:
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
        name = RECALL.states[recall.state]
        raise Conflict(
            code="not_collecting",
            detail=Text(
                zh=f"罢免现为“{name.zh}”，不再登记、核实或撤回联名。",
                en=f"The recall is “{name.en}”; signatures are no longer entered, verified or taken "
                "back.",
            ),
        )


def _does_not_wait() -> Conflict:
    return Conflict(
        code="signature_settled",
        detail=Text(
            zh="此联名已核实、不予认定或撤回，不能再办理。本人改变主意的，请撤回或重新登记。",
            en="This signature is verified, refused or withdrawn already. Who changes their mind "
            "takes it back, or signs again.",
        ),
    )


def _not_on_roll() -> Issue:
    return issue(
        "not_on_roll",
        "/id_number",
        "选民名单中没有此姓名和身份证号。",
        "Nobody of this name and identity number stands on the roll.",
        "请核对身份证件；不是选民的不能联名。",
        "Check the identity card; only electors sign.",
    )


def _represents_no_household() -> Issue:
    return issue(
        "represents_no_household",
        "/id_number",
        "此人不是户的代表。",
        "This elector does not vote for a household.",
        "请由该户的代表联名。",
        "The household's representative signs.",
    )


def _not_a_representative() -> Issue:
    return issue(
        "not_a_representative",
        "/representative_id",
        "应由本社区在任居民代表联名。",
        "Residents' representatives who serve here sign this petition.",
        "请填写在任居民代表的编号。",
        "Give the id of one who serves.",
    )


def _signed_ahead() -> Issue:
    return issue(
        "signed_ahead",
        "/signed_on",
        "日期尚未到来。",
        "That day has not come yet.",
        "请更正签名日期。",
        "Mend the day.",
    )


def _under_age() -> Issue:
    return issue(
        "under_age",
        "/id_number",
        "签名时未满十八周岁。",
        "The signer was not 18 on that day.",
        "未满十八周岁的居民不能联名，请勿登记。",
        "Only electors may sign; leave this one out.",
    )


def _missing(pointer: str, zh: str, en: str) -> Issue:
    return issue(
        "missing", pointer, f"缺少{zh}。", f"It lacks {en}.", f"请填写{zh}。", f"Give {en}."
    )


def _reason_missing() -> Issue:
    return issue(
        "reason_missing",
        "/reason",
        "不予认定须写明理由。",
        "A refusal needs a reason.",
        "请在 reason 中填写理由。",
        "Give the reason in `reason`.",
    )
