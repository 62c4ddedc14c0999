"""Write use cases of attachments: add, publish. Photographs lose what cameras write into them."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.hall import raising, repository
from services.committee.hall.domain import ENDED
from services.committee.hall.models.matters import Attachment, Matter, Raiser
from shared.audit.record import record
from shared.auth.policy import Reach
from shared.auth.principal import Principal, Role
from shared.db.base import Rows
from shared.db.reading import the_row
from shared.files.checking import CheckedFile
from shared.files.metadata import without_metadata
from shared.files.store import FileStore
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.acting import Act

COMMITTEE = frozenset({Role.COMMITTEE_MEMBER})
_PUBLISHABLE = frozenset({"image/jpeg", "image/png"})


def stored_at(district: str, id: UUID) -> str:
    """The key of an attachment in the file store."""
    return f"{district}/hall/{id}"


async def add(act: Act, reach: Reach, id: UUID, files: FileStore, file: CheckedFile) -> Attachment:
    """Add a checked file to a matter: by who raised it, or by its committee. Raises Conflict when
    it has as many as the rule allows, or has ended."""
    matter = await repository.locked(act.session, reach, id)
    if not act.holds_at(await repository.place_of(act.session, matter.community_id), COMMITTEE):
        matter, act = await raising.own(act, reach, id)
    rule = act.rulebook.lookup("hall.attachments_most", matter.district, act.today)
    there = await act.session.scalar(
        select(func.count()).select_from(Attachment).where(Attachment.matter_id == id)
    )
    if matter.state in ENDED or (there or 0) >= rule.integer():
        raise Conflict(
            code="no_more_attachments",
            detail=Text(
                zh=f"每件事最多 {rule.integer()} 个附件，且须尚未办结。",
                en=f"A matter takes {rule.integer()} attachments, while it has not ended.",
            ),
            rules=(rule.applied,),
        )
    content = without_metadata(file.content)
    made = Attachment(
        district=matter.district,
        id=new_id(),
        matter_id=id,
        name=file.name[:200],
        media_type=file.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        scanned=file.scanned,
    )
    await files.put(stored_at(matter.district, made.id), _once(content))
    act.session.add(made)
    await act.session.flush()
    await record(
        act.session, act.actor, "matter.attachment_added", ("matter", id),
        after={"attachment": str(made.id), "media_type": made.media_type},
    )  # fmt: skip
    return made


async def publish(act: Act, reach: Reach, id: UUID, attachment_id: UUID) -> Attachment:
    """Show a photograph to all. Raises Conflict for a document, which may name its author."""
    await repository.locked(act.session, reach, id)
    found = await act.session.get(
        Attachment, (act.actor.district, attachment_id), with_for_update=True
    )
    if found is None or found.matter_id != id:
        raise NotFound
    if found.media_type not in _PUBLISHABLE:
        raise Conflict(
            code="not_publishable",
            detail=Text(
                zh="文档可能含有作者信息，只能公开照片（JPEG、PNG）。请把要公开的内容写入进展或结果。",
                en="Documents may name their author, so photographs only are published. Say what "
                "matters in the progress or result.",
            ),
        )
    found.public = True
    await record(
        act.session, act.actor, "matter.attachment_published", ("matter", id),
        after={"attachment": str(attachment_id)},
    )  # fmt: skip
    return found


def attachments(matter_id: UUID, *, public: bool) -> Rows:
    """A matter's attachments."""
    query: Rows = select(*Attachment.__table__.columns).where(Attachment.matter_id == matter_id)
    return query.where(Attachment.public) if public else query


async def require_seen(
    session: AsyncConnection | AsyncSession, principal: Principal, id: UUID
) -> None:
    """That somebody may see all attachments of a matter: who raised it, and its committee. Raises
    NotFound."""
    row = await the_row(
        session,
        select(Matter.community_id, Raiser.account_id)
        .join(Raiser, (Raiser.district == Matter.district) & (Raiser.matter_id == Matter.id))
        .where(Matter.id == id),
    )
    if row.account_id != principal.subject:
        of_committee = Reach.of(one for one in principal.grants if one.role in COMMITTEE)
        of_committee.require(await repository.place_of(session, row.community_id))


def public_name(row: Any) -> str:
    """What a public file is called; its own name may tell whose it is."""
    return f"photo-{row.id.hex[-8:]}{PurePath(row.name).suffix.lower()}"


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
