"""Brings the row-level security of tables that were made earlier to what new ones get."""

from alembic import op

from shared.db.security import POLICY


def renew_policies(schema: str) -> None:
    """Every table's policy `district` compares as `shared.db.security.POLICY` does now."""
    for table in op.get_bind().exec_driver_sql(
        f"SELECT tablename FROM pg_policies WHERE schemaname = '{schema}' AND policyname = "
        "'district' ORDER BY tablename"
    ):
        op.execute(
            f'ALTER POLICY district ON {schema}."{table.tablename}" '
            f"USING ({POLICY}) WITH CHECK ({POLICY})"
        )
