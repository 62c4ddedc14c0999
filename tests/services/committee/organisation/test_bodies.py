"""Groups, representatives, sub-committees and supervisors over HTTP."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.auth.principal import Role
from shared.kernel.ids import new_id
from tests.services.committee.conftest import SmallDistrict
from tests.support.identity import SigningIdentity

C = "/v1/committee"
MEETING = {
    "kind": "representatives_meeting",
    "held_on": "2026-10-15",
    "entitled": 30,
    "present": 20,
    "in_favour": 11,
    "document": "居民代表会议纪要〔2026〕5号",
}


class Recorder:
    """The first community's committee member, at work."""

    def __init__(
        self, client: httpx.AsyncClient, small: SmallDistrict, identity: SigningIdentity
    ) -> None:
        self.client, self.small = client, small
        self.headers = identity.bearer(
            small.code, Role.COMMITTEE_MEMBER, community=small.communities[0]
        )
        self.committee = small.committees[0]

    async def post(self, path: str, status: int = 201, **body: Any) -> Any:
        """A POST that is answered with the status."""
        answer = await self.client.post(f"{C}/{path}", json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, path: str) -> Any:
        """A public GET."""
        joint = "&" if "?" in path else "?"
        answer = await self.client.get(f"{C}/{path}{joint}district={self.small.code}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def group(self, households: int = 60, code: str = "G01") -> Any:
        """A residents' group."""
        return await self.post(
            "groups",
            committee_id=str(self.committee),
            code=code,
            name="第一居民小组",
            households=households,
            formed_on="2026-01-10",
        )

    async def representative(self, group: str, status: int = 201, **more: Any) -> Any:
        """Somebody whom a group chose."""
        body = {
            "name": "周玉兰",
            "sex": "female",
            "term_number": 6,
            "chosen_on": "2026-02-01",
            **more,
        }
        return await self.post(f"groups/{group}/representatives", status, **body)


@pytest.fixture
def recorder(
    committee: httpx.AsyncClient, small: SmallDistrict, identity: SigningIdentity
) -> Recorder:
    return Recorder(committee, small, identity)


def codes(problem: Any) -> list[str]:
    return [error["code"] for error in problem["errors"]]


async def test_a_group_shows_whether_it_is_represented_as_is_usual(recorder: Recorder) -> None:
    """组织法 13."""
    group = await recorder.group(households=60)
    found = await recorder.get(f"groups/{group['id']}")
    assert [one["code"] for one in found["advice"]] == ["group_representatives"]
    made = await recorder.representative(group["id"])
    await recorder.representative(group["id"], name="钱进", sex="male")
    found = await recorder.get(f"groups/{group['id']}")
    assert [one["code"] for one in found["advice"]] == ["group_without_leader"]
    assert {rule["source"] for rule in found["rules"]} == {"城市居民委员会组织法 第十三条"}
    await recorder.post(f"groups/{group['id']}/leader", 200, representative_id=made["id"])
    found = await recorder.get(f"groups/{group['id']}")
    assert (found["advice"], found["representative_count"]) == ([], 2)


async def test_a_group_has_one_leader_at_a_time(recorder: Recorder) -> None:
    group = (await recorder.group())["id"]
    first = await recorder.representative(group)
    second = await recorder.representative(group, name="钱进")
    for one in (first, second):
        await recorder.post(f"groups/{group}/leader", 200, representative_id=one["id"])
    listed = await recorder.get(f"representatives?group_id={group}")
    assert [(one["name"], one["leader"]) for one in listed["items"]] == [
        ("周玉兰", False),
        ("钱进", True),
    ]
    stranger = await recorder.post(f"groups/{group}/leader", 422, representative_id=str(new_id()))
    assert codes(stranger) == ["not_in_office"]


async def test_a_representative_serves_for_the_running_term_or_the_next(
    recorder: Recorder,
) -> None:
    group = (await recorder.group())["id"]
    await recorder.representative(group, term_number=7)
    assert codes(await recorder.representative(group, 422, term_number=8)) == ["term_number"]
    assert codes(await recorder.representative(group, 422, chosen_on="2099-01-01")) == ["day_ahead"]
    person = str(new_id())
    await recorder.representative(group, person_id=person)
    await recorder.representative(group, 409, person_id=person)


async def test_a_representative_leaves_once_and_not_before_they_came(recorder: Recorder) -> None:
    group = (await recorder.group())["id"]
    made = await recorder.representative(group)
    path = f"representatives/{made['id']}/ending"
    early = await recorder.post(path, 422, on="2026-01-31", because="moved")
    assert codes(early) == ["ends_before_start"]
    left = await recorder.post(path, 200, on="2026-03-01", because="moved")
    assert (left["left_on"], left["left_because"]) == ("2026-03-01", "moved")
    assert (await recorder.post(path, 409, on="2026-03-02", because="died"))["code"] == (
        "ended_already"
    )
    assert (await recorder.get(f"representatives?group_id={group}"))["items"] == []
    assert len((await recorder.get(f"representatives?group_id={group}&left=true"))["items"]) == 1


async def test_a_group_is_changed_by_who_has_seen_it_and_ends_with_its_representatives(
    recorder: Recorder,
) -> None:
    group = (await recorder.group())["id"]
    await recorder.representative(group)
    path = f"{C}/groups/{group}"
    for version, status in (("v2", 412), ("v1", 200)):
        headers = {**recorder.headers, "If-Match": f'"{version}"'}
        answer = await recorder.client.patch(path, json={"households": 61}, headers=headers)
        assert answer.status_code == status, answer.text
    await recorder.post("groups", 409, committee_id=str(recorder.committee), code="G01",
                        name="同号小组", households=9, formed_on="2026-01-10")  # fmt: skip
    ended = await recorder.post(f"groups/{group}/ending", 200, on="2026-11-01")
    assert (ended["ended_on"], ended["representative_count"]) == ("2026-11-01", 0)
    await recorder.post(f"groups/{group}/ending", 409, on="2026-11-02")
    await recorder.representative(group, 409)
    assert (await recorder.get(f"groups?committee_id={recorder.committee}"))["items"] == []


async def test_members_and_others_sit_in_a_sub_committee(recorder: Recorder) -> None:
    """组织法 9: 居民委员会成员可以兼任下属委员会的成员。"""
    base = f"committees/{recorder.committee}"
    body: dict[str, Any] = {
        "kind": "mediation",
        "name": "人民调解委员会",
        "established_on": "2026-01-10",
    }
    made = await recorder.post(f"{base}/sub-committees", **body)
    await recorder.post(f"{base}/sub-committees", 409, **body)
    member = (await recorder.get(f"{base}/members"))["items"][0]
    seats = f"sub-committees/{made['id']}/members"
    head = await recorder.post(
        seats, member_id=member["id"], name="不用", head=True, began_on="2026-01-10"
    )
    assert (head["name"], head["head"]) == (member["name"], True)
    await recorder.post(seats, name="孙大爷", began_on="2026-01-10")
    await recorder.post(seats, 409, name="又一主任", head=True, began_on="2026-01-10")
    stranger = await recorder.post(
        seats, 422, member_id=str(new_id()), name="不用", began_on="2026-01-10"
    )
    assert codes(stranger) == ["not_in_office"]
    [listed] = (await recorder.get(f"{base}/sub-committees"))["items"]
    assert listed["member_count"] == 2
    path = f"sub-committee-members/{head['id']}/ending"
    await recorder.post(path, 200, on="2026-05-01", because="replaced")
    assert [one["name"] for one in (await recorder.get(seats))["items"]] == ["孙大爷"]
    await recorder.post(f"sub-committees/{made['id']}/ending", 200, on="2026-06-01")
    assert (await recorder.get(seats))["items"] == []
    assert (await recorder.get(f"{base}/sub-committees"))["items"] == []
    assert len((await recorder.get(f"{base}/sub-committees?ended=true"))["items"]) == 1


async def test_a_meeting_chooses_supervisors_who_are_not_members(recorder: Recorder) -> None:
    """组织法 36."""
    path = f"committees/{recorder.committee}/supervisors"
    body: dict[str, Any] = {"name": "陈秀英", "sex": "female", "head": True, "term_number": 6}
    made = await recorder.post(path, **body, meeting=MEETING)
    assert (made["chosen_on"], made["head"]) == ("2026-10-15", True)
    await recorder.post(path, 409, **{**body, "name": "又一主任"}, meeting=MEETING)
    wrong = await recorder.post(
        path, 422, **{**body, "name": "成员1", "head": False}, meeting={**MEETING, "present": 19}
    )
    assert codes(wrong) == ["meeting_not_quorate", "supervisor_is_member"]
    assert any("第二十九条" in rule["source"] for rule in wrong["rules"])
    await recorder.post(
        f"supervisors/{made['id']}/ending", 200, on="2026-11-01", because="resigned"
    )
    assert (await recorder.get(path))["items"] == []


async def test_another_communitys_bodies_do_not_exist_for_a_committee(
    recorder: Recorder, small: SmallDistrict
) -> None:
    recorder.committee = small.committees[1]
    await recorder.post(
        "groups", 404, committee_id=str(UUID(int=1)), code="G1", name="小组",
        households=1, formed_on="2026-01-01",
    )  # fmt: skip
    base = f"committees/{small.committees[1]}"
    await recorder.post(
        f"{base}/sub-committees", 404, kind="care", name="老年委员会", established_on="2026-01-01"
    )
