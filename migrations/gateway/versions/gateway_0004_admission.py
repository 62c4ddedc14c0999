"""Admission: items, catalogue, dispatches, off-catalogue reports"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "gateway_0004"
down_revision = "gateway_0003"

TABLES = """
CREATE TABLE community (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, name text NOT NULL, kind text NOT NULL, state text NOT NULL,
    street_id uuid NOT NULL, street_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT community_pkey PRIMARY KEY (district, id)
);
CREATE TABLE item (
    district char(6) NOT NULL, id uuid NOT NULL,
    elements text[] NOT NULL, department_id uuid NOT NULL, code text NOT NULL,
    title text NOT NULL, list text NOT NULL, nature text NOT NULL, legal_basis text NOT NULL,
    content text NOT NULL, standard text NOT NULL,
    workload_hours integer, time_limit_days integer, targets jsonb NOT NULL,
    funding_basis text, amount bigint, total bigint, source_line text NOT NULL,
    drawn bigint NOT NULL,
    starts_on date NOT NULL, ends_on date NOT NULL,
    state text NOT NULL, due_on date, submitted_on date, decided_on date, document text,
    screening jsonb, created_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT item_pkey PRIMARY KEY (district, id),
    CONSTRAINT item_district_code_key UNIQUE (district, code),
    CONSTRAINT item_district_department_id_fkey FOREIGN KEY (district, department_id)
        REFERENCES department (district, id),
    CONSTRAINT item_list_check CHECK
        (list IN ('own_duty', 'assistance', 'purchased_service', 'temporary')),
    CONSTRAINT item_state_check CHECK (state IN ('draft', 'returned', 'with_leading_group',
        'rejected', 'admitted', 'suspended', 'exited')),
    CONSTRAINT item_funding_basis_check CHECK (funding_basis IS NULL OR
        funding_basis IN ('per_community', 'per_case', 'per_year')),
    CONSTRAINT item_funding_check CHECK ((funding_basis IS NULL) = (amount IS NULL) AND
        (funding_basis IS NULL) = (total IS NULL)),
    CONSTRAINT item_amounts_check CHECK (amount >= 0 AND total >= 0),
    CONSTRAINT item_drawn_check CHECK (drawn >= 0 AND drawn <= coalesce(total, 0)),
    CONSTRAINT item_period_check CHECK (ends_on > starts_on),
    CONSTRAINT item_admitted_check CHECK (state NOT IN ('admitted', 'suspended', 'exited') OR
        (total > 0 AND amount > 0 AND legal_basis <> ''))
);
CREATE INDEX item_department_idx ON item (district, department_id, id);
CREATE INDEX item_state_idx ON item (district, state, id);
CREATE TABLE catalogue_span (
    district char(6) NOT NULL, id uuid NOT NULL,
    item_id uuid NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL, open boolean NOT NULL,
    CONSTRAINT catalogue_span_pkey PRIMARY KEY (district, id),
    CONSTRAINT catalogue_span_district_item_id_fkey FOREIGN KEY (district, item_id)
        REFERENCES item (district, id),
    CONSTRAINT catalogue_span_period_check CHECK (ends_on >= starts_on)
);
CREATE UNIQUE INDEX catalogue_span_open_idx ON catalogue_span (district, item_id) WHERE open;
CREATE INDEX catalogue_span_days_idx ON catalogue_span (district, starts_on, ends_on);
CREATE TABLE dispatch (
    district char(6) NOT NULL, id uuid NOT NULL,
    item_id uuid NOT NULL, department_id uuid NOT NULL, title text NOT NULL,
    content text NOT NULL, due_on date NOT NULL, dispatched_on date NOT NULL,
    amount bigint NOT NULL, rules jsonb NOT NULL, created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dispatch_pkey PRIMARY KEY (district, id),
    CONSTRAINT dispatch_district_item_id_fkey FOREIGN KEY (district, item_id)
        REFERENCES item (district, id),
    CONSTRAINT dispatch_amount_check CHECK (amount >= 0)
);
CREATE INDEX dispatch_item_idx ON dispatch (district, item_id, id);
CREATE INDEX dispatch_department_idx ON dispatch (district, department_id, id);
CREATE TABLE dispatch_community (
    district char(6) NOT NULL, id uuid NOT NULL,
    dispatch_id uuid NOT NULL, item_id uuid NOT NULL, community_id uuid NOT NULL,
    cases integer NOT NULL, amount bigint NOT NULL, dispatched_on date NOT NULL, outcome text,
    CONSTRAINT dispatch_community_pkey PRIMARY KEY (district, id),
    CONSTRAINT dispatch_community_district_dispatch_id_community_id_key
        UNIQUE (district, dispatch_id, community_id),
    CONSTRAINT dispatch_community_district_dispatch_id_fkey FOREIGN KEY (district, dispatch_id)
        REFERENCES dispatch (district, id),
    CONSTRAINT dispatch_community_district_item_id_fkey FOREIGN KEY (district, item_id)
        REFERENCES item (district, id),
    CONSTRAINT dispatch_community_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT dispatch_community_amount_check CHECK (cases >= 1 AND amount >= 0),
    CONSTRAINT dispatch_community_outcome_check CHECK
        (outcome IS NULL OR outcome IN ('released', 'freed'))
);
CREATE INDEX dispatch_community_item_idx ON dispatch_community (district, item_id, community_id);
CREATE TABLE dispatch_refusal (
    district char(6) NOT NULL, id uuid NOT NULL,
    department_id uuid NOT NULL, item_code text NOT NULL, title text NOT NULL,
    communities integer NOT NULL, codes text[] NOT NULL, reasons jsonb NOT NULL,
    refused_on date NOT NULL, created_by uuid, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dispatch_refusal_pkey PRIMARY KEY (district, id)
);
CREATE INDEX dispatch_refusal_department_idx ON dispatch_refusal (district, department_id, id);
CREATE TABLE off_catalogue_report (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, department_id uuid NOT NULL, demand text NOT NULL,
    channel text NOT NULL, demanded_on date NOT NULL, state text NOT NULL, due_on date,
    reply text, reported_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT off_catalogue_report_pkey PRIMARY KEY (district, id),
    CONSTRAINT off_catalogue_report_district_department_id_fkey
        FOREIGN KEY (district, department_id) REFERENCES department (district, id),
    CONSTRAINT off_catalogue_report_district_community_id_fkey
        FOREIGN KEY (district, community_id) REFERENCES community (district, id),
    CONSTRAINT off_catalogue_report_state_check CHECK
        (state IN ('reported', 'upheld', 'dismissed'))
);
CREATE INDEX off_catalogue_report_community_idx
    ON off_catalogue_report (district, community_id, id)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    official = [
        "community",
        "item",
        "catalogue_span",
        "dispatch",
        "dispatch_community",
        "off_catalogue_report",
    ]
    run(district_tables("gateway", "shequ_gateway", official))
    run(district_tables("gateway", "shequ_gateway", ["dispatch_refusal"], APPEND_ONLY))
