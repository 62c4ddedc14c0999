"""Fixtures of all tests. Each test has a district of its own, so nothing needs cleaning up."""

import itertools
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

from shared.db.database import Database
from tests.support.databases import Databases, migrated_server
from tests.support.identity import ISSUER, SigningIdentity

_districts = itertools.count(100_000)


# A busy machine makes no test red. `./shequ test` takes the profile "ci" instead, which is untimed
# too and tries the same examples each time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def pytest_runtest_setup() -> None:
    """No test reaches another machine."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """A migrated PostgreSQL of this test process, in a folder that no other session closes."""
    with (
        tempfile.TemporaryDirectory(prefix="shequ-test-") as folder,
        migrated_server(Path(folder)) as found,
    ):
        yield found


@pytest.fixture
def district() -> str:
    """A district that no other test uses."""
    return str(next(_districts))


@pytest.fixture(scope="session")
def identity() -> SigningIdentity:
    """Signs and verifies the tests' tokens."""
    return SigningIdentity()


@pytest.fixture(scope="session")
async def gateway_database(databases: Databases) -> AsyncIterator[Database]:
    """The gateway's database under its own role."""
    database = databases.database("gateway")
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def workstation_database(databases: Databases) -> AsyncIterator[Database]:
    """The workstation's database under its own role."""
    database = databases.database("workstation")
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def committee_database(databases: Databases) -> AsyncIterator[Database]:
    """The committee's database under its own role."""
    database = databases.database("committee")
    yield database
    await database.close()


@asynccontextmanager
async def client_of(app: FastAPI, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client on an application whose lifespan runs."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url="http://test", headers={"Accept-Language": "en"}
        ) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def gateway_files(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the gateway keeps uploaded files."""
    return _files(tmp_path_factory)


@pytest.fixture(scope="session")
def workstation_files(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the workstation keeps uploaded files."""
    return _files(tmp_path_factory)


@pytest.fixture(scope="session")
def committee_files(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the committee service keeps uploaded files."""
    return _files(tmp_path_factory)


@pytest.fixture(scope="session")
async def workstation(
    databases: Databases, identity: SigningIdentity, workstation_files: str
) -> AsyncIterator[httpx.AsyncClient]:
    """The workstation service, in this process."""
    from services.workstation.app import create_app
    from services.workstation.settings import Settings

    settings = Settings(
        database_url=databases.url("workstation"),
        issuer=ISSUER,
        files_url=workstation_files,
        **KEYS,
    )
    async with client_of(create_app(settings, identity=identity)) as client:
        yield client


@pytest.fixture(scope="session")
async def committee(
    databases: Databases, identity: SigningIdentity, committee_files: str
) -> AsyncIterator[httpx.AsyncClient]:
    """The committee service, in this process."""
    from services.committee.app import create_app
    from services.committee.settings import Settings

    settings = Settings(
        database_url=databases.url("committee"),
        issuer=ISSUER,
        files_url=committee_files,
        **KEYS,
    )
    async with client_of(create_app(settings, identity=identity)) as client:
        yield client


KEYS: dict[str, Any] = {
    "personal_data_keys": "test:" + "A" * 43 + "=",
    "lookup_key": "B" * 43 + "=",
}


def _files(factory: pytest.TempPathFactory) -> str:
    folder: Path = factory.mktemp("files")
    return folder.as_uri()
