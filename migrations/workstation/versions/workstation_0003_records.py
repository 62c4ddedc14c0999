"""Posts, staff, premises, facilities, projects, survey findings, volunteer teams"""

from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "workstation_0003"
down_revision = "workstation_0002"

TABLES = """
CREATE TABLE post (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, code text NOT NULL, basis text NOT NULL,
    approved_on date NOT NULL, document text NOT NULL, ended_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT post_pkey PRIMARY KEY (district, id),
    CONSTRAINT post_district_code_key UNIQUE (district, code),
    CONSTRAINT post_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT post_basis_check CHECK (basis IN ('election', 'work')),
    CONSTRAINT post_period_check CHECK (ended_on IS NULL OR ended_on >= approved_on)
);
CREATE INDEX post_community_idx ON post (district, community_id, code);
CREATE TABLE staff (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, name text NOT NULL, sex text NOT NULL,
    hired_on date NOT NULL, left_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT staff_pkey PRIMARY KEY (district, id),
    CONSTRAINT staff_district_code_key UNIQUE (district, code),
    CONSTRAINT staff_sex_check CHECK (sex IN ('male', 'female')),
    CONSTRAINT staff_period_check CHECK (left_on IS NULL OR left_on >= hired_on)
);
CREATE TABLE placement (
    district char(6) NOT NULL, id uuid NOT NULL,
    staff_id uuid NOT NULL, whereabouts text NOT NULL, post_id uuid,
    street_id uuid NOT NULL, community_id uuid, host text,
    starts_on date NOT NULL, ends_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT placement_pkey PRIMARY KEY (district, id),
    CONSTRAINT placement_district_staff_id_starts_on_key UNIQUE (district, staff_id, starts_on),
    CONSTRAINT placement_district_staff_id_fkey FOREIGN KEY (district, staff_id)
        REFERENCES staff (district, id),
    CONSTRAINT placement_district_post_id_fkey FOREIGN KEY (district, post_id)
        REFERENCES post (district, id),
    CONSTRAINT placement_district_street_id_fkey FOREIGN KEY (district, street_id)
        REFERENCES street (district, id),
    CONSTRAINT placement_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT placement_whereabouts_check CHECK (whereabouts IN ('on_duty',
        'seconded_to_street', 'off_post', 'seconded_to_district', 'self_hired')),
    CONSTRAINT placement_self_hired_check
        CHECK ((whereabouts = 'self_hired') = (post_id IS NULL)),
    CONSTRAINT placement_period_check CHECK (ends_on IS NULL OR ends_on > starts_on)
);
CREATE UNIQUE INDEX placement_staff_idx ON placement (district, staff_id) WHERE ends_on IS NULL;
CREATE UNIQUE INDEX placement_post_idx ON placement (district, post_id) WHERE ends_on IS NULL;
CREATE INDEX placement_community_idx ON placement (district, community_id);
CREATE TABLE premises (
    district char(6) NOT NULL, id uuid NOT NULL,
    community_id uuid NOT NULL, measured_on date NOT NULL, area integer NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT premises_pkey PRIMARY KEY (district, id),
    CONSTRAINT premises_district_community_id_measured_on_key
        UNIQUE (district, community_id, measured_on),
    CONSTRAINT premises_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT premises_area_check CHECK (area >= 0)
);
CREATE TABLE facility (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, kind text NOT NULL, name text NOT NULL,
    street_id uuid NOT NULL, community_id uuid, opened_on date NOT NULL, closed_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT facility_pkey PRIMARY KEY (district, id),
    CONSTRAINT facility_district_code_key UNIQUE (district, code),
    CONSTRAINT facility_district_street_id_fkey FOREIGN KEY (district, street_id)
        REFERENCES street (district, id),
    CONSTRAINT facility_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT facility_kind_check CHECK (kind IN ('street_service_centre', 'service_station',
        'police_room', 'activity_centre', 'library', 'residents_school', 'day_care_room',
        'one_stop_hall', 'talk_hall', 'donation_point')),
    CONSTRAINT facility_community_check
        CHECK ((kind = 'street_service_centre') = (community_id IS NULL)),
    CONSTRAINT facility_period_check CHECK (closed_on IS NULL OR closed_on >= opened_on)
);
CREATE INDEX facility_community_idx ON facility (district, community_id, kind);
CREATE TABLE project (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, kind text NOT NULL, street_id uuid NOT NULL, community_id uuid,
    planned_on date NOT NULL, finished_on date, budget bigint NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT project_pkey PRIMARY KEY (district, id),
    CONSTRAINT project_district_code_key UNIQUE (district, code),
    CONSTRAINT project_district_street_id_fkey FOREIGN KEY (district, street_id)
        REFERENCES street (district, id),
    CONSTRAINT project_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT project_kind_check CHECK (kind IN
        ('premises_new', 'premises_rebuilt', 'centre_new', 'centre_rebuilt')),
    CONSTRAINT project_budget_check CHECK (budget >= 0),
    CONSTRAINT project_period_check CHECK (finished_on IS NULL OR finished_on >= planned_on),
    CONSTRAINT project_community_check CHECK ((kind LIKE 'centre%') = (community_id IS NULL))
);
CREATE TABLE project_money (
    district char(6) NOT NULL, id uuid NOT NULL,
    project_id uuid NOT NULL, source text NOT NULL, amount bigint NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT project_money_pkey PRIMARY KEY (district, id),
    CONSTRAINT project_money_district_project_id_source_key
        UNIQUE (district, project_id, source),
    CONSTRAINT project_money_district_project_id_fkey FOREIGN KEY (district, project_id)
        REFERENCES project (district, id),
    CONSTRAINT project_money_source_check
        CHECK (source IN ('city_and_above', 'district', 'street_and_community')),
    CONSTRAINT project_money_amount_check CHECK (amount > 0)
);
CREATE TABLE survey_finding (
    district char(6) NOT NULL, id uuid NOT NULL,
    surveyed_on date NOT NULL, indicator text NOT NULL, value integer, approximation text,
    items text, source text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT survey_finding_pkey PRIMARY KEY (district, id),
    CONSTRAINT survey_finding_district_surveyed_on_indicator_key
        UNIQUE (district, surveyed_on, indicator),
    CONSTRAINT survey_finding_told_check CHECK ((value IS NULL) <> (items IS NULL)),
    CONSTRAINT survey_finding_approximation_check
        CHECK (approximation IS NULL OR approximation IN ('about', 'more_than', 'nearly'))
);
CREATE TABLE volunteer_team (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, name text NOT NULL, founded_on date NOT NULL, ended_on date,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT volunteer_team_pkey PRIMARY KEY (district, id),
    CONSTRAINT volunteer_team_district_code_key UNIQUE (district, code)
)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    run(
        district_tables(
            "workstation",
            "shequ_workstation",
            [
                "post",
                "staff",
                "placement",
                "premises",
                "facility",
                "project",
                "project_money",
                "survey_finding",
                "volunteer_team",
            ],
        )
    )
