"""Sub-committees, groups, representatives, supervision, kinship, handovers, due renewals"""

from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "committee_0007"
down_revision = "committee_0006"

TABLES = """
ALTER TABLE term ADD COLUMN ended_on date, ADD COLUMN ended_because text,
    ADD COLUMN election_id uuid,
    ADD CONSTRAINT term_ended_check CHECK ((ended_on IS NULL) = (ended_because IS NULL)),
    ADD CONSTRAINT term_ended_on_check CHECK (ended_on > starts_on AND ended_on <= ends_on),
    ADD CONSTRAINT term_ended_because_check
        CHECK (ended_because IN ('expired', 'renewed', 'abolished'));
ALTER TABLE member ADD COLUMN began_on date, ADD COLUMN person_id uuid,
    ADD COLUMN election_id uuid, ADD COLUMN left_decision jsonb,
    DROP CONSTRAINT member_left_because_check,
    ADD CONSTRAINT member_left_because_check CHECK (left_because IS NULL OR left_because IN
        ('resigned', 'recalled', 'annulled', 'incapacitated', 'sentenced', 'failed_evaluation',
        'moved', 'died'));
CREATE TABLE sub_committee (
    district char(6) NOT NULL, id uuid NOT NULL, committee_id uuid NOT NULL, kind text NOT
    NULL, name text NOT NULL, established_on date NOT NULL, ended_on date, created_at
    timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), version
    integer NOT NULL,
    CONSTRAINT sub_committee_pkey PRIMARY KEY (district, id),
    CONSTRAINT sub_committee_district_committee_id_fkey FOREIGN KEY (district, committee_id)
        REFERENCES committee (district, id),
    CONSTRAINT sub_committee_kind_check CHECK (kind IN ('mediation', 'security', 'health',
        'environment', 'care', 'other')),
    CONSTRAINT sub_committee_period_check CHECK (ended_on IS NULL OR ended_on >=
        established_on)
);
CREATE UNIQUE INDEX sub_committee_name_idx ON sub_committee (district, committee_id, name)
    WHERE ended_on IS NULL;
CREATE TABLE sub_committee_member (
    district char(6) NOT NULL, id uuid NOT NULL, sub_committee_id uuid NOT NULL, member_id
    uuid, name text NOT NULL, head boolean NOT NULL, began_on date NOT NULL, left_on date,
    left_because text, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz
    NOT NULL DEFAULT now(),
    CONSTRAINT sub_committee_member_pkey PRIMARY KEY (district, id),
    CONSTRAINT sub_committee_member_district_sub_committee_id_fkey FOREIGN KEY (district,
        sub_committee_id) REFERENCES sub_committee (district, id),
    CONSTRAINT sub_committee_member_district_member_id_fkey FOREIGN KEY (district, member_id)
        REFERENCES member (district, id),
    CONSTRAINT sub_committee_member_left_check CHECK ((left_on IS NULL) = (left_because IS
        NULL)),
    CONSTRAINT sub_committee_member_left_because_check CHECK (left_because IN ('resigned',
        'replaced', 'incapacitated', 'sentenced', 'moved', 'died', 'term_ended'))
);
CREATE UNIQUE INDEX sub_committee_member_head_idx ON sub_committee_member (district,
    sub_committee_id) WHERE head AND left_on IS NULL;
CREATE INDEX sub_committee_member_idx ON sub_committee_member (district, sub_committee_id,
    id);
CREATE TABLE resident_group (
    district char(6) NOT NULL, id uuid NOT NULL, committee_id uuid NOT NULL, code text NOT
    NULL, name text NOT NULL, households integer NOT NULL, formed_on date NOT NULL, ended_on
    date, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL
    DEFAULT now(), version integer NOT NULL,
    CONSTRAINT resident_group_pkey PRIMARY KEY (district, id),
    CONSTRAINT resident_group_district_committee_id_code_key UNIQUE (district, committee_id,
        code),
    CONSTRAINT resident_group_district_committee_id_fkey FOREIGN KEY (district, committee_id)
        REFERENCES committee (district, id),
    CONSTRAINT resident_group_households_check CHECK (households >= 1),
    CONSTRAINT resident_group_period_check CHECK (ended_on IS NULL OR ended_on >= formed_on)
);
CREATE TABLE representative (
    district char(6) NOT NULL, id uuid NOT NULL, group_id uuid NOT NULL, term_number integer
    NOT NULL, name text NOT NULL, sex text NOT NULL, person_id uuid, leader boolean NOT NULL,
    chosen_on date NOT NULL, left_on date, left_because text, created_at timestamptz NOT NULL
    DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT representative_pkey PRIMARY KEY (district, id),
    CONSTRAINT representative_district_group_id_fkey FOREIGN KEY (district, group_id)
        REFERENCES resident_group (district, id),
    CONSTRAINT representative_sex_check CHECK (sex IN ('male', 'female')),
    CONSTRAINT representative_term_number_check CHECK (term_number >= 1),
    CONSTRAINT representative_left_check CHECK ((left_on IS NULL) = (left_because IS NULL)),
    CONSTRAINT representative_left_because_check CHECK (left_because IN ('resigned',
        'replaced', 'incapacitated', 'sentenced', 'moved', 'died', 'term_ended'))
);
CREATE INDEX representative_group_idx ON representative (district, group_id, id);
CREATE UNIQUE INDEX representative_leader_idx ON representative (district, group_id,
    term_number) WHERE
    leader AND left_on IS NULL;
CREATE UNIQUE INDEX representative_person_idx ON representative (district, group_id,
    term_number, person_id) WHERE left_on IS NULL;
CREATE TABLE supervisor (
    district char(6) NOT NULL, id uuid NOT NULL, committee_id uuid NOT NULL, term_number
    integer NOT NULL, name text NOT NULL, sex text NOT NULL, person_id uuid, head boolean NOT
    NULL, chosen_on date NOT NULL, meeting jsonb NOT NULL, left_on date, left_because text,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT
    now(),
    CONSTRAINT supervisor_pkey PRIMARY KEY (district, id),
    CONSTRAINT supervisor_district_committee_id_fkey FOREIGN KEY (district, committee_id)
        REFERENCES committee (district, id),
    CONSTRAINT supervisor_sex_check CHECK (sex IN ('male', 'female')),
    CONSTRAINT supervisor_term_number_check CHECK (term_number >= 1),
    CONSTRAINT supervisor_left_check CHECK ((left_on IS NULL) = (left_because IS NULL)),
    CONSTRAINT supervisor_left_because_check CHECK (left_because IN ('resigned', 'replaced',
        'incapacitated', 'sentenced', 'moved', 'died', 'term_ended'))
);
CREATE INDEX supervisor_committee_idx ON supervisor (district, committee_id, id);
CREATE UNIQUE INDEX supervisor_head_idx ON supervisor (district, committee_id,
    term_number) WHERE head AND
    left_on IS NULL;
CREATE TABLE kinship (
    district char(6) NOT NULL, id uuid NOT NULL, committee_id uuid NOT NULL, one_id uuid NOT
    NULL, other_id uuid NOT NULL, relation text NOT NULL, note text, state text NOT NULL,
    due_on date, declared_by uuid, created_at timestamptz NOT NULL DEFAULT now(), updated_at
    timestamptz NOT NULL DEFAULT now(), version integer NOT NULL,
    CONSTRAINT kinship_pkey PRIMARY KEY (district, id),
    CONSTRAINT kinship_district_committee_id_fkey FOREIGN KEY (district, committee_id)
        REFERENCES committee (district, id),
    CONSTRAINT kinship_pair_check CHECK (one_id < other_id),
    CONSTRAINT kinship_relation_check CHECK (relation IN ('spouse', 'parent_or_child',
        'sibling', 'grandparent_or_grandchild')),
    CONSTRAINT kinship_state_check CHECK (state IN ('declared', 'confirmed', 'dismissed',
        'withdrawn'))
);
CREATE INDEX kinship_committee_idx ON kinship (district, committee_id, id);
CREATE UNIQUE INDEX kinship_pair_idx ON kinship (district, one_id, other_id) WHERE state IN
    ('declared', 'confirmed');
CREATE TABLE handover (
    district char(6) NOT NULL, id uuid NOT NULL, committee_id uuid NOT NULL, term_id uuid NOT
    NULL, deadline date NOT NULL, state text NOT NULL, due_on date, items jsonb NOT NULL,
    document text, handed_over_on date, overdue_raised_at timestamptz, created_at timestamptz
    NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), version integer NOT
    NULL,
    CONSTRAINT handover_pkey PRIMARY KEY (district, id),
    CONSTRAINT handover_district_term_id_key UNIQUE (district, term_id),
    CONSTRAINT handover_district_term_id_fkey FOREIGN KEY (district, term_id) REFERENCES term
        (district, id),
    CONSTRAINT handover_district_committee_id_fkey FOREIGN KEY (district, committee_id)
        REFERENCES committee (district, id),
    CONSTRAINT handover_state_check CHECK (state IN ('due', 'handed_over', 'confirmed')),
    CONSTRAINT handover_handed_over_check CHECK (state = 'due' OR handed_over_on IS NOT NULL)
);
CREATE INDEX handover_state_idx ON handover (district, state, deadline);
CREATE TABLE renewal (
    district char(6) NOT NULL, id uuid NOT NULL, term_id uuid NOT NULL, raised_on date NOT
    NULL, overdue_on date, created_at timestamptz NOT NULL DEFAULT now(), updated_at
    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT renewal_pkey PRIMARY KEY (district, id),
    CONSTRAINT renewal_district_term_id_key UNIQUE (district, term_id),
    CONSTRAINT renewal_district_term_id_fkey FOREIGN KEY (district, term_id) REFERENCES term
        (district, id)
)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    run(
        district_tables(
            "committee",
            "shequ_committee",
            [
                "sub_committee",
                "sub_committee_member",
                "resident_group",
                "representative",
                "supervisor",
                "kinship",
                "handover",
                "renewal",
            ],
        )
    )
