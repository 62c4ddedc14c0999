"""The election whose roll a recall is judged by"""

from migrations.platform_tables import run

revision = "committee_0010"
down_revision = "committee_0009"


def upgrade() -> None:
    """Add it."""
    run(
        "ALTER TABLE recall ADD COLUMN election_id uuid, "
        "ADD CONSTRAINT recall_district_election_id_fkey FOREIGN KEY (district, election_id) "
        "REFERENCES election (district, id)"
    )
