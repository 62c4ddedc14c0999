"""Adding a district to the installation: its name in every service, its first administrator."""

from collections.abc import Mapping

from services.gateway.identity.public import bootstrap_administrator
from shared.db.database import Database
from shared.db.districts import register_district
from shared.kernel.clock import SystemClock

SERVICES = ("gateway", "workstation", "committee")


async def add_district(
    environment: Mapping[str, str],
    code: str,
    *,
    name: str,
    prefecture: str,
    province: str,
    administrator: str,
    password: str,
) -> bool:
    """Add a district and its first administrator; False when that login existed already.

    `environment` holds the services' SHEQU_DATABASE_URL_…. The same again changes nothing.
    """
    made = False
    for service in SERVICES:
        database = Database(
            environment[f"SHEQU_DATABASE_URL_{service.upper()}"], schema=service, pool_size=1
        )
        try:
            await register_district(
                database, code, name=name, prefecture=prefecture, province=province
            )
            if service == "gateway":
                made = await bootstrap_administrator(
                    database,
                    code,
                    login=administrator,
                    name=f"{name}管理员",
                    password=password,
                    clock=SystemClock(),
                )
        finally:
            await database.close()
    return made
