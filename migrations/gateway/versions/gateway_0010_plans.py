"""Assessment: plans of campaigns, closed days, calendar feeds"""

from migrations.platform_tables import run
from shared.db.security import district_tables

revision = "gateway_0010"
down_revision = "gateway_0009"

TABLES = """
ALTER TABLE campaign_request DROP CONSTRAINT campaign_request_district_request_id_key;
ALTER TABLE campaign_request ADD COLUMN ended_on date;
CREATE UNIQUE INDEX campaign_request_in_one_idx ON campaign_request (district, request_id)
    WHERE ended_on IS NULL;
ALTER TABLE visit DROP CONSTRAINT visit_state_check;
ALTER TABLE visit ADD CONSTRAINT visit_state_check
    CHECK (state IN ('announced', 'postponed', 'cancelled'));
ALTER TABLE visit_request ADD COLUMN ended_on date;
CREATE INDEX visit_community_idx ON visit (district, community_id, on_day, id);
CREATE TABLE campaign_plan (
    district char(6) NOT NULL, id uuid NOT NULL,
    campaign_id uuid NOT NULL, seed integer NOT NULL, work integer NOT NULL,
    open boolean NOT NULL, problem jsonb NOT NULL, reached jsonb, plan jsonb, rules jsonb NOT NULL,
    announced_at timestamptz, created_by uuid, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT campaign_plan_pkey PRIMARY KEY (district, id),
    CONSTRAINT campaign_plan_district_campaign_id_fkey FOREIGN KEY (district, campaign_id)
        REFERENCES campaign (district, id),
    CONSTRAINT campaign_plan_work_check CHECK (work BETWEEN 0 AND 60),
    CONSTRAINT campaign_plan_announced_check CHECK (announced_at IS NULL OR plan IS NOT NULL)
);
CREATE UNIQUE INDEX campaign_plan_open_idx ON campaign_plan (district, campaign_id) WHERE open;
CREATE INDEX campaign_plan_campaign_idx ON campaign_plan (district, campaign_id, id);
CREATE TABLE visit_closure (
    district char(6) NOT NULL, id uuid NOT NULL,
    campaign_id uuid NOT NULL, community_id uuid NOT NULL, visit_id uuid NOT NULL,
    starts_on date NOT NULL, ends_on date NOT NULL, reason text NOT NULL, created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT visit_closure_pkey PRIMARY KEY (district, id),
    CONSTRAINT visit_closure_district_visit_id_fkey FOREIGN KEY (district, visit_id)
        REFERENCES visit (district, id),
    CONSTRAINT visit_closure_period_check CHECK (ends_on > starts_on)
);
CREATE INDEX visit_closure_campaign_idx ON visit_closure (district, campaign_id);
CREATE TABLE calendar_feed (
    district char(6) NOT NULL, id uuid NOT NULL,
    title text NOT NULL, community_id uuid, department_id uuid, token_hash bytea NOT NULL,
    created_by uuid, revoked_at timestamptz, revoked_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT calendar_feed_pkey PRIMARY KEY (district, id),
    CONSTRAINT calendar_feed_district_token_hash_key UNIQUE (district, token_hash),
    CONSTRAINT calendar_feed_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT calendar_feed_district_department_id_fkey FOREIGN KEY (district, department_id)
        REFERENCES department (district, id),
    CONSTRAINT calendar_feed_scope_check
        CHECK ((community_id IS NULL) <> (department_id IS NULL))
);
CREATE INDEX calendar_feed_creator_idx ON calendar_feed (district, created_by, id)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    tables = ["campaign_plan", "visit_closure", "calendar_feed"]
    run(district_tables("gateway", "shequ_gateway", tables))
