"""A real PostgreSQL built by the real migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.cli.embedded_postgres import EmbeddedPostgres
from services.cli.migrate import migrate
from shared.db.database import Database

SERVICES = ("gateway", "workstation", "committee")


@dataclass(frozen=True)
class Databases:
    """One throwaway server with the three services' schemas."""

    server: EmbeddedPostgres

    def url(self, role: str) -> str:
        """The asyncpg URL of a role: gateway, workstation, committee or owner."""
        return self.server.url(f"shequ_{role}", "shequ")

    def database(self, service: str, pool_size: int = 8) -> Database:
        """A new door to a service's database; the caller closes it."""
        return Database(self.url(service), schema=service, pool_size=pool_size)


@contextmanager
def migrated_server(folder: Path) -> Iterator[Databases]:
    """Start a server whose data need not survive, and migrate it."""
    with EmbeddedPostgres(folder, durable=False) as server:
        migrate(server.url("shequ_owner", "shequ"))
        yield Databases(server)
