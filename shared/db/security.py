"""DDL that migrations use for each table: row-level security and the service role's rights."""

from collections.abc import Iterable

POLICY = "district = current_setting('app.district', true)::bpchar"
"""Of the column's own type: compared as text, no index could serve it, and the planner would take a
district for one row in two hundred and join in the wrong order."""


def isolate_by_district(schema: str, table: str) -> list[str]:
    """Statements that hide a district table's rows from every other district.

    An unset district sees nothing: `current_setting(…, true)` is then null.
    """
    name = f"{schema}.{table}"
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY district ON {name} USING ({POLICY}) WITH CHECK ({POLICY})",
    ]


OFFICIAL = "SELECT, INSERT, UPDATE"
APPEND_ONLY = "SELECT, INSERT"
HOUSEKEEPING = "SELECT, INSERT, UPDATE, DELETE"


def district_tables(
    schema: str, role: str, tables: Iterable[str], rights: str = OFFICIAL
) -> list[str]:
    """Row-level security and the service role's rights for several district tables.

    Official rows end but are never deleted, so `OFFICIAL` holds no DELETE; history and audit are
    `APPEND_ONLY`; only delivery queues and expired keys are `HOUSEKEEPING`.
    """
    statements: list[str] = []
    for table in tables:
        statements += isolate_by_district(schema, table)
        statements.append(f"GRANT {rights} ON {schema}.{table} TO {role}")
    return statements
