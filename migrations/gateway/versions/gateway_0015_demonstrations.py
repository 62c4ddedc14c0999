"""Assessment: standards with a clock of their own, for demonstrations"""

from migrations.platform_tables import run

revision = "gateway_0015"
down_revision = "gateway_0014"

CHANGES = """
ALTER TABLE assessment_standard ADD COLUMN demo boolean NOT NULL DEFAULT false;
ALTER TABLE assessment_standard ALTER COLUMN demo DROP DEFAULT;
ALTER TABLE assessment_standard ADD COLUMN demo_today date;
ALTER TABLE assessment_standard ADD CONSTRAINT assessment_standard_demo_check
    CHECK (demo OR demo_today IS NULL)
"""


def upgrade() -> None:
    """Standards that there are go by the calendar."""
    run(CHANGES)
