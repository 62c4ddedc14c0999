"""What both READMEs print works as printed, and names every setting with its default."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from services.committee.settings import Settings as Committee
from services.gateway.settings import Settings as Gateway
from services.workstation.settings import Settings as Workstation
from tests.support.installation import Installation

PROJECT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


def _commands(readme: str) -> list[str]:
    """The shell blocks of the tour, in order."""
    text = (PROJECT / readme).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [block for block in blocks if "./shequ up" not in block]


@pytest.mark.parametrize("readme", READMES)
def test_the_tour_works_as_printed(installation: Installation, tmp_path: Path, readme: str) -> None:
    commands = _commands(readme)
    assert len(commands) >= 8
    script = "set -e\n" + "\necho; echo ----\n".join(commands)
    script = script.replace("http://127.0.0.1:8000", installation.url)
    script = script.replace("./shequ", f"PYTHONPATH={PROJECT} {sys.executable} -m services.cli")
    told = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={
            **os.environ,
            "LANG": "C.UTF-8",
            "SHEQU_HOME": str(installation.home),
            "SHEQU_GATEWAY_URL": installation.url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    parts = told.stdout.split("----")
    assert '"login":"civil"' in parts[0]
    assert '"kind":"merge"' in parts[1]
    assert '"seconded_to_street":62' in parts[2]
    assert '"below_standard":26' in parts[2]
    assert "居民委员会" in parts[3]
    assert '"status":403' in parts[4]
    assert parts[5].count('"id_number"') == 2
    assert re.search(r'"id_number":"\d{6}\*+', parts[5])
    assert "not taken in" in told.stderr
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "report.docx").read_bytes().startswith(b"PK")
    assert '"staff.on_duty"' in (tmp_path / "report.json").read_text()


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("settings", [Gateway, Workstation, Committee])
def test_every_setting_is_named_with_its_default(readme: str, settings: type[BaseSettings]) -> None:
    text = (PROJECT / readme).read_text(encoding="utf-8")
    missing = []
    for name, field in settings.model_fields.items():
        if name.startswith("database_"):
            address = f"SHEQU_{name.upper()}"
            assert f"`{address}_GATEWAY`" in text
            continue
        default = field.default
        none = default == "" or hasattr(default, "get_secret_value")
        row = f"| `SHEQU_{name.upper()}` | {'—' if none else f'`{default}`'} |"
        if row not in text:
            missing.append(row)
    assert missing == []
