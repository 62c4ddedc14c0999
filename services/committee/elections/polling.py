"""Stations, ballots by serial, and the roll marks (组织法 19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.counting import station_issues
from services.committee.elections.domain import Channel
from services.committee.elections.facts import require_clear
from services.committee.elections.journal import log, source
from services.committee.elections.models import (
    BallotBatch,
    Election,
    Elector,
    MarkConflict,
    PollingStation,
    Proxy,
    RollMark,
)
from services.committee.elections.procedure import State
from shared.audit.record import record
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some marks: made, made here before, in conflict with another station's."""

    marked: int
    repeated: int
    conflicts: tuple[MarkConflict, ...]


async def set_up(act: Act, election: Election, values: Mapping[str, Any]) -> PollingStation:
    """Set up a station of the round with its scrutineers, before ballots are given out. Raises
    Conflict for a code that is taken, Invalid for a candidate among the scrutineers."""
    _require(election, State.CANDIDATES_PUBLISHED)
    if await _batches(act, election):
        raise Conflict(
            code="ballots_given_out",
            detail=Text(
                zh="本轮已发放选票，不能再增设投票站。",
                en="Ballots of this round were given out; no station can be added.",
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
                zh=f"投票站代码 {values['code']} 已被使用。",
                en=f"The station's code {values['code']} is taken.",
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


async def give_ballots(
    act: Act, election: Election, station_id: UUID, first: int, last: int
) -> PollingStation:
    """Give a station ballots by their serials; more may follow while it is open. Raises Invalid
    where a serial was given out before."""
    _require(election, State.CANDIDATES_PUBLISHED, State.VOTING)
    found = await _open_station(act, election, station_id)
    for batch in await _batches(act, election):
        if first <= batch.last and last >= batch.first:
            raise Invalid(issues=(_serials_taken(batch.first, batch.last),))
    act.session.add(
        BallotBatch(
            district=election.district,
            election_id=election.id,
            round=election.round,
            station_id=found.id,
            first=first,
            last=last,
            issued_by=act.actor.id,
        )
    )
    await act.note(election, "ballots_issued", found.id, first=first, last=last)
    body = {"round": election.round, "station": found.code, "first": first, "last": last}
    await log(act, election, Kind.BALLOTS_ISSUED, body)
    return found


async def open_vote(act: Act, election: Election) -> None:
    """Open the vote on its day. Raises Conflict `blocked`."""
    await require_clear(act, election, "opening")
    await act.step(election, "opening")


async def mark(
    act: Act,
    election: Election,
    station_id: UUID,
    *,
    number: int,
    channel: Channel,
    holder: int | None,
) -> None:
    """Mark an elector as having been handed a ballot, once across all stations and processes: the
    key of the mark decides, whoever comes first. Raises Conflict `marked_already`."""
    _require(election, State.VOTING)
    found = await _open_station(act, election, station_id, read=True)
    elector = await repository.elector_numbered(act.session, election, number)
    values = await _values(act, election, found, elector, channel, holder)
    if not await first_mark(
        act.session, {**values, "offline": False, "marked_at": act.moment(election)}
    ):
        raise await _marked_already(act, election, elector)
    # Who came to vote is no matter of the audit: it keeps that a ballot was handed out, and by whom.
    station = ("polling_station", found.id)
    await record(act.session, act.actor, "election.ballot_handed_out", station)


async def first_mark(session: AsyncSession, values: Mapping[str, Any]) -> bool:
    """Insert a mark; whether it is the elector's first in this round. The table's key decides
    among any number of stations and processes."""
    statement = insert(RollMark).values(**values).on_conflict_do_nothing()
    made = await session.scalar(statement.returning(RollMark.elector_id))
    return made is not None


async def take_in(
    act: Act, election: Election, station_id: UUID, marks: Sequence[Mapping[str, Any]]
) -> Taken:
    """Take in marks that a station made without a connection. A mark that contradicts another
    station's is kept as a conflict and named, never lost; the same marks again change nothing."""
    _require(election, State.VOTING)
    found = await _open_station(act, election, station_id, read=True)
    electors = await repository.electors_numbered(
        act.session, election, {one["elector"] for one in marks}
    )
    unknown = [
        _unknown(f"/marks/{at}/elector")
        for at, one in enumerate(marks)
        if one["elector"] not in electors
    ]
    if unknown:
        raise Invalid(issues=unknown)
    made = repeated = 0
    conflicts = []
    for one in sorted(marks, key=lambda one: int(one["elector"])):
        elector = electors[one["elector"]]
        values = await _values(act, election, found, elector, one["channel"], one["holder"])
        values["marked_at"] = one["marked_at"]
        if await first_mark(act.session, {**values, "offline": True}):
            made += 1
            continue
        conflict = await _conflict(act, election, elector, values)
        if conflict is None:
            repeated += 1
        else:
            conflicts.append(conflict)
    await act.note(
        election, "marks_taken_in", found.id,
        marked=made, repeated=repeated, conflicts=len(conflicts),
    )  # fmt: skip
    return Taken(made, repeated, tuple(conflicts))


async def decide_conflict(act: Act, election: Election, id: UUID, decision: str) -> MarkConflict:
    """Record what was found out about an elector who was handed ballots at two stations."""
    found = await act.session.scalar(
        select(MarkConflict)
        .where(MarkConflict.election_id == election.id, MarkConflict.id == id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    if found.decided_on is not None:
        raise Conflict(
            code="conflict_decided",
            detail=Text(zh="该情况已处理。", en="This is decided already."),
        )
    found.decided_on, found.decision = act.today(election), decision
    await act.note(election, "mark_conflict_decided", found.id)
    return found


async def close_station(
    act: Act, election: Election, station_id: UUID, spoiled: int, unused: int
) -> PollingStation:
    """Close a station once its ballots add up: given = handed out + spoiled + left over."""
    _require(election, State.VOTING)
    found = await _open_station(act, election, station_id)
    marks = (await act.session.execute(repository.marks_at(found.id))).all()
    rows = await act.session.execute(
        repository.stations(election.id, election.round).where(PollingStation.id == found.id)
    )
    issued = int(rows.one().ballots)
    issues = station_issues(issued=issued, marks=len(marks), spoiled=spoiled, unused=unused)
    if issues:
        raise Invalid(issues=issues)
    found.closed_at = act.moment(election)
    found.spoiled, found.unused = spoiled, unused
    await act.note(election, "station_closed", found.id, marks=len(marks))
    await log(
        act,
        election,
        Kind.STATION_CLOSED,
        {
            "round": election.round,
            "station": found.code,
            "marks": [{"number": row.number, "channel": row.channel} for row in marks],
            "spoiled": spoiled,
            "unused": unused,
            "sealed_ballots": [],
        },
    )
    return found


async def close_vote(act: Act, election: Election) -> None:
    """End the vote when every station is closed; who was marked twice is named in the log."""
    await require_clear(act, election, "closing")
    await act.step(election, "closing")
    kept = {
        station.id: station.code
        for station in await act.session.scalars(
            select(PollingStation).where(
                PollingStation.election_id == election.id,
                PollingStation.round == election.round,
            )
        )
    }
    rows = await act.session.execute(
        select(Elector.number, MarkConflict.station_id, MarkConflict.kept_station_id)
        .join(
            Elector,
            (Elector.district == MarkConflict.district) & (Elector.id == MarkConflict.elector_id),
        )
        .where(MarkConflict.election_id == election.id, MarkConflict.round == election.round)
    )
    conflicts = [
        {"number": row.number, "kept": kept[row.kept_station_id], "other": kept[row.station_id]}
        for row in rows
    ]
    if conflicts:
        conflicts.sort(key=lambda one: (one["number"], one["other"]))
        body = {"round": election.round, "conflicts": conflicts}
        await log(act, election, Kind.MARKS_RECONCILED, body)


async def void_station(
    act: Act, election: Election, station_id: UUID, reason: str, text: str
) -> PollingStation:
    """Void a closed station's box, as the election committee decided; its ballots do not count."""
    _require(election, State.VOTING, State.COUNTING)
    found = await repository.station(act.session, election, station_id)
    if found.closed_at is None or found.voided_because is not None:
        raise Conflict(
            code="station_not_voidable",
            detail=Text(
                zh="只有已结束投票且未作废的票箱才能作废。",
                en="Only the box of a station that is closed, and not void yet, can be voided.",
            ),
        )
    found.voided_because = reason
    await act.note(election, "station_voided", found.id, reason=reason)
    await log(
        act,
        election,
        Kind.STATION_VOIDED,
        {
            "round": election.round,
            "station": found.code,
            "reason": reason,
            "source": source(text),
        },
    )
    return found


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
            issues.append(_unknown(f"{pointer}/elector"))
        elif one["member_id"] is not None and member is None:
            issues.append(_unknown(f"{pointer}/member_id"))
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


async def _batches(act: Act, election: Election) -> list[BallotBatch]:
    query = select(BallotBatch).where(
        BallotBatch.election_id == election.id, BallotBatch.round == election.round
    )
    return list(await act.session.scalars(query))


async def _open_station(act: Act, election: Election, id: UUID, **lock: Any) -> PollingStation:
    found = await repository.station(act.session, election, id, **lock)
    if found.closed_at is not None:
        raise Conflict(
            code="station_closed",
            detail=Text(zh="该投票站已结束投票。", en="This station is closed."),
        )
    return found


async def _values(
    act: Act,
    election: Election,
    station: PollingStation,
    elector: Elector,
    channel: Channel,
    holder: int | None,
) -> dict[str, Any]:
    """A mark's columns. Raises Invalid for who does not vote, a switched-off channel, or a proxy
    that was not published."""
    issues = []
    if not elector.votes:
        issues.append(
            _issue("does_not_vote", "/elector", "该选民不是投票人。", "This elector does not vote.")
        )
    if channel is Channel.ELECTRONIC:
        issues.append(
            _issue(
                "online_channel_off",
                "/channel",
                "电子投票未启用（组织法第十九条）。",
                "Electronic ballots are switched off (组织法 19).",
            )
        )
    held = None
    if channel is Channel.PROXY:
        held = await _published_proxy(act, election, elector, holder)
        if held is None:
            issues.append(
                _issue(
                    "proxy_not_published",
                    "/holder",
                    "没有已公布的这一委托。",
                    "There is no such published proxy.",
                )
            )
    elif holder is not None:
        issues.append(
            _issue(
                "no_holder_in_person",
                "/holder",
                "本人投票不填受托人。",
                "Who votes in person has no holder.",
            )
        )
    if issues:
        raise Invalid(issues=issues)
    return {
        "district": election.district,
        "election_id": election.id,
        "round": election.round,
        "elector_id": elector.id,
        "station_id": station.id,
        "channel": channel.value,
        "holder_id": held,
        "marked_by": act.actor.id,
    }


async def _published_proxy(
    act: Act, election: Election, principal: Elector, holder: int | None
) -> UUID | None:
    query = (
        select(Proxy.holder_id)
        .join(Elector, (Elector.district == Proxy.district) & (Elector.id == Proxy.holder_id))
        .where(
            Proxy.election_id == election.id,
            Proxy.principal_id == principal.id,
            Proxy.revoked_on.is_(None),
            Proxy.published,
            Elector.number == holder,
        )
    )
    found: UUID | None = await act.session.scalar(query)
    return found


async def _conflict(
    act: Act, election: Election, elector: Elector, values: Mapping[str, Any]
) -> MarkConflict | None:
    """The conflict of a second mark; None where it was this station's own."""
    kept = await act.session.scalar(
        select(RollMark.station_id).where(
            RollMark.election_id == election.id,
            RollMark.round == election.round,
            RollMark.elector_id == elector.id,
        )
    )
    if kept == values["station_id"]:
        return None
    columns = {name: value for name, value in values.items() if name != "holder_id"}
    made: MarkConflict | None = await act.session.scalar(
        insert(MarkConflict)
        .values(**columns, id=new_id(), kept_station_id=kept)
        .on_conflict_do_nothing()
        .returning(MarkConflict)
    )
    return made


async def _marked_already(act: Act, election: Election, elector: Elector) -> Conflict:
    row = (
        await act.session.execute(
            select(PollingStation.name, RollMark.marked_at)
            .join(
                PollingStation,
                (PollingStation.district == RollMark.district)
                & (PollingStation.id == RollMark.station_id),
            )
            .where(
                RollMark.election_id == election.id,
                RollMark.round == election.round,
                RollMark.elector_id == elector.id,
            )
        )
    ).one()
    at: datetime = row.marked_at
    return Conflict(
        code="marked_already",
        detail=Text(
            zh=f"{elector.number} 号选民已于 {at:%H:%M}（UTC）在“{row.name}”领票，不能再次领票。",
            en=f"Elector {elector.number} was handed a ballot at “{row.name}” at {at:%H:%M} UTC.",
        ),
    )


def _require(election: Election, *states: State) -> None:
    if election.state not in states:
        raise Conflict(
            code="not_now",
            detail=Text(
                zh=f"选举现为“{election.state}”，不能办理此项。",
                en=f"The election is `{election.state}`; this cannot be done now.",
            ),
        )


def _issue(code: str, pointer: str, zh: str, en: str) -> Issue:
    return Issue(
        code=code,
        pointer=pointer,
        detail=Text(zh, en),
        remedy=Text("请核对后重新提交。", "Check it and send it again."),
    )


def _unknown(pointer: str) -> Issue:
    return _issue("elector_unknown", pointer, "没有这个编号。", "There is no such number or id.")


def _candidate_counts(pointer: str) -> Issue:
    return _issue(
        "candidate_counts",
        pointer,
        "候选人不得担任监票计票人员；同名者请填写选民编号。",
        "A candidate is no scrutineer; give a namesake's elector number.",
    )


def _serials_taken(first: int, last: int) -> Issue:
    return _issue(
        "serials_taken",
        "/first",
        f"号段与已发放的 {first}–{last} 重叠。",
        f"The serials overlap {first}–{last}, given out before.",
    )
