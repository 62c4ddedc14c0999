"""Written proxies (组织法 19)."""

from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.domain import Form
from services.committee.elections.journal import log
from services.committee.elections.models import Election, Elector, Proxy
from services.committee.elections.procedure import ELECTION, State
from services.committee.elections.ruling import Ruling
from services.committee.elections.standing import proxy_issues
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text


async def give(
    act: Act, election: Election, *, principal: int, holder: int, document: str, reason: str
) -> Proxy:
    """Record a written proxy. Raises Invalid for who may not give or hold one, Conflict for a
    fourth of a holder or a second of a principal."""
    _require_open(election)
    giver = await repository.elector_numbered(act.session, election, principal, "/principal")
    taker = await repository.elector_numbered(act.session, election, holder, "/holder")
    standing = await repository.candidates(act.session, election.id, election.round)
    ruling = Ruling(election.rules)
    held = (
        await act.session.scalars(
            select(Proxy).where(Proxy.election_id == election.id, Proxy.revoked_on.is_(None))
            .where(Proxy.holder_id.in_((taker.id, giver.id)) | (Proxy.principal_id == taker.id))
        )
    ).all()  # fmt: skip
    issues = proxy_issues(
        form=Form(election.form),
        same=principal == holder,
        holder_stands=any(row.elector_id == taker.id for row in standing),
        principal_votes=giver.votes,
        holder_gave_one=any(one.principal_id == taker.id for one in held),
        principal_holds=any(one.holder_id == giver.id for one in held),
    )
    if issues:
        raise Invalid(issues=issues, rules=ruling.applied("proxies_max"))
    taken = {one.slot for one in held if one.holder_id == taker.id}
    free = [slot for slot in range(1, ruling.integer("proxies_max") + 1) if slot not in taken]
    if not free:
        raise Conflict(
            code="too_many_proxies",
            detail=Text(
                zh=f"{holder} 号选民已接受 {len(taken)} 人委托，不得超过 {ruling.integer('proxies_max')} 人"
                "（组织法第十九条）。请另行委托。",
                en=f"Elector {holder} holds {len(taken)} proxies and may hold "
                f"{ruling.integer('proxies_max')} (组织法 19). Entrust somebody else.",
            ),
            rules=ruling.applied("proxies_max"),
        )
    made: Proxy | None = await act.session.scalar(
        insert(Proxy)
        .values(
            district=election.district,
            id=new_id(),
            election_id=election.id,
            principal_id=giver.id,
            holder_id=taker.id,
            slot=free[0],
            document=document,
            reason=reason,
            given_on=act.today(election),
            published=False,
        )
        .on_conflict_do_nothing()
        .returning(Proxy)
    )
    if made is None:
        raise Conflict(
            code="proxy_given",
            detail=Text(
                zh=f"{principal} 号选民已委托他人投票。请先撤销原委托。",
                en=f"Elector {principal} has given a proxy. Revoke it first.",
            ),
        )
    await act.note(election, "proxy_given", made.id)
    return made


async def revoke(act: Act, election: Election, id: UUID, reason: str) -> None:
    """Revoke a proxy before the vote opens; a published list is published anew."""
    _require_open(election)
    found = await act.session.scalar(
        select(Proxy).where(
            Proxy.election_id == election.id, Proxy.id == id, Proxy.revoked_on.is_(None)
        )
    )
    if found is None:
        raise NotFound
    found.revoked_on = act.today(election)
    await act.note(election, "proxy_revoked", found.id, reason=reason)
    if found.published:
        await publish(act, election)


async def publish(act: Act, election: Election) -> None:
    """Publish who entrusted whom (组织法 19): by number in the log, by name in the community."""
    _require_open(election)
    giver, taker = aliased(Elector), aliased(Elector)
    rows = (
        await act.session.execute(
            select(Proxy, giver.number.label("principal"), taker.number.label("holder"))
            .join(giver, and_(giver.district == Proxy.district, giver.id == Proxy.principal_id))
            .join(taker, and_(taker.district == Proxy.district, taker.id == Proxy.holder_id))
            .where(Proxy.election_id == election.id, Proxy.revoked_on.is_(None))
            .order_by(giver.number)
        )
    ).all()
    today = act.today(election)
    for row in rows:
        row.Proxy.published = True
    election.proxies_published_on = today
    await act.note(election, "proxies_published", count=len(rows))
    proxies = [{"principal": row.principal, "holder": row.holder} for row in rows]
    body = {"published_on": today.isoformat(), "proxies": proxies}
    await log(act, election, Kind.PROXIES_PUBLISHED, body)


def _require_open(election: Election) -> None:
    if election.state != State.CANDIDATES_PUBLISHED:
        name = ELECTION.states[election.state]
        raise Conflict(
            code="proxies_closed",
            detail=Text(
                zh=f"选举现为“{name.zh}”。委托投票在候选人公布之后、投票开始之前办理；投票开始后请本人到场。",
                en=f"The election is “{name.en}”. Proxies are taken between the publication of the "
                "candidates and the vote; after that electors vote in person.",
            ),
        )
