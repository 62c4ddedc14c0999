"""Stations, ballots, marks, opening and closing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from services.committee.elections import access, marking, polling, repository, staffing
from services.committee.elections.models import Elector, MarkConflict, PollingStation
from services.committee.elections.routes.context import Held, elections_router, held
from services.committee.elections.schemas.ballots import (
    BallotsRequest,
    ClosingRequest,
    ConflictDecision,
    ConflictView,
    MarkedView,
    MarkRequest,
    OfflineRequest,
    StationRequest,
    StationView,
    TakenView,
    VoidingRequest,
)
from services.committee.elections.schemas.elections import ElectionView
from shared.auth.policy import Reach
from shared.db.base import Rows
from shared.web.authentication import PublicReading, Reading, open_to_all, permits
from shared.web.paging import Page, Paging

router: APIRouter = elections_router()
Holding = Annotated[Held, held(access.HOLD)]
_PUBLIC = [open_to_all(access.READ)]


async def _shown(found: Held, station_id: UUID) -> StationView:
    await found.act.session.flush()
    query = repository.stations(found.election.id, found.election.round)
    row = (await found.act.session.execute(query.where(PollingStation.id == station_id))).one()
    return StationView.model_validate(row, from_attributes=True)


def _conflicts(id: UUID) -> Rows:
    kept, other = aliased(PollingStation), aliased(PollingStation)
    return (
        select(
            *MarkConflict.__table__.columns,
            Elector.number.label("elector"),
            kept.code.label("kept_station"),
            other.code.label("other_station"),
        )
        .join(
            Elector,
            and_(Elector.district == MarkConflict.district, Elector.id == MarkConflict.elector_id),
        )
        .join(
            kept,
            and_(kept.district == MarkConflict.district, kept.id == MarkConflict.kept_station_id),
        )
        .join(
            other,
            and_(other.district == MarkConflict.district, other.id == MarkConflict.station_id),
        )
        .where(MarkConflict.election_id == id)
    )


def _conflict(row: Any) -> ConflictView:
    return ConflictView.model_validate(row, from_attributes=True)


@router.get("/{id}/stations", operation_id="elections_stations", dependencies=_PUBLIC)
async def stations(
    id: UUID,
    session: PublicReading,
    round: Annotated[int | None, Query(ge=1, le=99)] = None,
) -> list[StationView]:
    """Stations and mobile boxes of the present round, or of another, by code. 投票站。"""
    row = await repository.election_row(session, id)
    rows = await session.execute(repository.stations(id, round or row.round))
    return [StationView.model_validate(one, from_attributes=True) for one in rows]


@router.post("/{id}/stations", operation_id="elections_set_up_station", status_code=201)
async def set_up(body: StationRequest, found: Holding) -> StationView:
    """Set up a station or mobile box with its scrutineers. 设立投票站。"""
    values = {**dict(body), "scrutineers": [dict(one) for one in body.scrutineers]}
    made = await staffing.set_up(found.act, found.election, values)
    return await _shown(found, made.id)


@router.post("/{id}/stations/{station_id}/ballots", operation_id="elections_give_ballots")
async def give_ballots(station_id: UUID, body: BallotsRequest, found: Holding) -> StationView:
    """Give a station ballots by their serials. 按号段发放选票。"""
    await polling.give_ballots(found.act, found.election, station_id, body.first, body.last)
    return await _shown(found, station_id)


@router.post("/{id}/opening", operation_id="elections_open_vote")
async def open_vote(response: Response, found: Holding) -> ElectionView:
    """Open the vote on its day. 开始投票。"""
    await polling.open_vote(found.act, found.election)
    return await found.shown(response)


@router.post("/{id}/stations/{station_id}/marks", operation_id="elections_mark")
async def mark(
    station_id: UUID,
    body: MarkRequest,
    found: Annotated[Held, held(access.MARK, lock=False)],
) -> MarkedView:
    """Mark an elector who is handed a ballot: once across all stations. 领票标记。"""
    await marking.mark(
        found.act,
        found.election,
        station_id,
        number=body.elector,
        channel=body.channel,
        holder=body.holder,
    )
    return MarkedView(elector=body.elector, channel=body.channel)


@router.post("/{id}/stations/{station_id}/offline-marks", operation_id="elections_take_in_marks")
async def take_in(
    station_id: UUID, body: OfflineRequest, found: Annotated[Held, held(access.MARK)]
) -> TakenView:
    """Take in marks made without a connection; those that contradict another station's are named
    and kept. 离线领票补录。"""
    marks = [dict(one) for one in body.marks]
    taken = await marking.take_in(found.act, found.election, station_id, marks)
    ids = [one.id for one in taken.conflicts]
    query = _conflicts(found.election.id).where(MarkConflict.id.in_(ids))
    rows = (await found.act.session.execute(query.order_by(MarkConflict.id))).all()
    return TakenView(
        marked=taken.marked,
        repeated=taken.repeated,
        conflicts=[_conflict(row) for row in rows],
    )


@router.get("/{id}/mark-conflicts", operation_id="elections_mark_conflicts")
async def conflicts(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: Annotated[Reach, permits(access.READ_ROLL)],
) -> Page[ConflictView]:
    """Electors who were handed ballots at two stations. 重复领票。"""
    await repository.election_row(session, id, reach)
    rows = (await session.execute(page.apply(_conflicts(id), MarkConflict.id))).all()
    return page.page(rows, lambda row: (row.id,), _conflict)


@router.post(
    "/{id}/mark-conflicts/{conflict_id}/decision", operation_id="elections_decide_mark_conflict"
)
async def decide_conflict(
    conflict_id: UUID, body: ConflictDecision, found: Holding
) -> ConflictView:
    """Record what was found out and decided. 处理重复领票。"""
    await marking.decide_conflict(found.act, found.election, conflict_id, body.decision)
    query = _conflicts(found.election.id).where(MarkConflict.id == conflict_id)
    return _conflict((await found.act.session.execute(query)).one())


@router.post("/{id}/stations/{station_id}/closing", operation_id="elections_close_station")
async def close_station(station_id: UUID, body: ClosingRequest, found: Holding) -> StationView:
    """Close a station once its ballots add up. 投票站结束投票。"""
    await polling.close_station(found.act, found.election, station_id, body.spoiled, body.unused)
    return await _shown(found, station_id)


@router.post("/{id}/closing", operation_id="elections_close_vote")
async def close_vote(response: Response, found: Holding) -> ElectionView:
    """End the vote when every station is closed. 结束投票。"""
    await polling.close_vote(found.act, found.election)
    return await found.shown(response)


@router.post("/{id}/stations/{station_id}/voiding", operation_id="elections_void_station")
async def void_station(station_id: UUID, body: VoidingRequest, found: Holding) -> StationView:
    """Void a box, as the election committee decided. 票箱作废。"""
    await polling.void_station(found.act, found.election, station_id, body.reason, body.source)
    return await _shown(found, station_id)
