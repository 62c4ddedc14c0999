"""`./shequ tour work` plays again and again, and tells what was refused, paid and spared."""

import re

import pytest

from tests.support.installation import Installation
from tests.support.touring import played


@pytest.mark.parametrize("language", ["C.UTF-8", "zh_CN.UTF-8", "C.UTF-8"])
def test_it_plays_again_and_again(installation: Installation, language: str) -> None:
    told = played(installation, "work", language)
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
    told = played(installation, "nothing", "C.UTF-8")
    assert told.returncode == 1
    assert "work" in told.stderr
