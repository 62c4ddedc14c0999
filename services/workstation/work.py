"""The workstation's background work."""

from services.workstation.events import HANDLERS
from services.workstation.imports import import_kinds
from services.workstation.settings import Settings
from services.workstation.tasks.watch import watch_tasks
from shared.db.database import Database
from shared.events.delivery import Receiver
from shared.files.store import FileStore
from shared.imports.routes import RUN_IMPORT
from shared.imports.runner import Importing
from shared.imports.work import import_given_up, import_work
from shared.jobs.housekeeping import forget_old_keys
from shared.jobs.worker import Queue
from shared.kernel.clock import Clock
from shared.privacy.cipher import PersonalData


def queue_of(settings: Settings, database: Database, clock: Clock) -> Queue:
    """What its queue does, besides delivering events."""
    personal = PersonalData(
        settings.personal_data_keys.get_secret_value(), settings.lookup_key.get_secret_value()
    )
    importing = Importing(database, FileStore(settings.files_url), import_kinds(personal, clock))
    return Queue(
        url=settings.database_url,
        schema="workstation",
        work={RUN_IMPORT: import_work(importing)},
        given_up={RUN_IMPORT: import_given_up(importing)},
        schedules={
            "housekeeping": ("17 * * * *", lambda: forget_old_keys(database)),
            "watch_tasks": ("23 * * * *", lambda: watch_tasks(database, clock)),
        },
    )


def receiver_of(database: Database) -> Receiver:
    """How it takes in the others' events."""
    return Receiver("workstation", database, HANDLERS)
