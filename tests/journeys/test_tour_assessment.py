"""`./shequ tour assessment` plays again and again: refused and why, requested and planned visits,
ranking, rewards to the fen, and the burden before and after."""

import re
from typing import Any

import pytest

from services.cli.demo.stories.assessment.standard import demo_year
from tests.support.installation import Installation
from tests.support.touring import played

YEAR = demo_year()


@pytest.mark.parametrize("language", ["C.UTF-8", "zh_CN.UTF-8", "C.UTF-8"])
def test_it_plays_again_and_again(installation: Installation, language: str) -> None:
    told = played(installation, "assessment", language)
    assert told.returncode == 0, told.stdout + told.stderr
    for code in (
        "legal_basis_missing",
        "applied_too_late",
        "item_unknown",
        "veto_without_basis",
        "everything_refused",
        "step_not_possible",
        "second_person_needed",
        "findings_closed",
        "rewards_granted",
        "not_found",
        "clock_backwards",
        "from_ledger 8",
        "only_partly_covered",
        "BEGIN:VEVENT",
        "14,285.72",
    ):
        assert code in told.stdout
    shared = re.findall(r"^ +1 +100\.00 ", told.stdout, flags=re.MULTILINE)
    assert len(shared) == 2
    if language == "C.UTF-8":
        assert_numbers(told.stdout)


def assert_numbers(told: str) -> None:
    """What was printed in English adds up."""
    [(requested, planned, unserved)] = re.findall(
        r"(\d+) visits requested → (\d+) joint visits planned .*; (\d+) cannot be served", told
    )
    assert (requested, planned) == ("24", "8")
    assert 0 < int(unserved) < 8
    assert "the nearest day, is capacity" in told
    assert "2 recorded; unsure, once more: 2 repeated, 0 recorded" in told
    assert "points, derived from" in told
    [(before, after)] = re.findall(r"upholds it: ([\d.]+) → ([\d.]+) points, final", told)
    assert float(before) < float(after)
    assert "together 100,000.01" in told
    assert "32 answered by shared results, 0 from the ledger, 0 need a visit" in told
    burdens = re.findall(rf"in {YEAR}: inspections (\d+) → (\d+); items (\d+) → (\d+)", told)
    assert len(burdens) == 3
    for asked, made, items, visited in burdens:
        assert int(asked) > 4 * int(made) > 0
        assert int(items) > int(visited) > 0


def burden(installation: Installation) -> list[dict[str, Any]]:
    """The year that the demo tells, by community."""
    answer = installation.get(f"/v1/burden?year={YEAR}", "leading")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["communities"]
    return rows


def test_the_demo_holds_the_seeds_case(installation: Installation) -> None:
    for row in burden(installation):
        assert row["inspections"]["before"] > 20
        assert 0 < row["inspections"]["after"] <= 12
        assert row["items"]["from_ledger"] > 0
        assert row["items"]["refused"] > 0
        assert 12 <= row["plaques_outdoors"]["before"] <= 22
        assert row["unfunded_tasks"] == 0
    plaques = installation.get("/v1/plaques/inventory/compliance", "leading").json()
    assert plaques["to_be_removed"] > 0
    assert any(one["compliant"] for one in plaques["communities"])
    elements = installation.get("/v1/workstation/ledger/elements?limit=200", "civil").json()
    assert len(elements["items"]) >= 60


def test_the_years_requests_were_refused_by_rule_decided_and_planned(
    installation: Installation,
) -> None:
    path = "/v1/assessment/requests?limit=200"
    requests = [
        one
        for one in installation.get(path, "leading").json()["items"]
        if one["standard_code"] == "unified"
    ]
    assert len(requests) > 20
    returned = {
        issue["code"]
        for one in requests
        if one["state"] == "returned"
        for issue in one["screening"]["issues"]
    }
    assert {"legal_basis_missing", "comprehensive_limit"} <= returned
    states = [one["state"] for one in requests]
    assert states.count("approved") > 15
    assert "rejected" in states
    campaigns = installation.get("/v1/assessment/campaigns?limit=200", "leading").json()["items"]
    year = [one for one in campaigns if one["standard_code"] == "unified"]
    assert {(one["state"], one["demo"]) for one in year} == {("announced", True)}
    assert len(year) == 2
