"""Pairs of signs are counted from their index alone"""

from migrations.platform_tables import run

revision = "committee_0011"
down_revision = "committee_0010"


def upgrade() -> None:
    """The key carries whether the pair stands in the title, so that a search reads no table."""
    run(
        [
            "ALTER TABLE matter_pair DROP CONSTRAINT matter_pair_pkey, "
            "ADD CONSTRAINT matter_pair_pkey PRIMARY KEY (district, pair, matter_id) "
            "INCLUDE (in_title)"
        ]
    )
