"""Evidence: upload, list, download, withdrawal."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Query, Request, UploadFile
from starlette.responses import StreamingResponse

from services.workstation.tasks import access, proving, repository
from services.workstation.tasks.models import Task
from services.workstation.tasks.schemas import EvidenceView
from shared.auth.policy import Reach
from shared.files.checking import SUFFIXES, checked_file, scanner_at
from shared.kernel.errors import NotFound
from shared.procedures.acting import Acting
from shared.web.attachments import attachment
from shared.web.authentication import Reading, permits
from shared.web.shapes import ReasonRequest
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/workstation/tasks", tags=["work"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ)]
Work = Annotated[Reach, permits(access.WORK)]
_FORM_BYTES = 1 << 16


def _view(row: Any) -> EvidenceView:
    return EvidenceView.model_validate(row, from_attributes=True)


@router.post(
    "/{id}/evidence",
    operation_id="tasks_add_evidence",
    status_code=201,
    max_body_size=proving.MOST_BYTES + _FORM_BYTES,
)
async def add(
    id: UUID,
    file: Annotated[UploadFile, File(examples=["入户照片.jpg"])],
    request: Request,
    act: Acting,
    reach: Work,
) -> EvidenceView:
    """Add a PDF, JPEG, PNG, DOCX or XLSX of at most 20 MB, judged by its content. 上传佐证材料。"""
    checked = await checked_file(
        file.filename or "",
        await file.read(),
        most_bytes=proving.MOST_BYTES,
        scanner=scanner_at(request.app.state.settings.virus_scanner),
    )
    task = await repository.locked_task(act.session, reach, id)
    return _view(await proving.add(act, request.app.state.files, task, checked))


@router.get("/{id}/evidence", operation_id="tasks_evidence")
async def evidence(
    id: UUID,
    session: Reading,
    reach: Read,
    withdrawn: Annotated[bool, Query(description="Also those that were withdrawn")] = False,
) -> list[EvidenceView]:
    """A task's files, oldest first. 佐证材料。"""
    await _require_seen(session, reach, id)
    return [_view(row) for row in await repository.evidence_of(session, id, withdrawn=withdrawn)]


@router.get(
    "/{id}/evidence/{evidence_id}",
    operation_id="tasks_evidence_file",
    response_class=StreamingResponse,
    responses={200: {"content": {media: {} for media in SUFFIXES}}},
)
async def file(
    id: UUID, evidence_id: UUID, session: Reading, request: Request, reach: Read
) -> StreamingResponse:
    """One file, as it was added. 下载佐证材料。"""
    await _require_seen(session, reach, id)
    found = next(
        (row for row in await repository.evidence_of(session, id) if row.id == evidence_id), None
    )
    if found is None:
        raise NotFound
    return await attachment(
        request.app.state.files.chunks(proving.stored_at(found)),
        name=found.name,
        media_type=found.media_type,
        size=found.size,
    )


@router.post("/{id}/evidence/{evidence_id}/withdrawal", operation_id="tasks_withdraw_evidence")
async def withdraw(
    id: UUID, evidence_id: UUID, body: ReasonRequest, act: Acting, reach: Work
) -> EvidenceView:
    """Take a file out that was added by mistake; that it was there stays on record.
    撤下佐证材料。"""
    task = await repository.locked_task(act.session, reach, id)
    return _view(await proving.withdraw(act, task, evidence_id, body.reason))


async def _require_seen(session: Any, reach: Reach, id: UUID) -> None:
    if (await session.execute(repository.tasks(reach).where(Task.id == id))).first() is None:
        raise NotFound
