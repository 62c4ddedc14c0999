"""Row-level security compares districts in their own type in tables made earlier too"""

from migrations.policies import renew_policies

revision = "committee_0013"
down_revision = "committee_0012"


def upgrade() -> None:
    """Renew them."""
    renew_policies("committee")
