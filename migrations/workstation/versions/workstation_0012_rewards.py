"""Funding: rewards of a campaign"""

from migrations.platform_tables import run

revision = "workstation_0012"
down_revision = "workstation_0011"

CHANGES = """
ALTER TABLE appropriation ADD COLUMN campaign_id uuid;
ALTER TABLE appropriation DROP CONSTRAINT appropriation_source_check;
ALTER TABLE appropriation ADD CONSTRAINT appropriation_source_check
    CHECK (source IN ('per_post', 'per_community', 'item', 'reward'));
ALTER TABLE appropriation DROP CONSTRAINT appropriation_community_check;
ALTER TABLE appropriation ADD CONSTRAINT appropriation_community_check
    CHECK ((source IN ('item', 'reward')) = (community_id IS NULL));
ALTER TABLE appropriation ADD CONSTRAINT appropriation_campaign_check
    CHECK ((source = 'reward') = (campaign_id IS NOT NULL));
CREATE UNIQUE INDEX appropriation_campaign_idx ON appropriation (district, campaign_id)
    WHERE campaign_id IS NOT NULL
"""


def upgrade() -> None:
    """Create them."""
    run(CHANGES)
