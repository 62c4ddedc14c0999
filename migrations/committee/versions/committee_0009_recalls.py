"""Recalls with their signatures and counts, resignations"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "committee_0009"
down_revision = "committee_0008"

TABLES = """
CREATE TABLE recall (
    district char(6) NOT NULL, id uuid NOT NULL, committee_id uuid NOT NULL, member_id uuid
    NOT NULL, basis text NOT NULL, form text NOT NULL, reasons text NOT NULL, electors
    integer, households integer, representatives integer, roll_document text NOT NULL, secret
    bytea NOT NULL, state text NOT NULL, due_on date, defence text, defended_on date, vote_on
    date, vote_place text, outcome jsonb, concluded_on date, petitioned_by uuid, created_at
    timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), version
    integer NOT NULL,
    CONSTRAINT recall_pkey PRIMARY KEY (district, id),
    CONSTRAINT recall_district_committee_id_fkey FOREIGN KEY (district, committee_id)
        REFERENCES committee (district, id),
    CONSTRAINT recall_district_member_id_fkey FOREIGN KEY (district, member_id) REFERENCES
        member (district, id),
    CONSTRAINT recall_basis_check CHECK (basis IN ('electors', 'households',
        'representatives')),
    CONSTRAINT recall_form_check CHECK (form IN ('all_electors', 'household_representatives',
        'resident_representatives')),
    CONSTRAINT recall_state_check CHECK (state IN ('collecting', 'submitted', 'defence',
        'defended', 'announced', 'recalled', 'retained', 'invalid', 'refused', 'withdrawn',
        'lapsed')),
    CONSTRAINT recall_outcome_check CHECK (state NOT IN ('recalled', 'retained', 'invalid') OR
        outcome IS NOT NULL)
);
CREATE INDEX recall_committee_idx ON recall (district, committee_id, id);
CREATE UNIQUE INDEX recall_open_idx ON recall (district, member_id) WHERE state IN
    ('collecting', 'submitted', 'defence', 'defended', 'announced');
CREATE TABLE recall_signature (
    district char(6) NOT NULL, id uuid NOT NULL, recall_id uuid NOT NULL, signer bytea NOT
    NULL, name text NOT NULL, household text, signed_on date NOT NULL, state text NOT NULL,
    reason text, entered_by uuid, verified_by uuid, created_at timestamptz NOT NULL DEFAULT
    now(),
    CONSTRAINT recall_signature_pkey PRIMARY KEY (district, id),
    CONSTRAINT recall_signature_district_recall_id_fkey FOREIGN KEY (district, recall_id)
        REFERENCES recall (district, id),
    CONSTRAINT recall_signature_state_check CHECK (state IN ('entered', 'verified', 'refused',
        'withdrawn')),
    CONSTRAINT recall_signature_reason_check CHECK (state IN ('entered', 'verified') OR reason
        IS NOT NULL)
);
CREATE UNIQUE INDEX recall_signature_household_idx ON recall_signature (district, recall_id,
    household) WHERE state IN ('entered', 'verified');
CREATE UNIQUE INDEX recall_signature_signer_idx ON recall_signature (district, recall_id,
    signer) WHERE state IN ('entered', 'verified');
CREATE TABLE recall_count (
    district char(6) NOT NULL, id uuid NOT NULL, recall_id uuid NOT NULL, issued integer NOT
    NULL, received integer NOT NULL, in_favour integer NOT NULL, against integer NOT NULL,
    void integer NOT NULL, counted_by uuid, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT recall_count_pkey PRIMARY KEY (district, id),
    CONSTRAINT recall_count_district_recall_id_fkey FOREIGN KEY (district, recall_id)
        REFERENCES recall (district, id),
    CONSTRAINT recall_count_votes_check CHECK (in_favour + against + void = received),
    CONSTRAINT recall_count_ballots_check CHECK (received <= issued AND in_favour >= 0 AND
        against >= 0)
);
CREATE INDEX recall_count_recall_idx ON recall_count (district, recall_id, id);
CREATE TABLE resignation (
    district char(6) NOT NULL, id uuid NOT NULL, committee_id uuid NOT NULL, member_id uuid
    NOT NULL, reason text NOT NULL, submitted_on date NOT NULL, state text NOT NULL, due_on
    date, meeting jsonb, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz
    NOT NULL DEFAULT now(), version integer NOT NULL,
    CONSTRAINT resignation_pkey PRIMARY KEY (district, id),
    CONSTRAINT resignation_district_committee_id_fkey FOREIGN KEY (district, committee_id)
        REFERENCES committee (district, id),
    CONSTRAINT resignation_district_member_id_fkey FOREIGN KEY (district, member_id)
        REFERENCES member (district, id),
    CONSTRAINT resignation_state_check CHECK (state IN ('submitted', 'accepted', 'refused',
        'withdrawn')),
    CONSTRAINT resignation_meeting_check CHECK (state NOT IN ('accepted', 'refused') OR
        meeting IS NOT NULL)
);
CREATE INDEX resignation_committee_idx ON resignation (district, committee_id, id);
CREATE UNIQUE INDEX resignation_open_idx ON resignation (district, member_id) WHERE state =
    'submitted'
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    official = ["recall", "recall_signature", "resignation"]
    run(district_tables("committee", "shequ_committee", official))
    run(district_tables("committee", "shequ_committee", ["recall_count"], APPEND_ONLY))
