"""The roll published, frozen and changed (组织法 17)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind, roll_hash
from services.committee.elections.domain import RollChange
from services.committee.elections.facts import require_clear
from services.committee.elections.journal import LINE, line_of, lines_json, log
from services.committee.elections.models import Election, Elector, Proxy
from services.committee.elections.procedure import BEFORE_VOTING
from services.committee.elections.registering import prepare, remove, store
from services.committee.elections.repository import REGISTERED
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.issue import Issue
from shared.kernel.text import Text

_DRAW = text(
    "UPDATE elector SET number = drawn.number FROM (SELECT id, row_number() OVER "
    "(ORDER BY gen_random_uuid()) AS number FROM elector WHERE election_id = :election "
    "AND state = 'registered') AS drawn WHERE elector.id = drawn.id "
    "AND elector.election_id = :election AND elector.district = :district"
)


async def publish(act: Act, election: Election) -> None:
    """Publish the roll: electors get their random numbers. Raises Conflict `blocked`."""
    await require_clear(act, election, "publication")
    await _draw_numbers(act, election)
    await act.step(election, "publication")
    election.roll_published_on = act.today(election)
    figures = await _count(act, election)
    refused = await act.session.scalar(
        select(func.count()).where(Elector.election_id == election.id, Elector.state == "refused")
    )
    counts = {"registered": figures["electors"], "refused": int(refused or 0)}
    await log(act, election, Kind.REGISTRATION_CLOSED, counts)
    published = {"published_on": election.roll_published_on.isoformat(), **figures}
    await log(act, election, Kind.ROLL_PUBLISHED, published)


async def _draw_numbers(act: Act, election: Election) -> None:
    """Give each elector a number, drawn at random. Right after a large registration the planner may
    think the roll small and compare everyone with everyone; a join by hash is always right."""
    await act.session.execute(text("SET LOCAL enable_nestloop = off"))
    await act.session.execute(_DRAW, {"election": election.id, "district": election.district})
    await act.session.execute(text("SET LOCAL enable_nestloop = on"))


async def freeze(act: Act, election: Election) -> None:
    """Freeze the roll with the hash of its canonical form. Raises Conflict `blocked`."""
    await require_clear(act, election, "freeze")
    await act.step(election, "freeze")
    election.roll_frozen_on = act.today(election)
    await act.session.execute(
        update(Elector).where(Elector.election_id == election.id, REGISTERED).values(frozen=True)
    )
    figures = await _count(act, election)
    frozen = {"frozen_on": election.roll_frozen_on.isoformat(), **figures}
    await log(act, election, Kind.ROLL_FROZEN, frozen)


async def change(
    act: Act,
    election: Election,
    *,
    reason: RollChange,
    note: str,
    add: Sequence[Mapping[str, Any]],
    remove_ids: Collection[UUID],
    signed_by: Sequence[UUID],
) -> None:
    """Change the frozen roll in public, signed by two members of the election committee. Raises
    Conflict before the freeze or once voting began, Invalid for the signatures."""
    if election.state not in BEFORE_VOTING or election.roll_frozen_on is None:
        raise Conflict(
            code="roll_not_changeable",
            detail=Text(
                zh="名单只能在确定之后、投票开始之前公开变更。确定之前请处理异议（roll/objections）；"
                "投票开始之后不再变更。",
                en="The roll is changed in public between its freeze and the vote. Before, decide "
                "on an objection (roll/objections); once the vote is open it stays.",
            ),
        )
    serving = {
        one.id
        for one in await repository.members(act.session, election)
        if one.left_on is None and one.post != "alternate"
    }
    if len(set(signed_by)) != 2 or not set(signed_by) <= serving:
        raise Invalid(issues=(_two_signatures(),))
    if not add and not remove_ids:
        raise Invalid(issues=(changes_do_not_fit(),))
    await _require_not_needed(act, election, remove_ids)
    added, removed = await change_rows(act, election, add, remove_ids, note)
    figures = await _count(act, election)
    await act.note(election, "roll_changed", reason=reason.value, note=note)
    await log(
        act,
        election,
        Kind.ROLL_CHANGED,
        {
            "added": lines_json(added),
            "removed": lines_json(removed),
            "reason": reason.value,
            "signed_by": sorted(str(one) for one in signed_by),
            **figures,
        },
    )


async def _require_not_needed(act: Act, election: Election, remove_ids: Collection[UUID]) -> None:
    """Nobody is taken off the roll who stands, or gave or holds a proxy: that is undone first, in
    public, with its own reason."""
    standing = await repository.candidates(act.session, election.id, election.round)
    stand = sorted(row.name for row in standing if row.elector_id in remove_ids)
    if stand:
        raise _stands(stand)
    ids = list(remove_ids)
    proxies = await repository.counted(
        act.session,
        select(Proxy.id).where(
            Proxy.election_id == election.id,
            Proxy.revoked_on.is_(None),
            Proxy.principal_id.in_(ids) | Proxy.holder_id.in_(ids),
        ),
    )
    if proxies:
        raise _has_proxies(proxies)


async def change_rows(
    act: Act,
    election: Election,
    add: Sequence[Mapping[str, Any]],
    remove_ids: Collection[UUID],
    reason: str,
) -> tuple[list[Elector], list[Elector]]:
    """Put people on the roll and take others off; both as rows."""
    today = act.today(election)
    removed = [await elector_on_roll(act, election, id) for id in dict.fromkeys(remove_ids)]
    for one in removed:
        remove(one, today, reason)
    await act.session.flush()
    rows, results = await prepare(act, election, reason, add)
    refused = [
        Issue(issue.code, issue.detail, issue.remedy, f"/add/{at}")
        for at, one in enumerate(results)
        for issue in one.reasons
    ]
    if refused:
        raise Invalid(issues=refused)
    last = await act.session.scalar(
        select(func.max(Elector.number)).where(Elector.election_id == election.id)
    )
    for number, row in enumerate(rows, (last or 0) + 1):
        row["number"] = number
    made = await store(act, rows)
    if len(made) != len(add):
        raise Conflict(
            code="elector_registered",
            detail=Text(
                zh="其中有人已在名单上。请核对姓名和身份证号，只补入遗漏的人。",
                en="Somebody of them is on the roll already. Check names and identity numbers, and "
                "add only who is missing.",
            ),
        )
    added = list(await act.session.scalars(select(Elector).where(Elector.id.in_(made))))
    return added, removed


async def elector_on_roll(act: Act, election: Election, id: UUID) -> Elector:
    """An elector of the roll. Raises NotFound."""
    found = await act.session.scalar(
        select(Elector).where(Elector.election_id == election.id, Elector.id == id, REGISTERED)
    )
    if found is None:
        raise NotFound
    return found


async def _count(act: Act, election: Election) -> dict[str, Any]:
    """The roll as it is now: counted, hashed, and kept with the election."""
    rows = await act.session.execute(
        select(*LINE, Elector.votes)
        .where(Elector.election_id == election.id, REGISTERED)
        .order_by(Elector.number)
    )
    found = rows.all()
    election.electors = len(found)
    election.voters = sum(row.votes for row in found)
    election.roll_sha256 = roll_hash(line_of(row) for row in found)
    await act.session.flush()
    return {
        "electors": election.electors,
        "voters": election.voters,
        "roll_sha256": election.roll_sha256,
    }


def _stands(names: Sequence[str]) -> Conflict:
    return Conflict(
        code="candidate_stands",
        detail=Text(
            zh=f"{'、'.join(dict.fromkeys(names))}是候选人，不能直接从名单中移出。"
            "请先办理其退出（candidates/{person}/withdrawal）。",
            en=f"Candidates cannot be taken off the roll: {', '.join(dict.fromkeys(names))}. Have "
            "them stand down first (candidates/{person}/withdrawal).",
        ),
    )


def _has_proxies(count: int) -> Conflict:
    return Conflict(
        code="proxy_stands",
        detail=Text(
            zh=f"拟移出的选民有 {count} 件委托尚未撤销。请先撤销（proxies/{{id}}/revocation），再变更名单。",
            en=f"Proxies of those to be taken off the roll that stand: {count}. Revoke them first "
            "(proxies/{id}/revocation).",
        ),
    )


def changes_do_not_fit() -> Issue:
    """That a decision and the changes of the roll do not belong together."""
    return Issue(
        code="changes_do_not_fit",
        pointer="/add",
        detail=Text(
            "异议成立的须写明名单如何变更，不成立的不得变更名单。",
            "An upheld objection changes the roll, a dismissed one does not.",
        ),
        remedy=Text("请填写 add 或 remove。", "Fill in `add` or `remove`."),
    )


def _two_signatures() -> Issue:
    return Issue(
        code="two_signatures",
        pointer="/signed_by",
        detail=Text(
            "名单变更须由居民选举委员会两名在任成员签署。",
            "Two serving members of the election committee sign a change of the roll.",
        ),
        remedy=Text("请填写两名成员的编号。", "Give the ids of two members."),
    )
