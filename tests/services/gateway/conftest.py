"""The gateway's own API on a real database, with an administrator in each test's district."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from services.gateway.app import create_api
from services.gateway.identity.public import bootstrap_administrator
from services.gateway.settings import Settings
from shared.db.database import Database
from shared.kernel.clock import SystemClock
from shared.web.app import ServiceApplication
from tests.conftest import client_of
from tests.support.databases import Databases
from tests.support.identity import ISSUER

PASSWORD = "江汉-路98号-Spring"
SEAL = base64.b64encode(b"S" * 32).decode()


@pytest.fixture(scope="session")
def gateway_api(databases: Databases, gateway_files: str) -> ServiceApplication:
    """The application."""
    return create_api(
        Settings(
            database_url=databases.url("gateway"),
            issuer=ISSUER,
            signing_key_secret=SEAL,
            files_url=gateway_files,
        )
    )


@pytest.fixture(scope="session")
async def gateway(gateway_api: ServiceApplication) -> AsyncIterator[httpx.AsyncClient]:
    """A client on it."""
    async with client_of(gateway_api) as client:
        yield client


@dataclass
class Person:
    """Someone logged in."""

    id: str
    login: str
    headers: dict[str, str]
    refresh_token: str


async def log_in(gateway: httpx.AsyncClient, login: str, password: str = PASSWORD) -> Person:
    """Get tokens with a password."""
    answer = await gateway.post(
        "/v1/auth/token",
        data={"grant_type": "password", "username": login, "password": password},
    )
    assert answer.status_code == 200, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await gateway.get("/v1/me", headers=headers)).json()
    return Person(me["subject"], login, headers, answer.json()["refresh_token"])


@pytest.fixture
async def administrator(
    gateway: httpx.AsyncClient, gateway_database: Database, district: str
) -> Person:
    """The first administrator of this test's district."""
    login = f"admin.{district}"
    await bootstrap_administrator(
        gateway_database,
        district,
        login=login,
        name="管理员",
        password=PASSWORD,
        clock=SystemClock(),
    )
    return await log_in(gateway, login)


@pytest.fixture
async def officer(gateway: httpx.AsyncClient, administrator: Person, district: str) -> Person:
    """Somebody with an account and no grants yet."""
    login = f"officer.{district}"
    answer = await gateway.post(
        "/v1/accounts",
        json={"login": login, "display_name": "李建国", "password": PASSWORD},
        headers=administrator.headers,
    )
    assert answer.status_code == 201, answer.text
    return await log_in(gateway, login)
