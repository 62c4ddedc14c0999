"""Invariants of the records under real parallel connections, each red without its guard.

A negative control runs the same race in a copy of the table without its constraint.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from shared.db.database import Database
from shared.kernel.ids import new_id
from tests.support.databases import Databases

Connection = Any
DAY = date(2022, 1, 1)


async def _race(
    databases: Databases,
    district: str,
    service: str,
    write: Callable[[Connection, int], Awaitable[Any]],
    *,
    writers: int = 6,
) -> int:
    """How many of several parallel transactions under the service's role succeed."""

    async def one(place: int) -> bool:
        connection = await asyncpg.connect(
            databases.url(service).replace("+asyncpg", ""),
            server_settings={"search_path": service},
        )
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL app.district = '{district}'")
                await write(connection, place)
        except asyncpg.UniqueViolationError:
            return False
        finally:
            await connection.close()
        return True

    return sum(await asyncio.gather(*(one(place) for place in range(writers))))


async def _settle(database: Database, district: str, statements: list[tuple[str, Any]]) -> None:
    async with database.transaction(district) as session:
        connection = await session.connection()
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        for statement, values in statements:
            await driver.execute(statement, *values)


@pytest.fixture
async def places(workstation_database: Database, district: str) -> dict[str, Any]:
    """A street, a community, a household, a post, and six people."""
    ids = {name: new_id() for name in ("street", "community", "household", "post")}
    staff = [new_id() for _ in range(6)]
    await _settle(
        workstation_database,
        district,
        [
            (
                "INSERT INTO street (district, id, code, name, kind, version) "
                "VALUES ($1, $2, 'S', '街', 'street', 1)",
                (district, ids["street"]),
            ),
            (
                "INSERT INTO community (district, id, code, name, kind, state, street_id, "
                "established_on, household_count, version) "
                "VALUES ($1, $2, 'C', '社', 'urban', 'active', $3, $4, 1, 1)",
                (district, ids["community"], ids["street"], DAY),
            ),
            (
                "INSERT INTO household (district, id, community_id, code, address, version) "
                "VALUES ($1, $2, $3, 'H', '', 1)",
                (district, ids["household"], ids["community"]),
            ),
            (
                "INSERT INTO post (district, id, community_id, code, basis, approved_on, "
                "document, version) VALUES ($1, $2, $3, 'P', 'election', $4, '文', 1)",
                (district, ids["post"], ids["community"], DAY),
            ),
            *(
                (
                    "INSERT INTO staff (district, id, code, name, sex, hired_on, version) "
                    "VALUES ($1, $2, $3, '人', 'male', $4, 1)",
                    (district, person, f"G{place}", DAY),
                )
                for place, person in enumerate(staff)
            ),
        ],
    )
    return {**ids, "staff": staff}


async def _without(databases: Databases, schema: str, table: str) -> str:
    """A copy of the table without its constraints, in the same schema; its name."""
    owner = await asyncpg.connect(databases.server.superuser_dsn())
    name = f"{table}_unguarded"
    try:
        await owner.execute(f"DROP TABLE IF EXISTS {schema}.{name}")
        await owner.execute(f"CREATE TABLE {schema}.{name} (LIKE {schema}.{table})")
        await owner.execute(f"GRANT INSERT ON {schema}.{name} TO shequ_{schema}")
    finally:
        await owner.close()
    return name


async def _drop(databases: Databases, schema: str, name: str) -> None:
    owner = await asyncpg.connect(databases.server.superuser_dsn())
    try:
        await owner.execute(f"DROP TABLE {schema}.{name}")
    finally:
        await owner.close()


async def test_a_post_is_held_by_one_person_at_a_time(
    databases: Databases, district: str, places: dict[str, Any]
) -> None:
    def placing(table: str) -> Callable[[Connection, int], Awaitable[Any]]:
        def write(connection: Connection, place: int) -> Awaitable[Any]:
            written: Awaitable[Any] = connection.execute(
                f"INSERT INTO {table} (district, id, staff_id, whereabouts, post_id, street_id, "
                "community_id, starts_on, version, created_at, updated_at) "
                "VALUES ($1, $2, $3, 'on_duty', $4, $5, $6, $7, 1, now(), now())",
                district,
                new_id(),
                places["staff"][place],
                places["post"],
                places["street"],
                places["community"],
                DAY,
            )
            return written

        return write

    assert await _race(databases, district, "workstation", placing("placement")) == 1
    unguarded = await _without(databases, "workstation", "placement")
    assert await _race(databases, district, "workstation", placing(unguarded)) == 6
    await _drop(databases, "workstation", unguarded)


async def test_a_person_is_in_one_place_at_a_time(
    databases: Databases, district: str, places: dict[str, Any]
) -> None:
    def write(connection: Connection, place: int) -> Awaitable[Any]:
        written: Awaitable[Any] = connection.execute(
            "INSERT INTO placement (district, id, staff_id, whereabouts, street_id, starts_on, "
            "version) VALUES ($1, $2, $3, 'self_hired', $4, $5, 1)",
            district,
            new_id(),
            places["staff"][0],
            places["street"],
            date(2022, 1, place + 1),
        )
        return written

    assert await _race(databases, district, "workstation", write) == 1


async def test_a_person_is_registered_once_in_a_district(
    databases: Databases, district: str, places: dict[str, Any]
) -> None:
    def registering(table: str) -> Callable[[Connection, int], Awaitable[Any]]:
        def write(connection: Connection, _place: int) -> Awaitable[Any]:
            written: Awaitable[Any] = connection.execute(
                f"INSERT INTO {table} (district, id, community_id, household_id, name, sex, "
                "born_on, id_number, id_hash, residence, version, created_at, updated_at) VALUES "
                "($1, $2, $3, $4, '人', 'male', $5, 'x', 'same', 'both', 1, now(), now())",
                district,
                new_id(),
                places["community"],
                places["household"],
                DAY,
            )
            return written

        return write

    assert await _race(databases, district, "workstation", registering("resident")) == 1
    unguarded = await _without(databases, "workstation", "resident")
    assert await _race(databases, district, "workstation", registering(unguarded)) == 6
    await _drop(databases, "workstation", unguarded)


async def test_a_community_has_one_committee_and_a_term_one_chair(
    databases: Databases, committee_database: Database, district: str
) -> None:
    community, committee, term = new_id(), new_id(), new_id()
    await _settle(
        committee_database,
        district,
        [
            (
                "INSERT INTO community (district, id, code, name, kind, state, household_count, "
                "street_id, street_code, street_name) "
                "VALUES ($1, $2, 'C', '社', 'urban', 'active', 1, $3, 'S', '街')",
                (district, community, new_id()),
            ),
        ],
    )

    def founding(connection: Connection, place: int) -> Awaitable[Any]:
        written: Awaitable[Any] = connection.execute(
            "INSERT INTO committee (district, id, community_id, code, name, established_on, "
            "version) VALUES ($1, $2, $3, $4, '居委会', $5, 1)",
            district,
            committee if place == 0 else new_id(),
            community,
            f"K{place}",
            DAY,
        )
        return written

    assert await _race(databases, district, "committee", founding) == 1
    async with committee_database.transaction(district) as session:
        found = (await session.execute(text("SELECT id FROM committee"))).scalar_one()
    await _settle(
        committee_database,
        district,
        [
            (
                "INSERT INTO term (district, id, committee_id, number, starts_on, ends_on, "
                "version) VALUES ($1, $2, $3, 1, $4, $5, 1)",
                (district, term, found, DAY, date(2027, 1, 1)),
            )
        ],
    )

    def electing(connection: Connection, place: int) -> Awaitable[Any]:
        written: Awaitable[Any] = connection.execute(
            "INSERT INTO member (district, id, term_id, number, name, sex, position, version) "
            "VALUES ($1, $2, $3, $4, '人', 'female', 'chair', 1)",
            district,
            new_id(),
            term,
            place + 1,
        )
        return written

    assert await _race(databases, district, "committee", electing) == 1
