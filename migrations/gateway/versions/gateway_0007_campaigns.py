"""Assessment: campaigns and their visits"""

from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "gateway_0007"
down_revision = "gateway_0006"

TABLES = """
CREATE TABLE campaign (
    district char(6) NOT NULL, id uuid NOT NULL,
    title text NOT NULL, standard_id uuid NOT NULL, starts_on date NOT NULL,
    ends_on date NOT NULL, state text NOT NULL, due_on date, announced_on date, document text,
    created_by uuid, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT campaign_pkey PRIMARY KEY (district, id),
    CONSTRAINT campaign_district_standard_id_fkey FOREIGN KEY (district, standard_id)
        REFERENCES assessment_standard (district, id),
    CONSTRAINT campaign_state_check CHECK
        (state IN ('draft', 'announced', 'concluded', 'cancelled')),
    CONSTRAINT campaign_period_check CHECK (ends_on > starts_on)
);
CREATE INDEX campaign_state_idx ON campaign (district, state, id);
CREATE TABLE campaign_request (
    district char(6) NOT NULL, id uuid NOT NULL,
    campaign_id uuid NOT NULL, request_id uuid NOT NULL,
    CONSTRAINT campaign_request_pkey PRIMARY KEY (district, id),
    CONSTRAINT campaign_request_district_request_id_key UNIQUE (district, request_id),
    CONSTRAINT campaign_request_district_campaign_id_fkey FOREIGN KEY (district, campaign_id)
        REFERENCES campaign (district, id),
    CONSTRAINT campaign_request_district_request_id_fkey FOREIGN KEY (district, request_id)
        REFERENCES inspection_request (district, id)
);
CREATE INDEX campaign_request_campaign_idx ON campaign_request (district, campaign_id);
CREATE TABLE visit (
    district char(6) NOT NULL, id uuid NOT NULL,
    campaign_id uuid NOT NULL, community_id uuid NOT NULL, on_day date NOT NULL,
    minutes integer NOT NULL, state text NOT NULL, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT visit_pkey PRIMARY KEY (district, id),
    CONSTRAINT visit_district_campaign_id_fkey FOREIGN KEY (district, campaign_id)
        REFERENCES campaign (district, id),
    CONSTRAINT visit_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT visit_state_check CHECK (state IN ('proposed', 'announced', 'cancelled'))
);
CREATE UNIQUE INDEX visit_day_idx ON visit (district, community_id, on_day)
    WHERE state = 'announced';
CREATE INDEX visit_campaign_idx ON visit (district, campaign_id, on_day, id);
CREATE TABLE visit_request (
    district char(6) NOT NULL, id uuid NOT NULL,
    visit_id uuid NOT NULL, request_id uuid NOT NULL,
    CONSTRAINT visit_request_pkey PRIMARY KEY (district, id),
    CONSTRAINT visit_request_district_visit_id_request_id_key
        UNIQUE (district, visit_id, request_id),
    CONSTRAINT visit_request_district_visit_id_fkey FOREIGN KEY (district, visit_id)
        REFERENCES visit (district, id),
    CONSTRAINT visit_request_district_request_id_fkey FOREIGN KEY (district, request_id)
        REFERENCES inspection_request (district, id)
);
CREATE INDEX visit_request_request_idx ON visit_request (district, request_id)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    tables = ["campaign", "campaign_request", "visit", "visit_request"]
    run(district_tables("gateway", "shequ_gateway", tables))
