"""Streets, communities and the acts that change their map."""

from datetime import date

import httpx
import pytest

from services.workstation.registry.domain import (
    PARTS,
    AdjustmentKind,
    Life,
    adjustment_issues,
    existing_on,
)
from shared.auth.principal import Role
from tests.services.workstation.conftest import SmallDistrict


async def _propose(
    workstation: httpx.AsyncClient, small: SmallDistrict, code: str, street: int = 0
) -> str:
    made = await workstation.post(
        "/v1/workstation/communities",
        json={
            "code": code,
            "name": f"新{code}",
            "kind": "urban",
            "street_id": str(small.streets[street]),
            "established_on": "2026-01-01",
            "household_count": 4001,
        },
        headers=small.role(Role.CIVIL_AFFAIRS),
    )
    assert made.status_code == 201, made.text
    community: str = made.json()["id"]
    return community


def _merge(small: SmallDistrict, into: str, code: str = "2026-01") -> dict[str, object]:
    return {
        "code": code,
        "round": 2,
        "kind": "merge",
        "decided_on": "2026-03-01",
        "document": "沙区政发〔2026〕3号",
        "before": [str(small.communities[0]), str(small.communities[1])],
        "after": [into],
    }


async def test_a_merger_ends_two_communities_and_begins_one_and_the_lineage_tells_it(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    office = small.role(Role.CIVIL_AFFAIRS)
    into = await _propose(workstation, small, "C9")
    done = await workstation.post(
        "/v1/workstation/adjustments", json=_merge(small, into), headers=office
    )
    assert done.status_code == 201, done.text
    counts = {}
    for day in ("2003-05-19", "2003-05-20", "2026-02-28", "2026-03-01"):
        listed = await workstation.get(f"/v1/workstation/communities?on={day}", headers=office)
        counts[day] = len(listed.json()["items"])
    assert counts == {"2003-05-19": 0, "2003-05-20": 3, "2026-02-28": 3, "2026-03-01": 2}
    lineage = (
        await workstation.get(f"/v1/workstation/communities/{into}/lineage", headers=office)
    ).json()
    assert [step["kind"] for step in lineage["steps"]] == ["create", "create", "merge"]
    assert lineage["steps"][-1]["before"] == ["社区0", "社区1"]


async def test_an_act_on_communities_in_the_wrong_state_changes_nothing(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    office = small.role(Role.CIVIL_AFFAIRS)
    answer = await workstation.post(
        "/v1/workstation/adjustments",
        json=_merge(small, str(small.communities[2])),
        headers=office,
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "community_state")
    listed = await workstation.get("/v1/workstation/communities?state=active", headers=office)
    assert len(listed.json()["items"]) == 3


@pytest.mark.parametrize("kind", list(AdjustmentKind))
def test_each_kind_of_act_takes_and_gives_its_number_of_communities(kind: AdjustmentKind) -> None:
    before, after = PARTS[kind]
    good = adjustment_issues(
        kind, [f"b{n}" for n in range(before[0])], [f"a{n}" for n in range(after[0])]
    )
    assert good == ()
    bad = adjustment_issues(kind, ["b"] * (before[0] + 3), ["a"] * (after[0] + 3))
    assert {issue.pointer for issue in bad} == {"/before", "/after"}


def test_a_community_exists_from_its_first_day_to_the_day_before_its_end() -> None:
    lives = [Life(date(2003, 5, 20), date(2026, 3, 1)), Life(date(2026, 3, 1), None)]
    days = [date(2003, 5, 19), date(2003, 5, 20), date(2026, 2, 28), date(2026, 3, 1)]
    assert [existing_on(lives, day) for day in days] == [0, 1, 1, 1]


async def test_only_civil_affairs_changes_the_map(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    body = {"code": "S9", "name": "新街道", "kind": "street"}
    for headers in (small.staff(), small.officer(), small.role(Role.LEADING_GROUP)):
        answer = await workstation.post("/v1/workstation/streets", json=body, headers=headers)
        assert answer.status_code == 403


async def test_a_street_is_renamed_by_who_has_read_its_present_version(
    workstation: httpx.AsyncClient, small: SmallDistrict
) -> None:
    office = small.role(Role.CIVIL_AFFAIRS)
    path = f"/v1/workstation/streets/{small.streets[0]}"
    read = await workstation.get(path, headers=office)
    headers = {**office, "If-Match": read.headers["etag"]}
    renamed = await workstation.patch(path, json={"name": "解放街道"}, headers=headers)
    assert renamed.json()["name"] == "解放街道"
    lost = await workstation.patch(path, json={"name": "崇文街道"}, headers=headers)
    assert lost.status_code == 412


@pytest.mark.parametrize("q", ["社区", "%", "_"])
async def test_part_of_a_name_finds_communities_and_signs_are_taken_literally(
    workstation: httpx.AsyncClient, small: SmallDistrict, q: str
) -> None:
    found = await workstation.get(
        "/v1/workstation/communities", params={"q": q}, headers=small.staff()
    )
    assert len(found.json()["items"]) == (3 if q == "社区" else 0)
