"""The demo district's report, computed from its records, says what the seed report says."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import Installation
from tests.support.seed import SEED_FIGURES

PATH = "/v1/workstation/reports/community-building"
DOES_NOT_CLOSE = "staff.secondment_rate"


@pytest.fixture(scope="session")
def figures(installation: Installation) -> dict[str, dict[str, Any]]:
    """The report of the last day of 2023 by key."""
    answer = installation.get(f"{PATH}?on=2023-12-31", "civil")
    assert answer.status_code == 200, answer.text
    return {figure["key"]: figure for figure in answer.json()["figures"]}


@pytest.mark.parametrize("key", [key for key in SEED_FIGURES if key != DOES_NOT_CLOSE])
def test_each_figure_of_the_seed_report_is_computed_from_the_records(
    figures: dict[str, dict[str, Any]], key: str
) -> None:
    assert figures[key]["value"] == SEED_FIGURES[key]["value"]
    assert figures[key]["inferred"] >= SEED_FIGURES[key].get("inferred", False)


def test_where_the_seed_reports_arithmetic_does_not_close_the_report_says_so(
    figures: dict[str, dict[str, Any]],
) -> None:
    rate = figures[DOES_NOT_CLOSE]
    assert (rate["numerator"], rate["denominator"]) == (62, 328)
    assert "16.5%" in rate["note"]


def test_the_report_of_an_earlier_day_counts_what_was_then(installation: Installation) -> None:
    answer = installation.get(f"{PATH}?on=2023-01-31", "civil")
    found = {figure["key"]: figure["value"] for figure in answer.json()["figures"]}
    assert (found["posts.approved_now"], found["posts.at_election"]) == (287, 287)


def test_a_day_that_no_standard_covers_is_refused_with_the_reason(
    installation: Installation,
) -> None:
    answer = installation.get(f"{PATH}?on=1999-01-01", "civil")
    assert (answer.status_code, answer.json()["code"]) == (422, "rule_not_in_force")


@pytest.mark.parametrize(
    ("accept", "begins"),
    [
        ("application/pdf", b"%PDF-"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK",
        ),
    ],
)
def test_the_report_comes_as_a_document(
    installation: Installation, accept: str, begins: bytes
) -> None:
    answer = installation.get(f"{PATH}?on=2023-12-31", "civil", headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == accept
    assert answer.content.startswith(begins)
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]


def test_another_form_than_these_is_refused_with_those_there_are(
    installation: Installation,
) -> None:
    answer = installation.get(PATH, "civil", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_another_districts_report_counts_only_its_own(installation: Installation) -> None:
    answer = installation.get(f"{PATH}?on=2023-12-31", "admin.421003")
    assert answer.status_code == 403
    listed = installation.get("/v1/workstation/communities?limit=200", "admin.421003")
    assert [item["name"] for item in listed.json()["items"]] == ["东门社区", "南门社区", "北门社区"]


def test_the_command_line_writes_the_report(installation: Installation, tmp_path: Path) -> None:
    base = [sys.executable, "-m", "services.cli", "report", "--on", "2023-12-31"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "SHEQU_HOME": str(installation.home),
        "SHEQU_GATEWAY_URL": installation.url,
    }
    told = subprocess.run(base, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout)["district"] == "421002"
    written = tmp_path / "report.docx"
    subprocess.run(
        [*base, "--format", "docx", "--output", str(written)],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert "word/document.xml" in zipfile.ZipFile(written).namelist()
