"""Ledger: elements, entries with their evidence, grants, reads"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "workstation_0007"
down_revision = "workstation_0006"

TABLES = """
CREATE TABLE ledger_element (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, title text NOT NULL, definition text NOT NULL,
    type text NOT NULL, unit text, scope text NOT NULL, frequency text NOT NULL,
    validity_days integer, choices text[] NOT NULL,
    owner_kind text NOT NULL, owner_department_id uuid, owner_name text NOT NULL,
    differs_because text, ended_on date, ended_because text, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_element_pkey PRIMARY KEY (district, id),
    CONSTRAINT ledger_element_district_code_key UNIQUE (district, code),
    CONSTRAINT ledger_element_type_check
        CHECK (type IN ('integer', 'decimal', 'boolean', 'text', 'choice', 'date')),
    CONSTRAINT ledger_element_scope_check
        CHECK (scope IN ('community', 'household', 'resident')),
    CONSTRAINT ledger_element_frequency_check
        CHECK (frequency IN ('once', 'year', 'half_year', 'quarter', 'month')),
    CONSTRAINT ledger_element_choices_check
        CHECK ((type = 'choice') = (cardinality(choices) > 0)),
    CONSTRAINT ledger_element_validity_check CHECK (validity_days BETWEEN 1 AND 3660),
    CONSTRAINT ledger_element_owner_check
        CHECK (owner_kind IN ('department', 'workstation', 'committee')),
    CONSTRAINT ledger_element_owner_department_check
        CHECK ((owner_kind = 'department') = (owner_department_id IS NOT NULL)),
    CONSTRAINT ledger_element_ended_check
        CHECK ((ended_on IS NULL) = (ended_because IS NULL))
);
CREATE INDEX ledger_element_owner_idx ON ledger_element (district, owner_department_id, id);
CREATE TABLE ledger_entry (
    district char(6) NOT NULL, id uuid NOT NULL,
    element_id uuid NOT NULL, community_id uuid NOT NULL, household_id uuid, resident_id uuid,
    subject_id uuid NOT NULL, period text NOT NULL, value text NOT NULL,
    recorded_on date NOT NULL, valid_until date, source text NOT NULL, task_id uuid, reason text,
    recorded_by uuid, recorded_by_kind text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    ended_on date, ended_at timestamptz, ended_by uuid, ended_because text, superseded_by uuid,
    CONSTRAINT ledger_entry_pkey PRIMARY KEY (district, id),
    CONSTRAINT ledger_entry_district_element_id_fkey FOREIGN KEY (district, element_id)
        REFERENCES ledger_element (district, id),
    CONSTRAINT ledger_entry_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT ledger_entry_district_household_id_fkey FOREIGN KEY (district, household_id)
        REFERENCES household (district, id),
    CONSTRAINT ledger_entry_district_resident_id_fkey FOREIGN KEY (district, resident_id)
        REFERENCES resident (district, id),
    CONSTRAINT ledger_entry_source_check CHECK (source IN ('person', 'import', 'task')),
    CONSTRAINT ledger_entry_task_check CHECK ((source = 'task') = (task_id IS NOT NULL)),
    CONSTRAINT ledger_entry_subject_check
        CHECK (subject_id = coalesce(resident_id, household_id, community_id)),
    CONSTRAINT ledger_entry_validity_check CHECK (valid_until >= recorded_on),
    CONSTRAINT ledger_entry_ended_check
        CHECK ((ended_on IS NULL) = (ended_because IS NULL) AND ended_on >= recorded_on),
    CONSTRAINT ledger_entry_superseded_check
        CHECK (superseded_by IS NULL OR ended_on IS NOT NULL)
);
CREATE UNIQUE INDEX ledger_entry_current_idx
    ON ledger_entry (district, element_id, subject_id, period) WHERE ended_on IS NULL;
CREATE INDEX ledger_entry_element_idx ON ledger_entry (district, element_id, id);
CREATE INDEX ledger_entry_community_idx ON ledger_entry (district, community_id, element_id, id);
CREATE INDEX ledger_entry_subject_idx
    ON ledger_entry (district, element_id, subject_id, period, id);
CREATE TABLE ledger_evidence (
    district char(6) NOT NULL, id uuid NOT NULL,
    entry_id uuid NOT NULL, name text NOT NULL, media_type text NOT NULL, size integer NOT NULL,
    sha256 text NOT NULL, scanned boolean NOT NULL, added_by uuid,
    added_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_evidence_pkey PRIMARY KEY (district, id),
    CONSTRAINT ledger_evidence_district_entry_id_fkey FOREIGN KEY (district, entry_id)
        REFERENCES ledger_entry (district, id)
);
CREATE INDEX ledger_evidence_entry_idx ON ledger_evidence (district, entry_id, id);
CREATE TABLE ledger_grant (
    district char(6) NOT NULL, id uuid NOT NULL,
    department_id uuid NOT NULL, element_id uuid NOT NULL, purpose text NOT NULL,
    starts_on date NOT NULL, ends_on date NOT NULL,
    granted_by uuid, granted_at timestamptz NOT NULL DEFAULT now(),
    revoked_on date, revoked_because text, version integer NOT NULL,
    CONSTRAINT ledger_grant_pkey PRIMARY KEY (district, id),
    CONSTRAINT ledger_grant_district_element_id_fkey FOREIGN KEY (district, element_id)
        REFERENCES ledger_element (district, id),
    CONSTRAINT ledger_grant_period_check CHECK (ends_on >= starts_on),
    CONSTRAINT ledger_grant_revoked_check
        CHECK ((revoked_on IS NULL) = (revoked_because IS NULL))
);
CREATE INDEX ledger_grant_department_idx ON ledger_grant (district, department_id, id);
CREATE INDEX ledger_grant_element_idx ON ledger_grant (district, element_id, id);
CREATE TABLE ledger_read (
    district char(6) NOT NULL, id uuid NOT NULL,
    element_id uuid NOT NULL, department_id uuid NOT NULL, grant_id uuid, purpose text NOT NULL,
    reader uuid, reader_kind text NOT NULL, filters jsonb NOT NULL,
    communities uuid[] NOT NULL, rows integer NOT NULL,
    read_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_read_pkey PRIMARY KEY (district, id),
    CONSTRAINT ledger_read_district_element_id_fkey FOREIGN KEY (district, element_id)
        REFERENCES ledger_element (district, id)
);
CREATE INDEX ledger_read_element_idx ON ledger_read (district, element_id, id)
"""

ENDED_ONLY = f"{APPEND_ONLY}, UPDATE (ended_on, ended_at, ended_by, ended_because, superseded_by)"
"""What an entry says never changes; it can only be ended."""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    role = "shequ_workstation"
    run(district_tables("workstation", role, ["ledger_element", "ledger_grant"]))
    run(district_tables("workstation", role, ["ledger_entry"], ENDED_ONLY))
    run(district_tables("workstation", role, ["ledger_evidence", "ledger_read"], APPEND_ONLY))
