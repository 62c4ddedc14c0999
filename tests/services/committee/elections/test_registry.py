"""Electors taken from the registry of the workstation, with the caller's own right to read it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.workstation.registry import residents as workstation_residents
from shared.auth.principal import Grant, Principal, PrincipalKind, Role, ScopeKind
from shared.db.database import Database
from shared.kernel.ids import new_id
from shared.web.app import ServiceApplication
from tests.services.committee.elections.conftest import Polls, id_number


@pytest.fixture
async def registry_of(
    polls: Polls,
    elections_api: ServiceApplication,
    workstation: httpx.AsyncClient,
    workstation_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Polls]:
    """The polls' community in the workstation, with a household; reached as over the network."""
    community, street = polls.small.communities[0], polls.small.street
    district = polls.small.code
    async with workstation_database.transaction(district) as session:
        for statement in (
            f"INSERT INTO street (district, id, code, name, kind, version) "
            f"VALUES ('{district}', '{street}', 'S1', '解放街道', 'street', 1)",
            f"INSERT INTO community (district, id, code, name, kind, state, street_id, "
            f"established_on, household_count, version) VALUES ('{district}', '{community}', 'C0', "
            f"'航空路社区', 'urban', 'active', '{street}', '2003-05-20', 2500, 1)",
        ):
            await session.execute(text(statement))
    own = elections_api.state.client
    elections_api.state.client = workstation
    monkeypatch.setattr(elections_api.state.settings, "workstation_url", "")
    monkeypatch.setattr(workstation_residents, "EXTRACTED", 3)
    yield polls
    elections_api.state.client = own


def _both(polls: Polls) -> dict[str, str]:
    """Who sits on the election committee and works at the workstation."""
    place = polls.small.communities[0]
    principal = Principal(
        subject=new_id(),
        kind=PrincipalKind.PERSON,
        district=polls.small.code,
        grants=(
            Grant(Role.ELECTION_COMMITTEE, ScopeKind.COMMUNITY, place),
            Grant(Role.WORKSTATION_STAFF, ScopeKind.COMMUNITY, place),
        ),
    )
    return {"Authorization": f"Bearer {polls.identity.token(principal)}"}


async def _residents(polls: Polls, workstation: httpx.AsyncClient) -> None:
    clerk = polls.who(Role.WORKSTATION_STAFF)
    home = await workstation.post(
        "/v1/workstation/households",
        json={
            "community_id": str(polls.small.communities[0]),
            "code": "000001",
            "address": "航空路12号",
        },
        headers=clerk,
    )
    for place, residence in enumerate(("registered", "usual", "both", "both")):
        person = {
            "household_id": home.json()["id"],
            "name": f"居民{place}",
            "id_number": id_number(place),
            "residence": residence,
        }
        made = await workstation.post("/v1/workstation/residents", json=person, headers=clerk)
        assert made.status_code == 201, made.text


async def test_the_registrys_residents_are_registered_page_by_page(
    registry_of: Polls, workstation: httpx.AsyncClient, workstation_database: Database
) -> None:
    polls = registry_of
    await _residents(polls, workstation)
    await polls.resolve()
    await polls.post("/registration")
    by = _both(polls)
    after: Any = None
    registered = 0
    for _ in range(2):
        body = {"declaration": "2026年11月入户登记", "after": after}
        page = await polls.post("/roll/registry", body, by=by)
        registered += page["registered"]
        after = page["after"]
    assert (registered, after) == (4, None)
    listed = (await polls.get("/roll/electors", polls.holder))["items"]
    assert [(one["name"], one["basis"], one["household"]) for one in listed] == [
        ("居民0", "household_register", "000001"),
        ("居民1", "usual_residence", "000001"),
        ("居民2", "household_register", "000001"),
        ("居民3", "household_register", "000001"),
    ]
    async with workstation_database.read(polls.small.code) as session:
        audit = await session.execute(
            text("SELECT purpose FROM audit_event WHERE action = 'residents.extracted'")
        )
    assert [polls.id in row[0] for row in audit] == [True, True]


async def test_who_may_not_read_the_registry_registers_nobody_from_it(registry_of: Polls) -> None:
    polls = registry_of
    await polls.resolve()
    await polls.post("/registration")
    refused = await polls.refused("/roll/registry", {"declaration": "登记册"})
    assert (refused["status"], refused["code"]) == (403, "registry_forbidden")


async def test_a_workstation_that_does_not_answer_is_told_and_nobody_is_registered(
    registry_of: Polls, elections_api: ServiceApplication
) -> None:
    polls = registry_of
    await polls.resolve()
    await polls.post("/registration")

    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late", request=request)

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(silent), base_url="http://workstation"
    ) as client:
        elections_api.state.client = client
        answer = await polls.send("/roll/registry", {"declaration": "登记册"}, by=_both(polls))
    assert (answer.status_code, answer.json()["code"]) == (503, "workstation_unavailable")
    assert (await polls.get("/roll/electors", polls.holder))["items"] == []
