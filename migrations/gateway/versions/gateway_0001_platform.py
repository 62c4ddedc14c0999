"""The tables that every service has"""

from migrations.platform_tables import create_platform_tables

revision = "gateway_0001"
down_revision = None


def upgrade() -> None:
    """Create them in the service's schema."""
    create_platform_tables("gateway")
