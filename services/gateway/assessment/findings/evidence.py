"""Files of a visit: kept once, cited by any number of findings."""

import hashlib
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.gateway.assessment.campaigns.public import VisitFacts
from services.gateway.assessment.findings.models import VisitEvidence
from shared.audit.record import record
from shared.files.checking import CheckedFile
from shared.files.store import FileStore
from shared.kernel.errors import Conflict
from shared.kernel.text import Text
from shared.procedures.acting import Act

MOST_BYTES = 20 << 20
MOST_FILES = 200


def stored_at(district: str, visit_id: UUID, sha256: str) -> str:
    """A file's key, named by its content: one whose transaction failed is written over by the next
    attempt."""
    return f"{district}/visits/{visit_id}/{sha256}"


async def add(
    act: Act, files: FileStore, visit: VisitFacts, id: UUID, file: CheckedFile
) -> VisitEvidence:
    """Keep a checked file of a visit under the client's id; the same file again is the one that is
    there. Raises Conflict when the visit has as many as it may, or the id stands for another."""
    assert act.actor.id is not None
    digest = hashlib.sha256(file.content).hexdigest()
    query = select(VisitEvidence).where(VisitEvidence.visit_id == visit.id)
    number = await act.session.scalar(
        select(func.count()).select_from(VisitEvidence).where(VisitEvidence.visit_id == visit.id)
    )
    if (number or 0) >= MOST_FILES:
        raise Conflict(
            code="evidence_full",
            detail=Text(
                zh=f"一次检查最多 {MOST_FILES} 份佐证材料。请合并为 PDF。",
                en=f"A visit has at most {MOST_FILES} files. Merge some into a PDF.",
            ),
        )
    made: VisitEvidence | None = await act.session.scalar(
        insert(VisitEvidence)
        .values(
            district=act.actor.district,
            id=id,
            visit_id=visit.id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=digest,
            scanned=file.scanned,
            added_by=act.actor.id,
        )
        .on_conflict_do_nothing()
        .returning(VisitEvidence)
    )
    if made is None:
        there = await act.session.scalar(query.where(VisitEvidence.sha256 == digest))
        if there is None:
            raise Conflict(
                code="evidence_differs",
                detail=Text(
                    zh="这个编号已用于另一份材料，请换一个编号。",
                    en="This id stands for another file. Use a new one.",
                ),
            )
        return there
    await files.keep(stored_at(made.district, visit.id, digest), file.content)
    await record(
        act.session, act.actor, "visit.evidence_added", ("visit", visit.id),
        after={"evidence": str(id), "name": file.name, "sha256": digest},
    )  # fmt: skip
    return made
