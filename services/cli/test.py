"""`test`: lint, types, import rules, and all tests with their coverage."""

import os
import subprocess
import sys
from collections.abc import Sequence

from services.cli.home import PROJECT
from services.cli.speech import say
from shared.kernel.text import Text


def run_checks(pytest_arguments: Sequence[str]) -> int:
    """Run every check, also after one has failed; 0 when all passed. The tests come last, so that
    their summary ends the output."""
    python = [sys.executable, "-m"]
    tool = str(PROJECT / ".venv" / "bin") + "/"
    environment = {**os.environ, "COVERAGE_FILE": str(PROJECT / ".coverage")}
    steps: list[tuple[Text, list[str]]] = [
        (Text(zh="代码检查", en="Lint"), [*python, "ruff", "check", "."]),
        (Text(zh="代码格式", en="Format"), [*python, "ruff", "format", "--check", "."]),
        (Text(zh="类型检查", en="Types"), [*python, "mypy"]),
        (Text(zh="导入规则", en="Import rules"), [f"{tool}lint-imports"]),
    ]
    tests = [
        *python,
        "pytest",
        "-n",
        "2",
        "--dist",
        "worksteal",
        "--hypothesis-profile",
        "ci",
        "-q",
        *_coverage(pytest_arguments),
        *pytest_arguments,
    ]
    failed = []
    for title, command in [*steps, (Text(zh="测试", en="Tests"), tests)]:
        say(Text(zh=f"── {title.zh}", en=f"── {title.en}"))
        if subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode != 0:
            failed.append(title)
    if failed:
        say(
            Text(
                zh="未通过：" + "、".join(title.zh for title in failed),
                en="Failed: " + ", ".join(title.en for title in failed),
            )
        )
    return 1 if failed else 0


def _coverage(pytest_arguments: Sequence[str]) -> list[str]:
    """Coverage is demanded of a whole run only, not of a chosen part."""
    if pytest_arguments:
        return []
    return ["--cov", "--cov-config=pyproject.toml", "--cov-report=term"]
