"""Evidence: files that show what was done."""

import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.workstation.tasks.assisting import require_in_work
from services.workstation.tasks.models import Evidence, Task
from shared.audit.record import record
from shared.files.checking import CheckedFile
from shared.files.store import FileStore
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.acting import Act

MOST_BYTES = 20 << 20
MOST_FILES = 50


def stored_at(evidence: Evidence) -> str:
    """The file's key. It is named by its content, so that a file whose transaction failed is only
    written over by the next attempt, and no row ever leads to it until one succeeds."""
    return f"{evidence.district}/tasks/{evidence.task_id}/{evidence.sha256}"


async def add(act: Act, files: FileStore, task: Task, file: CheckedFile) -> Evidence:
    """Keep a checked file with a locked task that is being worked on.

    Raises Conflict when it is not, has it already, or has as many as it may have. The file is
    stored before the row is committed: a row never lacks its file.
    """
    require_in_work(task)
    there = await act.session.scalar(
        select(func.count())
        .select_from(Evidence)
        .where(Evidence.task_id == task.id, Evidence.withdrawn_at.is_(None))
    )
    if there is not None and there >= MOST_FILES:
        raise Conflict(
            code="evidence_full",
            detail=Text(
                zh=f"每项任务最多 {MOST_FILES} 份佐证材料。请合并为一个 PDF，或撤下不需要的。",
                en=f"A task has at most {MOST_FILES} files. Merge some into one PDF, or withdraw "
                "what is not needed.",
            ),
        )
    made: Evidence | None = await act.session.scalar(
        insert(Evidence)
        .values(
            district=act.actor.district,
            id=new_id(),
            task_id=task.id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            scanned=file.scanned,
            added_by=act.actor.id,
        )
        .on_conflict_do_nothing()
        .returning(Evidence)
    )
    if made is None:
        raise Conflict(
            code="evidence_known",
            detail=Text(
                zh="这份文件已经是本任务的佐证材料，不必再传。",
                en="This very file is evidence of the task already; there is no need to send it "
                "again.",
            ),
        )
    await files.put(stored_at(made), _once(file.content))
    await record(
        act.session, act.actor, "task.evidence_added", ("task", task.id),
        after={"evidence": str(made.id), "name": made.name, "sha256": made.sha256},
    )  # fmt: skip
    return made


async def withdraw(act: Act, task: Task, id: UUID, reason: str) -> Evidence:
    """Take a file out of the evidence of a locked task that is being worked on. It stays on record.

    Raises NotFound where there is none, Conflict when the task is not in work.
    """
    found = await act.session.scalar(
        select(Evidence)
        .where(Evidence.task_id == task.id, Evidence.id == id, Evidence.withdrawn_at.is_(None))
        .with_for_update()
    )
    if found is None:
        raise NotFound
    require_in_work(task)
    found.withdrawn_at = func.now()
    found.withdrawn_because = reason
    await act.session.flush()
    await act.session.refresh(found)
    await record(
        act.session, act.actor, "task.evidence_withdrawn", ("task", task.id),
        after={"evidence": str(id), "reason": reason},
    )  # fmt: skip
    return found


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
