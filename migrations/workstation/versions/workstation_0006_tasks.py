"""Tasks: dispatches, tasks, evidence, assistance"""

from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "workstation_0006"
down_revision = "workstation_0005"

TABLES = """
CREATE TABLE task_dispatch (
    district char(6) NOT NULL, id uuid NOT NULL,
    item_id uuid NOT NULL, item_code text NOT NULL, item_title text NOT NULL,
    department_id uuid NOT NULL, department_name text NOT NULL,
    title text NOT NULL, content text NOT NULL, standard text NOT NULL,
    dispatched_on date NOT NULL, due_on date NOT NULL, elements text[] NOT NULL,
    CONSTRAINT task_dispatch_pkey PRIMARY KEY (district, id)
);
CREATE TABLE task (
    district char(6) NOT NULL, id uuid NOT NULL,
    dispatch_id uuid NOT NULL, community_id uuid NOT NULL, department_id uuid NOT NULL,
    cases integer NOT NULL, amount bigint NOT NULL, deadline date NOT NULL,
    state text NOT NULL, due_on date, next_due_on date NOT NULL, result text, figures jsonb,
    reminded_at timestamptz, escalated_at timestamptz, concluded_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT task_pkey PRIMARY KEY (district, id),
    CONSTRAINT task_district_dispatch_id_fkey FOREIGN KEY (district, dispatch_id)
        REFERENCES task_dispatch (district, id),
    CONSTRAINT task_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT task_state_check CHECK (state IN ('received', 'accepted', 'in_progress',
        'submitted', 'sent_back', 'closed', 'returned', 'withdrawn')),
    CONSTRAINT task_concluded_check CHECK ((state IN ('closed', 'returned', 'withdrawn'))
        = (concluded_on IS NOT NULL)),
    CONSTRAINT task_amount_check CHECK (cases >= 1 AND amount >= 0)
);
CREATE INDEX task_due_idx ON task (district, next_due_on, id);
CREATE INDEX task_due_open_idx ON task (district, next_due_on, id) WHERE concluded_on IS NULL;
CREATE INDEX task_community_idx ON task (district, community_id, next_due_on, id);
CREATE INDEX task_community_open_idx ON task (district, community_id, next_due_on, id)
    WHERE concluded_on IS NULL;
CREATE INDEX task_department_idx ON task (district, department_id, next_due_on, id);
CREATE INDEX task_department_open_idx ON task (district, department_id, next_due_on, id)
    WHERE concluded_on IS NULL;
CREATE INDEX task_dispatch_idx ON task (district, dispatch_id);
CREATE TABLE task_evidence (
    district char(6) NOT NULL, id uuid NOT NULL,
    task_id uuid NOT NULL, name text NOT NULL, media_type text NOT NULL, size integer NOT NULL,
    sha256 text NOT NULL, scanned boolean NOT NULL, added_by uuid,
    added_at timestamptz NOT NULL DEFAULT now(), withdrawn_at timestamptz, withdrawn_because text,
    CONSTRAINT task_evidence_pkey PRIMARY KEY (district, id),
    CONSTRAINT task_evidence_district_task_id_fkey FOREIGN KEY (district, task_id)
        REFERENCES task (district, id)
);
CREATE UNIQUE INDEX task_evidence_content_idx ON task_evidence (district, task_id, sha256)
    WHERE withdrawn_at IS NULL;
CREATE INDEX task_evidence_task_idx ON task_evidence (district, task_id, id);
CREATE TABLE assistance (
    district char(6) NOT NULL, id uuid NOT NULL,
    task_id uuid NOT NULL, community_id uuid NOT NULL, request text NOT NULL,
    wanted_by date NOT NULL, state text NOT NULL, due_on date, reply text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assistance_pkey PRIMARY KEY (district, id),
    CONSTRAINT assistance_district_task_id_fkey FOREIGN KEY (district, task_id)
        REFERENCES task (district, id),
    CONSTRAINT assistance_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT assistance_state_check CHECK (state IN ('asked', 'accepted', 'declined',
        'completed', 'cancelled'))
);
CREATE INDEX assistance_community_idx ON assistance (district, community_id, id);
CREATE INDEX assistance_task_idx ON assistance (district, task_id, id)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    tables = ["task_dispatch", "task", "task_evidence", "assistance"]
    run(district_tables("workstation", "shequ_workstation", tables))
