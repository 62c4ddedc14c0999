"""Stations, ballots by serial, and the roll marks (组织法 19)."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.counting import station_issues
from services.committee.elections.facts import require_clear
from services.committee.elections.issues import require_state
from services.committee.elections.journal import log, source
from services.committee.elections.models import (
    BallotBatch,
    Election,
    Elector,
    MarkConflict,
    PollingStation,
)
from services.committee.elections.procedure import State
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


async def give_ballots(
    act: Act, election: Election, station_id: UUID, first: int, last: int
) -> PollingStation:
    """Give a station ballots by their serials; more may follow while it is open. Raises Invalid
    where a serial was given out before."""
    require_state(election, State.CANDIDATES_PUBLISHED, State.VOTING)
    found = await open_station(act, election, station_id)
    if last < first:
        raise Invalid(issues=(_serials_reversed(first),))
    for batch in await batches(act, election):
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


async def close_station(
    act: Act, election: Election, station_id: UUID, spoiled: int, unused: int
) -> PollingStation:
    """Close a station once its ballots add up: given = handed out + spoiled + left over."""
    require_state(election, State.VOTING)
    found = await open_station(act, election, station_id)
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
    require_state(election, State.VOTING, State.COUNTING)
    found = await repository.station(act.session, election, station_id)
    closed = found.closed_at is not None
    if not closed or found.voided_because is not None:
        raise Conflict(
            code="station_not_voidable",
            detail=Text(
                zh="该票箱已经作废。"
                if closed
                else "该投票站尚未结束投票，请先关闭（stations/{id}/closing）再决定票箱是否作废。",
                en="This box is void already."
                if closed
                else "The station is not closed. Close it (stations/{id}/closing) before its box "
                "is voided.",
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


async def open_station(act: Act, election: Election, id: UUID, **lock: Any) -> PollingStation:
    """A station of the round that takes marks and ballots, under a row lock. Raises NotFound, and
    Conflict once it is closed."""
    found = await repository.station(act.session, election, id, **lock)
    if found.closed_at is not None:
        raise Conflict(
            code="station_closed",
            detail=Text(
                zh=f"投票站 {found.code} 已结束投票，不再发票、标记或加发选票。请改到仍开放的投票站办理。",
                en=f"Station {found.code} is closed: no ballots are given to it or handed out any "
                "more. Go to one that is open.",
            ),
        )
    return found


async def batches(act: Act, election: Election) -> list[BallotBatch]:
    """The ballots given out in the present round."""
    query = select(BallotBatch).where(
        BallotBatch.election_id == election.id, BallotBatch.round == election.round
    )
    return list(await act.session.scalars(query))


def _serials_reversed(first: int) -> Issue:
    return issue(
        "serials_reversed",
        "/last",
        f"末号不能小于首号 {first}。",
        f"The last serial cannot lie before the first, {first}.",
        "请核对选票号段。",
        "Check the serials on the ballots.",
    )


def _serials_taken(first: int, last: int) -> Issue:
    return issue(
        "serials_taken",
        "/first",
        f"号段与已发放的 {first}–{last} 重叠。",
        f"The serials overlap {first}–{last}, given out before.",
        "请填写尚未发放的号段。",
        "Give serials that nobody was given yet.",
    )
