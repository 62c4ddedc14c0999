"""Funding: appropriations, payments, journal, years"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "workstation_0005"
down_revision = "workstation_0004"

TABLES = """
CREATE TABLE appropriation (
    district char(6) NOT NULL, id uuid NOT NULL,
    source text NOT NULL, year integer NOT NULL, community_id uuid,
    item_id uuid, item_code text, department_id uuid, department_name text,
    title text NOT NULL, source_line text NOT NULL, document text NOT NULL, derivation jsonb,
    granted bigint NOT NULL, available bigint NOT NULL, reserved bigint NOT NULL,
    payable bigint NOT NULL, paid bigint NOT NULL, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT appropriation_pkey PRIMARY KEY (district, id),
    CONSTRAINT appropriation_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT appropriation_source_check
        CHECK (source IN ('per_post', 'per_community', 'item')),
    CONSTRAINT appropriation_item_check CHECK ((source = 'item') = (item_id IS NOT NULL)),
    CONSTRAINT appropriation_community_check CHECK ((source = 'item') = (community_id IS NULL)),
    CONSTRAINT appropriation_overdrawn_check
        CHECK (available >= 0 AND reserved >= 0 AND payable >= 0 AND paid >= 0),
    CONSTRAINT appropriation_sum_check
        CHECK (granted = available + reserved + payable + paid)
);
CREATE UNIQUE INDEX appropriation_community_idx
    ON appropriation (district, community_id, source, year) WHERE community_id IS NOT NULL;
CREATE UNIQUE INDEX appropriation_item_idx ON appropriation (district, item_id)
    WHERE item_id IS NOT NULL;
CREATE INDEX appropriation_department_idx ON appropriation (district, department_id, id);
CREATE TABLE payment (
    district char(6) NOT NULL, id uuid NOT NULL,
    appropriation_id uuid NOT NULL, community_id uuid NOT NULL, amount bigint NOT NULL,
    paid_from text NOT NULL, payee text NOT NULL, purpose text NOT NULL,
    state text NOT NULL, due_on date, prepared_by uuid, approved_by uuid, paid_on date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payment_pkey PRIMARY KEY (district, id),
    CONSTRAINT payment_district_appropriation_id_fkey FOREIGN KEY (district, appropriation_id)
        REFERENCES appropriation (district, id),
    CONSTRAINT payment_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT payment_amount_check CHECK (amount > 0),
    CONSTRAINT payment_paid_from_check CHECK (paid_from IN ('available', 'payable')),
    CONSTRAINT payment_state_check CHECK (state IN ('prepared', 'paid', 'rejected', 'reversed')),
    CONSTRAINT payment_two_persons_check
        CHECK (approved_by IS NULL OR approved_by <> prepared_by),
    CONSTRAINT payment_approved_check
        CHECK (state NOT IN ('paid', 'reversed') OR approved_by IS NOT NULL)
);
CREATE INDEX payment_appropriation_idx ON payment (district, appropriation_id, id);
CREATE INDEX payment_community_idx ON payment (district, community_id, id);
CREATE TABLE journal_entry (
    district char(6) NOT NULL, id uuid NOT NULL,
    appropriation_id uuid NOT NULL, kind text NOT NULL, credit text NOT NULL, debit text NOT NULL,
    amount bigint NOT NULL, posted_on date NOT NULL, community_id uuid, task_id uuid,
    payment_id uuid, reverses uuid, text text NOT NULL, posted_by uuid,
    posted_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT journal_entry_pkey PRIMARY KEY (district, id),
    CONSTRAINT journal_entry_district_appropriation_id_fkey
        FOREIGN KEY (district, appropriation_id) REFERENCES appropriation (district, id),
    CONSTRAINT journal_entry_district_payment_id_fkey FOREIGN KEY (district, payment_id)
        REFERENCES payment (district, id),
    CONSTRAINT journal_entry_district_reverses_fkey FOREIGN KEY (district, reverses)
        REFERENCES journal_entry (district, id),
    CONSTRAINT journal_entry_district_reverses_key UNIQUE (district, reverses),
    CONSTRAINT journal_entry_amount_check CHECK (amount > 0 AND credit <> debit),
    CONSTRAINT journal_entry_reversal_check CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
);
CREATE UNIQUE INDEX journal_entry_task_idx ON journal_entry (district, task_id, kind)
    WHERE task_id IS NOT NULL;
CREATE INDEX journal_entry_appropriation_idx ON journal_entry (district, appropriation_id, id);
CREATE INDEX journal_entry_day_idx ON journal_entry (district, posted_on, id);
CREATE TABLE fund_year (
    district char(6) NOT NULL, year integer NOT NULL, closed_on date, closed_by uuid,
    CONSTRAINT fund_year_pkey PRIMARY KEY (district, year)
)
"""


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    role = "shequ_workstation"
    run(district_tables("workstation", role, ["appropriation", "payment", "fund_year"]))
    run(district_tables("workstation", role, ["journal_entry"], APPEND_ONLY))
