"""Evidence: files that show what an entry says."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.ledger.models import LedgerEntry, LedgerEvidence
from shared.audit.record import Actor, record
from shared.files.checking import CheckedFile


async def add_evidence(
    session: AsyncSession,
    actor: Actor,
    entry: LedgerEntry,
    file: CheckedFile,
    *,
    id: UUID,
    sha256: str,
) -> LedgerEvidence:
    """Add a stored file to an entry."""
    made = LedgerEvidence(
        district=actor.district,
        id=id,
        entry_id=entry.id,
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        sha256=sha256,
        scanned=file.scanned,
        added_by=actor.id,
    )
    session.add(made)
    await session.flush()
    await session.refresh(made, ["added_at"])
    told = {"evidence": str(id), "name": file.name, "sha256": sha256}
    await record(
        session, actor, "ledger_entry.evidence_added", ("ledger_entry", entry.id), after=told
    )
    return made
