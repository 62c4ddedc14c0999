"""What `docs/frontends.md` prints for apps works as printed, in both languages."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.installation import Installation

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["frontends.md", "frontends.zh-CN.md"])
def test_every_call_works_as_printed(installation: Installation, tmp_path: Path, name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) == 4
    script = "set -e\n" + "\necho; echo ----\n".join(blocks)
    script = script.replace("http://127.0.0.1:8000", installation.url)
    script = re.sub(r"\n(?=curl )", "\necho; ", script)
    told = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "LANG": "C.UTF-8", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    guest, resident, member, judged = told.stdout.split("----")
    assert "<feed" in guest
    assert '"version":"https://jsonfeed.org/version/1.1"' in guest
    assert '"by":"category"' in guest
    assert "路灯" in guest
    assert resident.count('"status":422') == 1
    assert '"pointer":"/content"' in resident
    assert '"name":"photo.jpg"' in resident
    assert "联系我139****5678" in resident
    assert '"place":"9号楼一单元"' in resident
    assert '"supporters":1' in resident
    assert '"phone":"13912345678"' in member
    assert '"state":"restored"' in member
    assert '"state":"result"' in member
    assert (tmp_path / "matters.xlsx").read_bytes().startswith(b"PK")
    assert '"state":"closed"' in judged
    assert '"status":4' not in member + judged or "day_taken" in member
    for problem in re.findall(r'"code":"(\w+)"', resident + member + judged):
        assert problem in {"personal_data_in_text", "day_taken"}, problem


def test_both_languages_print_the_same_calls() -> None:
    calls = [
        [line for line in (DOCS / name).read_text(encoding="utf-8").splitlines() if "curl" in line]
        for name in ("frontends.md", "frontends.zh-CN.md")
    ]
    assert calls[0] == calls[1]
