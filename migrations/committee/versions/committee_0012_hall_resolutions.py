"""A matter may be resolved again at the sitting to which it came back"""

from migrations.platform_tables import run

revision = "committee_0012"
down_revision = "committee_0011"


def upgrade() -> None:
    """One resolution belongs to one item of an agenda, whose outcome under the sitting's lock
    says so; a matter that comes back stands on the agenda a second time."""
    run(
        [
            "ALTER TABLE matter_resolution "
            "DROP CONSTRAINT matter_resolution_district_sitting_id_matter_id_key"
        ]
    )
