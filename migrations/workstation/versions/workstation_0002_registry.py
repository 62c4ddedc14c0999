"""Imports, streets, communities, households and residents"""

from migrations.import_tables import create_import_tables
from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "workstation_0002"
down_revision = "workstation_0001"

TABLES = """
CREATE TABLE street (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, name text NOT NULL, kind text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT street_pkey PRIMARY KEY (district, id),
    CONSTRAINT street_district_code_key UNIQUE (district, code),
    CONSTRAINT street_district_name_key UNIQUE (district, name),
    CONSTRAINT street_kind_check CHECK (kind IN ('street', 'township'))
);
CREATE TABLE community (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, name text NOT NULL, kind text NOT NULL, state text NOT NULL,
    street_id uuid NOT NULL, established_on date NOT NULL, ended_on date,
    household_count integer NOT NULL, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT community_pkey PRIMARY KEY (district, id),
    CONSTRAINT community_district_code_key UNIQUE (district, code),
    CONSTRAINT community_district_street_id_fkey FOREIGN KEY (district, street_id)
        REFERENCES street (district, id),
    CONSTRAINT community_kind_check
        CHECK (kind IN ('urban', 'factory', 'village_converted', 'suburban')),
    CONSTRAINT community_state_check CHECK (state IN ('proposed', 'active', 'ended')),
    CONSTRAINT community_households_check CHECK (household_count >= 0),
    CONSTRAINT community_period_check CHECK (ended_on IS NULL OR ended_on >= established_on),
    CONSTRAINT community_ended_check CHECK ((state = 'ended') = (ended_on IS NOT NULL))
);
CREATE INDEX community_street_idx ON community (district, street_id, code);
CREATE TABLE adjustment (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, round integer NOT NULL, kind text NOT NULL, decided_on date NOT NULL,
    document text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT adjustment_pkey PRIMARY KEY (district, id),
    CONSTRAINT adjustment_district_code_key UNIQUE (district, code),
    CONSTRAINT adjustment_kind_check
        CHECK (kind IN ('create', 'merge', 'split', 'abolish', 'convert')),
    CONSTRAINT adjustment_round_check CHECK (round >= 1)
);
CREATE TABLE adjustment_part (
    district char(6) NOT NULL, id uuid NOT NULL,
    adjustment_id uuid NOT NULL, community_id uuid NOT NULL, side text NOT NULL,
    CONSTRAINT adjustment_part_pkey PRIMARY KEY (district, id),
    CONSTRAINT adjustment_part_district_adjustment_id_community_id_side_key
        UNIQUE (district, adjustment_id, community_id, side),
    CONSTRAINT adjustment_part_district_adjustment_id_fkey FOREIGN KEY (district, adjustment_id)
        REFERENCES adjustment (district, id),
    CONSTRAINT adjustment_part_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT adjustment_part_side_check CHECK (side IN ('before', 'after'))
);
CREATE INDEX adjustment_part_community_idx ON adjustment_part (district, community_id);
CREATE TABLE grid_cell (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, code text NOT NULL, name text NOT NULL, kind text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT grid_cell_pkey PRIMARY KEY (district, id),
    CONSTRAINT grid_cell_district_community_id_code_key UNIQUE (district, community_id, code),
    CONSTRAINT grid_cell_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT grid_cell_kind_check CHECK (kind IN ('grid', 'building'))
);
CREATE TABLE household (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, grid_cell_id uuid, code text NOT NULL, address text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT household_pkey PRIMARY KEY (district, id),
    CONSTRAINT household_district_community_id_code_key UNIQUE (district, community_id, code),
    CONSTRAINT household_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT household_district_grid_cell_id_fkey FOREIGN KEY (district, grid_cell_id)
        REFERENCES grid_cell (district, id)
);
CREATE TABLE resident (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, household_id uuid NOT NULL,
    name text NOT NULL, sex text NOT NULL, born_on date NOT NULL,
    id_number bytea NOT NULL, id_hash bytea NOT NULL, phone bytea,
    residence text NOT NULL, left_on date, left_because text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT resident_pkey PRIMARY KEY (district, id),
    CONSTRAINT resident_district_household_id_fkey FOREIGN KEY (district, household_id)
        REFERENCES household (district, id),
    CONSTRAINT resident_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT resident_sex_check CHECK (sex IN ('male', 'female')),
    CONSTRAINT resident_residence_check CHECK (residence IN ('registered', 'usual', 'both')),
    CONSTRAINT resident_left_check CHECK ((left_on IS NULL) = (left_because IS NULL)),
    CONSTRAINT resident_left_because_check
        CHECK (left_because IS NULL OR left_because IN ('moved', 'died', 'error'))
);
CREATE UNIQUE INDEX resident_id_hash_idx ON resident (district, id_hash) WHERE left_on IS NULL;
CREATE INDEX resident_household_idx ON resident (district, household_id);
CREATE INDEX resident_community_idx ON resident (district, community_id, id)
"""


def upgrade() -> None:
    """Create them."""
    create_import_tables("workstation")
    run(TABLES)
    run(
        district_tables(
            "workstation",
            "shequ_workstation",
            [
                "street",
                "community",
                "adjustment",
                "adjustment_part",
                "grid_cell",
                "household",
                "resident",
            ],
        )
    )
