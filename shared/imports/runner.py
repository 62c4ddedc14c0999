"""Carries out an import: chunk by chunk with a checkpoint, or all in one transaction."""

import asyncio
import itertools
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg
from sqlalchemy import CursorResult, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.record import Actor, record
from shared.db.database import Database
from shared.files.store import FileStore
from shared.imports.checking import Checked, check_rows
from shared.imports.models import Import, ImportFinding, ImportMode
from shared.imports.reading import Unreadable, rows_of
from shared.imports.table import Counts, Finding, ImportKind
from shared.jobs.models import ENDED, Job, JobState
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text

CHUNK_ROWS = 5_000
FINDINGS_KEPT = 1_000
Kinds = Mapping[str, ImportKind[Any, Any]]


class Overtaken(Exception):
    """Another worker has gone on with this import; this one leaves it alone."""


class Cancelled(Exception):
    """The import was asked to stop."""


@dataclass(frozen=True, slots=True)
class Importing:
    """What an import needs of its service."""

    database: Database
    files: FileStore
    kinds: Kinds


@dataclass
class _Tally:
    counts: Counts = field(default_factory=Counts)
    rejected: int = 0
    kept: int = 0
    codes: Counter[str] = field(default_factory=Counter)

    def take(self, findings: Sequence[Finding]) -> list[Finding]:
        """Count findings; those among the first thousand are to be kept."""
        self.codes.update(finding.issue.code for finding in findings)
        room = max(FINDINGS_KEPT - self.kept, 0)
        kept = list(findings[:room])
        self.kept += len(kept)
        return kept


async def run_import(importing: Importing, district: str, import_id: UUID) -> None:
    """Carry out an import, or go on with one whose worker was killed.

    In `good_rows` mode each chunk is applied in one transaction with its checkpoint; in
    `all_or_nothing` mode and in a dry run the whole file is one transaction, and only the progress
    is visible before its end.
    """
    async with importing.database.transaction(district) as session:
        job = await session.get(Job, (district, import_id), with_for_update=True)
        found = await session.get(Import, (district, import_id))
        if job is None or found is None or job.state not in {JobState.QUEUED, JobState.RUNNING}:
            return
        job.state, job.started_at = JobState.RUNNING, job.started_at or func.now()
    kind = importing.kinds[found.kind]
    try:
        with tempfile.TemporaryDirectory(prefix="shequ-import-") as folder:
            path = Path(folder) / "file"
            await importing.files.fetch(found.file_key, path)
            total = await asyncio.to_thread(_count_rows, path)
            await _progress(importing, found, 0, total)
            if found.mode == ImportMode.GOOD_ROWS and not found.dry_run:
                tally = await _chunk_by_chunk(importing, found, kind, path, total)
            else:
                tally = await _all_at_once(importing, found, kind, path, total)
    except Overtaken:
        return
    except Cancelled:
        await _end(importing, found, JobState.CANCELLED, None)
        return
    except Unreadable as error:
        await _refuse(importing, found, error.issues, "file_unreadable")
        return
    except (IntegrityError, asyncpg.IntegrityConstraintViolationError) as error:
        await _refuse(importing, found, [_conflict(error)], "conflict")
        return
    refused = found.mode == ImportMode.ALL_OR_NOTHING and tally.rejected > 0
    state = JobState.FAILED if refused else JobState.SUCCEEDED
    await _end(importing, found, state, tally, "rows_refused" if refused else None)


async def _refuse(importing: Importing, found: Import, issues: Sequence[Issue], code: str) -> None:
    """End an import that cannot go on, with what stands in its way as a finding on the whole."""
    async with importing.database.transaction(found.district) as session:
        await _keep_findings(session, found, [Finding(1, "", issue) for issue in issues])
        await session.execute(
            update(Import)
            .where(Import.id == found.id)
            .values(finding_counts=dict(Counter(issue.code for issue in issues)))
        )
    await _end(importing, found, JobState.FAILED, None, code)


async def give_up(importing: Importing, district: str, import_id: UUID) -> None:
    """End an import that failed too often, and say so where its faults are read."""
    async with importing.database.transaction(district) as session:
        job = await session.get(Job, (district, import_id), with_for_update=True)
        found = await session.get(Import, (district, import_id))
        if job is None or found is None or job.state in ENDED:
            return
        await _keep_findings(session, found, [Finding(1, "", _GIVEN_UP)])
        found.finding_counts = {_GIVEN_UP.code: 1}
        job.state, job.ended_at = JobState.FAILED, func.now()
        job.error = {"code": _GIVEN_UP.code}


_GIVEN_UP = Issue(
    code="internal_error",
    detail=Text(
        zh="系统多次未能处理此文件，已放弃。",
        en="The platform failed on this file several times and gave it up.",
    ),
    remedy=Text(
        zh="请把导入编号告知管理员；已写入的行保持不变，可以修改文件后重新导入。",
        en="Tell your administrator the import's id. Rows that were taken in stay; the file can be "
        "mended and imported again.",
    ),
)


def _conflict(error: Exception) -> Issue:
    """What the database refused: its constraint and the key, never the whole row."""
    orig = error.orig if isinstance(error, IntegrityError) else None
    cause = error if orig is None else getattr(orig, "__cause__", None)
    constraint = getattr(cause, "constraint_name", None) or "constraint"
    unique = isinstance(cause, asyncpg.UniqueViolationError)
    where = f"{constraint}: {getattr(cause, 'detail', '')}" if unique else constraint
    return Issue(
        code="conflict",
        detail=Text(
            zh=f"文件中有与已有记录（或彼此）冲突的行（{where}）。",
            en=f"Rows conflict with existing records or with one another ({where}).",
        ),
        remedy=Text(
            zh="请先结束原有记录，或更正这些行，再重新导入。未写入的行没有任何影响。",
            en="End the existing record or mend the rows, then import again. Rows that were not "
            "taken in changed nothing.",
        ),
    )


def _count_rows(path: Path) -> int:
    return max(sum(1 for row in rows_of(path) if any(row)) - 1, 0)


async def _chunk_by_chunk(
    importing: Importing, found: Import, kind: ImportKind[Any, Any], path: Path, total: int
) -> _Tally:
    async with importing.database.transaction(found.district) as session:
        context = await kind.prepare(session, found.district)
    tally = _Tally(
        Counts(found.created, found.updated, found.unchanged),
        found.rejected,
        min(sum(found.finding_counts.values()), FINDINGS_KEPT),
        Counter(found.finding_counts),
    )
    checkpoint = found.checkpoint
    for chunk in _chunks(check_rows(rows_of(path), kind, context), CHUNK_ROWS):
        last = chunk[-1].number
        if last <= checkpoint:
            continue
        fresh = [row for row in chunk if row.number > checkpoint]
        async with _one_import_at_a_time(importing, found) as session:
            counts = await _apply(session, found, kind, fresh, context)
            kept = tally.take([finding for row in fresh for finding in row.findings])
            await _keep_findings(session, found, kept)
            tally.counts.add(counts)
            tally.rejected += sum(bool(row.findings) for row in fresh)
            moved = await session.execute(
                update(Import)
                .where(Import.id == found.id, Import.checkpoint == checkpoint)
                .values(checkpoint=last, **_columns(tally))
            )
            if cast("CursorResult[Any]", moved).rowcount != 1:
                raise Overtaken
            await session.execute(
                update(Job)
                .where(Job.id == found.id)
                .values(done=func.least(Job.done + len(fresh), total))
            )
        checkpoint = last
    return tally


async def _all_at_once(
    importing: Importing, found: Import, kind: ImportKind[Any, Any], path: Path, total: int
) -> _Tally:
    tally = _Tally()
    kept: list[Finding] = []
    done = 0
    async with importing.database.session(found.district) as session:
        await _lock(session, found)
        context = await kind.prepare(session, found.district)
        for chunk in _chunks(check_rows(rows_of(path), kind, context), CHUNK_ROWS):
            kept += tally.take([finding for row in chunk for finding in row.findings])
            tally.rejected += sum(bool(row.findings) for row in chunk)
            if not tally.rejected or found.dry_run:
                tally.counts.add(await _apply(session, found, kind, chunk, context))
            done += len(chunk)
            await _progress(importing, found, min(done, total), total)
        if not tally.rejected and not found.dry_run:
            await session.commit()
    if tally.rejected and not found.dry_run:
        tally.counts = Counts()
    async with importing.database.transaction(found.district) as report:
        await report.execute(delete(ImportFinding).where(ImportFinding.import_id == found.id))
        await _keep_findings(report, found, kept)
        await report.execute(update(Import).where(Import.id == found.id).values(**_columns(tally)))
    return tally


async def _apply(
    session: AsyncSession,
    found: Import,
    kind: ImportKind[Any, Any],
    chunk: Sequence[Checked],
    context: Any,
) -> Counts:
    good = [row.row for row in chunk if not row.findings]
    if not good:
        return Counts()
    actor = Actor(found.district, "person" if found.created_by else "platform", found.created_by)
    return await kind.apply(session, actor, good, context)


@asynccontextmanager
async def _one_import_at_a_time(importing: Importing, found: Import) -> AsyncIterator[AsyncSession]:
    async with importing.database.transaction(found.district) as session:
        await _lock(session, found)
        await _stop_if_asked(session, found)
        yield session


async def _lock(session: AsyncSession, found: Import) -> None:
    """Two imports of one district write one after the other, so they never deadlock."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"import {found.district}"},
    )


async def _stop_if_asked(session: AsyncSession, found: Import) -> None:
    if await session.scalar(select(Job.cancel_requested).where(Job.id == found.id)):
        raise Cancelled


async def _progress(importing: Importing, found: Import, done: int, total: int) -> None:
    async with importing.database.transaction(found.district) as session:
        await _stop_if_asked(session, found)
        await session.execute(
            update(Job)
            .where(Job.id == found.id)
            .values(done=func.least(func.greatest(Job.done, done), total), total=total)
        )


async def _keep_findings(session: AsyncSession, found: Import, findings: Sequence[Finding]) -> None:
    session.add_all(
        ImportFinding(
            district=found.district,
            id=new_id(),
            import_id=found.id,
            row=finding.row,
            column=finding.column,
            code=finding.issue.code,
            detail={"zh": finding.issue.detail.zh, "en": finding.issue.detail.en},
            remedy={"zh": finding.issue.remedy.zh, "en": finding.issue.remedy.en},
        )
        for finding in findings
    )
    await session.flush()


async def _end(
    importing: Importing,
    found: Import,
    state: JobState,
    tally: _Tally | None,
    error: str | None = None,
) -> None:
    async with importing.database.transaction(found.district) as session:
        job = await session.get(Job, (found.district, found.id), with_for_update=True)
        if job is None or job.state != JobState.RUNNING:
            return
        job.state, job.ended_at = state, func.now()
        result = _columns(tally) if tally else {}
        job.result = result
        if error is not None:
            job.error = {"code": error}
        elif state is JobState.SUCCEEDED and job.total is not None:
            job.done = job.total
        actor = Actor(
            found.district, "person" if found.created_by else "platform", found.created_by
        )
        await record(
            session,
            actor,
            f"import.{state.value}",
            ("import", found.id),
            after={"kind": found.kind, "sha256": found.sha256, "dry_run": found.dry_run, **result},
        )


def _columns(tally: _Tally) -> dict[str, Any]:
    return {
        "created": tally.counts.created,
        "updated": tally.counts.updated,
        "unchanged": tally.counts.unchanged,
        "rejected": tally.rejected,
        "finding_counts": dict(tally.codes),
    }


def _chunks(rows: Iterator[Checked], size: int) -> Iterator[list[Checked]]:
    while chunk := list(itertools.islice(rows, size)):
        yield chunk
