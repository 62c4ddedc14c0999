"""The hall's public list and its search with N matters in a district and with ten times as many.

python -m benchmarks.hall_lists [matters]
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx

from benchmarks.support import table
from services.committee.app import create_app
from services.committee.events import HANDLERS
from services.committee.hall.imports import SETTLED_MATTERS
from services.committee.settings import Settings
from shared.audit.record import Actor
from shared.contracts.subscriptions import COMMUNITY_RECORDED
from shared.db.database import Database
from shared.kernel.ids import new_id
from tests.services.committee.conftest import community_event
from tests.support.databases import Databases, migrated_server
from tests.support.identity import ISSUER, SigningIdentity

COMMUNITIES = 83
ROUNDS = 60
CHUNK = 500
PLACES = [f"{number}号楼" for number in range(1, 60)] + ["南门", "北门", "小广场", "菜市场"]
TOPICS = [
    "路灯不亮",
    "下水道堵塞",
    "广场舞太吵",
    "电梯故障",
    "车辆乱停",
    "垃圾没人清运",
    "楼道堆物",
]
WORDS = "晚上老人孩子出行不便希望社区尽快协调物业处理已经反映多次没有结果大家都很着急请重视"


async def _fill(database: Database, district: str, matters: int) -> None:
    dice = random.Random(matters)
    communities = [new_id() for _ in range(COMMUNITIES)]
    street = new_id()
    async with database.transaction(district) as session:
        for place, id in enumerate(communities):
            event = community_event(id, f"C{place}", street)
            await HANDLERS[COMMUNITY_RECORDED](session, district, event)
    rows: list[dict[str, Any]] = []
    for number in range(matters):
        where, topic = dice.choice(PLACES), dice.choice(TOPICS)
        day = date(2024, 1, 1) + timedelta(days=dice.randrange(700))
        said = "".join(dice.sample(WORDS, 30))
        rows.append(
            {
                "code": f"B-{number}",
                "community_id": dice.choice(communities),
                "title": f"{where}{topic}",
                "content": f"{where}{topic}，{said}。",
                "category": dice.choice(["facilities", "noise", "parking", "sanitation"]),
                "place": where,
                "channel": "web",
                "anonymous": False,
                "supporters": dice.randrange(30),
                "raised_on": day,
                "answered_on": day,
                "result": "已处理。",
                "result_on": day,
                "closed_on": day,
                "score": dice.choice([None, 3, 4, 5]),
            }
        )
    async with database.transaction(district) as session:
        context = await SETTLED_MATTERS.prepare(session, district)
    for start in range(0, matters, CHUNK):
        async with database.transaction(district) as session:
            part = rows[start : start + CHUNK]
            await SETTLED_MATTERS.apply(session, Actor.platform(district), part, context)


async def _as_autovacuum_does(databases: Databases) -> None:
    owner = await asyncpg.connect(databases.server.superuser_dsn())
    await owner.execute("VACUUM ANALYZE")
    await owner.close()


async def _p50(client: httpx.AsyncClient, paths: Sequence[str]) -> list[float]:
    """Medians in milliseconds; the paths take turns, so that both meet the same machine."""
    took: list[list[float]] = [[] for _ in paths]
    for _ in range(ROUNDS):
        for path, times in zip(paths, took, strict=True):
            began = time.perf_counter()
            answer = await client.get(path)
            times.append(time.perf_counter() - began)
            if answer.status_code != 200:
                raise SystemExit(answer.text)
    return [median(times) * 1000 for times in took]


async def _run(databases: Databases, folder: Path, matters: int) -> None:
    database = databases.database("committee")
    sizes = {"421002": matters, "421003": matters * 10}
    for district, size in sizes.items():
        began = time.perf_counter()
        await _fill(database, district, size)
        print(f"{size:,} matters in {time.perf_counter() - began:.0f} s")
    await _as_autovacuum_does(databases)
    settings = Settings(
        database_url=databases.url("committee"), issuer=ISSUER, files_url=folder.as_uri()
    )
    app = create_app(settings, identity=SigningIdentity())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        communities = {
            district: (await client.get(f"/v1/committee/hall/matters?district={district}")).json()[
                "items"
            ][0]["community_id"]
            for district in sizes
        }
        rows = []
        for name, query in (
            ("list, newest first", ""),
            ("one community", "&community_id={community}"),
            ("one category", "&category=noise"),
            ("one state", "&state=closed"),
            ("search 路灯 (in one of seven)", "&q=路灯"),
            ("search 17号楼路灯不亮", "&q=17号楼路灯不亮"),
            ("search 17号楼 电梯", "&q=17号楼 电梯"),
        ):
            small, large = await _p50(
                client,
                [
                    f"/v1/committee/hall/matters?limit=50&district={district}"
                    + query.format(community=communities[district])
                    for district in sizes
                ],
            )
            rows.append([name, f"{small:.1f}", f"{large:.1f}", f"{large / small:.2f}"])
    await app.state.database.close()
    await database.close()
    heads = ["50 rows", f"p50 ms, {matters:,}", f"p50 ms, {matters * 10:,}", "ratio"]
    print(table(heads, rows))


def main() -> None:
    """Fill two districts, and ask."""
    matters = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory(prefix="shequ-benchmark-") as name:
        folder = Path(name)
        with migrated_server(folder / "data") as databases:
            asyncio.run(_run(databases, folder / "files", matters))


if __name__ == "__main__":
    main()
