"""Puts the gateway together: the door, the proxy, and the gateway's own API behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp

from services.gateway.admission.routes import routers as admission_routers
from services.gateway.assessment.campaigns.routes import routers as campaign_routers
from services.gateway.assessment.feeds.routes import router as feeds_router
from services.gateway.assessment.findings.routes import routers as finding_routers
from services.gateway.assessment.requests.routes import routers as request_routers
from services.gateway.assessment.results.routes import routers as result_routers
from services.gateway.assessment.rewards.routes import router as rewards_router
from services.gateway.assessment.standards.routes import routers as standards_routers
from services.gateway.burden.routes import router as burden_router
from services.gateway.door import Authenticator, Door
from services.gateway.identity.passwords import Passwords
from services.gateway.identity.routes import routers as identity_routers
from services.gateway.identity.sealing import Seal
from services.gateway.identity.signing import LocalIdentity
from services.gateway.identity.tokens import TokenDesk
from services.gateway.plaques.routes import routers as plaques_routers
from services.gateway.platform import routes as platform
from services.gateway.routing.proxy import Proxy, Upstream
from services.gateway.rulebook import RULES
from services.gateway.rules.routes import router as rules_router
from services.gateway.settings import Settings
from services.gateway.webhooks.addresses import Allowed
from services.gateway.webhooks.routes import router as webhooks_router
from shared.audit.routes import audit_routes
from shared.auth.tokens import TokenVerifier
from shared.db.database import Database
from shared.files.store import FileStore
from shared.jobs.routes import cancellation_route
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.text import Text
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.rulebook import Rulebook
from shared.web.app import ServiceApplication, create_service


def create_api(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    rulebook: Rulebook | None = None,
) -> ServiceApplication:
    """The gateway's own operations, without the proxy in front of them. `rulebook` is the whole
    platform's; left out, the gateway knows its own rules only."""
    settings = settings or Settings()
    clock = clock or SystemClock()
    database = Database(
        settings.database_url,
        schema="gateway",
        read_url=settings.database_read_url,
        pool_size=settings.pool_size,
    )
    seal = Seal(settings.signing_key_secret.get_secret_value())
    identity = LocalIdentity(
        database,
        seal,
        issuer=settings.issuer,
        lifetime_seconds=settings.access_token_seconds,
        clock=clock,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient() as client:
            app.state.client = client
            app.state.documents = platform.ServiceDocuments(client, app.state.service_urls)
            await identity.start()
            yield
            await identity.stop()
        await database.close()

    app = create_service(
        service="gateway",
        title="Shequ gateway",
        lifespan=lifespan,
        routers=[
            *identity_routers,
            *admission_routers,
            *standards_routers,
            *request_routers,
            *finding_routers,
            *result_routers,
            *campaign_routers,
            feeds_router,
            rewards_router,
            rules_router,
            *plaques_routers,
            webhooks_router,
            burden_router,
            cancellation_route("/v1", "gateway"),
            audit_routes("/v1", "gateway"),
            platform.router,
        ],
    )
    platform.mount_assets(app)
    app.state.settings = settings
    app.state.clock = clock
    app.state.database = database
    app.state.rules = RulesInForce(rulebook or Rulebook.from_files(*COMMON, *RULES))
    app.state.identity = identity
    app.state.seal = seal
    app.state.files = FileStore(settings.files_url)
    app.state.webhook_allowed = Allowed(settings.webhook_allow)
    app.state.verifier = TokenVerifier(identity, issuer=settings.issuer, clock=clock)
    app.state.token_desk = TokenDesk(
        database=database,
        identity=identity,
        passwords=Passwords(),
        seal=seal,
        clock=clock,
        refresh_lifetime=timedelta(days=settings.refresh_token_days),
    )
    app.state.service_urls = {
        "workstation": settings.workstation_url,
        "committee": settings.committee_url,
    }
    return app


def create_app(settings: Settings | None = None, *, rulebook: Rulebook | None = None) -> ASGIApp:
    """The public door: rate limits, then the proxy, then the gateway's own API."""
    api = create_api(settings, rulebook=rulebook)
    settings = api.state.settings
    proxy = Proxy(
        {
            "/v1/workstation": Upstream(
                "workstation",
                Text(zh="社区工作站服务", en="workstation service"),
                settings.workstation_url,
                settings.upstream_seconds,
                settings.caller_seconds,
            ),
            # Listeners of live sittings each hold a connection, and must not use up those of others.
            "/v1/committee/hall/live": Upstream(
                "committee_live",
                Text(zh="议事会直播", en="live sittings"),
                settings.committee_url,
                settings.upstream_seconds,
                settings.caller_seconds,
                limit=settings.live_listeners,
            ),
            "/v1/committee": Upstream(
                "committee",
                Text(zh="居民委员会服务", en="committee service"),
                settings.committee_url,
                settings.upstream_seconds,
                settings.caller_seconds,
            ),
        },
        api,
        authenticate=Authenticator(api.state.verifier),
    )
    return Door(proxy, settings)
