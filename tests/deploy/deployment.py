"""Reads the deployment files as data, and knows which variables and commands really exist."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import typer
import yaml
from pydantic import AliasChoices
from pydantic_settings import BaseSettings
from typer.core import TyperGroup

from services.cli.__main__ import app
from services.committee.settings import Settings as CommitteeSettings
from services.gateway.settings import Settings as GatewaySettings
from services.workstation.settings import Settings as WorkstationSettings

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
EXAMPLE = "secret.example.yaml"

SETTINGS: dict[str, type[BaseSettings]] = {
    "gateway": GatewaySettings,
    "workstation": WorkstationSettings,
    "committee": CommitteeSettings,
}
PROCESSES = {
    "migrate": ["migrate"],
    "gateway": ["serve", "gateway"],
    "workstation": ["serve", "workstation"],
    "committee": ["serve", "committee"],
    "worker": ["worker"],
}
SECRETS = {
    "migrate": {"SHEQU_DATABASE_URL_OWNER"},
    "gateway": {"SHEQU_DATABASE_URL_GATEWAY", "SHEQU_SIGNING_KEY_SECRET"},
    "workstation": {
        "SHEQU_DATABASE_URL_WORKSTATION",
        "SHEQU_PERSONAL_DATA_KEYS",
        "SHEQU_LOOKUP_KEY",
    },
    "committee": {"SHEQU_DATABASE_URL_COMMITTEE"},
    "worker": {
        "SHEQU_DATABASE_URL_GATEWAY",
        "SHEQU_DATABASE_URL_WORKSTATION",
        "SHEQU_DATABASE_URL_COMMITTEE",
        "SHEQU_PERSONAL_DATA_KEYS",
        "SHEQU_LOOKUP_KEY",
        "SHEQU_SIGNING_KEY_SECRET",
    },
}
ALL_SECRETS = set[str]().union(*SECRETS.values())

_INTERPOLATION = re.compile(r"\$\{(?P<name>\w+)(?:(?P<kind>:\?|:-)(?P<rest>[^}]*))?\}")


@dataclass(frozen=True)
class Interpolation:
    """`${NAME:?message}` or `${NAME:-default}` in the compose file."""

    name: str
    kind: str
    rest: str


@dataclass(frozen=True)
class Process:
    """What one container is started with: its arguments and its variables, secrets filled in."""

    name: str
    arguments: list[str]
    variables: Mapping[str, str] = field(default_factory=dict)


@cache
def command_line() -> TyperGroup:
    """The commands of the platform."""
    found = typer.main.get_command(app)
    assert isinstance(found, TyperGroup)
    return found


def variables_of(settings: type[BaseSettings]) -> set[str]:
    """The environment variables that a settings class reads."""
    names = set()
    for name, info in settings.model_fields.items():
        alias = info.validation_alias
        if isinstance(alias, AliasChoices):
            names |= {choice for choice in alias.choices if isinstance(choice, str)} - {name}
        else:
            names.add(f"{settings.model_config['env_prefix']}{name}".upper())
    return names


def variables_of_commands() -> set[str]:
    """The environment variables that stand for options of the command line."""
    return {
        variable
        for command in command_line().commands.values()
        for parameter in command.params
        for variable in ([parameter.envvar] if isinstance(parameter.envvar, str) else [])
    }


def variables_read_by(process: str) -> set[str]:
    """The environment variables that a process reads."""
    if process == "migrate":
        return {"SHEQU_DATABASE_URL_OWNER"}
    if process == "worker":
        return set[str]().union(*(variables_of(found) for found in SETTINGS.values()))
    return variables_of(SETTINGS[process])


@cache
def compose() -> dict[str, Any]:
    """The compose file, its variables not filled in."""
    found: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    return found


def interpolations(text: str) -> list[Interpolation]:
    """Every variable that a text takes from the operator's environment."""
    return [
        Interpolation(found["name"], found["kind"] or "", found["rest"] or "")
        for found in _INTERPOLATION.finditer(text)
    ]


def filled_in(text: str) -> str:
    """The text with every default taken and every required variable given."""
    return _INTERPOLATION.sub(
        lambda found: found["rest"] if found["kind"] == ":-" else sample(found["name"]), text
    )


def sample(name: str) -> str:
    """A value such as an operator gives to a variable."""
    return {
        "SHEQU_ISSUER": "https://shequ.example.gov.cn",
        "SHEQU_PERSONAL_DATA_KEYS": "1:" + "A" * 43 + "=",
        "SHEQU_LOOKUP_KEY": "B" * 43 + "=",
        "SHEQU_SIGNING_KEY_SECRET": "C" * 43 + "=",
    }.get(name, "0123456789abcdef")


def compose_process(name: str) -> Process:
    """A process as the compose file starts it."""
    service = compose()["services"][name]
    variables = {key: filled_in(value) for key, value in service.get("environment", {}).items()}
    return Process(name, service["command"], variables)


@cache
def documents(path: Path) -> list[dict[str, Any]]:
    """The objects of a manifest."""
    return list(yaml.safe_load_all(path.read_text()))


def kustomization() -> dict[str, Any]:
    """What is applied."""
    return documents(KUBERNETES / "kustomization.yaml")[0]


def objects(kind: str) -> dict[str, dict[str, Any]]:
    """The applied objects of a kind, by name."""
    return {
        found["metadata"]["name"]: found
        for file in kustomization()["resources"]
        for found in documents(KUBERNETES / file)
        if found["kind"] == kind
    }


def example_secrets() -> dict[str, dict[str, str]]:
    """The variables of the example secrets, by the secret's name."""
    return {
        found["metadata"]["name"]: found["stringData"] for found in documents(KUBERNETES / EXAMPLE)
    }


def pod_of(name: str) -> dict[str, Any]:
    """The pod of a process."""
    owner = objects("Job" if name == "migrate" else "Deployment")[name]
    spec: dict[str, Any] = owner["spec"]["template"]["spec"]
    return spec


def kubernetes_process(name: str) -> Process:
    """A process as Kubernetes starts it."""
    (container,) = pod_of(name)["containers"]
    variables: dict[str, str] = {}
    for source in container["envFrom"]:
        if "configMapRef" in source:
            variables |= objects("ConfigMap")[source["configMapRef"]["name"]]["data"]
        else:
            given = example_secrets()[source["secretRef"]["name"]]
            for key, value in given.items():
                whole = value.replace("<password>", "0123456789abcdef").replace("<host>", "db")
                variables[key] = sample(key) if "<key>" in value else whole
    return Process(name, container["args"], variables)
