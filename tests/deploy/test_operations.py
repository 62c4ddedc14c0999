"""The operator's page names variables, files and addresses that exist."""

import re

from services.gateway.app import create_api
from tests.deploy.deployment import (
    DEPLOY,
    PROJECT,
    SETTINGS,
    command_line,
    interpolations,
    variables_of,
    variables_of_commands,
)

PAGE = (PROJECT / "docs/operations.md").read_text()


def test_it_names_only_variables_that_are_read() -> None:
    read = variables_of_commands().union(*(variables_of(found) for found in SETTINGS.values()))
    read |= {found.name for found in interpolations((PROJECT / "compose.yaml").read_text())}
    named = set(re.findall(r"SHEQU_\w+", PAGE)) - {"SHEQU_PASSWORD_"}
    assert len(named) > 20
    assert named - read == set()


def test_it_names_every_secret_and_address_of_the_services() -> None:
    for settings in SETTINGS.values():
        for variable in variables_of(settings):
            if re.search(r"URL|KEY|SECRET|ISSUER", variable):
                assert variable in PAGE


def test_it_names_files_that_exist() -> None:
    files = set(re.findall(r"deploy/[\w./-]+\w", PAGE)) - {
        "deploy/compose.env",
        "deploy/kubernetes/secret.yaml",
        "deploy/worker",
    }
    assert files >= {"deploy/Dockerfile", "deploy/postgres/roles.sql", "deploy/kubernetes"}
    assert [file for file in files if not (PROJECT / file).exists()] == []
    assert (DEPLOY / ".gitignore").read_text().split() == ["compose.env", "kubernetes/secret.yaml"]


def test_it_names_commands_and_operations_that_exist() -> None:
    for command in re.findall(r"services\.cli (\w+)", PAGE):
        assert command in command_line().commands
    settings = SETTINGS["gateway"].model_validate(
        {
            "database_url": "postgresql+asyncpg://nobody@127.0.0.1/none",
            "signing_key_secret": "C" * 43 + "=",
        }
    )
    paths = create_api(settings).openapi()["paths"]  # type: ignore[arg-type]
    named = re.findall(r"`POST (/v1/[^`]+)`", PAGE)
    assert len(named) == 2
    assert [path for path in named if "post" not in paths.get(path, {})] == []
