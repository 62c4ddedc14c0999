"""`roles.sql` on a real server: the roles that the migrations and the services expect."""

import asyncio
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.cli.embedded_postgres import DATABASE, ROLES, EmbeddedPostgres, _binaries
from services.cli.migrate import migrate
from shared.db.database import Database
from tests.deploy.deployment import DEPLOY

SCRIPT = DEPLOY / "postgres/roles.sql"
PASSWORDS = {
    f"SHEQU_PASSWORD_{role.removeprefix('shequ_').upper()}": f"it's \\ a new {role}"
    for role in ROLES
}
FACTS = """
SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication
FROM pg_roles WHERE rolname LIKE 'shequ%' ORDER BY rolname
"""
DATABASE_FACTS = f"""
SELECT datdba::regrole, pg_encoding_to_char(encoding), datlocprovider, datlocale
FROM pg_database WHERE datname = '{DATABASE}'
"""


def psql(
    server: EmbeddedPostgres, *arguments: str, user: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    dsn = server.superuser_dsn("postgres")
    if user:
        dsn = re.sub(r"//[^@]+@", f"//{user}@", dsn)
    return subprocess.run(
        [_binaries() / "psql", "-XAqt", "--set=ON_ERROR_STOP=1", *arguments, dsn],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    folder: Path = tmp_path_factory.mktemp("roles")
    with EmbeddedPostgres(folder / "data", durable=False) as started:
        yield started


def test_a_plain_administrator_makes_what_the_embedded_start_makes(
    server: EmbeddedPostgres,
) -> None:
    before = psql(server, "-c", FACTS, "-c", DATABASE_FACTS).stdout
    away = ["-c", f"DROP DATABASE {DATABASE}", "-c", f"DROP ROLE {', '.join(ROLES)}"]
    admin = ["-c", "CREATE ROLE chief LOGIN CREATEROLE CREATEDB PASSWORD 'plain'"]
    assert psql(server, *away, *admin).returncode == 0
    for _ in range(2):
        done = psql(server, "-f", str(SCRIPT), user="chief:plain", **PASSWORDS)
        assert done.returncode == 0, done.stderr
    assert psql(server, "-c", FACTS, "-c", DATABASE_FACTS).stdout == before
    assert before.count("\n") == len(ROLES) + 1


async def test_the_migrations_run_and_a_service_reads_with_the_new_passwords(
    server: EmbeddedPostgres,
) -> None:
    done = psql(server, "-f", str(SCRIPT), **PASSWORDS)
    assert done.returncode == 0, done.stderr
    server._passwords |= {role: f"it's \\ a new {role}" for role in ROLES}
    await asyncio.to_thread(migrate, server.url("shequ_owner"))
    database = Database(server.url("shequ_workstation"), schema="workstation", pool_size=1)
    async with database.installation() as session:
        assert await session.scalar(text("SELECT count(*) FROM district")) == 0
    await database.close()
    engine = create_async_engine(server.url("shequ_committee"), poolclass=NullPool)
    async with engine.connect() as connection:
        held = await connection.scalar(text("SELECT has_schema_privilege('workstation', 'USAGE')"))
    await engine.dispose()
    assert held is False


@pytest.mark.parametrize("role", PASSWORDS)
def test_a_missing_or_short_password_changes_nothing(server: EmbeddedPostgres, role: str) -> None:
    before = psql(server, "-c", "SELECT rolname, rolpassword FROM pg_authid ORDER BY 1").stdout
    missing = {name: value for name, value in PASSWORDS.items() if name != role}
    assert psql(server, "-f", str(SCRIPT), **missing).returncode != 0
    assert psql(server, "-f", str(SCRIPT), **{**missing, role: "short"}).returncode != 0
    after = psql(server, "-c", "SELECT rolname, rolpassword FROM pg_authid ORDER BY 1").stdout
    assert after == before
