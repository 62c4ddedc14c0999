"""Files that show what an entry says."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Request, UploadFile
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import StreamingResponse

from services.workstation.ledger import access, proving, queries, recording, repository
from services.workstation.ledger.models import LedgerEvidence
from services.workstation.ledger.routes.entries import Collecting
from services.workstation.ledger.routes.reading import Look, Looking
from services.workstation.ledger.schemas import EvidenceView
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.files.checking import SUFFIXES, checked_file, scanner_at
from shared.files.store import FileStore
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.procedures.acting import Acting
from shared.web.attachments import attachment
from shared.web.authentication import Reading, permits
from shared.web.unit_of_work import UnitOfWorkRoute

MOST_BYTES = 20 << 20
router = APIRouter(
    prefix="/v1/workstation/ledger/entries", tags=["ledger"], route_class=UnitOfWorkRoute
)


def _view(row: Any) -> EvidenceView:
    return EvidenceView.model_validate(row, from_attributes=True)


def _key(district: str, id: UUID) -> str:
    return f"{district}/ledger/{id}"


async def _seen(session: AsyncConnection, look: Look, id: UUID) -> None:
    """The entry is the reader's to see, also whom it is about. Raises NotFound."""
    row = await queries.one_entry(session, look.reader, id)
    if not look.reader.sees(row):
        raise NotFound
    await look.log(row, evidence_of=str(id))


@router.post(
    "/{id}/evidence",
    operation_id="ledger_add_evidence",
    status_code=201,
    max_body_size=MOST_BYTES + (1 << 20),
)
async def add(
    id: UUID,
    request: Request,
    act: Acting,
    collector: Collecting,
    _reach: Annotated[Reach, permits(access.RECORD)],
    file: Annotated[UploadFile, File(description="PDF, JPEG, PNG, DOCX, XLSX", examples=["…"])],
) -> EvidenceView:
    """Add a file that shows what the entry says; its type is judged by its content.
    上传佐证材料。"""
    found, _ = await recording.collected_entry(act.session, act.actor, collector, id)
    checked = await checked_file(
        file.filename or "",
        await file.read(),
        most_bytes=MOST_BYTES,
        scanner=scanner_at(request.app.state.settings.virus_scanner),
    )
    files: FileStore = request.app.state.files
    made = new_id()
    stored = await files.keep(_key(act.actor.district, made), checked.content)
    return _view(
        await proving.add_evidence(
            act.session, act.actor, found, checked, id=made, sha256=stored.sha256
        )
    )


@router.get("/{id}/evidence", operation_id="ledger_evidence")
async def listed(id: UUID, session: Reading, look: Looking) -> list[EvidenceView]:
    """The files of an entry, oldest first. 佐证材料。"""
    await _seen(session, look, id)
    return [_view(row) for row in (await session.execute(repository.evidence(id))).all()]


@router.get(
    "/{id}/evidence/{evidence_id}",
    operation_id="ledger_evidence_file",
    response_class=StreamingResponse,
    responses={200: {"content": {media: {} for media in SUFFIXES}}},
)
async def content(
    id: UUID, evidence_id: UUID, session: Reading, request: Request, look: Looking
) -> StreamingResponse:
    """One file of an entry. 下载佐证材料。"""
    await _seen(session, look, id)
    query = repository.evidence(id).where(LedgerEvidence.id == evidence_id)
    row = await the_row(session, query)
    files: FileStore = request.app.state.files
    return await attachment(
        files.chunks(_key(look.actor.district, evidence_id)),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
    )
