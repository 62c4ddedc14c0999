"""Row-level security compares districts in their own type in tables made earlier too"""

from migrations.policies import renew_policies

revision = "workstation_0013"
down_revision = "workstation_0012"


def upgrade() -> None:
    """Renew them."""
    renew_policies("workstation")
