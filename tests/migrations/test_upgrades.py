"""An installation of an earlier state, brought to the newest by the migrations since."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from services.cli.migrate import SERVICES, migrate, migrate_service
from shared.db.security import POLICY
from shared.kernel.ids import new_id
from tests.support.databases import Databases

NAME = "shequ_earlier"
EARLIER = {
    "gateway": "gateway_0011",
    "workstation": "workstation_0012",
    "committee": "committee_0012",
}
"""The last revisions before the policies were renewed."""


class Earlier:
    """A database of its own on the tests' server."""

    def __init__(self, databases: Databases) -> None:
        self.url = databases.server.url("shequ_owner", NAME)
        self._dsn = databases.server.superuser_dsn(NAME)

    def run(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """The rows of a statement under the superuser, whom no policy holds back."""

        async def once() -> list[asyncpg.Record]:
            connection = await asyncpg.connect(self._dsn)
            try:
                rows: list[asyncpg.Record] = await connection.fetch(statement, *values)
                return rows
            finally:
                await connection.close()

        return asyncio.run(once())


@pytest.fixture
def earlier(databases: Databases) -> Iterator[Earlier]:
    """A database that stands at the revisions `EARLIER`."""

    async def anew(*statements: str) -> None:
        connection = await asyncpg.connect(databases.server.superuser_dsn("postgres"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    drop = f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"
    asyncio.run(anew(drop, f"CREATE DATABASE {NAME} OWNER shequ_owner"))
    found = Earlier(databases)
    for service, revision in EARLIER.items():
        migrate_service(found.url, service, revision)
    yield found
    asyncio.run(anew(drop))


def _policies(earlier: Earlier) -> set[str]:
    rows = earlier.run("SELECT qual FROM pg_policies WHERE policyname = 'district'")
    return {_plain(row["qual"]) for row in rows}


def _plain(condition: str) -> str:
    return condition.translate(str.maketrans("", "", "()")).replace(
        "'app.district'::text", "'app.district'"
    )


WANTED = _plain(POLICY)


def test_policies_that_compared_as_text_are_renewed(earlier: Earlier) -> None:
    for service in SERVICES:
        earlier.run(
            f"ALTER POLICY district ON {service}.community "
            "USING (district::text = current_setting('app.district', true))"
        )
    assert _policies(earlier) != {WANTED}
    migrate(earlier.url)
    assert _policies(earlier) == {WANTED}


def test_the_gateway_hears_once_of_communities_recorded_before_it_listened(
    earlier: Earlier,
) -> None:
    for code in ("500001", "500002"):
        earlier.run(
            "INSERT INTO workstation.district VALUES ($1, '区', '市', '省')",
            code,
        )
        for kind in ("community", "community", "street"):
            earlier.run(
                "INSERT INTO workstation.outbox_event (district, id, type, subject, data) "
                "VALUES ($1, $2, $3, $4, '{}')",
                code,
                new_id(),
                f"cn.shequ.registry.{kind}.recorded",
                f"{kind}/{new_id()}",
            )
    count = (
        "SELECT district, count(*) AS told FROM workstation.outbox_delivery "
        "WHERE destination = 'gateway' GROUP BY district ORDER BY district"
    )
    assert earlier.run(count) == []
    for _ in range(2):
        migrate(earlier.url)
        assert [(row["district"], row["told"]) for row in earlier.run(count)] == [
            ("500001", 2),
            ("500002", 2),
        ]
