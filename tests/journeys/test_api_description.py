"""The merged OpenAPI document, and the platform measured by it."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.cli.demo.accounts import PASSWORD
from tests.support.installation import Installation

DISTRICT = "420106"
ADMINISTRATOR = f"admin.{DISTRICT}"
SEED = 421002


@pytest.fixture(scope="module")
def document(installation: Installation) -> dict[str, Any]:
    """The merged document."""
    found: dict[str, Any] = httpx.get(f"{installation.url}/openapi.json").json()
    return found


def test_it_is_openapi_3_1_with_every_service_under_its_public_path(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")
    areas = {"/v1/workstation/communities", "/v1/committee/committees", "/v1/auth/token", "/v1/me"}
    assert areas <= document["paths"].keys()


def test_every_operation_has_an_example_a_policy_and_both_languages(
    document: dict[str, Any],
) -> None:
    lacking = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            answers = [
                media
                for status, answer in operation["responses"].items()
                if status.startswith("2")
                for media in answer.get("content", {}).items()
            ]
            json_answers = [media for name, media in answers if name == "application/json"]
            bodies = list(operation.get("requestBody", {}).get("content", {}).values())
            if not all(
                "example" in media or "examples" in media for media in json_answers + bodies
            ):
                lacking.append(f"{method} {path}: example")
            if "x-policy" not in operation:
                lacking.append(f"{method} {path}: policy")
            said = operation.get("description", "") + operation.get("summary", "")
            if not any("\u4e00" <= sign <= "\u9fff" for sign in said):
                lacking.append(f"{method} {path}: Chinese description")
    assert lacking == []


@pytest.fixture(scope="module")
def everything(installation: Installation) -> dict[str, str]:
    """Headers of somebody of a small district who holds every role that any operation asks for."""
    administrator = installation.headers(ADMINISTRATOR)
    with httpx.Client(base_url=installation.url, headers=administrator, timeout=30) as client:
        made = client.post(
            "/v1/accounts",
            json={"login": "everything", "display_name": "甲", "password": PASSWORD},
        ).json()
        communities = client.get("/v1/workstation/communities").json()["items"]
        grants: list[tuple[str, str | None]] = [
            ("administrator", None),
            ("civil_affairs", None),
            ("auditor", None),
            ("workstation_staff", communities[0]["id"]),
            ("committee_member", communities[0]["id"]),
            ("resident", communities[0]["id"]),
            ("supervisor", communities[0]["id"]),
        ]
        for role, scope in grants:
            answer = client.post(
                "/v1/grants",
                json={"account_id": made["id"], "role": role, "scope_id": scope},
            )
            assert answer.status_code == 201, answer.text
    return installation.headers("everything")


BOUNDED = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


def test_no_request_meets_a_crash_or_an_undocumented_answer(
    installation: Installation, document: dict[str, Any], everything: dict[str, str]
) -> None:
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig(seed=SEED))
    schema.config.update(base_url=installation.url)
    faults = []
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @BOUNDED
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case[Any]) -> None:
            response = case.call(headers=everything)
            case.validate_response(response, checks=CHECKS)

        asked += 1
        try:
            ask()
        except (AssertionError, BaseExceptionGroup) as error:
            faults.append(f"{operation.label}: {error}")
    assert asked == sum(len(item) for item in document["paths"].values())
    assert not faults, "\n\n".join(faults)
