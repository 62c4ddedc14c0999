"""Assessment: findings, evidence, ratings, results, objections"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "gateway_0009"
down_revision = "gateway_0008"

TABLES = """
CREATE TABLE finding (
    district char(6) NOT NULL, id uuid NOT NULL,
    visit_id uuid NOT NULL, campaign_id uuid NOT NULL, community_id uuid NOT NULL,
    item_id uuid, department_item_id uuid, value integer NOT NULL, note text NOT NULL,
    state text NOT NULL, due_on date, observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(), late boolean NOT NULL,
    recorded_by uuid NOT NULL, second_by uuid, second_at timestamptz, second_reason text,
    replaces_id uuid, version integer NOT NULL,
    CONSTRAINT finding_pkey PRIMARY KEY (district, id),
    CONSTRAINT finding_district_visit_id_fkey FOREIGN KEY (district, visit_id)
        REFERENCES visit (district, id),
    CONSTRAINT finding_district_campaign_id_fkey FOREIGN KEY (district, campaign_id)
        REFERENCES campaign (district, id),
    CONSTRAINT finding_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT finding_district_item_id_fkey FOREIGN KEY (district, item_id)
        REFERENCES assessment_item (district, id),
    CONSTRAINT finding_district_department_item_id_fkey FOREIGN KEY (district, department_item_id)
        REFERENCES department_item (district, id),
    CONSTRAINT finding_district_replaces_id_fkey FOREIGN KEY (district, replaces_id)
        REFERENCES finding (district, id),
    CONSTRAINT finding_item_check CHECK ((item_id IS NULL) <> (department_item_id IS NULL)),
    CONSTRAINT finding_state_check CHECK
        (state IN ('awaiting_second', 'established', 'contested', 'superseded')),
    CONSTRAINT finding_two_persons_check CHECK (second_by IS NULL OR second_by <> recorded_by),
    CONSTRAINT finding_value_check CHECK (value >= 0)
);
CREATE UNIQUE INDEX finding_live_idx
    ON finding (district, campaign_id, community_id, item_id, department_item_id)
    NULLS NOT DISTINCT WHERE state IN ('awaiting_second', 'established');
CREATE INDEX finding_visit_idx ON finding (district, visit_id, id);
CREATE TABLE visit_evidence (
    district char(6) NOT NULL, id uuid NOT NULL,
    visit_id uuid NOT NULL, name text NOT NULL, media_type text NOT NULL, size bigint NOT NULL,
    sha256 text NOT NULL, scanned boolean NOT NULL, added_by uuid NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT visit_evidence_pkey PRIMARY KEY (district, id),
    CONSTRAINT visit_evidence_district_visit_id_sha256_key UNIQUE (district, visit_id, sha256),
    CONSTRAINT visit_evidence_district_visit_id_fkey FOREIGN KEY (district, visit_id)
        REFERENCES visit (district, id),
    CONSTRAINT visit_evidence_size_check CHECK (size > 0)
);
CREATE TABLE finding_citation (
    district char(6) NOT NULL, id uuid NOT NULL,
    finding_id uuid NOT NULL, evidence_id uuid, element text, entry_id uuid,
    CONSTRAINT finding_citation_pkey PRIMARY KEY (district, id),
    CONSTRAINT finding_citation_district_finding_id_fkey FOREIGN KEY (district, finding_id)
        REFERENCES finding (district, id),
    CONSTRAINT finding_citation_district_evidence_id_fkey FOREIGN KEY (district, evidence_id)
        REFERENCES visit_evidence (district, id),
    CONSTRAINT finding_citation_one_kind_check CHECK ((evidence_id IS NULL) <> (entry_id IS NULL)
        AND (entry_id IS NULL) = (element IS NULL))
);
CREATE INDEX finding_citation_finding_idx ON finding_citation (district, finding_id);
CREATE TABLE item_rating (
    district char(6) NOT NULL, id uuid NOT NULL,
    campaign_id uuid NOT NULL, community_id uuid NOT NULL, item_id uuid NOT NULL,
    rater uuid NOT NULL, value integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT item_rating_pkey PRIMARY KEY (district, id),
    CONSTRAINT item_rating_rater_key UNIQUE (district, campaign_id, item_id, rater),
    CONSTRAINT item_rating_district_campaign_id_fkey FOREIGN KEY (district, campaign_id)
        REFERENCES campaign (district, id),
    CONSTRAINT item_rating_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT item_rating_district_item_id_fkey FOREIGN KEY (district, item_id)
        REFERENCES assessment_item (district, id)
);
CREATE INDEX item_rating_community_idx
    ON item_rating (district, campaign_id, community_id, item_id);
CREATE TABLE assessment_result (
    district char(6) NOT NULL, id uuid NOT NULL,
    campaign_id uuid NOT NULL, community_id uuid NOT NULL, revision integer NOT NULL,
    score integer, exact text, assessed_weight integer NOT NULL, vetoed text[] NOT NULL,
    rules jsonb NOT NULL, state text NOT NULL, due_on date, published_on date NOT NULL,
    final_on date, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assessment_result_pkey PRIMARY KEY (district, id),
    CONSTRAINT assessment_result_district_campaign_id_community_id_key
        UNIQUE (district, campaign_id, community_id),
    CONSTRAINT assessment_result_district_campaign_id_fkey FOREIGN KEY (district, campaign_id)
        REFERENCES campaign (district, id),
    CONSTRAINT assessment_result_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT assessment_result_state_check CHECK
        (state IN ('provisional', 'objected', 'final')),
    CONSTRAINT assessment_result_final_check CHECK
        ((state = 'final') = (final_on IS NOT NULL)),
    CONSTRAINT assessment_result_score_check CHECK (score BETWEEN 0 AND 10000),
    CONSTRAINT assessment_result_assessed_check CHECK
        ((score IS NULL) = (assessed_weight = 0))
);
CREATE INDEX assessment_result_community_idx ON assessment_result (district, community_id, id);
CREATE TABLE result_line (
    district char(6) NOT NULL, id uuid NOT NULL,
    result_id uuid NOT NULL, revision integer NOT NULL, community_id uuid NOT NULL,
    item_id uuid NOT NULL, origin_id uuid NOT NULL, source text NOT NULL, source_id uuid,
    value text, share text, points text, found_on date, valid_until date, note text NOT NULL,
    CONSTRAINT result_line_pkey PRIMARY KEY (district, id),
    CONSTRAINT result_line_district_result_id_revision_item_id_key
        UNIQUE (district, result_id, revision, item_id),
    CONSTRAINT result_line_district_result_id_fkey FOREIGN KEY (district, result_id)
        REFERENCES assessment_result (district, id),
    CONSTRAINT result_line_district_item_id_fkey FOREIGN KEY (district, item_id)
        REFERENCES assessment_item (district, id),
    CONSTRAINT result_line_source_check CHECK
        (source IN ('finding', 'ledger', 'ratings', 'shared', 'review', 'none')),
    CONSTRAINT result_line_measured_check CHECK ((source = 'none') = (value IS NULL) AND
        (value IS NULL) = (share IS NULL) AND (value IS NULL) = (points IS NULL) AND
        (value IS NULL) = (found_on IS NULL) AND (value IS NULL) = (valid_until IS NULL))
);
CREATE INDEX result_line_origin_idx
    ON result_line (district, origin_id, community_id, valid_until);
CREATE TABLE result_objection (
    district char(6) NOT NULL, id uuid NOT NULL,
    result_id uuid NOT NULL, codes text[] NOT NULL, reason text NOT NULL, raised_on date NOT NULL,
    raised_by uuid, outcome text, reply text, decided_on date,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT result_objection_pkey PRIMARY KEY (district, id),
    CONSTRAINT result_objection_district_result_id_key UNIQUE (district, result_id),
    CONSTRAINT result_objection_district_result_id_fkey FOREIGN KEY (district, result_id)
        REFERENCES assessment_result (district, id),
    CONSTRAINT result_objection_outcome_check CHECK
        (outcome IS NULL OR outcome IN ('upholding', 'dismissal')),
    CONSTRAINT result_objection_decided_check CHECK
        ((outcome IS NULL) = (decided_on IS NULL))
)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    official = ["finding", "item_rating", "assessment_result", "result_objection"]
    kept = ["visit_evidence", "finding_citation", "result_line"]
    run(district_tables("gateway", "shequ_gateway", official))
    run(district_tables("gateway", "shequ_gateway", kept, APPEND_ONLY))
