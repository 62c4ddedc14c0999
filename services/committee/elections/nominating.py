"""Nominations, their review and acceptance, the candidates and their meeting (组织法 15, 18)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.committee.elections import officers, repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.domain import Ground, NominationState, Nominator, Withdrawal
from services.committee.elections.issues import not_now
from services.committee.elections.journal import log
from services.committee.elections.models import (
    BallotBatch,
    Election,
    Elector,
    Nomination,
    NominationSupporter,
)
from services.committee.elections.procedure import State
from services.committee.elections.ruling import Ruling
from services.committee.elections.standing import nominator_issues, unknown_elector
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import issue
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
    await require_nominating(act, election)
    found = await repository.electors_numbered(act.session, election, {person, *nominators})
    ruling = Ruling(election.rules)
    issues = []
    if person not in found:
        issues.append(unknown_elector(person, "/person"))
    names = {one["contest"] for one in election.contests}
    if contest not in names:
        issues.append(
            issue(
                "contest_unknown",
                "/contest",
                f"应选职务为：{'、'.join(sorted(names))}。",
                f"The contests are {', '.join(sorted(names))}.",
                "请填写其中之一。",
                "Give one of them.",
            )
        )
    if by is Nominator.ELECTORS:
        least = ruling.integer("joint_nomination_min")
        issues += nominator_issues(nominators, found.keys(), least=least)
    elif nominators:
        issues.append(
            issue(
                "party_nominates_alone",
                "/nominators",
                "社区党组织提名不附联名选民。",
                "The Party organisation nominates without electors.",
                "请去掉 nominators，或把 by 改为 electors。",
                "Leave `nominators` out, or give `electors` in `by`.",
            )
        )
    elif document is None:
        issues.append(
            issue(
                "document_missing",
                "/document",
                "社区党组织提名须有书面材料。",
                "A nomination by the Party organisation is in writing.",
                "请在 document 中填写文号或材料名称。",
                "Name it in `document`.",
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
                zh="此人已被提名为该职务的候选人，不必重复提名。需要更正的，请先撤回原提名"
                "（nominations/{id}/withdrawal）。",
                en="This person is nominated for the office already. To mend the nomination take "
                "it back first (nominations/{id}/withdrawal).",
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
            "position": position_of(election, contest),
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


async def _succeed(
    act: Act, election: Election, elector: Elector, near_kin: Collection[UUID]
) -> None:
    members = await repository.members(act.session, election)
    serving = {one.id for one in members if one.left_on is None}
    unknown = set(near_kin) - {one.id for one in members}
    if unknown:
        raise Invalid(
            issues=(
                issue(
                    "member_unknown",
                    "/near_kin",
                    "居民选举委员会没有这名成员。",
                    "The election committee has no such member.",
                    "请填写 committee 中成员的编号。",
                    "Give the ids of members as `committee` lists them.",
                ),
            )
        )
    if elector.person_id in serving:
        await officers.withdraw(act, election, elector.person_id, Withdrawal.NOMINATED, "")
    for id in sorted(set(near_kin) & serving - {elector.person_id}):
        await officers.withdraw(act, election, id, Withdrawal.KIN_NOMINATED, "")


async def _locked(act: Act, election: Election, id: UUID, *states: NominationState) -> Nomination:
    found = await act.session.scalar(
        select(Nomination)
        .where(Nomination.election_id == election.id, Nomination.id == id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    await require_nominating(act, election)
    if found.state not in states:
        name = NominationState(found.state).label
        asked = [state.label for state in states]
        raise Conflict(
            code="nomination_state",
            detail=Text(
                zh=f"该提名{name.zh}。此项只对{'或'.join(one.zh for one in asked)}的提名办理。",
                en=f"The nomination is {name.en}; this is for one that is "
                f"{' or '.join(one.en for one in asked)}.",
            ),
        )
    return found


async def _decided(act: Act, election: Election, found: Nomination, reasons: list[str]) -> None:
    outcome = "refused" if reasons else "accepted"
    body = {"nomination": str(found.id), "outcome": outcome, "reasons": reasons}
    await log(act, election, Kind.NOMINATION_DECIDED, body)


async def require_nominating(act: Act, election: Election) -> None:
    """The roll is frozen and no ballot of the first round was given out."""
    if election.state == State.ROLL_FROZEN:
        return
    if election.state == State.CANDIDATES_PUBLISHED and election.round == 1:
        batch = await act.session.scalar(
            select(BallotBatch.id).where(BallotBatch.election_id == election.id).limit(1)
        )
        if batch is None:
            return
    raise not_now(
        election,
        Text(
            "提名在名单确定之后、发放第一张选票之前办理。",
            "Nominations are taken between the freeze of the roll and the first ballot given out.",
        ),
    )


def position_of(election: Election, contest: str) -> str:
    """The office of a contest."""
    return next(str(one["position"]) for one in election.contests if one["contest"] == contest)
