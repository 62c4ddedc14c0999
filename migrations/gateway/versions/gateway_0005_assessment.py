"""Assessment: standards, mappings, inspection requests and their screening"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "gateway_0005"
down_revision = "gateway_0004"

TABLES = """
CREATE TABLE assessment_standard (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, number integer NOT NULL, title text NOT NULL, basis text NOT NULL,
    draft jsonb NOT NULL, state text NOT NULL, due_on date, published_on date, document text,
    created_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assessment_standard_pkey PRIMARY KEY (district, id),
    CONSTRAINT assessment_standard_district_code_number_key UNIQUE (district, code, number),
    CONSTRAINT assessment_standard_number_check CHECK (number >= 1),
    CONSTRAINT assessment_standard_state_check CHECK
        (state IN ('draft', 'abandoned', 'published', 'superseded', 'retired')),
    CONSTRAINT assessment_standard_published_check CHECK (state IN ('draft', 'abandoned') OR
        (published_on IS NOT NULL AND coalesce(document, '') <> ''))
);
CREATE UNIQUE INDEX assessment_standard_draft_idx ON assessment_standard (district, code)
    WHERE state = 'draft';
CREATE UNIQUE INDEX assessment_standard_published_idx ON assessment_standard (district, code)
    WHERE state = 'published';
CREATE TABLE assessment_item (
    district char(6) NOT NULL, id uuid NOT NULL,
    standard_id uuid NOT NULL, position integer NOT NULL, origin_id uuid NOT NULL,
    code text NOT NULL, title text NOT NULL, subject text NOT NULL, kind text NOT NULL,
    weight integer NOT NULL, zero_at integer NOT NULL, full_at integer NOT NULL,
    verification text NOT NULL, element text, two_person boolean NOT NULL, veto boolean NOT NULL,
    validity_days integer NOT NULL, legal_basis text NOT NULL,
    CONSTRAINT assessment_item_pkey PRIMARY KEY (district, id),
    CONSTRAINT assessment_item_district_standard_id_code_key UNIQUE (district, standard_id, code),
    CONSTRAINT assessment_item_district_standard_id_fkey FOREIGN KEY (district, standard_id)
        REFERENCES assessment_standard (district, id),
    CONSTRAINT assessment_item_kind_check CHECK
        (kind IN ('boolean', 'ratio', 'scale', 'count')),
    CONSTRAINT assessment_item_weight_check CHECK (weight > 0 AND weight <= 10000),
    CONSTRAINT assessment_item_measure_check CHECK (zero_at <> full_at),
    CONSTRAINT assessment_item_verification_check CHECK
        (verification IN ('ledger', 'on_site', 'residents') AND
        (verification = 'ledger') = (element IS NOT NULL)),
    CONSTRAINT assessment_item_veto_check CHECK (NOT veto OR legal_basis <> ''),
    CONSTRAINT assessment_item_validity_check CHECK (validity_days >= 0)
);
CREATE INDEX assessment_item_origin_idx ON assessment_item (district, origin_id);
CREATE TABLE department_item (
    district char(6) NOT NULL, id uuid NOT NULL,
    department_id uuid NOT NULL, code text NOT NULL, title text NOT NULL, content text NOT NULL,
    legal_basis text NOT NULL, created_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT department_item_pkey PRIMARY KEY (district, id),
    CONSTRAINT department_item_district_department_id_code_key
        UNIQUE (district, department_id, code),
    CONSTRAINT department_item_district_department_id_fkey FOREIGN KEY (district, department_id)
        REFERENCES department (district, id)
);
CREATE TABLE item_mapping (
    district char(6) NOT NULL, id uuid NOT NULL,
    department_item_id uuid NOT NULL, standard_id uuid NOT NULL, item_id uuid NOT NULL,
    relation text NOT NULL, note text NOT NULL, ended_on date, ended_because text,
    created_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT item_mapping_pkey PRIMARY KEY (district, id),
    CONSTRAINT item_mapping_district_department_item_id_fkey
        FOREIGN KEY (district, department_item_id) REFERENCES department_item (district, id),
    CONSTRAINT item_mapping_district_standard_id_fkey FOREIGN KEY (district, standard_id)
        REFERENCES assessment_standard (district, id),
    CONSTRAINT item_mapping_district_item_id_fkey FOREIGN KEY (district, item_id)
        REFERENCES assessment_item (district, id),
    CONSTRAINT item_mapping_relation_check CHECK
        (relation IN ('equal', 'subset', 'superset', 'intersects')),
    CONSTRAINT item_mapping_ended_check CHECK ((ended_on IS NULL) = (ended_because IS NULL))
);
CREATE UNIQUE INDEX item_mapping_open_idx ON item_mapping (district, department_item_id, item_id)
    WHERE ended_on IS NULL;
CREATE INDEX item_mapping_standard_idx ON item_mapping (district, standard_id, id);
CREATE TABLE inspection_request (
    district char(6) NOT NULL, id uuid NOT NULL,
    department_id uuid NOT NULL, reference text NOT NULL, title text NOT NULL, kind text NOT NULL,
    comprehensive boolean NOT NULL, level text NOT NULL, legal_basis text NOT NULL,
    standard_id uuid, asked jsonb NOT NULL, targets jsonb NOT NULL,
    starts_on date NOT NULL, ends_on date NOT NULL,
    minutes_on_site integer NOT NULL, inspectors_per_day integer NOT NULL, team text NOT NULL,
    state text NOT NULL, due_on date, submission integer NOT NULL, submitted_on date,
    decided_on date, document text, screening jsonb, created_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT inspection_request_pkey PRIMARY KEY (district, id),
    CONSTRAINT inspection_request_district_department_id_reference_key
        UNIQUE (district, department_id, reference),
    CONSTRAINT inspection_request_district_department_id_fkey FOREIGN KEY (district, department_id)
        REFERENCES department (district, id),
    CONSTRAINT inspection_request_district_standard_id_fkey FOREIGN KEY (district, standard_id)
        REFERENCES assessment_standard (district, id),
    CONSTRAINT inspection_request_kind_check CHECK
        (kind IN ('inspection', 'assessment', 'acceptance', 'campaign')),
    CONSTRAINT inspection_request_level_check CHECK (level IN ('province', 'city', 'district')),
    CONSTRAINT inspection_request_state_check CHECK (state IN ('draft', 'returned',
        'with_leading_group', 'rejected', 'approved', 'withdrawn')),
    CONSTRAINT inspection_request_window_check CHECK (ends_on > starts_on),
    CONSTRAINT inspection_request_team_check CHECK
        (minutes_on_site > 0 AND inspectors_per_day > 0),
    CONSTRAINT inspection_request_approved_check CHECK (state <> 'approved' OR
        (submission >= 1 AND legal_basis <> '' AND coalesce(document, '') <> '' AND coalesce(decided_on < ends_on, false)))
);
CREATE INDEX inspection_request_department_idx
    ON inspection_request (district, department_id, id);
CREATE INDEX inspection_request_state_idx ON inspection_request (district, state, id);
CREATE TABLE inspection_item (
    district char(6) NOT NULL, id uuid NOT NULL,
    request_id uuid NOT NULL, submission integer NOT NULL, position integer NOT NULL,
    code text NOT NULL, title text NOT NULL, department_item_id uuid, item_id uuid,
    veto boolean NOT NULL, material boolean NOT NULL,
    CONSTRAINT inspection_item_pkey PRIMARY KEY (district, id),
    CONSTRAINT inspection_item_district_request_id_submission_code_key
        UNIQUE (district, request_id, submission, code),
    CONSTRAINT inspection_item_district_request_id_fkey FOREIGN KEY (district, request_id)
        REFERENCES inspection_request (district, id),
    CONSTRAINT inspection_item_district_department_item_id_fkey
        FOREIGN KEY (district, department_item_id) REFERENCES department_item (district, id),
    CONSTRAINT inspection_item_district_item_id_fkey FOREIGN KEY (district, item_id)
        REFERENCES assessment_item (district, id),
    CONSTRAINT inspection_item_resolved_check CHECK
        ((department_item_id IS NULL) <> (item_id IS NULL))
);
CREATE TABLE inspection_target (
    district char(6) NOT NULL, id uuid NOT NULL,
    request_id uuid NOT NULL, submission integer NOT NULL, community_id uuid NOT NULL,
    visit boolean NOT NULL,
    CONSTRAINT inspection_target_pkey PRIMARY KEY (district, id),
    CONSTRAINT inspection_target_community_key
        UNIQUE (district, request_id, submission, community_id),
    CONSTRAINT inspection_target_district_request_id_fkey FOREIGN KEY (district, request_id)
        REFERENCES inspection_request (district, id),
    CONSTRAINT inspection_target_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id)
);
CREATE INDEX inspection_target_community_idx
    ON inspection_target (district, community_id, request_id);
CREATE TABLE screening_verdict (
    district char(6) NOT NULL, id uuid NOT NULL,
    request_id uuid NOT NULL, submission integer NOT NULL, request_item_id uuid NOT NULL,
    community_id uuid NOT NULL, verdict text NOT NULL, reason text NOT NULL, rule text,
    source_id uuid, valid_until date,
    CONSTRAINT screening_verdict_pkey PRIMARY KEY (district, id),
    CONSTRAINT screening_verdict_district_request_item_id_community_id_key
        UNIQUE (district, request_item_id, community_id),
    CONSTRAINT screening_verdict_district_request_id_fkey FOREIGN KEY (district, request_id)
        REFERENCES inspection_request (district, id),
    CONSTRAINT screening_verdict_district_request_item_id_fkey
        FOREIGN KEY (district, request_item_id) REFERENCES inspection_item (district, id),
    CONSTRAINT screening_verdict_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT screening_verdict_verdict_check CHECK
        (verdict IN ('shared', 'from_ledger', 'needs_visit', 'refused'))
);
CREATE INDEX screening_verdict_request_idx
    ON screening_verdict (district, request_id, submission, id)
"""


def upgrade() -> None:
    """Create them. What was published or screened can only be added to."""
    run(TABLES)
    official = ["assessment_standard", "department_item", "item_mapping", "inspection_request"]
    kept = ["assessment_item", "inspection_item", "inspection_target", "screening_verdict"]
    run(district_tables("gateway", "shequ_gateway", official))
    run(district_tables("gateway", "shequ_gateway", kept, APPEND_ONLY))
