"""Seats that an election left vacant are to be filled by a by-election"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "committee_0014"
down_revision = "committee_0013"

TABLES = """
CREATE TABLE unfilled_seat (
    district char(6) NOT NULL, id uuid NOT NULL, term_id uuid NOT NULL, position text NOT
    NULL,
    CONSTRAINT unfilled_seat_pkey PRIMARY KEY (district, id),
    CONSTRAINT unfilled_seat_district_term_id_fkey FOREIGN KEY (district, term_id) REFERENCES
        term (district, id),
    CONSTRAINT unfilled_seat_position_check CHECK (position IN ('chair', 'vice_chair',
        'member'))
);
CREATE INDEX unfilled_seat_term_idx ON unfilled_seat (district, term_id)
"""


def upgrade() -> None:
    """Create the table."""
    run(TABLES)
    run(district_tables("committee", "shequ_committee", ["unfilled_seat"], APPEND_ONLY))
