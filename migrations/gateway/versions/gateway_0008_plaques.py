"""Plaques: applications, inventory, removal notices"""

from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "gateway_0008"
down_revision = "gateway_0007"

TABLES = """
CREATE TABLE plaque_application (
    district char(6) NOT NULL, id uuid NOT NULL,
    department_id uuid NOT NULL, title text NOT NULL, purpose text NOT NULL,
    legal_basis text NOT NULL, "where" text NOT NULL, room text NOT NULL,
    width_mm integer, height_mm integer, colours text NOT NULL,
    payer text NOT NULL, cost bigint NOT NULL, design jsonb,
    state text NOT NULL, due_on date, submitted_on date, decided_on date, document text,
    screening jsonb, created_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plaque_application_pkey PRIMARY KEY (district, id),
    CONSTRAINT plaque_application_district_department_id_fkey
        FOREIGN KEY (district, department_id) REFERENCES department (district, id),
    CONSTRAINT plaque_application_state_check CHECK
        (state IN ('draft', 'returned', 'with_leading_group', 'approved', 'rejected')),
    CONSTRAINT plaque_application_where_check CHECK ("where" IN ('outdoor', 'indoor', 'photo')),
    CONSTRAINT plaque_application_approved_check CHECK
        (state <> 'approved' OR ("where" <> 'outdoor' AND payer = 'department')),
    CONSTRAINT plaque_application_cost_check CHECK (cost >= 0)
);
CREATE INDEX plaque_application_department_idx ON plaque_application (district, department_id, id);
CREATE TABLE plaque (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, application_id uuid, department_id uuid,
    kind text NOT NULL, title text NOT NULL, "where" text NOT NULL, room text NOT NULL,
    payer text NOT NULL, cost bigint NOT NULL,
    hung_on date NOT NULL, removed_on date, removed_because text,
    photograph jsonb NOT NULL, recorded_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plaque_pkey PRIMARY KEY (district, id),
    CONSTRAINT plaque_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT plaque_district_application_id_fkey FOREIGN KEY (district, application_id)
        REFERENCES plaque_application (district, id),
    CONSTRAINT plaque_district_department_id_fkey FOREIGN KEY (district, department_id)
        REFERENCES department (district, id),
    CONSTRAINT plaque_kind_check CHECK
        (kind IN ('party_organisation', 'committee', 'workstation', 'other')),
    CONSTRAINT plaque_where_check CHECK ("where" IN ('outdoor', 'indoor', 'photo')),
    CONSTRAINT plaque_payer_check CHECK
        (payer IN ('department', 'street', 'community', 'unknown')),
    CONSTRAINT plaque_cost_check CHECK (cost >= 0),
    CONSTRAINT plaque_removed_check CHECK (removed_on >= hung_on)
);
CREATE INDEX plaque_community_idx ON plaque (district, community_id, id);
CREATE UNIQUE INDEX plaque_once_idx ON plaque (district, community_id, application_id)
    WHERE removed_on IS NULL;
CREATE TABLE plaque_removal_notice (
    district char(6) NOT NULL, id uuid NOT NULL,
    plaque_id uuid NOT NULL, community_id uuid NOT NULL, department_id uuid,
    because text NOT NULL, rules jsonb NOT NULL, state text NOT NULL,
    issued_on date NOT NULL, due_on date, photograph jsonb, issued_by uuid,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plaque_removal_notice_pkey PRIMARY KEY (district, id),
    CONSTRAINT plaque_removal_notice_district_plaque_id_fkey FOREIGN KEY (district, plaque_id)
        REFERENCES plaque (district, id),
    CONSTRAINT plaque_removal_notice_district_community_id_fkey
        FOREIGN KEY (district, community_id) REFERENCES community (district, id),
    CONSTRAINT plaque_removal_notice_state_check CHECK
        (state IN ('issued', 'removed', 'confirmed', 'withdrawn'))
);
CREATE INDEX plaque_removal_notice_community_idx
    ON plaque_removal_notice (district, community_id, id);
CREATE UNIQUE INDEX plaque_removal_notice_open_idx ON plaque_removal_notice (district, plaque_id)
    WHERE state IN ('issued', 'removed')
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    tables = ["plaque_application", "plaque", "plaque_removal_notice"]
    run(district_tables("gateway", "shequ_gateway", tables))
