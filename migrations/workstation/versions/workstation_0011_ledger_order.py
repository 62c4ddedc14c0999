"""Ledger: entries found by element, community, subject and period in the order they are listed"""

from migrations.platform_tables import run

revision = "workstation_0011"
down_revision = "workstation_0010"

INDEXES = """
DROP INDEX ledger_entry_element_idx;
DROP INDEX ledger_entry_community_idx;
DROP INDEX ledger_entry_subject_idx;
CREATE INDEX ledger_entry_element_idx ON ledger_entry (district, element_id, recorded_on, id);
CREATE INDEX ledger_entry_community_idx
    ON ledger_entry (district, community_id, element_id, recorded_on, id);
CREATE INDEX ledger_entry_period_idx
    ON ledger_entry (district, period, element_id, recorded_on, id);
CREATE INDEX ledger_entry_subject_idx
    ON ledger_entry (district, element_id, subject_id, recorded_on, id)
"""


def upgrade() -> None:
    """Order them so."""
    run(INDEXES)
