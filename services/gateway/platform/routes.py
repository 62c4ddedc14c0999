"""`/openapi.json`, `/docs` without internet access, and `/v1/jobs/{id}`."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import fastapi_offline
import httpx
import orjson
import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from services.gateway.platform.merging import TITLE, merged
from shared.auth.policy import Policy, Reach
from shared.db.database import Database
from shared.jobs.routes import FOLLOW, JobView, job_shown
from shared.kernel.errors import NotFound, Unavailable
from shared.kernel.text import Text
from shared.web.authentication import CurrentPrincipal, open_to_all, permits

DOCUMENT_SECONDS = 20.0
JOB_SECONDS = 5.0
DESCRIPTION = Policy(
    "platform.description", Text(zh="查看接口文档", en="read the API description"), public=True
)

log = structlog.get_logger(__name__)
router = APIRouter(tags=["platform"])


class ServiceDocuments:
    """The services' own OpenAPI documents: fetched when asked for, kept while a service is down."""

    def __init__(self, client: httpx.AsyncClient, urls: dict[str, str]) -> None:
        self._client = client
        self._urls = urls
        self._known: dict[str, dict[str, Any]] = {}

    async def fetch(self) -> dict[str, dict[str, Any]]:
        """The newest document known of each service."""
        await asyncio.gather(*(self._one(name, url) for name, url in self._urls.items()))
        return {name: self._known[name] for name in self._urls if name in self._known}

    async def _one(self, name: str, url: str) -> None:
        try:
            answer = await self._client.get(f"{url}/openapi.json", timeout=DOCUMENT_SECONDS)
            answer.raise_for_status()
            self._known[name] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("openapi.not_fetched", service=name, error=type(error).__name__)


@router.get("/openapi.json", include_in_schema=False, dependencies=[open_to_all(DESCRIPTION)])
async def openapi(request: Request) -> Response:
    """The merged description of all services."""
    app: FastAPI = request.app
    documents: ServiceDocuments = app.state.documents
    whole = merged({"gateway": app.openapi(), **await documents.fetch()})
    return Response(orjson.dumps(whole), media_type="application/json")


@router.get("/docs", include_in_schema=False, dependencies=[open_to_all(DESCRIPTION)])
async def docs() -> Response:
    """The description as a page to try things on; all it needs comes from here."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=f"{TITLE} API",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
    )
    page.headers["Content-Security-Policy"] = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; frame-ancestors 'none'"
    )
    return page


def mount_assets(app: FastAPI) -> None:
    """Serve Swagger UI's files from the installed package."""
    folder = Path(fastapi_offline.__file__).parent / "static"
    app.mount("/docs/assets", StaticFiles(directory=folder), name="docs-assets")


@router.get("/v1/jobs/{id}", operation_id="gateway_job")
async def job(
    id: UUID,
    request: Request,
    principal: CurrentPrincipal,
    _reach: Annotated[Reach, permits(FOLLOW)],
) -> JobView:
    """A job of any service, by its id. 后台任务进度。"""
    database: Database = request.app.state.database
    async with database.read(principal.district) as session:
        with suppress(NotFound):
            return await job_shown(session, principal, id)
    client: httpx.AsyncClient = request.app.state.client
    services: dict[str, str] = request.app.state.service_urls
    headers = {
        name: request.headers[name]
        for name in ("authorization", "accept-language")
        if name in request.headers
    }
    down = False
    for name, url in services.items():
        try:
            answer = await client.get(
                f"{url}/v1/{name}/jobs/{id}", headers=headers, timeout=JOB_SECONDS
            )
        except httpx.HTTPError:
            down = True
            continue
        if answer.status_code == 200:
            return JobView.model_validate(answer.json())
    if down:
        raise Unavailable(
            code="service_down",
            detail=Text(
                zh="有服务暂不可用，无法确定该任务的状态。请稍后重试。",
                en="A service is down, so the job's state is not known. Try again shortly.",
            ),
        )
    raise NotFound
