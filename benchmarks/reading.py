"""The two applications that `benchmarks.reads` compares, as factories for uvicorn."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI

from benchmarks.districts import DISTRICT, KEYS
from services.cli.serve import settle
from services.workstation.app import create_app
from services.workstation.settings import Settings
from shared.auth.principal import Role
from tests.support.identity import ISSUER, SigningIdentity

COMMUNITY = """
SELECT c.id, c.code, c.name, c.kind, c.state, c.street_id, s.name AS street_name,
    c.established_on, c.ended_on, c.household_count
FROM workstation.community c
JOIN workstation.street s ON s.district = c.district AND s.id = c.street_id
WHERE c.district = $1 AND c.id = $2
"""
FACILITIES = """
SELECT f.id, f.code, f.kind, f.name, f.street_id, s.name AS street_name, f.community_id,
    c.name AS community_name, f.opened_on, f.closed_on
FROM workstation.facility f
JOIN workstation.street s ON s.district = f.district AND s.id = f.street_id
LEFT JOIN workstation.community c ON c.district = f.district AND c.id = f.community_id
WHERE f.district = $1 ORDER BY f.code LIMIT 50
"""


def workstation() -> FastAPI:
    """The service as it is, with tokens of the benchmark's own; one is left in a file."""
    identity = SigningIdentity()
    headers = identity.bearer(DISTRICT, Role.CIVIL_AFFAIRS)
    Path(os.environ["TOKEN_FILE"]).write_text(headers["Authorization"])
    settings = Settings(
        database_url=os.environ["SERVICE_URL"],
        issuer=ISSUER,
        files_url=Path(os.environ["TOKEN_FILE"]).parent.as_uri(),
        personal_data_keys=KEYS[0],
        lookup_key=KEYS[1],
    )
    app = create_app(settings, identity=identity)
    settle()
    return app


def bare() -> FastAPI:
    """The same answers from raw asyncpg, without tokens, districts, checks or request ids."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(os.environ["SUPERUSER_URL"], min_size=8, max_size=8) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/v1/workstation/communities/{id}")
    async def community(id: UUID) -> dict[str, Any]:
        return dict(await app.state.pool.fetchrow(COMMUNITY, DISTRICT, id))

    @app.get("/v1/workstation/facilities")
    async def facilities() -> dict[str, Any]:
        rows = await app.state.pool.fetch(FACILITIES, DISTRICT)
        return {"items": [dict(row) for row in rows], "next": None}

    settle()
    return app
