"""A delivery's claim stands beside its next attempt's time instead of in it"""

from migrations.platform_tables import run

revision = "gateway_0014"
down_revision = "gateway_0012"

CLAIMS = """
ALTER TABLE webhook_delivery ADD COLUMN claimed_until timestamptz,
    ADD CONSTRAINT webhook_delivery_claimed_check
        CHECK (claimed_until IS NULL OR state = 'pending')
"""


def upgrade() -> None:
    """Add it."""
    run(CLAIMS)
