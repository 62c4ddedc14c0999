"""Tasks: the day on which the work was submitted, from which its figures are"""

from migrations.platform_tables import run

revision = "workstation_0008"
down_revision = "workstation_0007"


def upgrade() -> None:
    """Add it."""
    run(["ALTER TABLE task ADD COLUMN submitted_on date"])
