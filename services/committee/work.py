"""The committee service's background work."""

from services.committee.events import HANDLERS
from services.committee.hall.limits import forget_acts
from services.committee.hall.watch import watch_matters
from services.committee.imports import import_kinds
from services.committee.organisation.watch import watch_terms
from services.committee.rulebook import RULES
from services.committee.settings import Settings
from shared.db.database import Database
from shared.events.delivery import Receiver
from shared.files.store import FileStore
from shared.imports.routes import RUN_IMPORT
from shared.imports.runner import Importing
from shared.imports.work import import_given_up, import_work
from shared.jobs.housekeeping import forget_old_keys
from shared.jobs.worker import Queue
from shared.kernel.clock import Clock
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.rulebook import Rulebook


def queue_of(settings: Settings, database: Database, clock: Clock) -> Queue:
    """What its queue does, besides delivering events."""
    rules = RulesInForce(Rulebook.from_files(*COMMON, *RULES))
    importing = Importing(database, FileStore(settings.files_url), import_kinds())
    return Queue(
        url=settings.database_url,
        schema="committee",
        work={RUN_IMPORT: import_work(importing)},
        given_up={RUN_IMPORT: import_given_up(importing)},
        schedules={
            "housekeeping": ("17 * * * *", lambda: forget_old_keys(database)),
            "watch_terms": ("23 * * * *", lambda: watch_terms(database, clock, rules)),
            "watch_matters": ("29 * * * *", lambda: watch_matters(database, clock)),
            "forget_acts": ("41 3 * * *", lambda: forget_acts(database, clock)),
        },
    )


def receiver_of(database: Database) -> Receiver:
    """How it takes in the others' events."""
    return Receiver("committee", database, HANDLERS)
