"""`migrate`: bring every service's schema up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from services.cli.home import PROJECT

SERVICES = ("gateway", "workstation", "committee")


def migrate(owner_url: str) -> None:
    """Run the migrations of all three services as the owner of their schemas.

    `owner_url` is an asyncpg URL of the role `shequ_owner`. Running it again changes nothing; two
    runs at once wait for each other.
    """
    for service in SERVICES:
        migrate_service(owner_url, service)


def migrate_service(owner_url: str, service: str, revision: str = "head") -> None:
    """Run one service's migrations up to a revision."""
    folder = Path(PROJECT / "migrations")
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(folder / service / "versions"))
    config.attributes.update(service=service, url=owner_url)
    command.upgrade(config, revision)
