"""Ledger: form requests, their cells, and questions asked once"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "workstation_0010"
down_revision = "workstation_0009"

TABLES = """
CREATE TABLE ledger_form (
    district char(6) NOT NULL, id uuid NOT NULL,
    department_id uuid NOT NULL, title text NOT NULL, purpose text NOT NULL, as_of date NOT NULL,
    state text NOT NULL, due_on date, sheet jsonb, asked_on date, filled_on date,
    from_ledger integer NOT NULL, joined integer NOT NULL, asked integer NOT NULL,
    remaining integer NOT NULL, created_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_form_pkey PRIMARY KEY (district, id),
    CONSTRAINT ledger_form_state_check
        CHECK (state IN ('draft', 'open', 'filled', 'cancelled')),
    CONSTRAINT ledger_form_counts_check CHECK (from_ledger >= 0 AND joined >= 0 AND asked >= 0
        AND remaining >= 0 AND remaining <= joined + asked),
    CONSTRAINT ledger_form_filled_check CHECK (state <> 'filled' OR remaining = 0)
);
CREATE INDEX ledger_form_department_idx ON ledger_form (district, department_id, id);
CREATE INDEX ledger_form_asked_idx ON ledger_form (district, asked_on);
CREATE TABLE ledger_question (
    district char(6) NOT NULL, id uuid NOT NULL,
    element_id uuid NOT NULL, community_id uuid NOT NULL, period text NOT NULL,
    asked_on date NOT NULL, due_on date NOT NULL,
    entry_id uuid, answered_on date, withdrawn_on date,
    CONSTRAINT ledger_question_pkey PRIMARY KEY (district, id),
    CONSTRAINT ledger_question_district_element_id_fkey FOREIGN KEY (district, element_id)
        REFERENCES ledger_element (district, id),
    CONSTRAINT ledger_question_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT ledger_question_district_entry_id_fkey FOREIGN KEY (district, entry_id)
        REFERENCES ledger_entry (district, id),
    CONSTRAINT ledger_question_answered_check
        CHECK ((entry_id IS NULL) = (answered_on IS NULL)),
    CONSTRAINT ledger_question_closed_check CHECK (entry_id IS NULL OR withdrawn_on IS NULL)
);
CREATE UNIQUE INDEX ledger_question_open_idx
    ON ledger_question (district, element_id, community_id, period)
    WHERE entry_id IS NULL AND withdrawn_on IS NULL;
CREATE INDEX ledger_question_community_idx
    ON ledger_question (district, community_id, due_on, id);
CREATE INDEX ledger_question_due_idx ON ledger_question (district, due_on, id);
CREATE TABLE ledger_form_cell (
    district char(6) NOT NULL, id uuid NOT NULL,
    form_id uuid NOT NULL, element_id uuid NOT NULL, community_id uuid NOT NULL,
    period text NOT NULL, how text NOT NULL, entry_id uuid, question_id uuid,
    CONSTRAINT ledger_form_cell_pkey PRIMARY KEY (district, id),
    CONSTRAINT ledger_form_cell_place_key
        UNIQUE (district, form_id, element_id, community_id, period),
    CONSTRAINT ledger_form_cell_district_form_id_fkey FOREIGN KEY (district, form_id)
        REFERENCES ledger_form (district, id),
    CONSTRAINT ledger_form_cell_district_element_id_fkey FOREIGN KEY (district, element_id)
        REFERENCES ledger_element (district, id),
    CONSTRAINT ledger_form_cell_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT ledger_form_cell_district_entry_id_fkey FOREIGN KEY (district, entry_id)
        REFERENCES ledger_entry (district, id),
    CONSTRAINT ledger_form_cell_district_question_id_fkey FOREIGN KEY (district, question_id)
        REFERENCES ledger_question (district, id),
    CONSTRAINT ledger_form_cell_once_check CHECK ((entry_id IS NULL) <> (question_id IS NULL)),
    CONSTRAINT ledger_form_cell_how_check CHECK (how IN ('ledger', 'joined', 'asked')
        AND (how = 'ledger') = (entry_id IS NOT NULL))
);
CREATE INDEX ledger_form_cell_question_idx ON ledger_form_cell (district, question_id)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    role = "shequ_workstation"
    run(district_tables("workstation", role, ["ledger_form", "ledger_question"]))
    run(district_tables("workstation", role, ["ledger_form_cell"], APPEND_ONLY))
