"""What the models say is what the migrations built."""

import importlib
import pkgutil
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

import services
import shared
import shared.db.districts
from shared.db.base import PlatformBase
from shared.imports.models import ImportBase
from tests.support.databases import SERVICES, Databases

QUEUE_PREFIX = "pgqueuer"


def _import_all(package: Any) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith((".models", ".base")):
            importlib.import_module(module.name)


def _differences(connection: Connection, metadata: list[MetaData], service: str) -> list[Any]:
    connection.execute(text(f"SET search_path TO {service}"))
    connection.dialect.default_schema_name = service
    known = {name for part in metadata for name in part.tables}

    def include(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
        if kind == "table":
            return name in known
        return not (name or "").startswith(QUEUE_PREFIX)

    context = MigrationContext.configure(
        connection,
        opts={"include_object": include, "compare_type": True, "compare_server_default": False},
    )
    changes: list[Any] = compare_metadata(context, metadata)  # type: ignore[arg-type]
    return changes


def _imports(service: str) -> list[MetaData]:
    return [] if service == "gateway" else [ImportBase.metadata]


@pytest.mark.parametrize("service", SERVICES)
async def test_models_and_migrations_say_the_same(databases: Databases, service: str) -> None:
    _import_all(services)
    _import_all(shared)
    base = importlib.import_module(f"services.{service}.base").Base
    engine = create_async_engine(databases.url("owner"))
    async with engine.connect() as connection:
        found = await connection.run_sync(
            _differences, [PlatformBase.metadata, base.metadata, *_imports(service)], service
        )
    await engine.dispose()
    assert found == []


@pytest.mark.parametrize("service", SERVICES)
async def test_every_table_of_a_service_has_a_model(databases: Databases, service: str) -> None:
    _import_all(services)
    _import_all(shared)
    base = importlib.import_module(f"services.{service}.base").Base
    modelled = {*PlatformBase.metadata.tables, *base.metadata.tables}
    modelled |= {name for part in _imports(service) for name in part.tables}
    engine = create_async_engine(databases.url("owner"))
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"), {"schema": service}
        )
        built = {row.tablename for row in rows}
    await engine.dispose()
    unmodelled = {
        name for name in built - modelled if not name.startswith((QUEUE_PREFIX, "alembic"))
    }
    assert unmodelled == set()
