"""The candidates: published, met by the residents, standing down (组织法 18, 19)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.domain import NominationState
from services.committee.elections.facts import require_clear
from services.committee.elections.issues import not_now
from services.committee.elections.journal import log
from services.committee.elections.models import Candidate, Election, Elector, Nomination, Proxy
from services.committee.elections.nominating import position_of, require_nominating
from services.committee.elections.outcome import contests_of
from services.committee.elections.procedure import State
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.issue import issue
from shared.kernel.text import Text


async def publish(act: Act, election: Election) -> None:
    """Publish the candidates, by name in each contest. Again, before any ballot is given out, it
    replaces the list. Raises Conflict `blocked`, and for candidates who hold proxies."""
    if election.state == State.CANDIDATES_PUBLISHED:
        await require_nominating(act, election)
    else:
        await require_clear(act, election, "candidacy")
    today = act.today(election)
    known = {
        (row.contest, row.person_id)
        for row in await repository.candidates(
            act.session, election.id, election.round, withdrawn=True
        )
    }
    accepted = await repository.accepted_nominations(act.session, election)
    await _require_no_holders(act, election, [row.Elector.id for row in accepted])
    for place, row in enumerate(accepted, 1):
        elector = row.Elector
        if (row.contest, elector.person_id) in known:
            continue
        act.session.add(
            Candidate(
                district=election.district,
                election_id=election.id,
                round=election.round,
                contest=row.contest,
                office=position_of(election, row.contest),
                place=place,
                person_id=elector.person_id,
                elector_id=elector.id,
                name=elector.name,
                sex=elector.sex,
            )
        )
    await act.step(election, "candidacy")
    election.candidates_published_on = today
    await act.session.flush()
    await log(
        act,
        election,
        Kind.CANDIDATES_PUBLISHED,
        {"published_on": today.isoformat(), "candidates": await _list(act, election)},
    )


async def withdraw(act: Act, election: Election, person_id: UUID, reason: str) -> None:
    """Let a candidate stand down before the vote opens. Raises NotFound, Conflict later."""
    if election.state != State.CANDIDATES_PUBLISHED:
        raise not_now(
            election,
            Text(
                "候选人在公布之后、投票开始之前退出；当选后请按辞职办理。",
                "A candidate stands down between the publication and the vote; who is elected "
                "resigns instead.",
            ),
        )
    rows = list(
        await act.session.scalars(
            select(Candidate).where(
                Candidate.election_id == election.id,
                Candidate.round == election.round,
                Candidate.person_id == person_id,
                Candidate.withdrawn_on.is_(None),
            )
        )
    )
    if not rows:
        raise NotFound
    for row in rows:
        row.withdrawn_on, row.withdrawn_because = act.today(election), reason
    for nomination in await act.session.scalars(
        select(Nomination).where(
            Nomination.election_id == election.id,
            Nomination.elector_id == rows[0].elector_id,
            Nomination.state == NominationState.ACCEPTED.value,
        )
    ):
        nomination.state = NominationState.WITHDRAWN.value
    await act.note(election, "candidate_withdrawn", person_id, reason=reason)
    body = {"person": str(person_id), "reason": reason}
    await log(act, election, Kind.CANDIDATE_WITHDRAWN, body)


async def meet(act: Act, election: Election, held_on: date, place: str, note: str) -> None:
    """Record that the candidates met the residents and answered them (组织法 18)."""
    if election.state != State.CANDIDATES_PUBLISHED:
        raise not_now(
            election,
            Text(
                "见面会在候选人公布之后、投票开始之前记录。",
                "The meeting is recorded between the publication of the candidates and the vote.",
            ),
        )
    published = election.candidates_published_on
    assert published is not None
    if not published <= held_on <= min(act.today(election), election.election_day):
        raise Invalid(
            issues=(
                issue(
                    "meeting_day",
                    "/held_on",
                    f"见面会应在候选人公布（{published}）之后、选举日之前，且不晚于今天。",
                    f"The meeting is held between the publication ({published}) and election day, and not after today.",
                    "请填写见面会当天的日期，会后再记录。",
                    "Give the day on which it was held, once it was.",
                ),
            )
        )
    election.met_on = held_on
    await act.note(election, "electors_met", held_on=held_on.isoformat(), place=place, note=note)
    await log(act, election, Kind.ELECTORS_MET, {"held_on": held_on.isoformat()})


async def _list(act: Act, election: Election) -> list[Any]:
    """The candidates as the log has them: each once, with the contests they stand in."""
    order = [contest.name for contest in contests_of(election.contests)]
    found: dict[UUID, dict[str, Any]] = {}
    rows = await repository.candidates(act.session, election.id, election.round)
    for row in sorted(rows, key=lambda row: (order.index(row.contest), row.place)):
        one = found.setdefault(
            row.person_id,
            {
                "person": str(row.person_id),
                "name": row.name,
                "sex": row.sex,
                "contests": [],
                "elector": row.number,
            },
        )
        one["contests"].append(row.contest)
    return list(found.values())


async def _require_no_holders(act: Act, election: Election, electors: list[UUID]) -> None:
    held = await act.session.scalar(
        select(Elector.name)
        .join(Proxy, (Proxy.district == Elector.district) & (Proxy.holder_id == Elector.id))
        .where(
            Proxy.election_id == election.id,
            Proxy.revoked_on.is_(None),
            Elector.id.in_(electors),
        )
        .limit(1)
    )
    if held is not None:
        raise Conflict(
            code="candidate_holds_proxy",
            detail=Text(
                zh=f"候选人 {held} 持有委托投票，请先撤销该委托（组织法第十九条）。",
                en=f"The candidate {held} holds a proxy; revoke it first (组织法 19).",
            ),
        )
