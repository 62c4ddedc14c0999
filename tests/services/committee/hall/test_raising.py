"""Residents speak; the committee answers, merges and classifies."""

import asyncio
from datetime import timedelta

from tests.services.committee.hall.conftest import MONDAY, Hall


async def test_a_resident_raises_a_matter_and_all_can_read_its_course(hall: Hall) -> None:
    made = await hall.raised()
    assert made["state"] == "raised"
    assert made["due_on"] == "2026-03-04"
    await hall.did("member", f"matters/{made['id']}/acceptance", {"category": "safety"})
    seen = await hall.seen(f"matters/{made['id']}")
    assert (seen["state"], seen["category"], seen["due_on"]) == ("accepted", "safety", "2026-03-11")
    assert seen["first_answered_at"] is not None
    course = await hall.seen(f"matters/{made['id']}/history")
    assert [step["action"] for step in course] == ["acceptance"]


async def test_a_matter_of_another_community_cannot_be_raised_or_worked_on(hall: Hall) -> None:
    there = hall.matter(community_id=str(hall.communities[1]))
    assert (await hall.post("resident", "matters", there)).status_code == 404
    made = await hall.raised()
    answer = await hall.post("stranger_member", f"matters/{made['id']}/acceptance", {})
    assert answer.status_code == 404


async def test_staff_write_down_who_called_and_residents_may_not(hall: Hall) -> None:
    called = {"channel": "phone", "contact": {"name": "王芳", "phone": "13812345678"}}
    made = await hall.raised("clerk", **called)
    assert made["raised_by"] == "王*"
    refused = await hall.post("resident", "matters", hall.matter(channel="phone"))
    assert refused.json()["errors"][0]["code"] == "channel_of_staff"
    reached = await hall.did("member", f"matters/{made['id']}/disclosure", {"purpose": "回电"})
    assert reached["phone"] == "13812345678"
    assert (
        await hall.post("clerk", f"matters/{made['id']}/disclosure", {"purpose": "回电"})
    ).status_code == 403


async def test_personal_numbers_are_flagged_with_their_place_and_masked_on_demand(
    hall: Hall,
) -> None:
    text = "请联系13812345678，身份证11010519491231002X。"
    refused = await hall.post("resident", "matters", hall.matter(content=text))
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/content", "/content"]
    assert "13812345678" not in refused.text
    assert "11010519491231002X" not in refused.text
    made = await hall.raised(content=text, mask_personal_data=True)
    assert made["content"] == "请联系138****5678，身份证110105********002X。"


async def test_the_same_person_raises_the_same_once(hall: Hall) -> None:
    made = await hall.raised()
    again = await hall.post("resident", "matters", hall.matter(title="3号楼门前路灯还是不亮"))
    assert again.status_code == 409
    assert made["code"] in again.json()["detail"]
    assert (await hall.post("neighbour", "matters", hall.matter())).status_code == 201


async def test_open_matters_that_are_alike_are_suggested_while_writing(hall: Hall) -> None:
    lamp = await hall.raised()
    await hall.raised(title="广场舞太吵", content="广场舞音响太大，影响孩子写作业。", place="")
    where = f"similar-matters?community_id={hall.communities[0]}&text="
    found = await hall.seen(f"{where}3号楼的路灯坏了好久不亮，老人容易摔倒", "neighbour")
    assert [one["matter"]["id"] for one in found] == [lamp["id"]]
    assert found[0]["percent"] >= 30
    await hall.did("resident", f"matters/{lamp['id']}/withdrawal")
    assert await hall.seen(f"{where}3号楼的路灯坏了好久不亮，老人容易摔倒", "neighbour") == []


async def test_merging_keeps_every_supporter_once_and_unmerging_gives_them_back(
    hall: Hall,
) -> None:
    one = await hall.raised("resident")
    two = await hall.raised("neighbour", title="门口路灯坏了")
    for login in ("other", "representative"):
        await hall.did(login, f"matters/{one['id']}/support")
    await hall.did("other", f"matters/{two['id']}/support")
    await hall.did("resident", f"matters/{two['id']}/support")
    merged = await hall.did("member", f"matters/{two['id']}/merging", {"into": one["id"]})
    assert (merged["state"], merged["merged_into"]) == ("merged", one["id"])
    assert (await hall.seen(f"matters/{one['id']}"))["supporters"] == 3
    answer = await hall.post("other", f"matters/{two['id']}/support")
    assert answer.json()["code"] == "matter_ended"
    undone = await hall.did("member", f"matters/{two['id']}/unmerging")
    assert (undone["state"], undone["supporters"]) == ("accepted", 2)
    assert (await hall.seen(f"matters/{one['id']}"))["supporters"] == 2


async def test_a_matter_is_merged_neither_into_itself_nor_in_a_circle_nor_elsewhere(
    hall: Hall,
) -> None:
    one, two = await hall.raised("resident"), await hall.raised("neighbour")
    there = await hall.raised("stranger", community_id=str(hall.communities[1]))
    same = await hall.post("member", f"matters/{one['id']}/merging", {"into": one["id"]})
    assert same.json()["errors"][0]["code"] == "into_itself"
    await hall.did("member", f"matters/{two['id']}/merging", {"into": one["id"]})
    for id, into in ((one["id"], two["id"]),):
        answer = await hall.post("member", f"matters/{id}/merging", {"into": into})
        assert answer.json()["code"] == "cannot_be_merged"
    elsewhere = await hall.post("member", f"matters/{one['id']}/merging", {"into": there["id"]})
    assert elsewhere.status_code == 404


async def test_support_counts_a_person_once_and_never_the_raiser(hall: Hall) -> None:
    made = await hall.raised()
    own = await hall.post("resident", f"matters/{made['id']}/support")
    assert own.json()["code"] == "own_matter"
    answers = await asyncio.gather(
        *(
            hall.post(login, f"matters/{made['id']}/support")
            for login in ("neighbour", "neighbour", "other", "representative", "other")
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert (await hall.seen(f"matters/{made['id']}"))["supporters"] == 3
    less = await hall.did("other", f"matters/{made['id']}/support/withdrawal")
    assert less["supporters"] == 2


async def test_nobody_raises_more_than_the_rule_allows_however_many_requests_run_at_once(
    hall: Hall,
) -> None:
    wishes = ["路灯", "停车", "噪音", "垃圾", "绿化", "电梯", "漏水", "养犬"]
    answers = await asyncio.gather(
        *(
            hall.post(
                "resident", "matters", hall.matter(title=wish * 2, content=wish * 9, place="")
            )
            for wish in wishes
        )
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 5
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) == 24 * 3600
    assert refused.json()["rules"][0]["key"] == "hall.raised_per_day"
    hall.days.clock.advance(timedelta(hours=24, seconds=1))
    assert (await hall.post("resident", "matters", hall.matter())).status_code == 201


async def test_a_matter_is_mended_by_who_raised_it_before_it_is_dealt_with(hall: Hall) -> None:
    made = await hall.raised()
    path = f"matters/{made['id']}"
    change = {"title": "3号楼后门路灯不亮"}
    other = await hall.ask("neighbour", "PATCH", path, change, **{"If-Match": '"v1"'})
    assert other.status_code == 403
    stale = await hall.ask("resident", "PATCH", path, change, **{"If-Match": '"v9"'})
    assert stale.status_code == 412
    done = await hall.ask("resident", "PATCH", path, change, **{"If-Match": '"v1"'})
    assert done.json()["title"] == change["title"]
    assert [one["id"] for one in (await hall.seen("matters?q=后门"))["items"]] == [made["id"]]


async def test_a_declined_matter_has_its_reason_as_result(hall: Hall) -> None:
    made = await hall.raised()
    empty = await hall.post("member", f"matters/{made['id']}/declining", {"reason": "  "})
    assert empty.status_code == 422
    declined = await hall.did(
        "member", f"matters/{made['id']}/declining", {"reason": "属业主共有部分，请找业委会。"}
    )
    assert (declined["state"], declined["result"]) == ("result", "属业主共有部分，请找业委会。")


async def test_the_overdue_are_marked_in_public(hall: Hall) -> None:
    made = await hall.raised()
    hall.days.go_to(MONDAY + timedelta(days=3))
    assert (await hall.seen(f"matters/{made['id']}"))["overdue"] is True
    late = await hall.seen("matters?overdue=true")
    assert [one["id"] for one in late["items"]] == [made["id"]]


async def test_another_district_sees_nothing(hall: Hall) -> None:
    made = await hall.raised()
    answer = await hall.client.get(f"/v1/committee/hall/matters/{made['id']}?district=999999")
    assert answer.status_code == 404
