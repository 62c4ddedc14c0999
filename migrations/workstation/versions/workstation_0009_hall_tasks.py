"""Matters that the residents' talk hall handed over"""

from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "workstation_0009"
down_revision = "workstation_0008"

TABLES = """
CREATE TABLE hall_task (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, matter_id uuid NOT NULL, matter_code text NOT NULL,
    title text NOT NULL, content text NOT NULL, category text NOT NULL, place text NOT NULL,
    request text NOT NULL, handed_on date NOT NULL, deadline date NOT NULL,
    state text NOT NULL, due_on date, reason text, result text, concluded_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT hall_task_pkey PRIMARY KEY (district, id),
    CONSTRAINT hall_task_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT hall_task_state_check CHECK (state IN ('received', 'in_progress', 'closed',
        'returned', 'withdrawn')),
    CONSTRAINT hall_task_result_check CHECK (state <> 'closed' OR result IS NOT NULL),
    CONSTRAINT hall_task_reason_check CHECK (state <> 'returned' OR reason IS NOT NULL)
);
CREATE INDEX hall_task_community_idx ON hall_task (district, community_id, deadline, id);
CREATE INDEX hall_task_deadline_idx ON hall_task (district, deadline, id)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    run(district_tables("workstation", "shequ_workstation", ["hall_task"]))
