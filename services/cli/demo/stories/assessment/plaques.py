"""The plaques that hung in each community, near twenty, most of them at its own cost; and what was
taken down in the year but for one street, which has still to do it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from services.cli.demo.stories.assessment.standard import demo_year
from services.cli.demo.stories.work.people import STATIONS, Person, rows_of, send_sheet
from shared.kernel.clock import SystemClock

INVENTORY = "/v1/plaques/inventory"
HEAD = (
    "社区代码", "牌子名称", "类别", "位置", "功能室", "部门代码", "出资", "费用（元）", "挂牌日期",
    "拆除日期", "拆除原因",
)  # fmt: skip
STILL_HANGING = "421002005"
"""The street in which nothing was taken down yet."""
REMOVED = "按室外只挂三块牌子的规定拆除"
ON_FILE = "拆除并照片留存"


async def tell_plaques(person: Person) -> None:
    """Take the inventory in with one sheet, once."""
    stations = person(STATIONS)
    if (await stations.request("GET", f"{INVENTORY}?limit=1")).json()["items"]:
        return
    communities = await stations.everything("/v1/workstation/communities?limit=200&state=active")
    communities.sort(key=lambda one: str(one["code"]))
    await send_sheet(stations, f"{INVENTORY}/sheets", "牌子清单.csv", _sheet(communities))


def _sheet(communities: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    rows = rows_of("plaques")
    for community in communities:
        writer.writerows(_plaques(community, rows, demo_year()))
    return text.getvalue().encode()


def _plaques(
    community: Mapping[str, Any], rows: Sequence[Mapping[str, str]], year: int
) -> Iterator[tuple[str, ...]]:
    code = str(community["code"])
    random = Random(code)
    done = not code.startswith(STILL_HANGING)
    down = min(date(year, 3, 2 + random.randrange(20)), SystemClock().today())
    for row in rows:
        hung = date(
            year - 3 - random.randrange(8), 1 + random.randrange(12), 1 + random.randrange(28)
        )
        if random.randrange(10) >= int(row["of_ten"]):
            continue
        title = row["title"].format(community=community["name"])
        removed = done and row["after"] != "stays"
        because = ON_FILE if row["after"] == "on_file" else REMOVED
        bearing = (row["department"], row["payer"], row["cost_yuan"])
        yield (
            code, title, row["kind"], row["where"], row["room"], *bearing, str(hung),
            *((str(down), because) if removed else ("", "")),
        )  # fmt: skip
        if removed and row["after"] == "on_file":
            kept = (row["department"], "部门", "0")
            yield code, title, row["kind"], "照片", "", *kept, str(down), "", ""
