"""A small application on the workstation's database, to try what every service shares."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from shared.auth.policy import Policy, Reach
from shared.auth.principal import Role
from shared.auth.tokens import TokenVerifier
from shared.db.database import Database
from shared.jobs.models import Job
from shared.kernel.clock import SystemClock
from shared.kernel.errors import NotFound
from shared.kernel.text import Text
from shared.web.app import create_service
from shared.web.authentication import CurrentPrincipal, Reading, permits
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.unit_of_work import UnitOfWorkRoute, WriteSession
from tests.conftest import client_of
from tests.support.identity import ISSUER, SigningIdentity

NOTE = Policy(
    "trial.note",
    Text(zh="记录", en="take notes"),
    scoped_roles=frozenset({Role.WORKSTATION_STAFF}),
)


class Note(BaseModel):
    """What is noted."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(min_length=1, max_length=40, examples=["trial"])
    fail: bool = Field(False, examples=[False])


class NoteView(BaseModel):
    """A note."""

    id: UUID = Field(examples=["0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"])
    kind: str = Field(examples=["trial"])
    done: int = Field(examples=[0])


def _router() -> APIRouter:
    router = APIRouter(route_class=UnitOfWorkRoute)

    @router.post("/notes", status_code=201, operation_id="note")
    async def note(
        body: Note,
        session: WriteSession,
        principal: CurrentPrincipal,
        _reach: Annotated[Reach, permits(NOTE)],
    ) -> NoteView:
        """Take a note; a failing one must leave nothing behind."""
        job = Job(district=principal.district, kind=body.kind, parameters={})
        session.add(job)
        await session.flush()
        if body.fail:
            raise RuntimeError("crashed after writing")
        return NoteView(id=job.id, kind=job.kind, done=0)

    @router.get("/notes", operation_id="notes")
    async def notes(
        session: Reading, page: Paging, _reach: Annotated[Reach, permits(NOTE)]
    ) -> Page[NoteView]:
        """All notes in the order in which they were taken."""
        rows = (await session.execute(page.apply(select(Job.id, Job.kind, Job.done), Job.id))).all()
        return page.page(
            rows, lambda row: (row.id,), lambda row: NoteView(id=row.id, kind=row.kind, done=0)
        )

    @router.put("/notes/{id}", operation_id="renote")
    async def renote(
        id: UUID,
        body: Note,
        session: WriteSession,
        expected: ExpectedVersion,
        response: Response,
        _reach: Annotated[Reach, permits(NOTE)],
    ) -> NoteView:
        """Change a note; `done` serves as its version."""
        job = await session.scalar(select(Job).where(Job.id == id).with_for_update())
        if job is None:
            raise NotFound
        require_version(job.done, expected)
        job.kind, job.done = body.kind, job.done + 1
        response.headers["ETag"] = etag(job.done)
        return NoteView(id=job.id, kind=job.kind, done=job.done)

    return router


@pytest.fixture(scope="session")
async def notes(
    workstation_database: Database, identity: SigningIdentity
) -> AsyncIterator[httpx.AsyncClient]:
    """A client on the trial application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = workstation_database
        app.state.verifier = TokenVerifier(identity, issuer=ISSUER, clock=SystemClock())
        yield

    app = create_service(service="trial", title="Trial", lifespan=lifespan, routers=[_router()])
    async with client_of(app) as client:
        yield client


@pytest.fixture
def clerk(identity: SigningIdentity, district: str) -> dict[str, str]:
    """The header of a clerk of this test's district."""
    return identity.bearer(district, Role.WORKSTATION_STAFF)
