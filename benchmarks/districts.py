"""The demo district brought into a throwaway database, without the processes around it."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from services.cli.demo.files import DATA
from services.workstation.imports import import_kinds
from shared.db.database import Database
from shared.db.districts import register_district
from shared.files.store import FileStore
from shared.imports.models import Import, ImportMode
from shared.imports.runner import Importing, run_import
from shared.jobs.models import Job, JobState
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.privacy.cipher import PersonalData

DISTRICT = "421002"
KEYS = (f"1:{base64.b64encode(b'K' * 32).decode()}", base64.b64encode(b"L" * 32).decode())
MAP = ("streets", "communities", "adjustments", "grid_cells")
RECORDS = (
    "posts",
    "staff",
    "placements",
    "premises",
    "facilities",
    "projects",
    "project_money",
    "survey_findings",
)


def importing_of(url: str, files: str) -> Importing:
    """What the workstation's imports need."""
    kinds = import_kinds(PersonalData(*KEYS), SystemClock())
    return Importing(Database(url, schema="workstation"), FileStore(files), kinds)


async def _content(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


async def bring_in(url: str, files: str, kind: str, path: Path, *, work: bool = True) -> UUID:
    """Store a file and its import, and carry it out; the import's id. Fails when it was refused."""
    importing = importing_of(url, files)
    id = new_id()
    stored = await importing.files.put(f"{DISTRICT}/imports/{id}", _content(path))
    async with importing.database.transaction(DISTRICT) as session:
        session.add(Job(district=DISTRICT, id=id, kind="import", parameters={}, created_by=None))
        session.add(
            Import(
                district=DISTRICT,
                id=id,
                kind=kind,
                file_name=path.name,
                file_key=stored.key,
                sha256=stored.sha256,
                mode=ImportMode.GOOD_ROWS,
                dry_run=False,
                finding_counts={},
                created_by=None,
            )
        )
    if work:
        await run_import(importing, DISTRICT, id)
        async with importing.database.transaction(DISTRICT) as session:
            job = await session.get_one(Job, (DISTRICT, id))
            assert job.state == JobState.SUCCEEDED, (kind, job.error, job.result)
    await importing.database.close()
    return id


async def settled_district(url: str, files: str, *, records: bool = False) -> None:
    """Streets and communities of the demo district, and with `records` all its records."""
    database = Database(url, schema="workstation")
    await register_district(
        database, DISTRICT, name="沙市区", prefecture="荆州市", province="湖北省"
    )
    await database.close()
    for kind in (*MAP, *(RECORDS if records else ())):
        await bring_in(url, files, kind, DATA / DISTRICT / f"{kind}.csv")
