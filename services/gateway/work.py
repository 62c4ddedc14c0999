"""The gateway's background work."""

from services.gateway.assessment.campaigns.jobs import plan_given_up, plan_work
from services.gateway.assessment.campaigns.proposing import PLAN_CAMPAIGN
from services.gateway.events import HANDLERS
from services.gateway.identity.public import Seal
from services.gateway.settings import Settings
from services.gateway.webhooks.addresses import Allowed
from services.gateway.webhooks.delivering import Deliverer
from services.gateway.webhooks.publishing import DELIVER
from services.gateway.webhooks.sending import Sender
from shared.db.database import Database
from shared.events.delivery import Receiver
from shared.jobs.housekeeping import forget_old_keys
from shared.jobs.worker import Queue


def queue_of(settings: Settings, database: Database) -> Queue:
    """What its queue does, besides delivering events."""
    seal = Seal(settings.signing_key_secret.get_secret_value())
    webhooks = Deliverer(database, Sender(Allowed(settings.webhook_allow)), seal)
    return Queue(
        url=settings.database_url,
        schema="gateway",
        work={DELIVER: webhooks.deliver, PLAN_CAMPAIGN: plan_work(database)},
        given_up={PLAN_CAMPAIGN: plan_given_up(database)},
        schedules={
            "housekeeping": ("17 * * * *", lambda: forget_old_keys(database)),
            "webhooks": ("* * * * *", webhooks.sweep),
        },
    )


def receiver_of(database: Database) -> Receiver:
    """How it takes in the others' events."""
    return Receiver("gateway", database, HANDLERS)
