"""Nominations, their review and acceptance, the candidates and their meeting (组织法 15, 18)."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.domain import Ground, NominationState, Nominator, Withdrawal
from services.committee.elections.facts import require_clear
from services.committee.elections.journal import log
from services.committee.elections.models import (
    BallotBatch,
    Candidate,
    Election,
    Elector,
    Nomination,
    NominationSupporter,
    Proxy,
)
from services.committee.elections.outcome import contests_of
from services.committee.elections.procedure import State
from services.committee.elections.resolving import withdraw_member
from services.committee.elections.ruling import Ruling
from services.committee.elections.standing import nominator_issues
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text


async def nominate(
    act: Act,
    election: Election,
    *,
    person: int,
    contest: str,
    by: Nominator,
    document: str | None,
    nominators: Sequence[int],
    near_kin: Collection[UUID],
) -> Nomination:
    """Enter a nomination by the Party organisation or by electors. Members of the election
    committee who are nominated, or whose kin is, leave it and are succeeded. Raises Invalid with
    everything that is wrong, Conflict for a second nomination of a person for an office."""
    await _require_nominating(act, election)
    found = await repository.electors_numbered(act.session, election, {person, *nominators})
    ruling = Ruling(election.rules)
    issues = []
    if person not in found:
        issues.append(
            _issue(
                "elector_unknown",
                "/person",
                "名单中没有这名选民。",
                "Nobody of this number is on the roll.",
            )
        )
    names = {one["contest"] for one in election.contests}
    if contest not in names:
        issues.append(
            _issue(
                "contest_unknown",
                "/contest",
                f"应选职务为：{'、'.join(sorted(names))}。",
                f"The contests are {', '.join(sorted(names))}.",
            )
        )
    if by is Nominator.ELECTORS:
        least = ruling.integer("joint_nomination_min")
        issues += nominator_issues(nominators, found.keys(), least=least)
    elif nominators:
        issues.append(
            _issue(
                "party_nominates_alone",
                "/nominators",
                "社区党组织提名不附联名选民。",
                "The Party organisation nominates without electors.",
            )
        )
    elif document is None:
        issues.append(
            _issue(
                "document_missing",
                "/document",
                "社区党组织提名须有书面材料。",
                "A nomination by the Party organisation is in writing.",
            )
        )
    if issues:
        raise Invalid(issues=issues, rules=ruling.applied("joint_nomination_min"))
    elector = found[person]
    made: Nomination | None = await act.session.scalar(
        insert(Nomination)
        .values(
            district=election.district,
            id=new_id(),
            election_id=election.id,
            elector_id=elector.id,
            contest=contest,
            nominated_by=by.value,
            document=document,
            state=NominationState.SUBMITTED.value,
            nominated_on=act.today(election),
            created_by=act.actor.id,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Nomination)
    )
    if made is None:
        raise Conflict(
            code="nominated_already",
            detail=Text(
                zh="此人已被提名为该职务的候选人。",
                en="This person is nominated for the office already.",
            ),
        )
    if nominators:
        await act.session.execute(
            insert(NominationSupporter),
            [
                {
                    "district": election.district,
                    "id": new_id(),
                    "nomination_id": made.id,
                    "elector_id": found[number].id,
                }
                for number in nominators
            ],
        )
    await act.note(election, "nominated", made.id, contest=contest, by=by.value)
    await log(
        act,
        election,
        Kind.NOMINATED,
        {
            "nomination": str(made.id),
            "person": str(elector.person_id),
            "position": _position(election, contest),
            "by": by.value,
            "nominators": sorted(nominators),
        },
    )
    await _succeed(act, election, elector, near_kin)
    return made


async def review(
    act: Act, election: Election, id: UUID, ground: Ground | None, text: str
) -> Nomination:
    """Record the review of a nominated person's qualification: qualified, or refused on a ground
    of 组织法 18."""
    found = await _locked(act, election, id, NominationState.SUBMITTED)
    found.reviewed_on, found.review = act.today(election), text
    if ground is None:
        found.state = NominationState.QUALIFIED.value
    else:
        found.state, found.ground = NominationState.REFUSED.value, ground.value
    found.version += 1
    await act.note(election, "nomination_reviewed", found.id, state=found.state)
    if ground is not None:
        await _decided(act, election, found, [ground.value])
    return found


async def accept(act: Act, election: Election, id: UUID, accepted: bool) -> Nomination:
    """Record whether a qualified person accepts."""
    found = await _locked(act, election, id, NominationState.QUALIFIED)
    found.accepted_on = act.today(election) if accepted else None
    if accepted:
        found.state = NominationState.ACCEPTED.value
    else:
        found.state, found.ground = NominationState.REFUSED.value, Ground.DECLINED.value
    found.version += 1
    await act.note(election, "nomination_answered", found.id, accepted=accepted)
    await _decided(act, election, found, [] if accepted else [Ground.DECLINED.value])
    return found


async def withdraw(act: Act, election: Election, id: UUID, reason: str) -> Nomination:
    """Take a nomination back before the candidates are published, with the reason."""
    open_states = (NominationState.SUBMITTED, NominationState.QUALIFIED, NominationState.ACCEPTED)
    found = await _locked(act, election, id, *open_states)
    accepted = found.state == NominationState.ACCEPTED
    found.state = NominationState.WITHDRAWN.value
    found.version += 1
    await act.note(election, "nomination_withdrawn", found.id, reason=reason)
    if not accepted:
        await _decided(act, election, found, ["withdrawn"])
    return found


async def publish_candidates(act: Act, election: Election) -> None:
    """Publish the candidates, by name in each contest. Again, before any ballot is given out, it
    replaces the list. Raises Conflict `blocked`, and for candidates who hold proxies."""
    if election.state == State.CANDIDATES_PUBLISHED:
        await _require_nominating(act, election)
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
                office=_position(election, row.contest),
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


async def withdraw_candidate(act: Act, election: Election, person_id: UUID, reason: str) -> None:
    """Let a candidate stand down before the vote opens. Raises NotFound, Conflict later."""
    if election.state != State.CANDIDATES_PUBLISHED:
        raise _not_now(
            "候选人只能在公布之后、投票开始之前退出。",
            "A candidate stands down between the publication and the vote.",
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
        raise _not_now("请先公布候选人。", "Publish the candidates first.")
    published = election.candidates_published_on
    assert published is not None
    if not published <= held_on <= min(act.today(election), election.election_day):
        raise Invalid(
            issues=(
                _issue(
                    "meeting_day",
                    "/held_on",
                    f"见面会应在候选人公布（{published}）之后、选举日之前，且不晚于今天。",
                    f"The meeting is held between the publication ({published}) and election day, and not after today.",
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


async def _require_nominating(act: Act, election: Election) -> None:
    """The roll is frozen and no ballot of the first round was given out."""
    if election.state == State.ROLL_FROZEN:
        return
    if election.state == State.CANDIDATES_PUBLISHED and election.round == 1:
        batch = await act.session.scalar(
            select(BallotBatch.id).where(BallotBatch.election_id == election.id).limit(1)
        )
        if batch is None:
            return
    raise _not_now(
        "名单确定之后、发放选票之前方可提名。",
        "Nominations are taken between the freeze of the roll and the first ballot given out.",
    )


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


async def _succeed(
    act: Act, election: Election, elector: Elector, near_kin: Collection[UUID]
) -> None:
    members = await repository.members(act.session, election)
    serving = {one.id for one in members if one.left_on is None}
    unknown = set(near_kin) - {one.id for one in members}
    if unknown:
        raise Invalid(
            issues=(
                _issue(
                    "member_unknown",
                    "/near_kin",
                    "居民选举委员会没有这名成员。",
                    "The election committee has no such member.",
                ),
            )
        )
    if elector.person_id in serving:
        await withdraw_member(act, election, elector.person_id, Withdrawal.NOMINATED, "")
    for id in sorted(set(near_kin) & serving - {elector.person_id}):
        await withdraw_member(act, election, id, Withdrawal.KIN_NOMINATED, "")


async def _locked(act: Act, election: Election, id: UUID, *states: NominationState) -> Nomination:
    found = await act.session.scalar(
        select(Nomination)
        .where(Nomination.election_id == election.id, Nomination.id == id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    await _require_nominating(act, election)
    if found.state not in states:
        raise Conflict(
            code="nomination_state",
            detail=Text(
                zh=f"该提名现为“{found.state}”，不能办理此项。",
                en=f"The nomination is `{found.state}`; this cannot be done now.",
            ),
        )
    return found


async def _decided(act: Act, election: Election, found: Nomination, reasons: list[str]) -> None:
    outcome = "refused" if reasons else "accepted"
    body = {"nomination": str(found.id), "outcome": outcome, "reasons": reasons}
    await log(act, election, Kind.NOMINATION_DECIDED, body)


def _position(election: Election, contest: str) -> str:
    return next(str(one["position"]) for one in election.contests if one["contest"] == contest)


def _issue(code: str, pointer: str, zh: str, en: str) -> Issue:
    return Issue(
        code=code,
        pointer=pointer,
        detail=Text(zh, en),
        remedy=Text("请核对后重新提交。", "Check it and send it again."),
    )


def _not_now(zh: str, en: str) -> Conflict:
    return Conflict(code="not_now", detail=Text(zh, en))
