"""History of procedures, overrides of rules"""

from migrations.platform_tables import create_procedures_and_rules

revision = "gateway_0003"
down_revision = "gateway_0002"


def upgrade() -> None:
    """Create them."""
    create_procedures_and_rules("gateway")
