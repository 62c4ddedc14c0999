"""Many hands at once: one mark an elector, two sheets by two persons, one chain of entries."""

import asyncio
import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.cli.verify_election import verify
from services.committee.elections import marking, repository
from services.committee.elections.models import Election, Elector, RollMark
from shared.auth.policy import Reach
from shared.db.database import Database
from tests.services.committee.elections.conftest import Polls
from tests.services.committee.elections.test_course import won
from tests.support.databases import Databases
from tests.support.racing import read_together

ELECTORS = 500
MARKINGS = 20


async def _open(polls: Polls, electors: int) -> list[dict[str, Any]]:
    """An open vote with two stations."""
    await polls.freeze(electors)
    await polls.candidates()
    made = await polls.stations(each=700)
    await polls.open_vote()
    return made


async def test_electors_who_come_to_two_stations_at_once_are_handed_one_ballot(
    polls: Polls,
) -> None:
    stations = await _open(polls, 30)
    answers = await asyncio.gather(
        *(
            polls.send(f"/stations/{stations[turn % 2]['id']}/marks", {"elector": number})
            for number in polls.people[:6]
            for turn in range(4)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: 6, 409: 18}
    taken = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert taken == {"marked_already"}


def _mark_in_a_process(url: str, district: str, marks: list[dict[str, Any]]) -> int:
    """How many of the marks were the first of their elector; run in a process of its own, ten
    connections at once, ten marks a transaction in one order so that none waits in a circle."""

    async def run() -> int:
        database = Database(url, schema="committee", pool_size=5)
        limit = asyncio.Semaphore(10)

        async def some(batch: list[dict[str, Any]]) -> int:
            async with limit, database.transaction(district) as session:
                return sum([await marking.first_mark(session, values) for values in batch])

        try:
            batches = (marks[at : at + 10] for at in range(0, len(marks), 10))
            return sum(await asyncio.gather(*map(some, batches)))
        finally:
            await database.close()

    return asyncio.run(run())


async def test_five_hundred_electors_marked_twenty_times_by_two_processes_get_one_mark_each(
    polls: Polls, databases: Databases, committee_database: Database
) -> None:
    stations = await _open(polls, ELECTORS)
    async with committee_database.read(polls.small.code) as session:
        electors = (await session.execute(select(Elector.id))).scalars().all()
    tens = [sorted(electors)[at : at + 10] for at in range(0, ELECTORS, 10)]
    marks = [
        {
            "district": polls.small.code,
            "election_id": UUID(polls.id),
            "round": 1,
            "elector_id": elector,
            "station_id": UUID(stations[turn % 2]["id"]),
            "channel": "paper",
            "offline": False,
            "marked_at": datetime(2026, 12, 12, 1, 0, tzinfo=UTC),
        }
        for ten in tens
        for turn in range(MARKINGS)
        for elector in ten
    ]
    batches = [marks[at : at + 10] for at in range(0, len(marks), 10)]
    shares = [[mark for batch in batches[process::2] for mark in batch] for process in range(2)]
    url = databases.url("committee")
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        loop = asyncio.get_running_loop()
        first = await asyncio.gather(
            *(
                loop.run_in_executor(processes, _mark_in_a_process, url, polls.small.code, share)
                for share in shares
            )
        )
    assert sum(first) == ELECTORS
    async with committee_database.read(polls.small.code) as session:
        kept = await session.scalar(select(func.count()).select_from(RollMark))
    assert kept == ELECTORS


async def test_without_the_key_of_a_mark_an_elector_would_be_marked_at_both_stations(
    polls: Polls, databases: Databases
) -> None:
    stations = await _open(polls, 30)
    columns = "district, election_id, round, elector_id, station_id, channel, offline, marked_at"
    owner = await asyncpg.connect(databases.server.superuser_dsn())
    elector = await owner.fetchval(
        "SELECT id FROM committee.elector WHERE number = $1 AND district = $2",
        polls.people[0],
        polls.small.code,
    )
    await owner.execute("CREATE TABLE committee.roll_mark_unguarded (LIKE committee.roll_mark)")
    try:

        async def write(table: str, station: str) -> bool:
            connection = await asyncpg.connect(databases.server.superuser_dsn())
            try:
                await connection.execute(
                    f"INSERT INTO committee.{table} ({columns}) "
                    "VALUES ($1, $2, 1, $3, $4, 'paper', false, now())",
                    polls.small.code,
                    polls.id,
                    elector,
                    station,
                )
            except asyncpg.UniqueViolationError:
                return False
            finally:
                await connection.close()
            return True

        async def race(table: str) -> int:
            turns = (write(table, stations[turn % 2]["id"]) for turn in range(6))
            return sum(await asyncio.gather(*turns))

        assert await race("roll_mark") == 1
        assert await race("roll_mark_unguarded") == 6
    finally:
        await owner.execute("DROP TABLE committee.roll_mark_unguarded")
        await owner.close()


async def test_offline_marks_name_their_conflicts_instead_of_losing_them(polls: Polls) -> None:
    stations = await _open(polls, 30)
    await polls.vote(stations[0], range(12))
    at = datetime(2026, 12, 12, 1, 0, tzinfo=UTC).isoformat()
    marks = [{"elector": number, "marked_at": at} for number in polls.people[10:18]]
    path = f"/stations/{stations[1]['id']}/offline-marks"
    taken, again = await asyncio.gather(*(polls.post(path, {"marks": marks}) for _ in range(2)))
    assert {taken["marked"], again["marked"]} == {6, 0}
    assert {len(taken["conflicts"]), len(again["conflicts"])} == {2, 0}
    conflicts = (await polls.get("/mark-conflicts", polls.holder))["items"]
    assert {one["elector"] for one in conflicts} == set(polls.people[10:12])
    assert {(one["kept_station"], one["other_station"]) for one in conflicts} == {("S1", "M1")}
    await polls.close(stations[0], 12)
    await polls.close(stations[1], 8)
    await polls.post("/closing")
    candidates = await polls.get("/candidates")
    standing: dict[str, list[str]] = {}
    for one in candidates:
        standing.setdefault(one["contest"], []).append(one["person"])
    order = {name: standing[name] for name in ("chair", "vice_chair", "member")}
    for station, received, share in ((stations[0], 12, 9), (stations[1], 8, 5)):
        votes = {
            "chair": [share, 1],
            "vice_chair": [share, 1],
            "member": [share, share, share, 1],
        }
        await polls.count(station, received, won(order, votes))
    blocked = await polls.refused("/result")
    assert blocked["codes"] == ["marked_twice"]
    for one in conflicts:
        await polls.post(
            f"/mark-conflicts/{one['id']}/decision", {"decision": "经查系误勾，选票未投入"}
        )
    void = await polls.post("/result")
    assert void["state"] == "invalid"
    round = (await polls.get("/result"))["rounds"][0]["result"]
    assert round["reasons"] == ["ballots_exceed_voters"]
    assert verify(await polls.file()).faults == []


async def _counted(polls: Polls) -> tuple[dict[str, Any], dict[str, dict[str, int]]]:
    """A closed station, and votes that may be entered for it."""
    await polls.freeze()
    standing = await polls.candidates()
    station = await polls.station()
    await polls.open_vote()
    await polls.vote(station, range(20))
    await polls.close(station, 20)
    await polls.post("/closing")
    votes = {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]}
    return station, won(standing, votes)


async def test_two_sheets_at_once_are_one_a_and_one_b_by_two_persons(polls: Polls) -> None:
    station, votes = await _counted(polls)
    bodies = [await polls.sheet(station, 20, votes, counter=at) for at in range(2)]
    answers = await asyncio.gather(
        *(
            polls.send("/count-sheets", body, by=by)
            for body, by in ((bodies[0], polls.holder), (bodies[1], polls.second))
            for _ in range(3)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 4}
    sheets = await polls.get("/count-sheets")
    assert [(one["sheet"], one["state"]) for one in sheets] == [("A", "agreed"), ("B", "agreed")]
    assert sheets[0]["counted_by"] != sheets[1]["counted_by"]


async def test_the_log_does_not_fork_under_acts_at_once(
    polls: Polls, monkeypatch: pytest.MonkeyPatch
) -> None:
    await polls.freeze(200)

    async def nominate_many(first: int) -> Counter[int]:
        answers = await asyncio.gather(
            *(
                polls.send(
                    "/nominations",
                    {
                        "person": polls.people[place],
                        "contest": "member",
                        "by": "electors",
                        "nominators": polls.people[:10],
                    },
                )
                for place in range(first, first + 12)
            )
        )
        return Counter(answer.status_code for answer in answers)

    assert await nominate_many(20) == {201: 12}
    assert verify(await polls.file()).faults == []

    real = repository.election_to_act_on

    async def unlocked(
        session: AsyncSession, reach: Reach, id: Any, *, lock: bool = True
    ) -> Election:
        return await real(session, reach, id, lock=False)

    monkeypatch.setattr(repository, "election_to_act_on", unlocked)
    read_together(monkeypatch, repository, "election_to_act_on", 12)
    without = await nominate_many(60)
    assert without == {201: 1, 409: 11}, "without the lock acts collide on the chain's key"
    assert verify(await polls.file()).faults == [], "and the key keeps it from forking"


async def test_the_service_cannot_change_or_remove_what_was_logged(
    polls: Polls, committee_database: Database
) -> None:
    await polls.resolve()
    for statement in (
        "UPDATE election_log_entry SET body = '{}'",
        "DELETE FROM election_log_entry",
        "UPDATE roll_mark SET channel = 'paper'",
        "DELETE FROM roll_mark",
        "DELETE FROM elector",
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with committee_database.transaction(polls.small.code) as session:
                await session.execute(text(statement))
