"""Stations and mobile boxes are set up with their scrutineers (组织法 19)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.issues import require_state
from services.committee.elections.journal import log
from services.committee.elections.models import (
    Election,
    PollingStation,
)
from services.committee.elections.polling import batches
from services.committee.elections.procedure import State
from services.committee.elections.standing import unknown_elector
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


async def set_up(act: Act, election: Election, values: Mapping[str, Any]) -> PollingStation:
    """Set up a station of the round with its scrutineers, before ballots are given out. Raises
    Conflict for a code that is taken, Invalid for a candidate among the scrutineers."""
    require_state(election, State.CANDIDATES_PUBLISHED)
    if await batches(act, election):
        raise Conflict(
            code="ballots_given_out",
            detail=Text(
                zh="本轮已发放选票，投票站名单不能再变。请把选票加发给已设的投票站（stations/{id}/ballots）。",
                en="Ballots of this round were given out, so no station can be added. Give further "
                "ballots to one that is there (stations/{id}/ballots).",
            ),
        )
    scrutineers = await _scrutineers(act, election, values["scrutineers"])
    made: PollingStation | None = await act.session.scalar(
        insert(PollingStation)
        .values(
            district=election.district,
            id=new_id(),
            election_id=election.id,
            round=election.round,
            code=values["code"],
            name=values["name"],
            kind=values["kind"],
            address=values["address"],
            scrutineers=scrutineers,
            attempt=1,
            agreed=False,
        )
        .on_conflict_do_nothing()
        .returning(PollingStation)
    )
    if made is None:
        raise Conflict(
            code="code_taken",
            detail=Text(
                zh=f"投票站代码 {values['code']} 已被使用。请换一个代码。",
                en=f"The station's code {values['code']} is taken. Choose another.",
            ),
        )
    await act.note(election, "station_set_up", made.id, code=made.code)
    rows = await act.session.execute(repository.stations(election.id, election.round))
    stations = [
        {
            "station": row.code,
            "kind": row.kind,
            "name": row.name,
            "scrutineers": row.scrutineers,
        }
        for row in rows
    ]
    body = {"round": election.round, "stations": stations}
    await log(act, election, Kind.STATIONS_PUBLISHED, body)
    return made


async def _scrutineers(
    act: Act, election: Election, people: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    candidates = await repository.candidates(act.session, election.id, election.round)
    names = {row.name for row in candidates}
    standing = {row.elector_id for row in candidates}
    members = {one.id: one for one in await repository.members(act.session, election)}
    numbers = {one["elector"] for one in people if one["elector"] is not None}
    electors = await repository.electors_numbered(act.session, election, numbers)
    issues, found = [], []
    for at, one in enumerate(people):
        pointer = f"/scrutineers/{at}"
        elector = electors.get(one["elector"])
        member = members.get(one["member_id"])
        if one["elector"] is not None and elector is None:
            issues.append(unknown_elector(one["elector"], f"{pointer}/elector"))
        elif one["member_id"] is not None and member is None:
            issues.append(_no_member(f"{pointer}/member_id"))
        elif (elector is not None and elector.id in standing) or (
            elector is None and member is None and one["name"] in names
        ):
            issues.append(_candidate_counts(pointer))
        else:
            person = elector.person_id if elector else member.id if member else new_id()
            name = elector.name if elector else member.name if member else one["name"]
            found.append({"person": str(person), "name": str(name)})
    if issues:
        raise Invalid(issues=issues)
    return found


def _no_member(pointer: str) -> Issue:
    return issue(
        "member_unknown",
        pointer,
        "居民选举委员会没有这名成员。",
        "The election committee has no such member.",
        "请填写 committee 中成员的编号。",
        "Give an id that `committee` lists.",
    )


def _candidate_counts(pointer: str) -> Issue:
    return issue(
        "candidate_counts",
        pointer,
        "候选人不得担任监票计票人员。",
        "A candidate is no scrutineer.",
        "请另派他人；与候选人同名者请填写其选民编号。",
        "Name somebody else; of a candidate's namesake give the elector's number.",
    )
