"""What both deployments start: real commands, with variables that are really read."""

from collections.abc import Callable

import pytest

from services.gateway.identity.sealing import Seal
from services.gateway.settings import Settings as GatewaySettings
from shared.privacy.cipher import PersonalData
from tests.deploy.deployment import (
    ALL_SECRETS,
    PROCESSES,
    SECRETS,
    SETTINGS,
    Process,
    command_line,
    compose_process,
    kubernetes_process,
    variables_read_by,
)

Starter = Callable[[str], Process]

in_both = pytest.mark.parametrize("start", [compose_process, kubernetes_process])
each_process = pytest.mark.parametrize("name", PROCESSES)


@in_both
@each_process
def test_a_process_is_started_by_a_command_that_exists(
    start: Starter, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = start(name)
    for variable, value in process.variables.items():
        monkeypatch.setenv(variable, value)
    assert process.arguments == PROCESSES[name]
    command = command_line().commands[process.arguments[0]]
    with command.make_context(command.name, process.arguments[1:]) as context:
        assert set(context.params.values()) >= set(process.arguments[1:])


@in_both
@pytest.mark.parametrize("name", [name for name in PROCESSES if name != "migrate"])
def test_the_worker_and_the_services_take_only_what_they_read(start: Starter, name: str) -> None:
    given = set(start(name).variables)
    every_service = set[str]().union(*(variables_read_by(service) for service in SETTINGS))
    assert given <= every_service
    if start is compose_process:
        assert given <= variables_read_by(name)


@in_both
def test_the_migration_takes_the_owner_and_nothing_else(start: Starter) -> None:
    assert set(start("migrate").variables) == {"SHEQU_DATABASE_URL_OWNER"}


@in_both
@each_process
def test_a_process_gets_its_own_secrets_and_no_others(start: Starter, name: str) -> None:
    assert set(start(name).variables) & ALL_SECRETS == SECRETS[name]


@in_both
@pytest.mark.parametrize("name", SETTINGS)
def test_a_service_accepts_the_settings_it_is_given(
    start: Starter, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in start(name).variables.items():
        monkeypatch.setenv(variable, value)
    settings = SETTINGS[name]()
    assert settings.model_dump()["issuer"].startswith("https://")


@in_both
def test_keys_have_the_form_that_the_platform_wants(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in start("gateway").variables.items():
        monkeypatch.setenv(variable, value)
    Seal(GatewaySettings().signing_key_secret.get_secret_value())
    given = start("workstation").variables
    PersonalData(given["SHEQU_PERSONAL_DATA_KEYS"], given["SHEQU_LOOKUP_KEY"])


@in_both
@each_process
def test_a_database_address_has_the_role_of_its_service(start: Starter, name: str) -> None:
    for variable, value in start(name).variables.items():
        if variable.startswith("SHEQU_DATABASE_URL_"):
            role = variable.removeprefix("SHEQU_DATABASE_URL_").lower()
            assert value.startswith(f"postgresql+asyncpg://shequ_{role}:")
            assert value.endswith("/shequ")


@in_both
def test_the_services_find_each_other_at_the_ports_they_listen_on(start: Starter) -> None:
    addresses = {
        variable: value
        for name in PROCESSES
        for variable, value in start(name).variables.items()
        if variable in {"SHEQU_GATEWAY_URL", "SHEQU_WORKSTATION_URL", "SHEQU_COMMITTEE_URL"}
    }
    assert addresses == {
        "SHEQU_GATEWAY_URL": "http://gateway:8000",
        "SHEQU_WORKSTATION_URL": "http://workstation:8000",
        "SHEQU_COMMITTEE_URL": "http://committee:8000",
    }
