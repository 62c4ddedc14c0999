"""Finding matters as a clerk would: by parts of words, best first."""

import pytest

from tests.services.committee.hall.conftest import Hall


@pytest.fixture
async def shelf(hall: Hall) -> Hall:
    """Five matters."""
    for login, title, content, place in (
        ("resident", "路灯不亮", "3号楼门前路灯坏了。", "3号楼"),
        ("resident", "广场舞噪音扰民", "晚上九点还在跳，音响太大。", "文化广场"),
        ("neighbour", "楼道堆放杂物", "堵了消防通道，路灯下也放满了纸箱。", "5号楼"),
        ("neighbour", "电梯故障", "ＡＢ座电梯经常停运。", "7号楼"),
        ("other", "希望增加停车位", "下班后无处停车，广场边常常占道。", ""),
    ):
        await hall.raised(login, title=title, content=content, place=place, category="other")
    return hall


@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("路灯", ["路灯不亮", "楼道堆放杂物"]),
        ("灯", ["路灯不亮", "楼道堆放杂物"]),
        ("噪音扰", ["广场舞噪音扰民"]),
        ("广场 停车", ["希望增加停车位"]),
        ("停车 广场", ["希望增加停车位"]),
        ("广场舞的噪音扰民问题", ["广场舞噪音扰民"]),
        ("ab座", ["电梯故障"]),
        ("AB座电梯", ["电梯故障"]),
        ("3号楼", ["路灯不亮"]),
        ("消防通道", ["楼道堆放杂物"]),
        ("3号楼 停车", []),
        ("地铁", []),
        ("！？", []),
    ],
)
async def test_parts_of_words_are_found_and_the_best_fit_comes_first(
    shelf: Hall, q: str, titles: list[str]
) -> None:
    found = await shelf.seen(f"matters?q={q}")
    assert [one["title"] for one in found["items"]] == titles


async def test_a_matter_is_found_by_its_code(shelf: Hall) -> None:
    code = (await shelf.seen("matters"))["items"][2]["code"]
    found = (await shelf.seen(f"matters?q={code}"))["items"]
    assert found[0]["code"] == code


async def test_the_pages_of_a_search_hold_each_matter_once(shelf: Hall) -> None:
    seen: list[str] = []
    path = "matters?q=楼&limit=1"
    while path:
        page = await shelf.seen(path)
        seen += [one["id"] for one in page["items"]]
        path = (
            (page["next"] or "")
            .removeprefix("/v1/committee/hall/")
            .replace(f"&district={shelf.code}", "")
        )
    assert len(seen) == len(set(seen)) == 3
