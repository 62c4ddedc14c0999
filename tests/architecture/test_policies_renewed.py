"""Tables that were made before a policy changed are judged as new ones are."""

import pytest
from sqlalchemy import text

from shared.db.security import POLICY
from tests.support.databases import SERVICES, Databases


@pytest.mark.parametrize("service", SERVICES)
async def test_every_policy_of_a_service_is_the_one_that_new_tables_get(
    databases: Databases, service: str
) -> None:
    database = databases.database("owner")
    async with database.installation() as session:
        found = set(
            await session.scalars(
                text(
                    "SELECT replace(replace(replace(qual, '(', ''), ')', ''), '::text', '') "
                    "FROM pg_policies WHERE schemaname = :schema AND policyname = 'district'"
                ),
                {"schema": service},
            )
        )
    await database.close()
    wanted = POLICY.replace("(", "").replace(")", "")
    assert found == {wanted}
