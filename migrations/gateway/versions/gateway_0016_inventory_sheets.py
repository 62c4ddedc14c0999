"""Plaques: an inventory taken in from a sheet is photographed afterwards"""

from migrations.platform_tables import run

revision = "gateway_0016"
down_revision = "gateway_0015"

CHANGES = """
ALTER TABLE plaque ALTER COLUMN photograph DROP NOT NULL;
ALTER TABLE plaque ADD CONSTRAINT plaque_photograph_check
    CHECK (application_id IS NULL OR photograph IS NOT NULL)
"""


def upgrade() -> None:
    """What hangs by an approval still has its photograph."""
    run(CHANGES)
