"""Who may do what: `tests/authorization.csv` against the running platform.

Each row says, for an operation and some roles, what happens with what is their own, another
community's, another street's and another district's: `allow`; `deny` (401 or 403); `404`, which in
a list means that it is not in it; `-` where the operation has no such place. An operation of the
merged OpenAPI document or a role without a row fails.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.demo.accounts import ACCOUNTS
from shared.auth.principal import Role
from tests.journeys.asks import (
    admission,
    assessment,
    burden,
    campaigns,
    elections,
    funding,
    hall,
    identity,
    ledger,
    organisation,
    plaques,
    recalls,
    records,
    registry,
    services,
    tasks,
    webhooks,
)
from tests.journeys.asks.asking import Ask, At, Cast
from tests.support.installation import Installation

TABLE = Path(__file__).parents[1] / "authorization.csv"
PLACES = ("own", "other_community", "other_street", "other_district")
ROLES = ("anonymous", "client", *Role)
CODES = {
    "own": "421002001001",
    "other_community": "421002001002",
    "other_street": "421002002001",
    "other_district": "421003001001",
}


CAPABILITIES: tuple[Any, ...] = (
    admission,
    assessment,
    burden,
    campaigns,
    elections,
    funding,
    hall,
    identity,
    ledger,
    organisation,
    plaques,
    recalls,
    records,
    registry,
    services,
    webhooks,
    tasks,
)
SCOPES = {"registry:read"}.union(*(getattr(module, "SCOPES", ()) for module in CAPABILITIES))


def _rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for role in row["roles"].split():
                yield row["operation"], role, {place: row[place] for place in PLACES}


ROWS = list(_rows())


@pytest.fixture(scope="module")
def cast(installation: Installation) -> Iterator[Cast]:
    """Everybody, and something of each kind at each place."""
    with httpx.Client(
        base_url=installation.url, timeout=30, headers={"Accept-Language": "en"}
    ) as client:
        found = Cast(installation.url, client)
        administrator = found.log_in("admin")
        foreign = found.log_in("admin.421003")
        found.headers = {account.role: found.log_in(account.login) for account in ACCOUNTS}
        found.headers |= {"administrator": administrator, "anonymous": {}}
        own = found.account("spare", "hr_bureau", administrator)
        abroad = found.account("civil.421003", "civil_affairs", foreign)
        foreign_office = found.log_in("civil.421003")
        departments = found.get("/v1/departments", administrator)["items"]
        system = found.post(
            "/v1/clients",
            administrator,
            {
                "name": "检查系统",
                "department_id": next(one["id"] for one in departments if one["code"] == "health"),
                "scopes": sorted(SCOPES),
            },
        )
        form = {"grant_type": "client_credentials"}
        token = client.post(
            "/v1/auth/token", data=form, auth=(system["client_id"], system["client_secret"])
        )
        found.headers["client"] = {"Authorization": f"Bearer {token.json()['access_token']}"}
        department = found.post(
            "/v1/departments", foreign, {"code": "health", "name": "卫生健康局"}
        )
        foreign_client = found.post(
            "/v1/clients",
            foreign,
            {"name": "系统", "department_id": department["id"], "scopes": ["registry:read"]},
        )
        for place, code in CODES.items():
            abroad_here = place == "other_district"
            at = _at(
                found,
                code,
                foreign_office if abroad_here else found.headers["civil_affairs"],
                {**abroad, "client": foreign_client["id"]}
                if abroad_here
                else {**own, "client": system["id"]},
            )
            at["place"] = place
            at["department"] = department["id"] if abroad_here else system["department_id"]
            found.places[place] = at
        for module in CAPABILITIES:
            if prepare := getattr(module, "prepare", None):
                for at in found.places.values():
                    prepare(found, at)
        yield found


def _at(cast: Cast, code: str, office: dict[str, str], own: dict[str, str]) -> dict[str, Any]:
    communities = cast.get("/v1/workstation/communities?limit=200", office)["items"]
    community = next(item for item in communities if item["code"] == code)
    where = f"community_id={community['id']}"
    residents = cast.get(f"/v1/workstation/residents?limit=2&{where}", office)["items"]
    disclosed = cast.post(
        f"/v1/workstation/residents/{residents[0]['id']}/disclosure",
        office,
        {"purpose": "权限测试核对"},
    )
    imports = {
        service: cast.get(f"/v1/{service}/imports?limit=1", office)["items"][0]["id"]
        for service in ("workstation", "committee")
    }
    committees = cast.get(f"/v1/committee/committees?{where}", office)["items"]
    return {
        **own,
        "code": code,
        "community": community["id"],
        "street": community["street_id"],
        "household": residents[0]["household_id"],
        "resident": residents[0]["id"],
        "leaver": residents[1]["id"],
        "id_number": disclosed["id_number"],
        "committee": committees[0]["id"],
        "workstation_import": imports["workstation"],
        "committee_import": imports["committee"],
    }


def _ask(operation: str, at: At) -> Ask:
    asks: list[dict[str, Ask]] = [module.asks(at) for module in CAPABILITIES]
    return next(found[operation] for found in asks if operation in found)


def _outcome(answer: httpx.Response, ask: Ask) -> str:
    if answer.status_code in {401, 403}:
        return "deny"
    if answer.status_code == 404:
        return "404"
    assert answer.status_code < 500, f"{ask.method} {ask.path}: {answer.text}"
    if ask.shows is not None and not ask.shows(answer.json()):
        return "404"
    return "allow"


def test_every_operation_and_every_role_has_a_row(installation: Installation) -> None:
    document = httpx.get(f"{installation.url}/openapi.json", timeout=60).json()
    operations = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    named = [(operation, role) for operation, role, _ in ROWS]
    assert len(named) == len(set(named)), "a role stands twice for an operation"
    assert set(named) == {(operation, role) for operation in operations for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(cast: Cast, role: str) -> None:
    differences = []
    for operation, who, expected in ROWS:
        if who != role:
            continue
        for place, wanted in expected.items():
            if wanted == "-":
                continue
            ask = _ask(operation, cast.places[place])
            answer = cast.client.request(
                ask.method,
                ask.path,
                json=ask.json,
                data=ask.data,
                files=ask.files,
                headers={**cast.headers[role], **ask.headers},
            )
            assert answer.status_code != 429, "the test is faster than the rate limit"
            found = _outcome(answer, ask)
            if found != wanted:
                differences.append(
                    f"{operation} {place}: {found} instead of {wanted} ({answer.status_code})"
                )
    assert differences == []
