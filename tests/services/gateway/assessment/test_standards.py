"""Standards from draft to retirement, as the Leading Group and departments meet them."""

import asyncio

import pytest

from tests.services.gateway.assessment.conftest import DOCUMENT, ITEMS, Assessment, item


async def test_a_draft_says_what_is_still_missing_and_publishes_once_it_closes(
    assessment: Assessment,
) -> None:
    made = await assessment.draft(ITEMS[:2])
    found = await assessment.get("leading", f"standards/{made['id']}/items")
    assert found["total_weight"] == 7000
    assert [issue["code"] for issue in found["issues"]] == ["weights_not_closed"]
    early = await assessment.post(
        "leading", f"standards/{made['id']}/publication", {"document": DOCUMENT}
    )
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/items")
    assert "inspection.score_scale" in {rule["key"] for rule in early.json()["rules"]}
    await assessment.send(
        "PUT", "leading", f"standards/{made['id']}/items", {"items": ITEMS},
        **{"If-Match": '"v2"'},
    )  # fmt: skip
    published = await assessment.publish(made["id"])
    assert (published["state"], published["number"]) == ("published", 1)
    items = (await assessment.get("health", f"standards/{made['id']}/items"))["items"]
    assert [one["code"] for one in items] == ["A1", "A2", "A3"]
    assert all(one["id"] for one in items)


async def test_a_published_version_never_changes(assessment: Assessment) -> None:
    standard = await assessment.standard()
    path = f"standards/{standard['id']}"
    current = {"If-Match": f'"v{standard["version"]}"'}
    for method, where, body in (
        ("PATCH", path, {"title": "改名"}),
        ("PUT", f"{path}/items", {"items": ITEMS}),
    ):
        answer = await assessment.send(method, "leading", where, body, **current)
        assert (answer.status_code, answer.json()["code"]) == (409, "standard_not_editable")
    again = await assessment.post("leading", f"{path}/publication", {"document": DOCUMENT})
    assert again.status_code == 409
    assert (await assessment.get("leading", path))["version"] == standard["version"]


async def test_a_new_version_takes_the_place_of_the_one_in_force(assessment: Assessment) -> None:
    first = await assessment.standard()
    second = await assessment.draft([], based_on=first["id"])
    items = (await assessment.get("leading", f"standards/{second['id']}/items"))["items"]
    assert [one["code"] for one in items] == ["A1", "A2", "A3"]
    twin = await assessment.post("leading", "standards", {"code": "unified", "title": "另一份草案"})
    assert (twin.status_code, twin.json()["code"]) == (409, "draft_exists")
    assert (await assessment.publish(second["id"]))["number"] == 2
    assert (await assessment.get("leading", f"standards/{first['id']}"))["state"] == "superseded"
    history = await assessment.get("leading", f"standards/{first['id']}/history")
    assert [step["action"] for step in history] == ["publication", "supersession"]


async def test_drafts_are_the_offices_own_business(assessment: Assessment) -> None:
    made = await assessment.draft(ITEMS)
    for login in ("health", "clerk"):
        assert (await assessment.get(login, "standards"))["items"] == []
        assert (await assessment.send("GET", login, f"standards/{made['id']}")).status_code == 404
    await assessment.publish(made["id"])
    for login in ("health", "clerk"):
        assert len((await assessment.get(login, "standards?state=published"))["items"]) == 1


async def test_an_abandoned_draft_makes_room_and_a_retired_standard_is_gone(
    assessment: Assessment,
) -> None:
    made = await assessment.draft(ITEMS)
    path = f"standards/{made['id']}"
    await assessment.done("leading", f"{path}/abandonment", {"reason": "重新起草"})
    standard = await assessment.standard()
    assert standard["number"] == 2
    gone = await assessment.done(
        "leading", f"standards/{standard['id']}/retirement", {"reason": "试点结束"}
    )
    assert gone["state"] == "retired"


async def test_a_lost_update_of_a_draft_is_refused(assessment: Assessment) -> None:
    made = await assessment.draft(ITEMS)
    stale = await assessment.send(
        "PUT", "leading", f"standards/{made['id']}/items", {"items": []}, **{"If-Match": '"v1"'}
    )
    assert stale.status_code == 412


async def test_items_set_and_published_at_once_are_those_that_were_published(
    assessment: Assessment,
) -> None:
    made = await assessment.draft(ITEMS)
    other = [item("B1", 10_000)]
    path = f"standards/{made['id']}"
    published, changed = await asyncio.gather(
        assessment.post("leading", f"{path}/publication", {"document": DOCUMENT}),
        assessment.send(
            "PUT", "leading", f"{path}/items", {"items": other}, **{"If-Match": '"v2"'}
        ),
    )
    assert published.status_code == 200
    assert changed.status_code in {200, 409, 412}
    codes = [one["code"] for one in (await assessment.get("leading", f"{path}/items"))["items"]]
    assert codes == (["B1"] if changed.status_code == 200 else ["A1", "A2", "A3"])


async def test_departments_map_their_own_items_and_see_no_others(assessment: Assessment) -> None:
    standard = await assessment.standard()
    made = await assessment.mapped("health", standard["id"], "WJ-1", "A2", "equal")
    assert made["mapping"]["item_title"] == "项目A2"
    listed = f"standards/{standard['id']}/mappings"
    assert len((await assessment.get("health", listed))["items"]) == 1
    assert len((await assessment.get("leading", listed))["items"]) == 1
    assert (await assessment.get("police", listed))["items"] == []
    assert (await assessment.get("police", "department-items"))["items"] == []
    foreign = await assessment.post(
        "police",
        listed,
        {"department_item_id": made["id"], "item_code": "A1", "relation": "subset"},
    )
    assert foreign.status_code == 404
    twice = await assessment.post(
        "health",
        listed,
        {"department_item_id": made["id"], "item_code": "A2", "relation": "subset"},
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "already_mapped")
    unknown = await assessment.post(
        "health",
        listed,
        {"department_item_id": made["id"], "item_code": "Z9", "relation": "subset"},
    )
    assert unknown.json()["errors"][0]["pointer"] == "/item_code"


async def test_a_mapped_item_keeps_its_wording_until_the_mapping_ends(
    assessment: Assessment,
) -> None:
    standard = await assessment.standard()
    made = await assessment.mapped("health", standard["id"], "WJ-1", "A2", "equal")
    path = f"department-items/{made['id']}"
    match = {"If-Match": '"v1"'}
    change = {"title": "改后的项目"}
    kept = await assessment.send("PATCH", "health", path, change, **match)
    assert (kept.status_code, kept.json()["code"]) == (409, "item_mapped")
    end = f"standards/{standard['id']}/mappings/{made['mapping']['id']}/termination"
    ended = await assessment.done("health", end, {"reason": "项目调整"})
    assert ended["ended_because"] == "项目调整"
    assert (await assessment.post("health", end, {"reason": "再次"})).status_code == 409
    changed = await assessment.send("PATCH", "health", path, change, **match)
    assert changed.json()["title"] == "改后的项目"
    every = await assessment.get("health", f"standards/{standard['id']}/mappings?ended=true")
    assert len(every["items"]) == 1


@pytest.mark.parametrize(("changed", "carried"), [({}, 1), ({"validity_days": 30}, 0)])
async def test_mappings_go_over_to_a_new_version_where_the_measure_is_the_same(
    assessment: Assessment, changed: dict[str, int], carried: int
) -> None:
    first = await assessment.standard()
    await assessment.mapped("health", first["id"], "WJ-1", "A2", "superset")
    items = [ITEMS[0] | {"weight": 5000}, ITEMS[1] | {"weight": 2000} | changed, ITEMS[2]]
    second = await assessment.standard(items)
    found = (await assessment.get("health", f"standards/{second['id']}/mappings"))["items"]
    assert [one["relation"] for one in found] == ["superset"] * carried


async def test_only_the_version_in_force_is_mapped(assessment: Assessment) -> None:
    first = await assessment.standard()
    await assessment.standard()
    own = await assessment.own_item("health", "WJ-1")
    answer = await assessment.post(
        "health",
        f"standards/{first['id']}/mappings",
        {"department_item_id": own["id"], "item_code": "A1", "relation": "equal"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "standard_not_in_force")
