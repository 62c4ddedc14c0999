"""A district never sees another's rows, whatever SQL a service's role sends."""

import asyncpg
import pytest

from tests.support.databases import SERVICES, Databases

INSTALLATION_TABLES = {
    ("gateway", "login_guard"): "guesses are counted before the district is known",
    ("gateway", "least_generation"): "revocations are published for all districts at once",
    ("gateway", "login_name"): "who logs in is looked up before the district is known",
    ("gateway", "signing_key"): "tokens of all districts are signed by the same keys",
    ("gateway", "district"): "the districts of the installation",
    ("workstation", "district"): "the districts of the installation",
    ("committee", "district"): "the districts of the installation",
}
QUEUE = {"pgqueuer", "pgqueuer_log", "pgqueuer_statistics", "pgqueuer_schedules"}


def _dsn(databases: Databases, role: str) -> str:
    return databases.url(role).replace("postgresql+asyncpg", "postgresql")


async def _tables(databases: Databases) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(_dsn(databases, "owner"))
    try:
        return await connection.fetch(
            """
            SELECT n.nspname AS schema, c.relname AS name, c.relrowsecurity AS enabled,
                   c.relforcerowsecurity AS forced,
                   (SELECT array_agg(pg_get_expr(p.polqual, p.polrelid)) FROM pg_policy p
                     WHERE p.polrelid = c.oid) AS policies
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p')
            """,
            list(SERVICES),
        )
    finally:
        await connection.close()


async def test_every_table_is_isolated_by_district_or_stands_on_the_list_of_the_installation(
    databases: Databases,
) -> None:
    open_tables = {
        (row["schema"], row["name"])
        for row in await _tables(databases)
        if not (row["enabled"] and row["forced"] and row["policies"])
        and row["name"] not in QUEUE | {"alembic_version"}
    }
    assert open_tables == set(INSTALLATION_TABLES)


async def test_every_isolated_table_begins_its_primary_key_with_the_district(
    databases: Databases,
) -> None:
    connection = await asyncpg.connect(_dsn(databases, "owner"))
    first_columns = await connection.fetch(
        """
        SELECT c.relname AS name, a.attname AS first
          FROM pg_constraint k
          JOIN pg_class c ON c.oid = k.conrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
         WHERE k.contype = 'p' AND n.nspname = ANY($1) AND c.relrowsecurity
        """,
        list(SERVICES),
    )
    await connection.close()
    assert first_columns
    assert {row["name"] for row in first_columns if row["first"] != "district"} == set()


async def test_every_foreign_key_between_district_tables_carries_the_district(
    databases: Databases,
) -> None:
    connection = await asyncpg.connect(_dsn(databases, "owner"))
    rows = await connection.fetch(
        """
        SELECT k.conname AS name,
               ARRAY(SELECT a.attname FROM unnest(k.conkey) AS n(num)
                       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.num)
                 AS columns
          FROM pg_constraint k
          JOIN pg_class c ON c.oid = k.conrelid
          JOIN pg_namespace s ON s.oid = c.relnamespace
          JOIN pg_class t ON t.oid = k.confrelid
         WHERE k.contype = 'f' AND s.nspname = ANY($1) AND c.relrowsecurity AND t.relrowsecurity
        """,
        list(SERVICES),
    )
    await connection.close()
    assert {row["name"] for row in rows if "district" not in row["columns"]} == set()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_role_can_neither_read_nor_write_another_districts_rows(
    databases: Databases, service: str
) -> None:
    connection = await asyncpg.connect(
        _dsn(databases, service), server_settings={"search_path": service}
    )
    insert = (
        "INSERT INTO inbox_event (district, event_id, type) VALUES ($1, gen_random_uuid(), 'trial')"
    )
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL app.district = '990001'")
            await connection.execute(insert, "990001")
        async with connection.transaction():
            await connection.execute("SET LOCAL app.district = '990002'")
            assert await connection.fetch("SELECT * FROM inbox_event") == []
            assert await connection.execute("UPDATE inbox_event SET type = 'x'") == "UPDATE 0"
            assert await connection.execute("DELETE FROM inbox_event") == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection.transaction():
                await connection.execute("SET LOCAL app.district = '990002'")
                await connection.execute(insert, "990001")
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_without_a_district_a_service_role_sees_nothing(
    databases: Databases, service: str
) -> None:
    connection = await asyncpg.connect(
        _dsn(databases, service), server_settings={"search_path": service}
    )
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL app.district = '990003'")
            await connection.execute(
                "INSERT INTO inbox_event (district, event_id, type)"
                " VALUES ('990003', gen_random_uuid(), 'trial')"
            )
        assert await connection.fetch("SELECT * FROM inbox_event") == []
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("other", SERVICES)
async def test_a_service_role_has_no_rights_on_another_services_schema(
    databases: Databases, service: str, other: str
) -> None:
    if service == other:
        pytest.skip("a service may use its own schema")
    connection = await asyncpg.connect(_dsn(databases, service))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"SELECT * FROM {other}.audit_event")
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_role_can_neither_bypass_isolation_nor_own_tables(
    databases: Databases, service: str
) -> None:
    connection = await asyncpg.connect(_dsn(databases, "owner"))
    try:
        role = await connection.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = $1",
            f"shequ_{service}",
        )
        owned = await connection.fetchval(
            "SELECT count(*) FROM pg_tables WHERE tableowner = $1", f"shequ_{service}"
        )
    finally:
        await connection.close()
    assert role is not None and tuple(role) == (False, False, False, False)
    assert owned == 0


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"]
)
async def test_the_audit_can_only_grow(databases: Databases, service: str, statement: str) -> None:
    connection = await asyncpg.connect(
        _dsn(databases, service), server_settings={"search_path": service}
    )
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()
