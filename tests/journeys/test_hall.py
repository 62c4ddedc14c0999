"""The talk hall on a whole installation: its tour, its stream through the gateway, and no handover
lost when services and workers are killed on the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.installation import Installation, children_of, until

PROJECT = Path(__file__).parents[2]
HALL = "/v1/committee/hall"


def _post(installation: Installation, login: str, path: str, body: Any = None) -> Any:
    answer = httpx.post(
        installation.url + path, json=body, headers=installation.headers(login), timeout=60
    )
    assert answer.status_code < 300, answer.text
    return answer.json()


def test_the_tour_plays_one_matter_to_its_end(installation: Installation) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "services.cli", "tour", "hall"],
        cwd=PROJECT,
        env={
            **os.environ,
            "LANG": "C.UTF-8",
            "SHEQU_HOME": str(installation.home),
            "SHEQU_GATEWAY_URL": installation.url,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    for sign in ("✗ 422", "139****5678", "✗ 403"):
        assert sign in told.stdout
    assert "13912345678" not in told.stdout


def _community(installation: Installation) -> str:
    me = installation.get("/v1/me", "clerk").json()
    found: str = next(grant["scope_id"] for grant in me["grants"] if grant["scope_id"])
    return found


def _kill(installation: Installation, name: str) -> None:
    """`up` starts again what was killed."""
    before = children_of(installation.process.pid)[name]
    os.kill(before, signal.SIGKILL)
    until(lambda: children_of(installation.process.pid).get(name) not in {None, before})


def _ready(installation: Installation, login: str, path: str) -> Any:
    """An answer once its service serves again."""
    answers: list[httpx.Response] = []

    def served() -> bool:
        answers.append(installation.get(path, login))
        return answers[-1].status_code == 200

    until(served)
    return answers[-1].json()


@pytest.mark.parametrize("victim", ["worker", "workstation", "committee"])
def test_no_handover_is_lost_when_a_process_is_killed_at_any_step(
    installation: Installation, victim: str
) -> None:
    made = _post(
        installation, "clerk", f"{HALL}/matters",
        {
            "community_id": _community(installation),
            "title": f"断电演练 {victim}",
            "content": f"{victim} 被终止时交办不丢失。",
            "channel": "in_person",
        },
    )  # fmt: skip
    path = f"{HALL}/matters/{made['id']}"
    _post(installation, "committee", f"{path}/acceptance", {})
    handover = {"handler": "workstation", "request": "请办理"}
    _post(installation, "committee", f"{path}/handover", handover)
    _kill(installation, victim)
    _ready(installation, "committee", path)
    id = installation.get(f"{path}/handovers", "committee").json()[0]["id"]
    task = f"/v1/workstation/hall-tasks/{id}"
    _ready(installation, "clerk", task)
    _post(installation, "clerk", f"{task}/acceptance")
    _kill(installation, victim)
    _ready(installation, "clerk", task)
    _post(installation, "clerk", f"{task}/result", {"result": "已办好"})
    _kill(installation, victim)
    until(lambda: _ready(installation, "committee", path)["state"] == "result")
    said = installation.get(f"{path}/comments", "committee").json()["items"]
    assert [one["body"] for one in said] == ["已办好"]
    steps = installation.get(f"{path}/history", "committee").json()
    assert [step["action"] for step in steps] == ["acceptance", "handover", "signing", "result"]
