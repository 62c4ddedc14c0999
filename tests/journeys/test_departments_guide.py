"""What the guides for departments print works as printed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.installation import Installation

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
        env={**os.environ, "LANG": "C.UTF-8", "SHEQU_GATEWAY_URL": installation.url},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_works_as_printed(installation: Installation, tmp_path: Path, guide: str) -> None:
    script = "set -e -o pipefail\n" + "\n".join(_blocks(guide, "sh"))
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
    [program] = _blocks(guide, "python")
    said = _run(installation, tmp_path, sys.executable, "-c", program).stdout
    assert "funds_short /communities" in said
    assert "dispatched " in said
    assert " received " in said


def test_both_guides_print_the_same_commands() -> None:
    first, second = ([_blocks(guide, kind) for kind in ("sh", "python")] for guide in GUIDES)
    assert [len(part) for part in first] == [len(part) for part in second]
