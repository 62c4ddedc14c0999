"""Puts the workstation service together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from services.workstation.facilities.routes import router as facilities
from services.workstation.funding.routes import routers as funding_routers
from services.workstation.imports import import_kinds
from services.workstation.ledger.routes import routers as ledger_routers
from services.workstation.personnel.routes import router as personnel
from services.workstation.posts.routes import router as posts
from services.workstation.registry.routes import routers as registry_routers
from services.workstation.reporting.routes import router as reports
from services.workstation.rulebook import RULES
from services.workstation.settings import Settings
from services.workstation.tasks.routes import routers as task_routers
from shared.audit.routes import audit_routes
from shared.auth.published_identity import PublishedIdentity
from shared.auth.tokens import IdentitySource, TokenVerifier
from shared.db.database import Database
from shared.files.store import FileStore
from shared.imports.routes import import_routes
from shared.jobs.routes import job_routes
from shared.kernel.clock import Clock, SystemClock
from shared.privacy.cipher import PersonalData
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.rulebook import Rulebook
from shared.web.app import ServiceApplication, create_service

PREFIX = "/v1/workstation"


def create_app(
    settings: Settings | None = None,
    *,
    identity: IdentitySource | None = None,
    clock: Clock | None = None,
) -> ServiceApplication:
    """The service; settings come from the environment, identity from the gateway."""
    settings = settings or Settings()
    clock = clock or SystemClock()
    client = httpx.AsyncClient(timeout=5)
    published = PublishedIdentity(settings.gateway_url, client)
    personal = PersonalData(
        settings.personal_data_keys.get_secret_value(), settings.lookup_key.get_secret_value()
    )
    database = Database(
        settings.database_url,
        schema="workstation",
        read_url=settings.database_read_url,
        pool_size=settings.pool_size,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if identity is None:
            await published.start()
        yield
        await published.stop()
        await client.aclose()
        await database.close()

    app = create_service(
        service="workstation",
        title="Shequ workstation",
        lifespan=lifespan,
        routers=[
            *registry_routers,
            personnel,
            posts,
            facilities,
            *funding_routers,
            *ledger_routers,
            *task_routers,
            reports,
            import_routes("workstation", import_kinds(personal, clock)),
            job_routes(PREFIX, "workstation"),
            audit_routes(PREFIX, "workstation"),
        ],
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.database = database
    app.state.personal_data = personal
    app.state.rules = RulesInForce(Rulebook.from_files(*COMMON, *RULES))
    app.state.files = FileStore(settings.files_url)
    app.state.verifier = TokenVerifier(identity or published, issuer=settings.issuer, clock=clock)
    return app
