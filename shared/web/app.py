"""Makes a service's FastAPI application with everything that all of them share."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal

from fastapi import APIRouter, FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response
from starlette.types import ASGIApp

from shared.auth.policy import Policy
from shared.db.database import Database
from shared.kernel.errors import Unavailable
from shared.kernel.text import Text
from shared.web.authentication import open_to_all
from shared.web.errors import install_error_handlers
from shared.web.openapi import describe
from shared.web.request_context import RequestContext

MAX_BODY_BYTES = 1 << 20

HEALTH = Policy(
    "platform.health",
    Text(zh="查看服务是否可用", en="see whether the service is up"),
    public=True,
)


class Health(BaseModel):
    """Whether the service works."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"service": "workstation", "status": "ok"}]}
    )

    service: str
    status: Literal["ok"]


def health_routes(service: str) -> APIRouter:
    """`/healthz` (the process lives), `/readyz` (its database answers) and `/metrics`."""
    router = APIRouter(tags=["platform"], dependencies=[open_to_all(HEALTH)])

    @router.get("/healthz", operation_id=f"{service}_healthz")
    async def healthz() -> Health:
        """Whether the process lives. 进程是否存活。"""
        return Health(service=service, status="ok")

    @router.get("/readyz", operation_id=f"{service}_readyz")
    async def readyz(request: Request) -> Health:
        """Whether the service can work: its database answers. 服务是否就绪。"""
        database: Database = request.app.state.database
        try:
            await database.ping()
        except Exception:
            raise Unavailable(
                code="database_unavailable",
                detail=Text(
                    zh="数据库无法连接，服务暂不可用。",
                    en="The database cannot be reached; the service is not ready.",
                ),
            ) from None
        return Health(service=service, status="ok")

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        """Prometheus metrics."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


class ServiceApplication(FastAPI):
    """FastAPI with the request context outside everything else, so that also the answers of the
    server's own error handling carry a request id."""

    service: str

    def build_middleware_stack(self) -> ASGIApp:
        """The stack of FastAPI inside the request context."""
        return RequestContext(super().build_middleware_stack(), service=self.service)


Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]


def create_service(
    *, service: str, title: str, lifespan: Lifespan, routers: list[APIRouter]
) -> ServiceApplication:
    """A service with its routes, problems for every error, request ids, limits and description.

    The lifespan sets `app.state.database` and `app.state.verifier`.
    """
    app = ServiceApplication(
        title=title,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        openapi_url="/openapi.json" if service != "gateway" else None,
        redoc_url=None,
        max_body_size=MAX_BODY_BYTES,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.service = service
    for router in routers:
        app.include_router(router)
    app.include_router(health_routes(service))
    install_error_handlers(app)
    describe(app)
    return app
