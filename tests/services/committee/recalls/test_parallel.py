"""Signatures and results under many hands at once, each red without its guard."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.recalls import repository
from services.committee.recalls.models import Recall
from shared.auth.policy import Reach
from shared.kernel.ids import new_id
from tests.services.committee.recalls.conftest import TODAY, C, Place, id_number
from tests.support.databases import Databases
from tests.support.racing import read_together


async def statuses(place: Place, who: str, path: str, body: Any, times: int) -> Counter[int]:
    """The same POST, so many times at once."""
    answers = await asyncio.gather(
        *(
            place.client.post(f"{C}/{path}", json=body, headers=place.people[who])
            for _ in range(times)
        )
    )
    return Counter(answer.status_code for answer in answers)


async def test_a_signature_given_many_times_at_once_counts_once(place: Place) -> None:
    recall = (await place.petition())["id"]
    body = {"name": "周玉兰", "id_number": id_number(1), "signed_on": TODAY.isoformat()}
    found = await statuses(place, "supervisor", f"recalls/{recall}/signatures", body, 8)
    assert found == {201: 1, 409: 7}


async def test_without_the_unique_index_they_would_all_count(
    place: Place, databases: Databases
) -> None:
    url = databases.url("owner").replace("postgresql+asyncpg", "postgresql")
    copy = f"committee.signature_{new_id().hex}"
    owner = await asyncpg.connect(url)
    try:
        await owner.execute(
            f"CREATE TABLE {copy} (LIKE committee.recall_signature INCLUDING DEFAULTS)"
        )

        async def write() -> None:
            connection = await asyncpg.connect(url)
            try:
                await connection.execute(
                    f"INSERT INTO {copy} (district, id, recall_id, signer, name, signed_on, state)"
                    " VALUES ($1, $2, $3, $4, '周玉兰', $5, 'entered') ON CONFLICT DO NOTHING",
                    place.small.code,
                    new_id(),
                    place.small.street,
                    b"signer",
                    TODAY,
                )
            finally:
                await connection.close()

        await asyncio.gather(*(write() for _ in range(4)))
        assert await owner.fetchval(f"SELECT count(*) FROM {copy}") == 4
    finally:
        await owner.execute(f"DROP TABLE IF EXISTS {copy}")
        await owner.close()


async def counted(place: Place) -> str:
    """A recall that two persons counted alike, with half the votes for it."""
    recall = await place.announced()
    for who in ("election", "supervisor"):
        await place.count(who, recall, 30)
    return recall


async def conclusions(place: Place, recall: str) -> int:
    """How often a result stands in the history."""
    history = await place.get("election", f"recalls/{recall}/history")
    return sum(step["action"] == "retention" for step in history)


async def test_a_result_is_published_once(place: Place) -> None:
    recall = await counted(place)
    found = await statuses(place, "election", f"recalls/{recall}/result", None, 6)
    assert found == {200: 1, 409: 5}
    assert await conclusions(place, recall) == 1


async def test_without_the_row_lock_it_would_be_published_more_than_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    recall = await counted(place)

    async def unlocked(
        session: AsyncSession, _reach: Reach, id: UUID, *, share: bool = False
    ) -> Recall:
        return (await session.scalars(select(Recall).where(Recall.id == id))).one()

    monkeypatch.setattr(repository, "locked_recall", unlocked)
    read_together(monkeypatch, repository, "locked_recall", 6)
    await statuses(place, "election", f"recalls/{recall}/result", None, 6)
    assert await conclusions(place, recall) == 6


async def test_a_member_is_petitioned_against_once_at_a_time(place: Place) -> None:
    body = {
        "member_id": place.members[1]["id"],
        "basis": "electors",
        "form": "all_electors",
        "reasons": "连续三个月未公布居务收支。",
        "electors": 100,
        "roll_document": "第八届选民名单",
    }
    assert await statuses(place, "resident", "recalls", body, 6) == {201: 1, 409: 5}
