"""Photographs, count sheets, the result, decisions and further rounds."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from sqlalchemy import and_, select

from services.committee.elections import access, answering, concluding, counts, repository
from services.committee.elections.models import CountSheet, ElectionFile, PollingStation
from services.committee.elections.routes.context import Held, elections_router, held
from services.committee.elections.schemas.ballots import (
    FileView,
    FurtherRequest,
    RepetitionRequest,
    SeatDecisionRequest,
    SheetLine,
    SheetRequest,
    SheetView,
)
from services.committee.elections.schemas.elections import ElectionView
from shared.files.checking import checked_file
from shared.kernel.errors import NotFound
from shared.web.authentication import PublicReading, open_to_all
from shared.web.shapes import ReasonRequest

router: APIRouter = elections_router()
Holding = Annotated[Held, held(access.HOLD)]
Counting = Annotated[Held, held(access.COUNT)]
_PUBLIC = [open_to_all(access.READ)]
MOST_BYTES = 10 << 20


@router.post(
    "/{id}/files",
    operation_id="elections_keep_file",
    status_code=201,
    max_body_size=MOST_BYTES + (1 << 16),
)
async def keep_file(
    request: Request,
    file: Annotated[UploadFile, File(description="JPEG or PNG", examples=["计票表S1-A.jpg"])],
    found: Counting,
) -> FileView:
    """Keep a photograph of a count sheet. 上传计票表照片。"""
    checked = await checked_file(
        (file.filename or "").replace("\x00", "")[:200],
        await file.read(),
        most_bytes=MOST_BYTES,
        scanner=None,
    )
    kept = await counts.keep_file(found.act, found.election, request.app.state.files, checked)
    return FileView.model_validate(kept, from_attributes=True)


@router.get(
    "/{id}/files/{file_id}",
    operation_id="elections_file",
    dependencies=_PUBLIC,
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}, "image/png": {}, "application/pdf": {}}}},
)
async def file(
    id: UUID, file_id: UUID, session: PublicReading, request: Request
) -> StreamingResponse:
    """The photograph of an agreed count sheet. 计票表照片。"""
    query = (
        select(ElectionFile.key, ElectionFile.media_type)
        .join(
            CountSheet,
            and_(
                CountSheet.district == ElectionFile.district,
                CountSheet.photograph_id == ElectionFile.id,
            ),
        )
        .where(
            ElectionFile.election_id == id,
            ElectionFile.id == file_id,
            CountSheet.differs.is_not(None),
        )
    )
    row = (await session.execute(query)).first()
    if row is None:
        raise NotFound
    return StreamingResponse(request.app.state.files.chunks(row.key), media_type=row.media_type)


def _state(row: Any) -> Literal["waiting", "agreed", "differs"]:
    if row.differs is None:
        return "waiting"
    return "differs" if row.differs else "agreed"


def _sheet(row: Any, other: Any) -> SheetView:
    """A sheet; its figures are hidden as long as the other one is not there."""
    there = row.differs is not None
    return SheetView(
        id=row.id,
        station_id=row.station_id,
        attempt=row.attempt,
        sheet=row.sheet,
        counted_by=row.counted_by,
        state=_state(row),
        received=row.received if there else None,
        contests=[SheetLine(**line) for line in row.contests] if there else None,
        differences=list(counts.sheet_differences(row, other)) if other is not None else [],
        photograph_sha256=row.sha256,
        photograph_id=row.photograph_id,
    )


async def _sheets(session: Any, id: UUID) -> list[SheetView]:
    query = (
        select(*CountSheet.__table__.columns, ElectionFile.sha256)
        .join(
            ElectionFile,
            and_(
                ElectionFile.district == CountSheet.district,
                ElectionFile.id == CountSheet.photograph_id,
            ),
        )
        .join(
            PollingStation,
            and_(
                PollingStation.district == CountSheet.district,
                PollingStation.id == CountSheet.station_id,
            ),
        )
        .where(CountSheet.election_id == id)
        .order_by(PollingStation.round, PollingStation.code, CountSheet.attempt, CountSheet.sheet)
    )
    rows = (await session.execute(query)).all()
    pairs = {(row.station_id, row.attempt, row.sheet): row for row in rows}
    return [
        _sheet(row, pairs.get((row.station_id, row.attempt, "A" if row.sheet == "B" else "B")))
        for row in rows
    ]


@router.get("/{id}/count-sheets", operation_id="elections_count_sheets", dependencies=_PUBLIC)
async def count_sheets(id: UUID, session: PublicReading) -> list[SheetView]:
    """Count sheets of all rounds by station; figures are shown once both sheets of a station are
    there. 计票表。"""
    await repository.election_row(session, id)
    return await _sheets(session, id)


@router.post("/{id}/count-sheets", operation_id="elections_enter_sheet", status_code=201)
async def enter_sheet(body: SheetRequest, found: Counting) -> SheetView:
    """Enter one of a station's two sheets; with the second both are compared. 录入计票表。"""
    made = await counts.enter(found.act, found.election, body.model_dump())
    await found.act.session.flush()
    sheets = await _sheets(found.act.session, found.election.id)
    return next(sheet for sheet in sheets if sheet.id == made.id)


@router.post("/{id}/result", operation_id="elections_conclude")
async def conclude(response: Response, found: Holding) -> ElectionView:
    """Publish the result on the spot; where the votes do not decide, the election waits for a
    decision. 公布选举结果。"""
    await concluding.conclude(found.act, found.election)
    return await found.shown(response)


@router.post("/{id}/seat-decisions", operation_id="elections_decide_seats")
async def decide_seats(
    body: SeatDecisionRequest, response: Response, found: Holding
) -> ElectionView:
    """Record the decision that the province's rule prescribes, with its source. 依规确定当选人。"""
    await answering.answer(found.act, found.election, body.model_dump())
    return await found.shown(response)


@router.post("/{id}/second-ballot", operation_id="elections_hold_second_ballot")
async def second_ballot(body: FurtherRequest, response: Response, found: Holding) -> ElectionView:
    """Set a second ballot for the seats that were not filled. 另行选举。"""
    await concluding.hold_second_ballot(found.act, found.election, body.ballot_on)
    return await found.shown(response)


@router.post("/{id}/repetition", operation_id="elections_repeat")
async def repeat(body: RepetitionRequest, response: Response, found: Holding) -> ElectionView:
    """Set a further round for one that was void. 重新投票。"""
    await concluding.repeat(found.act, found.election, body.ballot_on, body.reason)
    return await found.shown(response)


@router.post("/{id}/vacancies", operation_id="elections_leave_vacant")
async def leave_vacant(body: ReasonRequest, response: Response, found: Holding) -> ElectionView:
    """Close the election with seats left vacant. 缺额结束。"""
    await concluding.leave_vacant(found.act, found.election, body.reason)
    return await found.shown(response)
