"""History of procedures, overrides of rules"""

from migrations.platform_tables import create_procedures_and_rules

revision = "workstation_0004"
down_revision = "workstation_0003"


def upgrade() -> None:
    """Create them."""
    create_procedures_and_rules("workstation")
