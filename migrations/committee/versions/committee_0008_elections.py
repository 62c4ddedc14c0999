"""Elections: rolls, nominations, proxies, ballots, count sheets, decisions and the public log"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, district_tables

revision = "committee_0008"
down_revision = "committee_0007"

TABLES = """
CREATE TABLE election (
    district char(6) NOT NULL, id uuid NOT NULL, community_id uuid NOT NULL, term_id uuid, kind
    text NOT NULL, form text NOT NULL, contests jsonb NOT NULL, woman_sitting boolean NOT NULL,
    election_day date NOT NULL, resolved_on date NOT NULL, resolution text NOT NULL, document
    text, rules jsonb NOT NULL, state text NOT NULL, due_on date, round integer NOT NULL, secret
    bytea NOT NULL, roll_published_on date, roll_frozen_on date, roll_sha256 text, electors
    integer, voters integer, candidates_published_on date, met_on date, proxies_published_on
    date, elected_on date, acceded_on date, demo boolean NOT NULL, demo_today date, log_count
    integer NOT NULL, log_hash text, log_at timestamptz, created_by uuid, created_at timestamptz
    NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), version integer NOT
    NULL,
    CONSTRAINT election_pkey PRIMARY KEY (district, id),
    CONSTRAINT election_district_community_id_fkey FOREIGN KEY(district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT election_kind_check CHECK (kind IN ('general', 'by_election')),
    CONSTRAINT election_form_check CHECK (form IN ('all_electors', 'household_representatives',
        'resident_representatives')),
    CONSTRAINT election_state_check CHECK (state IN ('resolved', 'registering',
        'roll_published', 'roll_frozen', 'candidates_published', 'voting', 'counting',
        'undecided', 'second_ballot_due', 'invalid', 'elected', 'in_office', 'cancelled')),
    CONSTRAINT election_demo_check CHECK (demo = (demo_today IS NOT NULL)),
    CONSTRAINT election_round_check CHECK (round >= 1),
    CONSTRAINT election_roll_check CHECK (voters <= electors)
);
CREATE INDEX election_community_idx ON election (district, community_id, id);
CREATE UNIQUE INDEX election_running_idx ON election (district, community_id) WHERE state NOT IN
    ('in_office', 'cancelled');
CREATE TABLE election_committee_member (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, rank integer NOT
    NULL, post text NOT NULL, name text NOT NULL, identity_hash bytea NOT NULL, left_on date,
    left_because text, successor_id uuid, created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT election_committee_member_pkey PRIMARY KEY (district, id),
    CONSTRAINT election_committee_member_district_election_id_fkey FOREIGN KEY(district,
        election_id) REFERENCES election (district, id),
    CONSTRAINT election_committee_member_district_election_id_rank_key UNIQUE (district,
        election_id, rank),
    CONSTRAINT election_committee_member_district_election_id_identity_08f0 UNIQUE (district,
        election_id, identity_hash),
    CONSTRAINT election_committee_member_post_check CHECK (post IN ('chair', 'vice_chair',
        'member', 'alternate')),
    CONSTRAINT election_committee_member_left_because_check CHECK (left_because IN ('nominated',
        'kin_nominated', 'other')),
    CONSTRAINT election_committee_member_left_check CHECK ((left_on IS NULL) = (left_because IS
        NULL))
);
CREATE TABLE election_file (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, name text NOT NULL,
    media_type text NOT NULL, size integer NOT NULL, sha256 text NOT NULL, key text NOT NULL,
    scanned boolean NOT NULL, uploaded_by uuid, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT election_file_pkey PRIMARY KEY (district, id),
    CONSTRAINT election_file_district_election_id_fkey FOREIGN KEY(district, election_id)
        REFERENCES election (district, id)
);
CREATE TABLE election_log_entry (
    district char(6) NOT NULL, election_id uuid NOT NULL, sequence integer NOT NULL, previous
    text NOT NULL, kind text NOT NULL, at timestamptz NOT NULL, body jsonb NOT NULL, hash text
    NOT NULL,
    CONSTRAINT election_log_entry_pkey PRIMARY KEY (district, election_id, sequence),
    CONSTRAINT election_log_entry_district_election_id_fkey FOREIGN KEY(district, election_id)
        REFERENCES election (district, id),
    CONSTRAINT election_log_entry_district_election_id_previous_key UNIQUE (district,
        election_id, previous),
    CONSTRAINT election_log_entry_sequence_check CHECK (sequence >= 0)
);
CREATE TABLE election_round (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, round integer NOT
    NULL, nature text NOT NULL, reason text, ballot_on date NOT NULL, contests jsonb NOT NULL,
    left_out jsonb NOT NULL, announced_on date, outcome jsonb, created_at timestamptz NOT NULL
    DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT election_round_pkey PRIMARY KEY (district, id),
    CONSTRAINT election_round_district_election_id_fkey FOREIGN KEY(district, election_id)
        REFERENCES election (district, id),
    CONSTRAINT election_round_district_election_id_round_key UNIQUE (district, election_id,
        round),
    CONSTRAINT election_round_nature_check CHECK (nature IN ('first', 'second_ballot')),
    CONSTRAINT election_round_reason_check CHECK (reason IN ('second_ballot', 'repeat'))
);
CREATE TABLE elector (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, person_id uuid NOT
    NULL, identity_hash bytea NOT NULL, name text NOT NULL, sex text NOT NULL, born_on date NOT
    NULL, basis text NOT NULL, household text, state text NOT NULL, reasons jsonb NOT NULL,
    declaration text NOT NULL, registered_on date NOT NULL, removed_on date, removed_because
    text, votes boolean NOT NULL, unit text, alone boolean NOT NULL, commitment text NOT NULL,
    unit_commitment text, number integer, frozen boolean NOT NULL, registered_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT
    now(),
    CONSTRAINT elector_pkey PRIMARY KEY (district, id),
    CONSTRAINT elector_district_election_id_fkey FOREIGN KEY(district, election_id) REFERENCES
        election (district, id),
    CONSTRAINT elector_sex_check CHECK (sex IN ('male', 'female')),
    CONSTRAINT elector_basis_check CHECK (basis IN ('household_register', 'usual_residence',
        'community_worker')),
    CONSTRAINT elector_state_check CHECK (state IN ('registered', 'refused', 'removed')),
    CONSTRAINT elector_votes_check CHECK (NOT votes OR state <> 'refused'),
    CONSTRAINT elector_removed_check CHECK ((removed_on IS NULL) = (state <> 'removed'))
);
CREATE UNIQUE INDEX elector_identity_idx ON elector (district, election_id, identity_hash) WHERE
    state = 'registered';
CREATE INDEX elector_name_idx ON elector (district, election_id, name, id);
CREATE UNIQUE INDEX elector_number_idx ON elector (district, election_id, number);
CREATE UNIQUE INDEX elector_unit_idx ON elector (district, election_id, unit) WHERE alone AND
    state = 'registered';
CREATE TABLE polling_station (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, round integer NOT
    NULL, code text NOT NULL, name text NOT NULL, kind text NOT NULL, address text NOT NULL,
    scrutineers jsonb NOT NULL, closed_at timestamptz, spoiled integer, unused integer, attempt
    integer NOT NULL, agreed boolean NOT NULL, voided_because text, created_at timestamptz NOT
    NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT polling_station_pkey PRIMARY KEY (district, id),
    CONSTRAINT polling_station_district_election_id_fkey FOREIGN KEY(district, election_id)
        REFERENCES election (district, id),
    CONSTRAINT polling_station_district_election_id_round_code_key UNIQUE (district,
        election_id, round, code),
    CONSTRAINT polling_station_kind_check CHECK (kind IN ('station', 'mobile_box')),
    CONSTRAINT polling_station_ballots_check CHECK (spoiled >= 0 AND unused >= 0),
    CONSTRAINT polling_station_closed_check CHECK ((closed_at IS NULL) = (spoiled IS NULL) AND
        (closed_at IS NULL) = (unused IS NULL))
);
CREATE TABLE roll_objection (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, raised_on date NOT
    NULL, due_on date NOT NULL, objector text NOT NULL, concerns text NOT NULL, elector_id uuid,
    state text NOT NULL, decided_on date, decision text, raised_by uuid, created_at timestamptz
    NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), version integer NOT
    NULL,
    CONSTRAINT roll_objection_pkey PRIMARY KEY (district, id),
    CONSTRAINT roll_objection_district_election_id_fkey FOREIGN KEY(district, election_id)
        REFERENCES election (district, id),
    CONSTRAINT roll_objection_state_check CHECK (state IN ('raised', 'upheld', 'dismissed')),
    CONSTRAINT roll_objection_decided_check CHECK ((state = 'raised') = (decided_on IS NULL))
);
CREATE INDEX roll_objection_election_idx ON roll_objection (district, election_id, id);
CREATE TABLE seat_decision (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, round integer NOT
    NULL, contest text NOT NULL, step text NOT NULL, question text NOT NULL, among jsonb NOT
    NULL, elected jsonb NOT NULL, how text NOT NULL, votes jsonb NOT NULL, source text NOT NULL,
    document text, decided_on date NOT NULL, decided_by uuid, created_at timestamptz NOT NULL
    DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seat_decision_pkey PRIMARY KEY (district, id),
    CONSTRAINT seat_decision_district_election_id_fkey FOREIGN KEY(district, election_id)
        REFERENCES election (district, id),
    CONSTRAINT seat_decision_district_election_id_round_contest_step_key UNIQUE (district,
        election_id, round, contest, step),
    CONSTRAINT seat_decision_how_check CHECK (how IN ('run_off', 'other'))
);
CREATE TABLE ballot_batch (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, round integer NOT
    NULL, station_id uuid NOT NULL, first integer NOT NULL, last integer NOT NULL, issued_by
    uuid,
    CONSTRAINT ballot_batch_pkey PRIMARY KEY (district, id),
    CONSTRAINT ballot_batch_district_election_id_fkey FOREIGN KEY(district, election_id)
        REFERENCES election (district, id),
    CONSTRAINT ballot_batch_district_station_id_fkey FOREIGN KEY(district, station_id)
        REFERENCES polling_station (district, id),
    CONSTRAINT ballot_batch_serials_check CHECK (first >= 1 AND last >= first),
    CONSTRAINT ballot_batch_district_election_id_round_first_key UNIQUE (district, election_id,
        round, first)
);
CREATE TABLE candidate (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, round integer NOT
    NULL, contest text NOT NULL, office text NOT NULL, place integer NOT NULL, person_id uuid
    NOT NULL, elector_id uuid NOT NULL, name text NOT NULL, sex text NOT NULL, withdrawn_on
    date, withdrawn_because text, created_at timestamptz NOT NULL DEFAULT now(), updated_at
    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT candidate_pkey PRIMARY KEY (district, id),
    CONSTRAINT candidate_district_election_id_fkey FOREIGN KEY(district, election_id) REFERENCES
        election (district, id),
    CONSTRAINT candidate_district_elector_id_fkey FOREIGN KEY(district, elector_id) REFERENCES
        elector (district, id),
    CONSTRAINT candidate_sex_check CHECK (sex IN ('male', 'female')),
    CONSTRAINT candidate_district_election_id_round_contest_person_id_key UNIQUE (district,
        election_id, round, contest, person_id)
);
CREATE INDEX candidate_person_idx ON candidate (district, election_id, person_id);
CREATE TABLE count_sheet (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, station_id uuid NOT
    NULL, attempt integer NOT NULL, sheet text NOT NULL, counted_by uuid NOT NULL, entered_by
    uuid, received integer NOT NULL, contests jsonb NOT NULL, photograph_id uuid NOT NULL,
    differs boolean, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT
    NULL DEFAULT now(),
    CONSTRAINT count_sheet_pkey PRIMARY KEY (district, id),
    CONSTRAINT count_sheet_district_station_id_fkey FOREIGN KEY(district, station_id) REFERENCES
        polling_station (district, id),
    CONSTRAINT count_sheet_district_photograph_id_fkey FOREIGN KEY(district, photograph_id)
        REFERENCES election_file (district, id),
    CONSTRAINT count_sheet_sheet_check CHECK (sheet IN ('A', 'B')),
    CONSTRAINT count_sheet_district_station_id_attempt_sheet_key UNIQUE (district, station_id,
        attempt, sheet),
    CONSTRAINT count_sheet_district_station_id_attempt_entered_by_key UNIQUE (district,
        station_id, attempt, entered_by),
    CONSTRAINT count_sheet_district_station_id_attempt_counted_by_key UNIQUE (district,
        station_id, attempt, counted_by)
);
CREATE TABLE mark_conflict (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, round integer NOT
    NULL, elector_id uuid NOT NULL, station_id uuid NOT NULL, kept_station_id uuid NOT NULL,
    channel text NOT NULL, marked_at timestamptz NOT NULL, marked_by uuid, decided_on date,
    decision text,
    CONSTRAINT mark_conflict_pkey PRIMARY KEY (district, id),
    CONSTRAINT mark_conflict_district_elector_id_fkey FOREIGN KEY(district, elector_id)
        REFERENCES elector (district, id),
    CONSTRAINT mark_conflict_district_station_id_fkey FOREIGN KEY(district, station_id)
        REFERENCES polling_station (district, id),
    CONSTRAINT mark_conflict_channel_check CHECK (channel IN ('paper', 'proxy', 'electronic')),
    CONSTRAINT mark_conflict_district_station_id_elector_id_key UNIQUE (district, station_id,
        elector_id),
    CONSTRAINT mark_conflict_decided_check CHECK ((decided_on IS NULL) = (decision IS NULL))
);
CREATE INDEX mark_conflict_election_idx ON mark_conflict (district, election_id, round);
CREATE TABLE nomination (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, elector_id uuid NOT
    NULL, contest text NOT NULL, nominated_by text NOT NULL, document text, state text NOT NULL,
    ground text, nominated_on date NOT NULL, reviewed_on date, review text, accepted_on date,
    created_by uuid, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT
    NULL DEFAULT now(), version integer NOT NULL,
    CONSTRAINT nomination_pkey PRIMARY KEY (district, id),
    CONSTRAINT nomination_district_election_id_fkey FOREIGN KEY(district, election_id)
        REFERENCES election (district, id),
    CONSTRAINT nomination_district_elector_id_fkey FOREIGN KEY(district, elector_id) REFERENCES
        elector (district, id),
    CONSTRAINT nomination_state_check CHECK (state IN ('submitted', 'qualified', 'accepted',
        'refused', 'withdrawn')),
    CONSTRAINT nomination_nominated_by_check CHECK (nominated_by IN ('party', 'electors')),
    CONSTRAINT nomination_ground_check CHECK (ground IN ('expelled_from_party',
        'criminal_punishment', 'organised_crime', 'illegal_religion_or_cult', 'lost_rights',
        'declined')),
    CONSTRAINT nomination_refused_check CHECK ((state = 'refused') = (ground IS NOT NULL))
);
CREATE UNIQUE INDEX nomination_person_idx ON nomination (district, election_id, elector_id,
    contest) WHERE state NOT IN ('refused', 'withdrawn');
CREATE TABLE proxy (
    district char(6) NOT NULL, id uuid NOT NULL, election_id uuid NOT NULL, principal_id uuid
    NOT NULL, holder_id uuid NOT NULL, slot integer NOT NULL, document text NOT NULL, reason
    text NOT NULL, given_on date NOT NULL, published boolean NOT NULL, revoked_on date,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT
    now(),
    CONSTRAINT proxy_pkey PRIMARY KEY (district, id),
    CONSTRAINT proxy_district_election_id_fkey FOREIGN KEY(district, election_id) REFERENCES
        election (district, id),
    CONSTRAINT proxy_district_principal_id_fkey FOREIGN KEY(district, principal_id) REFERENCES
        elector (district, id),
    CONSTRAINT proxy_district_holder_id_fkey FOREIGN KEY(district, holder_id) REFERENCES elector
        (district, id),
    CONSTRAINT proxy_another_check CHECK (principal_id <> holder_id),
    CONSTRAINT proxy_slot_check CHECK (slot BETWEEN 1 AND 3)
);
CREATE UNIQUE INDEX proxy_holder_idx ON proxy (district, election_id, holder_id, slot) WHERE
    revoked_on IS NULL;
CREATE UNIQUE INDEX proxy_principal_idx ON proxy (district, election_id, principal_id) WHERE
    revoked_on IS NULL;
CREATE TABLE roll_mark (
    district char(6) NOT NULL, election_id uuid NOT NULL, round integer NOT NULL, elector_id
    uuid NOT NULL, station_id uuid NOT NULL, channel text NOT NULL, holder_id uuid, offline
    boolean NOT NULL, marked_at timestamptz NOT NULL, marked_by uuid,
    CONSTRAINT roll_mark_pkey PRIMARY KEY (district, election_id, round, elector_id),
    CONSTRAINT roll_mark_district_elector_id_fkey FOREIGN KEY(district, elector_id) REFERENCES
        elector (district, id),
    CONSTRAINT roll_mark_district_station_id_fkey FOREIGN KEY(district, station_id) REFERENCES
        polling_station (district, id),
    CONSTRAINT roll_mark_channel_check CHECK (channel IN ('paper', 'proxy', 'electronic')),
    CONSTRAINT roll_mark_holder_check CHECK ((channel = 'proxy') = (holder_id IS NOT NULL))
);
CREATE INDEX roll_mark_station_idx ON roll_mark (district, station_id);
CREATE TABLE nomination_supporter (
    district char(6) NOT NULL, id uuid NOT NULL, nomination_id uuid NOT NULL, elector_id uuid
    NOT NULL,
    CONSTRAINT nomination_supporter_pkey PRIMARY KEY (district, id),
    CONSTRAINT nomination_supporter_district_nomination_id_fkey FOREIGN KEY(district,
        nomination_id) REFERENCES nomination (district, id),
    CONSTRAINT nomination_supporter_district_elector_id_fkey FOREIGN KEY(district, elector_id)
        REFERENCES elector (district, id),
    CONSTRAINT nomination_supporter_district_nomination_id_elector_id_key UNIQUE (district,
        nomination_id, elector_id)
);
CREATE INDEX nomination_supporter_elector_idx ON nomination_supporter (district, elector_id)
"""
OFFICIAL = [
    "election",
    "election_committee_member",
    "election_round",
    "elector",
    "polling_station",
    "roll_objection",
    "candidate",
    "count_sheet",
    "mark_conflict",
    "nomination",
    "proxy",
]
HISTORY = [
    "election_file",
    "election_log_entry",
    "nomination_supporter",
    "ballot_batch",
    "roll_mark",
    "seat_decision",
]


def upgrade() -> None:
    """Create them."""
    run(TABLES)
    run(district_tables("committee", "shequ_committee", OFFICIAL))
    run(district_tables("committee", "shequ_committee", HISTORY, APPEND_ONLY))
