"""Files of a visit."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import StreamingResponse

from services.gateway.assessment.findings import access, evidence, repository
from services.gateway.assessment.findings.models import VisitEvidence
from services.gateway.assessment.findings.schemas import EvidenceView
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.files.checking import SUFFIXES, checked_file, scanner_at
from shared.files.store import FileStore
from shared.kernel.ids import new_id
from shared.procedures.acting import Acting
from shared.web.attachments import attachment
from shared.web.authentication import Reading, permits
from shared.web.paging import Page, Paging
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/assessment/visits/{id}/evidence", tags=["assessment"], route_class=UnitOfWorkRoute
)
Read = Annotated[Reach, permits(access.READ)]


def _view(row: Any) -> EvidenceView:
    return EvidenceView.model_validate(row, from_attributes=True)


@router.post(
    "",
    operation_id="assessment_add_evidence",
    status_code=201,
    max_body_size=evidence.MOST_BYTES + (1 << 20),
)
async def add(
    id: UUID,
    request: Request,
    act: Acting,
    reach: Annotated[Reach, permits(access.ASSESS)],
    file: Annotated[UploadFile, File(description="PDF, JPEG, PNG, DOCX, XLSX", examples=["…"])],
    evidence_id: Annotated[
        UUID | None, Form(description="The client's own id, so that it may send again")
    ] = None,
) -> EvidenceView:
    """Add a file to a visit, to be cited by its findings; the same file again is the one that is
    there. 上传佐证材料。"""
    visit = await repository.visit(act.session, reach, id)
    checked = await checked_file(
        file.filename or "",
        await file.read(),
        most_bytes=evidence.MOST_BYTES,
        scanner=scanner_at(request.app.state.settings.virus_scanner),
    )
    files: FileStore = request.app.state.files
    return _view(await evidence.add(act, files, visit, evidence_id or new_id(), checked))


@router.get("", operation_id="assessment_evidence")
async def listed(id: UUID, session: Reading, page: Paging, reach: Read) -> Page[EvidenceView]:
    """The files of a visit. 佐证材料。"""
    await repository.visit(session, reach, id)
    query = page.apply(repository.evidence(id), VisitEvidence.added_at, VisitEvidence.id)
    rows = (await session.execute(query)).all()
    return page.page(rows, lambda row: (row.added_at, row.id), _view)


@router.get(
    "/{evidence_id}",
    operation_id="assessment_evidence_file",
    response_class=StreamingResponse,
    responses={200: {"content": {media: {} for media in SUFFIXES}}},
)
async def content(
    id: UUID, evidence_id: UUID, session: Reading, request: Request, reach: Read
) -> StreamingResponse:
    """One file of a visit. 下载佐证材料。"""
    await repository.visit(session, reach, id)
    query = repository.evidence(id).where(VisitEvidence.id == evidence_id)
    row = await the_row(session, query)
    files: FileStore = request.app.state.files
    return await attachment(
        files.chunks(evidence.stored_at(row.district, id, row.sha256)),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
    )
