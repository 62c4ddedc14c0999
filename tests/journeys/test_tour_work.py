"""`./shequ tour work` plays again and again, and tells what was refused, paid and spared."""

import os
import re
import subprocess
import sys

import pytest

from tests.support.installation import Installation


def _tour(
    installation: Installation, name: str, language: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.cli", "tour", name, "--gateway-url", installation.url],
        env={**os.environ, "LANG": language, "LC_ALL": language, "COLUMNS": "400"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.parametrize("language", ["C.UTF-8", "zh_CN.UTF-8", "C.UTF-8"])
def test_it_plays_again_and_again(installation: Installation, language: str) -> None:
    told = _tour(installation, "work", language)
    assert told.returncode == 0, told.stdout + told.stderr
    for code in (
        "legal_basis_missing",
        "funding_missing",
        "applied_too_late",
        "item_not_in_force",
        "item_not_admitted",
        "due_outside_period",
        "funds_short",
        "two_persons_needed",
        "element_similar",
    ):
        assert code in told.stdout
    if language == "C.UTF-8":
        assert "120.00 yuan are paid" in told.stdout
        assert "the books are off by 0" in told.stdout
        avoided, forms = re.findall(r"(\d+) of (\d+) forms were avoided", told.stdout)[0]
        assert 0 < int(avoided) < int(forms)


def test_a_tour_that_does_not_exist_is_named(installation: Installation) -> None:
    told = _tour(installation, "nothing", "C.UTF-8")
    assert told.returncode == 1
    assert "work" in told.stderr
