"""Logging in, refreshing, and losing one's tokens."""

import asyncio
import base64

import httpx
import jwt
import pyotp
import pytest
from sqlalchemy import text

from services.gateway.identity import guessing
from services.gateway.identity.domain import Attempt, Guard
from services.gateway.identity.signing import LocalIdentity
from shared.db.database import Database
from shared.kernel.clock import SystemClock
from shared.web.app import ServiceApplication
from tests.services.gateway.conftest import PASSWORD, Person, log_in


async def _token(gateway: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await gateway.post("/v1/auth/token", data=form)


async def test_a_password_gives_a_short_lived_token_that_the_public_keys_verify(
    gateway: httpx.AsyncClient, administrator: Person, district: str
) -> None:
    answer = await _token(
        gateway, grant_type="password", username=administrator.login, password=PASSWORD
    )
    body = answer.json()
    assert body["expires_in"] == 600
    keys = (await gateway.get("/.well-known/jwks.json")).json()["keys"]
    header = jwt.get_unverified_header(body["access_token"])
    [key] = [key for key in keys if key["kid"] == header["kid"]]
    claims = jwt.decode(
        body["access_token"], jwt.PyJWK(key), algorithms=["ES256"], audience="shequ"
    )
    assert claims["district"] == district
    assert "d" not in key


async def test_an_unknown_name_and_a_wrong_password_are_answered_alike(
    gateway: httpx.AsyncClient, officer: Person
) -> None:
    wrong = await _token(gateway, grant_type="password", username=officer.login, password="x")
    unknown = await _token(gateway, grant_type="password", username="nobody.at.all", password="x")
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.json() == unknown.json()
    assert wrong.json()["error"] == "invalid_grant"


async def test_after_five_failures_the_address_must_wait_and_is_told_how_long(
    gateway: httpx.AsyncClient, officer: Person
) -> None:
    for _ in range(5):
        answer = await _token(gateway, grant_type="password", username=officer.login, password="x")
        assert answer.status_code == 400
    locked = await _token(gateway, grant_type="password", username=officer.login, password=PASSWORD)
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 901


@pytest.mark.parametrize("guarded", [True, False])
async def test_parallel_guesses_are_counted_one_by_one(
    gateway_database: Database,
    district: str,
    guarded: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the counting — the negative control — all of them pass."""
    if not guarded:
        monkeypatch.setattr(
            guessing, "attempt", lambda source, name, now: Attempt(True, now - now, source, name)
        )
    now = SystemClock().now()
    waits = await asyncio.gather(
        *(
            guessing.begin_attempt(gateway_database, f"race.{district}", "192.0.2.1", now)
            for _ in range(20)
        )
    )
    assert sum(wait is None for wait in waits) == (5 if guarded else 20)


async def test_a_refresh_token_works_once_and_its_second_use_ends_the_whole_family(
    gateway: httpx.AsyncClient, officer: Person
) -> None:
    first = await _token(gateway, grant_type="refresh_token", refresh_token=officer.refresh_token)
    assert first.status_code == 200
    again = await _token(gateway, grant_type="refresh_token", refresh_token=officer.refresh_token)
    assert again.json()["error"] == "invalid_grant"
    child = await _token(
        gateway, grant_type="refresh_token", refresh_token=first.json()["refresh_token"]
    )
    assert child.json()["error"] == "invalid_grant"


async def test_parallel_uses_of_one_refresh_token_give_one_new_token(
    gateway: httpx.AsyncClient, officer: Person
) -> None:
    answers = await asyncio.gather(
        *(
            _token(gateway, grant_type="refresh_token", refresh_token=officer.refresh_token)
            for _ in range(8)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7


async def test_logging_out_ends_the_refresh_token(
    gateway: httpx.AsyncClient, officer: Person
) -> None:
    out = await gateway.post("/v1/auth/revocation", data={"token": officer.refresh_token})
    assert out.status_code == 204
    answer = await _token(gateway, grant_type="refresh_token", refresh_token=officer.refresh_token)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "magic"}, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "a"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "rubbish"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "421002.zz.x"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"},
            "invalid_client",
        ),
    ],
)
async def test_a_malformed_token_request_gets_the_oauth_error_of_its_kind(
    gateway: httpx.AsyncClient, form: dict[str, str], error: str
) -> None:
    answer = await gateway.post("/v1/auth/token", data=form)
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


async def _client(gateway: httpx.AsyncClient, administrator: Person) -> dict[str, str]:
    department = await gateway.post(
        "/v1/departments",
        json={"code": "health", "name": "卫健局"},
        headers=administrator.headers,
    )
    made = await gateway.post(
        "/v1/clients",
        json={
            "name": "检查系统",
            "department_id": department.json()["id"],
            "scopes": ["registry:read", "ledger:read"],
        },
        headers=administrator.headers,
    )
    assert made.status_code == 201, made.text
    body: dict[str, str] = made.json()
    return body


async def test_a_departments_system_gets_a_token_for_some_or_all_of_its_scopes(
    gateway: httpx.AsyncClient, administrator: Person
) -> None:
    client = await _client(gateway, administrator)
    credentials = f"{client['client_id']}:{client['client_secret']}"
    basic = {"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}
    whole = await gateway.post(
        "/v1/auth/token", data={"grant_type": "client_credentials"}, headers=basic
    )
    assert whole.json()["scope"] == "ledger:read registry:read"
    assert "refresh_token" not in whole.json()
    part = await gateway.post(
        "/v1/auth/token",
        data={"grant_type": "client_credentials", "scope": "ledger:read"},
        headers=basic,
    )
    assert part.json()["scope"] == "ledger:read"
    more = await gateway.post(
        "/v1/auth/token",
        data={"grant_type": "client_credentials", "scope": "pay:write"},
        headers=basic,
    )
    assert more.json()["error"] == "invalid_scope"


async def test_after_a_rotation_the_last_two_secrets_are_good(
    gateway: httpx.AsyncClient, administrator: Person
) -> None:
    client = await _client(gateway, administrator)
    secrets = [client["client_secret"]]
    for _ in range(2):
        rotated = await gateway.post(
            f"/v1/clients/{client['id']}/secrets", headers=administrator.headers
        )
        secrets.append(rotated.json()["client_secret"])
    statuses = []
    for secret in secrets:
        answer = await _token(
            gateway,
            grant_type="client_credentials",
            client_id=client["client_id"],
            client_secret=secret,
        )
        statuses.append(answer.status_code)
    assert statuses == [401, 200, 200]


async def test_a_new_key_is_published_at_once_and_signs_once_every_service_can_know_it(
    gateway: httpx.AsyncClient,
    gateway_api: ServiceApplication,
    gateway_database: Database,
    administrator: Person,
) -> None:
    rotated = await gateway.post("/v1/signing-keys/rotation", headers=administrator.headers)
    new = rotated.json()["key_id"]
    identity: LocalIdentity = gateway_api.state.identity
    await identity.refresh()
    published = (await gateway.get("/.well-known/jwks.json")).json()["keys"]
    assert new in {key["kid"] for key in published}
    assert _key_of(await log_in(gateway, administrator.login)) != new
    async with gateway_database.installation() as session:  # forty seconds later
        await session.execute(
            text("UPDATE signing_key SET retired_at = now() WHERE retired_at > now()")
        )
    await identity.refresh()
    assert _key_of(await log_in(gateway, administrator.login)) == new
    assert (await gateway.get("/v1/me", headers=administrator.headers)).status_code == 200


def _key_of(person: Person) -> str:
    header = jwt.get_unverified_header(person.headers["Authorization"].removeprefix("Bearer "))
    return str(header["kid"])


async def test_a_second_factor_is_asked_once_it_is_confirmed(
    gateway: httpx.AsyncClient, officer: Person
) -> None:
    enrolled = (await gateway.post("/v1/me/totp", headers=officer.headers)).json()
    wrong = await gateway.post(
        "/v1/me/totp/confirmation", json={"code": "000000"}, headers=officer.headers
    )
    assert wrong.status_code == 409
    code = pyotp.TOTP(enrolled["secret"]).now()
    confirmed = await gateway.post(
        "/v1/me/totp/confirmation", json={"code": code}, headers=officer.headers
    )
    assert confirmed.status_code == 204
    form = {"grant_type": "password", "username": officer.login, "password": PASSWORD}
    assert (await _token(gateway, **form)).json()["error"] == "mfa_required"
    assert (await _token(gateway, **form, totp=code)).status_code == 200


def test_what_is_remembered_of_an_address_holds_no_name() -> None:
    assert guessing.name_digest("Clerk ") == guessing.name_digest("clerk")
    assert b"clerk" not in guessing.name_digest("clerk")
    assert Guard().failures == 0
