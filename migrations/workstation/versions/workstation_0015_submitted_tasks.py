"""Tasks: what a department has to review is found without reading all that is open"""

from migrations.platform_tables import run

revision = "workstation_0015"
down_revision = "workstation_0014"

INDEX = """
CREATE INDEX task_submitted_idx ON task (district, department_id, next_due_on, id)
    WHERE state = 'submitted'
"""


def upgrade() -> None:
    """Index them."""
    run(INDEX)
