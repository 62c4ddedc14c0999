"""An inventory of many communities is taken in from one sheet; photographs follow."""

import asyncio
from typing import Any

import httpx
import pytest

from services.gateway.plaques import sheets
from tests.services.gateway.plaques.conftest import PNG, TODAY, Plaques

HEAD = "社区代码,牌子名称,类别,位置,功能室,部门代码,出资,费用（元）,挂牌日期,拆除日期,拆除原因"


async def codes(plaques: Plaques) -> list[str]:
    """The codes of the district's communities."""
    found = await plaques.get("leading", "inventory/compliance")
    return [one["community_code"] for one in found["communities"]]


async def send(plaques: Plaques, *rows: str, login: str = "clerk", **form: str) -> httpx.Response:
    """A sheet with these rows."""
    content = "\n".join([HEAD, *rows]).encode()
    return await plaques.offices.gateway.post(
        "/v1/plaques/inventory/sheets",
        data=form,
        files={"file": ("牌子清单.csv", content)},
        headers=plaques.offices.who(login),
    )


async def taken(plaques: Plaques, *rows: str, **form: str) -> dict[str, Any]:
    """What a sheet did."""
    answer = await send(plaques, *rows, **form)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_sheet_says_what_hangs_and_what_was_taken_down(plaques: Plaques) -> None:
    first, *_ = await codes(plaques)
    rows = (
        f"{first},计生服务站,其他,室外,,,社区,180.50,2019-05-01,2026-01-05,已拆除",
        f"{first},居民委员会,居委会,室外,,,街道,,2015-03-01,,",
    )
    found = await taken(plaques, *rows)
    assert (found["taken"], found["rows"], found["created"]) == (True, 2, 2)
    again = await taken(plaques, *rows)
    assert (again["created"], again["unchanged"]) == (0, 2)
    listed = (await plaques.get("clerk", "inventory?removed=true"))["items"]
    gone = next(one for one in listed if one["title"] == "计生服务站")
    assert (gone["cost"], gone["payer"], gone["removed_on"], gone["photograph"]) == (
        18050, "community", "2026-01-05", None,
    )  # fmt: skip
    still = await plaques.get("clerk", "inventory")
    assert [one["title"] for one in still["items"]] == ["居民委员会"]


async def test_every_fault_is_named_and_nothing_is_half_taken(plaques: Plaques) -> None:
    first, *_ = await codes(plaques)
    good = f"{first},红十字服务站,其他,室外,,,,,2019-05-01,,"
    bad = (
        f"999999999999,党员服务站,其他,室外,,nobody,,,{TODAY.year + 1}-05-01,,",
        f"{first},居民学校,学校,室内,,,,很贵,2019-05-01,,",
        f"{first},联合工会,其他,室外,,,,,2019-05-01,2018-01-01,",
        good,
    )
    found = await taken(plaques, good, *bad)
    assert (found["taken"], found["rejected"]) == (False, 4)
    assert [(one["row"], one["column"]) for one in found["findings"]] == [
        (3, "community"), (3, "department"), (3, "hung_on"),
        (4, "cost"), (4, "kind"),
        (5, "removed_because"), (5, "removed_on"),
        (6, "title"),
    ]  # fmt: skip
    assert (await plaques.get("clerk", "inventory"))["items"] == []
    tried = await taken(plaques, good, dry_run="true")
    assert (tried["taken"], tried["created"]) == (False, 0)
    partly = await taken(plaques, good, *bad, mode="good_rows")
    assert (partly["taken"], partly["created"], partly["rejected"]) == (True, 1, 4)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_the_template_is_taken_as_it_was_downloaded(
    plaques: Plaques, format: str, language: str
) -> None:
    headers = {**plaques.offices.who("clerk"), "Accept-Language": language}
    path = "/v1/plaques/inventory/sheets"
    downloaded = await plaques.offices.gateway.get(
        f"{path}/template?format={format}", headers=headers
    )
    assert f'filename="plaques.{format}"' in downloaded.headers["content-disposition"]
    file = {"file": (f"plaques.{format}", downloaded.content)}
    answer = await plaques.offices.gateway.post(path, files=file, headers=headers)
    assert answer.status_code == 200, answer.text
    assert {one["code"] for one in answer.json()["findings"]} <= {"not_found"}


async def test_a_clerk_takes_in_only_their_own_community(plaques: Plaques) -> None:
    _, second, *_ = await codes(plaques)
    row = f"{second},红十字服务站,其他,室外,,,,,2019-05-01,,"
    [fault] = (await taken(plaques, row))["findings"]
    assert (fault["column"], fault["code"]) == ("community", "not_found")
    refused = await send(plaques, row, login="leading")
    assert refused.status_code == 403


async def test_a_photograph_is_added_once(plaques: Plaques) -> None:
    first, *_ = await codes(plaques)
    await taken(plaques, f"{first},居民委员会,居委会,室外,,,街道,,2015-03-01,,")
    [one] = (await plaques.get("clerk", "inventory"))["items"]
    path = f"inventory/{one['id']}/photograph"
    none = await plaques.offices.gateway.get(
        f"/v1/plaques/{path}", headers=plaques.offices.who("clerk")
    )
    assert none.status_code == 404
    added = await plaques.send_file("clerk", path)
    assert added.json()["photograph"]["size"] == len(PNG)
    again = await plaques.send_file("clerk", path)
    assert (again.status_code, again.json()["code"]) == (409, "photograph_there")


async def at_once(plaques: Plaques) -> int:
    """How many plaques three sheets that are the same and come together create."""
    first, *_ = await codes(plaques)
    rows = [f"{first},牌子{at},其他,室外,,,,,2019-05-01,," for at in range(20)]
    found = await asyncio.gather(*(taken(plaques, *rows) for _ in range(3)))
    return sum(one["created"] for one in found)


async def test_the_same_sheet_at_once_is_taken_in_once(plaques: Plaques) -> None:
    assert await at_once(plaques) == 20


async def test_without_the_lock_plaques_would_be_taken_in_twice(
    plaques: Plaques, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = asyncio.Barrier(3)
    real = sheets._there

    async def unlocked(*_given: Any) -> None:
        return None

    async def there(*given: Any) -> Any:
        found = await real(*given)
        await together.wait()
        return found

    monkeypatch.setattr(sheets, "lock_communities", unlocked)
    monkeypatch.setattr(sheets, "_there", there)
    assert await at_once(plaques) == 60
