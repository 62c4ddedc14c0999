"""The compose file: closed, hardened, without a password of its own."""

import re
from typing import Any

import pytest

from tests.deploy.deployment import DEPLOY, PROCESSES, PROJECT, compose, interpolations

SECRET = re.compile(r"PASSWORD|KEY|SECRET|TOKEN")


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def names_read_by_roles_sql() -> set[str]:
    return set(
        re.findall(r"^\\getenv \w+ (\w+)$", (DEPLOY / "postgres/roles.sql").read_text(), re.M)
    )


def test_it_has_the_database_and_every_process() -> None:
    assert set(services()) == {"postgres", *PROCESSES}


def test_no_secret_has_a_default() -> None:
    asked = interpolations((PROJECT / "compose.yaml").read_text())
    secrets = [found for found in asked if SECRET.search(found.name)]
    assert len(secrets) > 8
    assert [found for found in secrets if found.kind != ":?" or not found.rest] == []


@pytest.mark.parametrize("name", ["postgres", *PROCESSES])
def test_no_secret_is_written_down(name: str) -> None:
    for variable, value in services()[name].get("environment", {}).items():
        if SECRET.search(variable):
            assert [found.kind for found in interpolations(value)] == [":?"], variable
            assert value.startswith("${")
            assert value.endswith("}")
        if "DATABASE_URL" in variable:
            assert re.search(r"://shequ_\w+:\$\{\w+:\?[^}]+\}@", value), variable


def test_the_database_is_given_the_passwords_that_its_roles_are_made_with() -> None:
    given = set(services()["postgres"]["environment"])
    assert {name for name in given if name.startswith("SHEQU_")} == names_read_by_roles_sql()
    assert given - names_read_by_roles_sql() == {"POSTGRES_PASSWORD"}


def test_only_the_gateway_is_published() -> None:
    assert [name for name, service in services().items() if "ports" in service] == ["gateway"]
    assert all("network_mode" not in service for service in services().values())


def test_the_database_and_the_migration_reach_nothing_outside() -> None:
    assert compose()["networks"]["inside"] == {"internal": True}
    assert services()["postgres"]["networks"] == ["inside"]
    assert services()["migrate"]["networks"] == ["inside"]


@pytest.mark.parametrize("name", ["postgres", *PROCESSES])
def test_every_container_is_closed(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    assert "user" not in service
    if name != "postgres":
        assert "cap_add" not in service


@pytest.mark.parametrize("name", ["gateway", "workstation", "committee", "worker"])
def test_nothing_starts_before_the_migration_is_done(name: str) -> None:
    assert services()[name]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }


@pytest.mark.parametrize("name", ["gateway", "workstation", "committee", "worker"])
def test_health_is_asked_with_the_script_of_the_image(name: str) -> None:
    assert services()[name]["healthcheck"]["test"] == [
        "CMD",
        "python",
        "/opt/shequ/healthcheck.py",
    ]


def test_all_processes_run_one_image() -> None:
    assert len({services()[name]["image"] for name in PROCESSES}) == 1
    assert services()["postgres"]["image"].endswith("postgres:18}")


def test_data_lives_in_named_volumes() -> None:
    volumes = compose()["volumes"]
    assert set(volumes) == {"postgres", "files"}
    assert "postgres:/var/lib/postgresql" in services()["postgres"]["volumes"]
    for name in ("workstation", "committee", "worker"):
        assert services()[name]["volumes"] == ["files:/var/lib/shequ/files"]
