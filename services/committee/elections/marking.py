"""Roll marks: one an elector and round, at whatever station and however many at once (组织法 19)."""

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
from services.committee.elections.calendar import Window
from services.committee.elections.domain import Channel, Form
from services.committee.elections.issues import require_state
from services.committee.elections.models import (
    Election,
    Elector,
    MarkConflict,
    PollingStation,
    Proxy,
    RollMark,
)
from services.committee.elections.polling import open_station
from services.committee.elections.procedure import State
from services.committee.elections.standing import unknown_elector
from shared.audit.record import record
from shared.kernel.clock import SHANGHAI, day_of
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some marks: made, made here before, in conflict with another station's."""

    marked: int
    repeated: int
    conflicts: tuple[MarkConflict, ...]


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
    require_state(election, State.VOTING)
    found = await open_station(act, election, station_id, read=True)
    elector = await repository.elector_numbered(act.session, election, number, "/elector")
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
    require_state(election, State.VOTING)
    found = await open_station(act, election, station_id, read=True)
    electors = await repository.electors_numbered(
        act.session, election, {one["elector"] for one in marks}
    )
    issues = [
        unknown_elector(one["elector"], f"/marks/{at}/elector")
        for at, one in enumerate(marks)
        if one["elector"] not in electors
    ]
    ballot_on = (await repository.round_of(act.session, election)).ballot_on
    voting = Window(ballot_on, act.today(election))
    issues += [
        _marked_on_another_day(at, voting)
        for at, one in enumerate(marks)
        if not voting.holds(day_of(one["marked_at"]))
    ]
    if issues:
        raise Invalid(issues=issues)
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
            detail=Text(
                zh=f"该情况已于 {found.decided_on} 处理，不能再改。处理意见见 mark-conflicts。",
                en=f"This was decided on {found.decided_on} and stays so; see mark-conflicts.",
            ),
        )
    found.decided_on, found.decision = act.today(election), decision
    await act.note(election, "mark_conflict_decided", found.id)
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
    voters = Form(election.form).voters
    if not elector.votes:
        issues.append(
            issue(
                "does_not_vote",
                "/elector",
                f"{elector.number} 号选民不是投票人：本次选举由{voters.zh}投票。",
                f"Elector {elector.number} does not vote: the {voters.en} do.",
                "请核对选民编号，不要发给选票。",
                "Check the number; hand out no ballot.",
            )
        )
    if channel is Channel.ELECTRONIC:
        issues.append(
            issue(
                "online_channel_off",
                "/channel",
                "电子投票未启用（组织法第十九条）。",
                "Electronic ballots are switched off (组织法 19).",
                "请发给纸质选票（paper）。",
                "Hand out a ballot on paper (paper).",
            )
        )
    held = None
    if channel is Channel.PROXY:
        held = await _published_proxy(act, election, elector, holder)
        if held is None:
            issues.append(
                issue(
                    "proxy_not_published",
                    "/holder",
                    "没有已公布的这一委托。",
                    "There is no such published proxy.",
                    "请核对委托人和受托人编号；未公布的委托不能凭以投票。",
                    "Check both numbers against the published list; no other proxy votes.",
                )
            )
    elif holder is not None:
        issues.append(
            issue(
                "no_holder_in_person",
                "/holder",
                "本人投票不填受托人。",
                "Who votes in person has no holder.",
                "请去掉 holder，或把 channel 改为 proxy。",
                "Leave `holder` out, or give the channel `proxy`.",
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


def _marked_on_another_day(at: int, voting: Window) -> Issue:
    return issue(
        "marked_on_another_day",
        f"/marks/{at}/marked_at",
        f"领票时间不在投票期间（{voting.first} 至 {voting.last}）。",
        f"The moment is not within the vote ({voting.first} to {voting.last}).",
        "请核对设备的时间，并按实际领票时间填写。",
        "Check the device's clock and give the moment at which the ballot was handed out.",
    )


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
    at: datetime = row.marked_at.astimezone(SHANGHAI)
    return Conflict(
        code="marked_already",
        detail=Text(
            zh=f"{elector.number} 号选民已于 {at:%H:%M} 在“{row.name}”领票，不能再次领票。"
            "请核对编号；选票写错的收回作废后换发，不再标记。",
            en=f"Elector {elector.number} was handed a ballot at “{row.name}” at {at:%H:%M}. Check "
            "the number; a spoiled ballot is exchanged without another mark.",
        ),
    )
