"""Puts the committee service together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from services.committee.elections.routes import routers as elections
from services.committee.hall.live import Live
from services.committee.hall.routes import router as hall
from services.committee.imports import import_kinds
from services.committee.organisation.routes import routers as organisation
from services.committee.recalls.routes import routers as recalls
from services.committee.rulebook import RULES
from services.committee.settings import Settings
from services.committee.volunteers.routes import router as volunteers
from shared.audit.routes import audit_routes
from shared.auth.published_identity import PublishedIdentity
from shared.auth.tokens import IdentitySource, TokenVerifier
from shared.db.database import Database
from shared.files.store import FileStore
from shared.imports.routes import import_routes
from shared.jobs.routes import job_routes
from shared.kernel.clock import Clock, SystemClock
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.rulebook import Rulebook
from shared.web.app import ServiceApplication, create_service

PREFIX = "/v1/committee"


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
    database = Database(
        settings.database_url,
        schema="committee",
        read_url=settings.database_read_url,
        pool_size=settings.pool_size,
    )

    live = Live(database, settings.database_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if identity is None:
            await published.start()
        live.start()
        yield
        await live.stop()
        await published.stop()
        await client.aclose()
        await database.close()

    app = create_service(
        service="committee",
        title="Shequ committee",
        lifespan=lifespan,
        routers=[
            *organisation,
            *elections,
            *recalls,
            volunteers,
            hall,
            import_routes("committee", import_kinds()),
            job_routes(PREFIX, "committee"),
            audit_routes(PREFIX, "committee"),
        ],
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.database = database
    app.state.live = live
    app.state.client = client
    app.state.rules = RulesInForce(Rulebook.from_files(*COMMON, *RULES))
    app.state.files = FileStore(settings.files_url)
    app.state.verifier = TokenVerifier(identity or published, issuer=settings.issuer, clock=clock)
    return app
