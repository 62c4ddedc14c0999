"""Imports as background work."""

from uuid import UUID

from shared.imports.runner import Importing, give_up, run_import
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
        await give_up(importing, district, UUID(import_id))

    return given_up
