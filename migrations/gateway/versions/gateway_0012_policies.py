"""Row-level security compares districts in their own type in tables made earlier too"""

from migrations.policies import renew_policies

revision = "gateway_0012"
down_revision = "gateway_0011"


def upgrade() -> None:
    """Renew them."""
    renew_policies("gateway")
