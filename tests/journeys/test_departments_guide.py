"""What the guides for departments print works as printed."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.processes import free_port, port_is_free
from services.gateway.webhooks.secrets import new_secret, written
from services.gateway.webhooks.sending import signatures
from shared.kernel.ids import new_id
from tests.support.installation import Installation, until

PROJECT = Path(__file__).parents[2]
GUIDES = ("docs/departments.md", "docs/departments.zh-CN.md")


def _blocks(guide: str, kind: str) -> list[str]:
    text = (PROJECT / guide).read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, flags=re.DOTALL)


def _run(
    installation: Installation, folder: Path, *command: str
) -> "subprocess.CompletedProcess[str]":
    told = subprocess.run(
        command,
        cwd=folder,
        env={
            **os.environ,
            "LANG": "C.UTF-8",
            "SHEQU_GATEWAY_URL": installation.url,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PORT": str(free_port()),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_works_as_printed(installation: Installation, tmp_path: Path, guide: str) -> None:
    ends = "trap 'kill $(jobs -p) 2> ended.log || true' EXIT"
    script = "\n".join(["set -e -o pipefail", ends, *_blocks(guide, "sh")])
    script = script.replace("http://127.0.0.1:8000", installation.url)
    _run(installation, tmp_path, "bash", "-c", script)
    told = {path.stem: json.loads(path.read_text()) for path in tmp_path.glob("*.json")}
    assert told["client"]["client_secret"]
    assert told["item"]["state"] == "with_leading_group"
    assert told["dispatch"]["amount"] == 4000
    assert told["task"]["state"] == "received"
    codes = {error["code"] for error in told["refusal"]["errors"]}
    assert codes == {"due_outside_period", "funds_short"}
    assert told["form"]["from_ledger"] >= 1
    assert len(told["elements"]["items"]) >= 60
    assert (tmp_path / "form.xlsx").read_bytes().startswith(b"PK")
    _assert_what_came_of_the_inspection(tmp_path, told)
    [program] = _blocks(guide, "python")
    said = _run(installation, tmp_path, sys.executable, "-c", program).stdout
    assert "funds_short /communities" in said
    assert "dispatched " in said
    assert " received " in said


def _assert_what_came_of_the_inspection(folder: Path, told: dict[str, Any]) -> None:
    assert told["request"]["state"] == "with_leading_group"
    assert (told["draft"]["binding"], told["visits"]["binding"]) == (False, True)
    assert told["known"]["items"][0]["code"] == "WS-01"
    assert told["known"]["items"][0]["source_id"]
    assert {one["verdict"] for one in told["visits"]["items"]} == {"needs_visit"}
    came = (folder / "received.log").read_text().splitlines()
    assert [" ".join(line.split(" ")[:2]) for line in came] == [
        "verified cn.shequ.webhooks.test",
        "verified cn.shequ.assessment.request.decided",
        "verified cn.shequ.webhooks.test",
        "again cn.shequ.assessment.request.decided",
    ]
    decided = json.loads(came[1].split(" ", 2)[2])
    assert (decided["request_id"], decided["state"]) == (told["request"]["id"], "approved")
    assert len(told["secrets"]) == len(set(told["secrets"])) == 2
    assert (told["delivery"]["state"], len(told["delivery"]["log"])) == ("delivered", 2)
    assert all(one["status"] == 204 for one in told["delivery"]["log"])
    assert told["shared"]["next"] is None
    assert (folder / "shared.xlsx").read_bytes().startswith(b"PK")


def test_the_printed_receiver_believes_nobody_else(tmp_path: Path) -> None:
    [block] = [one for one in _blocks(GUIDES[0], "sh") if "receiver.py" in one]
    program = block.partition("<<'PROGRAM'\n")[2].partition("\nPROGRAM\n")[0]
    (tmp_path / "receiver.py").write_text(program)
    own, strange = new_secret(), new_secret()
    (tmp_path / "secrets.json").write_text(json.dumps([written(own)]))
    port = free_port()
    with (tmp_path / "received.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "receiver.py", str(port)], cwd=tmp_path, stdout=log
        )
    try:
        until(lambda: not port_is_free(port))
        statuses = [
            _sent(port, secret, body, signed)
            for secret, body, signed in (
                (own, '{"id": "1", "type": "t", "data": {}}', None),
                (own, '{"id": "1", "type": "t", "data": {}}', None),
                (strange, '{"id": "2", "type": "t", "data": {}}', None),
                (own, '{"id": "3", "type": "t", "data": {}}', '{"id": "4"}'),
            )
        ]
    finally:
        process.terminate()
        process.wait()
    assert statuses == [204, 204, 401, 401]
    said = (tmp_path / "received.log").read_text().splitlines()
    assert said == ["verified t {}", "again t", *["not signed by the platform"] * 2]


def _sent(port: int, secret: bytes, body: str, signed: str | None) -> int:
    id, now = new_id(), datetime.now(UTC)
    headers = {
        "webhook-id": str(id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures([secret], id, now, signed or body),
    }
    answer = httpx.post(f"http://127.0.0.1:{port}/shequ", content=body, headers=headers)
    return answer.status_code


def test_both_guides_print_the_same_commands() -> None:
    first, second = ([_blocks(guide, kind) for kind in ("sh", "python")] for guide in GUIDES)
    assert [len(part) for part in first] == [len(part) for part in second]
