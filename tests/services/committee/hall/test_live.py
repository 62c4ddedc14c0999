"""The stream of a live sitting: everything once and in order, wherever a client was cut off."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.committee.hall.live import Live
from services.committee.hall.streaming import Told, told_after
from shared.web.app import ServiceApplication
from tests.services.committee.hall.conftest import Hall
from tests.services.committee.hall.test_sittings import opened
from tests.support.databases import Databases


@asynccontextmanager
async def listening(hall: Hall, databases: Databases) -> AsyncIterator[Live]:
    """Another process's listeners."""
    live = Live(hall.database, databases.url("committee"))
    live.start()
    try:
        yield live
    finally:
        await live.stop()


async def heard(live: Live, hall: Hall, sitting: str, after: int = 0) -> AsyncIterator[bytes]:
    """What a client hears after a number, as the operation gives it."""
    listener = live.join(hall.code, UUID(sitting))
    async with hall.database.transaction(hall.code) as session:
        stored = await told_after(session, UUID(sitting), after)
    return live.frames(listener, stored, after)


async def numbers(stream: AsyncIterator[bytes], last: int) -> list[int]:
    """Numbers of events up to one of them."""
    found: list[int] = []
    async with asyncio.timeout(20):
        async for frame in stream:
            found += [
                int(line.removeprefix("id: "))
                for line in frame.decode().splitlines()
                if line.startswith("id: ")
            ]
            if last in found:
                return found
    return found


def events(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """(number, kind, data) of a stream's text."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "id" in lines:
            found.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return found


async def test_listeners_hear_opinions_and_votes_as_they_come_and_in_order(
    hall: Hall, databases: Databases
) -> None:
    sitting, matter = await opened(hall)
    async with listening(hall, databases) as live:
        streams = [await heard(live, hall, sitting) for _ in range(3)]
        tasks = [asyncio.create_task(numbers(stream, 14)) for stream in streams]
        for place in range(4):
            await asyncio.gather(
                *(
                    hall.did(
                        login, f"sittings/{sitting}/opinions",
                        {"matter_id": matter, "body": f"意见{place}"},
                    )
                    for login in ("resident", "neighbour", "other")
                )
            )  # fmt: skip
        for task in tasks:
            assert await task == list(range(1, 15))


@pytest.mark.parametrize("after", range(7))
async def test_a_client_that_was_cut_off_anywhere_hears_the_rest_once(
    hall: Hall, hall_app: ServiceApplication, after: int
) -> None:
    sitting, matter = await opened(hall)
    said = {"matter_id": matter, "body": "建议换灯"}
    await hall.did("resident", f"sittings/{sitting}/opinions", said)
    vote = {"matter_id": matter, "choice": "agree"}
    await hall.did("neighbour", f"sittings/{sitting}/votes", vote)
    await hall.did(
        "member", f"matters/{matter}/resolution", {"sitting_id": sitting, "text": "修好路灯"}
    )
    await hall.did("member", f"sittings/{sitting}/ending", {})
    answer = await hall.ask(
        None, "GET", f"live/{sitting}?district={hall.code}", **{"Last-Event-ID": str(after)}
    )
    if after == 6:
        assert answer.status_code == 204
        return
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    assert [number for number, _, _ in told] == list(range(after + 1, 7))
    kinds = ["agenda", "state", "opinion", "vote", "resolution", "state"]
    assert [kind for _, kind, _ in told] == kinds[after:]
    assert told[-1][2]["state"] == "ended"


async def test_who_listens_again_after_the_database_connection_was_lost_misses_nothing(
    hall: Hall, databases: Databases
) -> None:
    sitting, matter = await opened(hall)
    async with listening(hall, databases) as live:
        task = asyncio.create_task(numbers(await heard(live, hall, sitting), 5))
        vote = {"matter_id": matter, "choice": "agree"}
        await hall.did("neighbour", f"sittings/{sitting}/votes", vote)
        owner = await asyncpg.connect(databases.server.superuser_dsn())
        try:
            await owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            )
        finally:
            await owner.close()
        await hall.did("other", f"sittings/{sitting}/votes", vote)
        await hall.did("representative", f"sittings/{sitting}/votes", vote)
        assert await task == [1, 2, 3, 4, 5]


async def test_an_opinion_that_was_hidden_is_told_without_its_words(hall: Hall) -> None:
    sitting, matter = await opened(hall)
    said = await hall.did(
        "neighbour", f"sittings/{sitting}/opinions", {"matter_id": matter, "body": "他是骗子"}
    )
    await hall.did(
        "member", f"matters/{matter}/moderations", {"comment_id": said["id"], "reason": "攻击他人"}
    )
    await hall.did("member", f"sittings/{sitting}/ending", {})
    answer = await hall.ask(None, "GET", f"live/{sitting}?district={hall.code}")
    assert "他是骗子" not in answer.text
    assert [kind for _, kind, _ in events(answer.text)] == [
        "agenda", "state", "opinion", "hidden", "deferral", "state",
    ]  # fmt: skip


async def test_what_is_hidden_after_the_sitting_is_told_and_the_stream_ends(hall: Hall) -> None:
    sitting, matter = await opened(hall)
    said = await hall.did(
        "neighbour", f"sittings/{sitting}/opinions", {"matter_id": matter, "body": "他是骗子"}
    )
    await hall.did("member", f"sittings/{sitting}/ending", {})
    hiding = {"comment_id": said["id"], "reason": "攻击他人"}
    hidden = await hall.did("member", f"matters/{matter}/moderations", hiding)
    await hall.did("member", f"moderations/{hidden['id']}/lifting")
    where = f"live/{sitting}?district={hall.code}&after=5"
    answer = await hall.ask(None, "GET", where)
    assert [kind for _, kind, _ in events(answer.text)] == ["hidden", "shown"]


async def test_a_listener_that_does_not_keep_up_is_let_go_and_none_is_forgotten(
    hall: Hall, databases: Databases
) -> None:
    async with listening(hall, databases) as live:
        sitting = UUID(int=1)
        slow = live.join(hall.code, sitting)
        for number in range(1, 1002):
            slow.hand(Told(number, b"", last=False))
        assert slow.waiting.qsize() == 1
        assert await slow.waiting.get() is None
        live.leave(hall.code, sitting, slow)
        assert live.listeners == 0


async def test_a_sitting_of_another_district_is_not_there(hall: Hall) -> None:
    sitting, _ = await opened(hall)
    answer = await hall.ask(None, "GET", f"live/{sitting}?district=999999")
    assert answer.status_code == 404
