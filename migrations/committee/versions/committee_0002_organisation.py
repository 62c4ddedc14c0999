"""Imports, committees, terms, members and volunteer teams"""

from migrations.import_tables import create_import_tables
from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "committee_0002"
down_revision = "committee_0001"

TABLES = """
CREATE TABLE community (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, name text NOT NULL, kind text NOT NULL, state text NOT NULL,
    household_count integer NOT NULL,
    street_id uuid NOT NULL, street_code text NOT NULL, street_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT community_pkey PRIMARY KEY (district, id),
    CONSTRAINT community_district_code_key UNIQUE (district, code)
);
CREATE TABLE committee (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, code text NOT NULL, name text NOT NULL,
    established_on date NOT NULL, ended_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT committee_pkey PRIMARY KEY (district, id),
    CONSTRAINT committee_district_code_key UNIQUE (district, code),
    CONSTRAINT committee_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT committee_period_check CHECK (ended_on IS NULL OR ended_on >= established_on)
);
CREATE UNIQUE INDEX committee_community_idx ON committee (district, community_id)
    WHERE ended_on IS NULL;
CREATE TABLE term (
    district char(6) NOT NULL, id uuid NOT NULL,
    committee_id uuid NOT NULL, number integer NOT NULL,
    starts_on date NOT NULL, ends_on date NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT term_pkey PRIMARY KEY (district, id),
    CONSTRAINT term_district_committee_id_number_key UNIQUE (district, committee_id, number),
    CONSTRAINT term_district_committee_id_fkey FOREIGN KEY (district, committee_id)
        REFERENCES committee (district, id),
    CONSTRAINT term_number_check CHECK (number >= 1),
    CONSTRAINT term_period_check CHECK (ends_on > starts_on)
);
CREATE TABLE member (
    district char(6) NOT NULL, id uuid NOT NULL,
    term_id uuid NOT NULL, number integer NOT NULL, name text NOT NULL, sex text NOT NULL,
    position text NOT NULL, left_on date, left_because text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT member_pkey PRIMARY KEY (district, id),
    CONSTRAINT member_district_term_id_number_key UNIQUE (district, term_id, number),
    CONSTRAINT member_district_term_id_fkey FOREIGN KEY (district, term_id)
        REFERENCES term (district, id),
    CONSTRAINT member_position_check CHECK (position IN ('chair', 'vice_chair', 'member')),
    CONSTRAINT member_sex_check CHECK (sex IN ('male', 'female')),
    CONSTRAINT member_left_check CHECK ((left_on IS NULL) = (left_because IS NULL)),
    CONSTRAINT member_left_because_check CHECK (left_because IS NULL OR left_because IN
        ('resigned', 'recalled', 'incapacitated', 'failed_evaluation', 'moved', 'died'))
);
CREATE UNIQUE INDEX member_chair_idx ON member (district, term_id)
    WHERE position = 'chair' AND left_on IS NULL;
CREATE TABLE volunteer_team (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid, code text NOT NULL, name text NOT NULL,
    founded_on date NOT NULL, ended_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT volunteer_team_pkey PRIMARY KEY (district, id),
    CONSTRAINT volunteer_team_district_code_key UNIQUE (district, code),
    CONSTRAINT volunteer_team_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT volunteer_team_period_check CHECK (ended_on IS NULL OR ended_on >= founded_on)
)
"""


def upgrade() -> None:
    """Create them."""
    create_import_tables("committee")
    run(TABLES)
    run(
        district_tables(
            "committee",
            "shequ_committee",
            ["community", "committee", "term", "member", "volunteer_team"],
        )
    )
