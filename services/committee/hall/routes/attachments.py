"""Attachments: add, publish, list, download."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Request, UploadFile
from sqlalchemy import select
from starlette.responses import StreamingResponse

from services.committee.hall import access, attaching
from services.committee.hall.models.matters import Attachment, Matter
from services.committee.hall.schemas.attachments import AttachmentView
from shared.auth.policy import Reach
from shared.files.checking import SUFFIXES, checked_file, scanner_at
from shared.kernel.errors import NotFound
from shared.procedures.acting import Acting
from shared.web.attachments import attachment
from shared.web.authentication import (
    CurrentPrincipal,
    PublicDistrict,
    PublicReading,
    Reading,
    open_to_all,
    permits,
)
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(
    prefix="/v1/committee/hall/matters/{id}", tags=["hall"], route_class=UnitOfWorkRoute
)
Attach = Annotated[Reach, permits(access.ATTACH)]
_MEGABYTE = 1 << 20
_MOST_BYTES = 20 * _MEGABYTE
_FILE: dict[int | str, Any] = {200: {"content": {media: {} for media in SUFFIXES}}}


@router.post("/attachments", operation_id="hall_attach", status_code=201, max_body_size=_MOST_BYTES)
async def add(
    id: UUID,
    file: Annotated[UploadFile, File(examples=["积水.jpg"])],
    request: Request,
    act: Acting,
    reach: Attach,
) -> AttachmentView:
    """Add a photograph or document (PDF, JPEG, PNG, DOCX, XLSX), judged by its content; the public
    sees photographs that the committee publishes. 上传附件。"""
    rule = act.rulebook.lookup("hall.attachment_megabytes", act.actor.district, act.today)
    checked = await checked_file(
        file.filename or "",
        await file.read(),
        most_bytes=rule.integer() * _MEGABYTE,
        scanner=scanner_at(request.app.state.settings.virus_scanner),
    )
    made = await attaching.add(act, reach, id, request.app.state.files, checked)
    await act.session.refresh(made)
    return AttachmentView.model_validate(made, from_attributes=True)


@router.get("/attachments", operation_id="hall_attachments")
async def attachments(
    id: UUID, session: Reading, principal: CurrentPrincipal, _reach: Attach
) -> list[AttachmentView]:
    """All attachments, for who raised the matter and its committee. 全部附件。"""
    await attaching.require_seen(session, principal, id)
    rows = await session.execute(attaching.attachments(id, public=False).order_by(Attachment.id))
    return [AttachmentView.model_validate(row, from_attributes=True) for row in rows]


@router.get(
    "/attachments/{attachment_id}",
    operation_id="hall_attachment",
    response_class=StreamingResponse,
    responses=_FILE,
)
async def download(
    id: UUID,
    attachment_id: UUID,
    request: Request,
    session: Reading,
    principal: CurrentPrincipal,
    _reach: Attach,
) -> StreamingResponse:
    """One attachment as it was added. 下载附件。"""
    await attaching.require_seen(session, principal, id)
    query = attaching.attachments(id, public=False).where(Attachment.id == attachment_id)
    row = (await session.execute(query)).one_or_none()
    return await _file(row, request, principal.district, None)


@router.post("/attachments/{attachment_id}/publication", operation_id="hall_publish_attachment")
async def publish(
    id: UUID, attachment_id: UUID, act: Acting, reach: Annotated[Reach, permits(access.WORK)]
) -> AttachmentView:
    """Show a photograph to all. 公开照片。"""
    found = await attaching.publish(act, reach, id, attachment_id)
    return AttachmentView.model_validate(found, from_attributes=True)


@router.get("/photos", operation_id="hall_photos", dependencies=[open_to_all(access.READ)])
async def photos(id: UUID, session: PublicReading) -> list[AttachmentView]:
    """The photographs that all can see. 公开照片列表。"""
    if (await session.execute(select(Matter.id).where(Matter.id == id))).first() is None:
        raise NotFound
    rows = await session.execute(attaching.attachments(id, public=True).order_by(Attachment.id))
    views = []
    for row in rows:
        view = AttachmentView.model_validate(row, from_attributes=True)
        views.append(view.model_copy(update={"name": attaching.public_name(row)}))
    return views


@router.get(
    "/photos/{attachment_id}",
    operation_id="hall_photo",
    dependencies=[open_to_all(access.READ)],
    response_class=StreamingResponse,
    responses=_FILE,
)
async def photo(
    id: UUID,
    attachment_id: UUID,
    request: Request,
    session: PublicReading,
    district: PublicDistrict,
) -> StreamingResponse:
    """A photograph that all can see. 查看公开照片。"""
    query = attaching.attachments(id, public=True).where(Attachment.id == attachment_id)
    row = (await session.execute(query)).one_or_none()
    name = attaching.public_name(row) if row is not None else None
    return await _file(row, request, district, name)


async def _file(row: Any, request: Request, district: str, name: str | None) -> StreamingResponse:
    if row is None:
        raise NotFound
    return await attachment(
        request.app.state.files.chunks(attaching.stored_at(district, row.id)),
        name=name or row.name,
        media_type=row.media_type,
        size=row.size,
    )
