"""Imports as background work."""

from uuid import UUID

from sqlalchemy import func

from shared.imports.runner import Importing, run_import
from shared.jobs.models import ENDED, Job, JobState
from shared.jobs.worker import Work


def import_work(importing: Importing) -> Work:
    """Carries out the import that a payload "district import_id" names."""

    async def work(payload: str) -> None:
        district, import_id = payload.split()
        await run_import(importing, district, UUID(import_id))

    return work


def import_given_up(importing: Importing) -> Work:
    """Says of an import that failed too often that it has failed."""

    async def given_up(payload: str) -> None:
        district, import_id = payload.split()
        async with importing.database.transaction(district) as session:
            job = await session.get(Job, (district, UUID(import_id)), with_for_update=True)
            if job is not None and job.state not in ENDED:
                job.state, job.ended_at = JobState.FAILED, func.now()
                job.error = {"code": "internal_error"}

    return given_up
