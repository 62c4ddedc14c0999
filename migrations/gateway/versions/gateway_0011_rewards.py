"""Assessment: rewards of campaigns"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "gateway_0011"
down_revision = "gateway_0010"

TABLES = """
CREATE TABLE reward_scheme (
    district char(6) NOT NULL, id uuid NOT NULL,
    campaign_id uuid NOT NULL, budget bigint NOT NULL, basis text NOT NULL, weights jsonb NOT NULL,
    source_line text NOT NULL, document text NOT NULL, granted_on date NOT NULL,
    rules jsonb NOT NULL, created_by uuid, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reward_scheme_pkey PRIMARY KEY (district, id),
    CONSTRAINT reward_scheme_district_campaign_id_key UNIQUE (district, campaign_id),
    CONSTRAINT reward_scheme_district_campaign_id_fkey FOREIGN KEY (district, campaign_id)
        REFERENCES campaign (district, id),
    CONSTRAINT reward_scheme_budget_check CHECK (budget > 0),
    CONSTRAINT reward_scheme_basis_check CHECK (basis IN ('grade', 'score'))
);
CREATE TABLE reward (
    district char(6) NOT NULL, id uuid NOT NULL,
    scheme_id uuid NOT NULL, community_id uuid NOT NULL, rank integer, grade text NOT NULL,
    score integer, weight integer NOT NULL, amount bigint NOT NULL,
    CONSTRAINT reward_pkey PRIMARY KEY (district, id),
    CONSTRAINT reward_district_scheme_id_community_id_key
        UNIQUE (district, scheme_id, community_id),
    CONSTRAINT reward_district_scheme_id_fkey FOREIGN KEY (district, scheme_id)
        REFERENCES reward_scheme (district, id),
    CONSTRAINT reward_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT reward_amount_check CHECK (amount >= 0)
)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    tables = ["reward_scheme", "reward"]
    run(district_tables("gateway", "shequ_gateway", tables, APPEND_ONLY))
