"""Accounts, grants, clients and departments as an administrator governs them."""

import httpx
import pytest

from services.gateway.identity.signing import LocalIdentity
from shared.web.app import ServiceApplication
from tests.services.gateway.conftest import PASSWORD, Person, log_in

STREET = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"


async def _grant(
    gateway: httpx.AsyncClient, administrator: Person, account: Person, role: str, **more: object
) -> httpx.Response:
    return await gateway.post(
        "/v1/grants",
        json={"account_id": account.id, "role": role, **more},
        headers=administrator.headers,
    )


async def _settled(gateway_api: ServiceApplication) -> None:
    identity: LocalIdentity = gateway_api.state.identity
    await identity.refresh()


async def test_a_grant_shows_in_the_next_token(
    gateway: httpx.AsyncClient, administrator: Person, officer: Person
) -> None:
    made = await _grant(gateway, administrator, officer, "street_officer", scope_id=STREET)
    assert made.status_code == 201, made.text
    again = await log_in(gateway, officer.login)
    me = (await gateway.get("/v1/me", headers=again.headers)).json()
    assert me["grants"] == [{"role": "street_officer", "scope": "street", "scope_id": STREET}]


async def test_a_revoked_grant_ends_the_holders_tokens(
    gateway: httpx.AsyncClient,
    gateway_api: ServiceApplication,
    administrator: Person,
    officer: Person,
) -> None:
    made = await _grant(gateway, administrator, officer, "auditor")
    auditor = await log_in(gateway, officer.login)
    assert (await gateway.get("/v1/accounts", headers=auditor.headers)).status_code == 200
    ended = await gateway.post(
        f"/v1/grants/{made.json()['id']}/revocation",
        json={"reason": "岗位调整"},
        headers=administrator.headers,
    )
    assert ended.json()["in_force"] is False
    await _settled(gateway_api)
    refused = await gateway.get("/v1/accounts", headers=auditor.headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "token_revoked")
    renewed = await gateway.post(
        "/v1/auth/token",
        data={"grant_type": "refresh_token", "refresh_token": auditor.refresh_token},
    )
    headers = {"Authorization": f"Bearer {renewed.json()['access_token']}"}
    assert (await gateway.get("/v1/accounts", headers=headers)).status_code == 403


async def test_a_grant_is_given_once_and_revoked_once(
    gateway: httpx.AsyncClient, administrator: Person, officer: Person
) -> None:
    first = await _grant(gateway, administrator, officer, "auditor")
    second = await _grant(gateway, administrator, officer, "auditor")
    assert (second.status_code, second.json()["code"]) == (409, "grant_exists")
    path = f"/v1/grants/{first.json()['id']}/revocation"
    for status in (200, 409):
        answer = await gateway.post(path, json={"reason": "离岗"}, headers=administrator.headers)
        assert answer.status_code == status


async def test_nobody_grants_or_suspends_themselves(
    gateway: httpx.AsyncClient, administrator: Person
) -> None:
    own = await _grant(gateway, administrator, administrator, "auditor")
    assert (own.status_code, own.json()["code"]) == (403, "own_grant")
    suspended = await gateway.post(
        f"/v1/accounts/{administrator.id}/suspension",
        json={"reason": "试试"},
        headers=administrator.headers,
    )
    assert (suspended.status_code, suspended.json()["code"]) == (403, "own_account")


async def test_the_last_administrator_stays(
    gateway: httpx.AsyncClient, administrator: Person
) -> None:
    grants = await gateway.get(
        f"/v1/grants?account_id={administrator.id}", headers=administrator.headers
    )
    [only] = grants.json()["items"]
    answer = await gateway.post(
        f"/v1/grants/{only['id']}/revocation",
        json={"reason": "离岗"},
        headers=administrator.headers,
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")


async def test_a_grant_with_faults_names_all_of_them(
    gateway: httpx.AsyncClient, administrator: Person, officer: Person
) -> None:
    answer = await _grant(
        gateway,
        administrator,
        officer,
        "street_officer",
        starts_on="2026-01-05",
        ends_on="2026-01-05",
    )
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/scope_id", "/ends_on"}


async def test_a_suspended_account_is_out_at_once_and_can_come_back(
    gateway: httpx.AsyncClient,
    gateway_api: ServiceApplication,
    administrator: Person,
    officer: Person,
) -> None:
    reason = {"reason": "调查期间"}
    path = f"/v1/accounts/{officer.id}"
    await gateway.post(f"{path}/suspension", json=reason, headers=administrator.headers)
    await _settled(gateway_api)
    assert (await gateway.get("/v1/me", headers=officer.headers)).status_code == 401
    form = {"grant_type": "password", "username": officer.login, "password": PASSWORD}
    assert (await gateway.post("/v1/auth/token", data=form)).status_code == 400
    await gateway.post(f"{path}/reinstatement", json=reason, headers=administrator.headers)
    assert (await gateway.post("/v1/auth/token", data=form)).status_code == 200


async def test_a_login_name_is_unique_over_all_districts(
    gateway: httpx.AsyncClient, administrator: Person
) -> None:
    answer = await gateway.post(
        "/v1/accounts",
        json={"login": administrator.login, "display_name": "王芳"},
        headers=administrator.headers,
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "login_taken")


async def test_an_initial_password_must_be_changed_and_ends_with_the_change(
    gateway: httpx.AsyncClient, administrator: Person, district: str
) -> None:
    login = f"new.{district}"
    made = await gateway.post(
        "/v1/accounts",
        json={"login": login, "display_name": "王芳"},
        headers=administrator.headers,
    )
    initial = made.json()["initial_password"]
    person = await log_in(gateway, login, initial)
    me = (await gateway.get("/v1/me", headers=person.headers)).json()
    assert me["must_change_password"] is True
    weak = await gateway.put(
        "/v1/me/password",
        json={"old_password": initial, "new_password": "12345"},
        headers=person.headers,
    )
    assert weak.json()["errors"][0]["pointer"] == "/new_password"
    changed = await gateway.put(
        "/v1/me/password",
        json={"old_password": initial, "new_password": PASSWORD},
        headers=person.headers,
    )
    assert changed.status_code == 204
    await log_in(gateway, login, PASSWORD)


async def test_renaming_needs_the_version_that_was_read(
    gateway: httpx.AsyncClient, administrator: Person, officer: Person
) -> None:
    path = f"/v1/accounts/{officer.id}"
    read = await gateway.get(path, headers=administrator.headers)
    headers = {**administrator.headers, "If-Match": read.headers["etag"]}
    assert (
        await gateway.patch(path, json={"display_name": "李建军"}, headers=headers)
    ).status_code == 200
    assert (
        await gateway.patch(path, json={"display_name": "李"}, headers=headers)
    ).status_code == 412


async def test_every_governing_act_stands_in_the_audit_without_personal_names(
    gateway: httpx.AsyncClient, administrator: Person, officer: Person
) -> None:
    await _grant(gateway, administrator, officer, "auditor")
    events = (await gateway.get("/v1/audit-events", headers=administrator.headers)).json()["items"]
    assert {"account.created", "grant.created", "session.opened"} <= {
        event["action"] for event in events
    }
    assert "李建国" not in str(events)


async def test_another_districts_accounts_do_not_exist(
    gateway: httpx.AsyncClient, administrator: Person, officer: Person, gateway_database: object
) -> None:
    from services.gateway.identity.public import bootstrap_administrator
    from shared.db.database import Database
    from shared.kernel.clock import SystemClock

    assert isinstance(gateway_database, Database)
    await bootstrap_administrator(
        gateway_database,
        "990077",
        login="stranger.admin",
        name="外区",
        password=PASSWORD,
        clock=SystemClock(),
    )
    stranger = await log_in(gateway, "stranger.admin")
    assert (
        await gateway.get(f"/v1/accounts/{officer.id}", headers=stranger.headers)
    ).status_code == 404
    listed = await gateway.get("/v1/accounts", headers=stranger.headers)
    assert [account["login"] for account in listed.json()["items"]] == ["stranger.admin"]


@pytest.mark.parametrize("q", ["%", "_", "\\", "officer"])
async def test_searching_accounts_takes_signs_literally(
    gateway: httpx.AsyncClient, administrator: Person, officer: Person, q: str
) -> None:
    found = await gateway.get("/v1/accounts", params={"q": q}, headers=administrator.headers)
    logins = [account["login"] for account in found.json()["items"]]
    assert logins == ([officer.login] if q == "officer" else [])
