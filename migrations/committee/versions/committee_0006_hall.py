"""The residents' talk hall: matters, what is said of them, sittings, handovers"""

from migrations.platform_tables import run
from shared.db.security import APPEND_ONLY, HOUSEKEEPING, district_tables

revision = "committee_0006"
down_revision = "committee_0003"

MATTERS = """
CREATE TABLE matter (
    district char(6) NOT NULL, id uuid NOT NULL, community_id uuid NOT NULL, code text NOT NULL,
    title text NOT NULL, content text NOT NULL, category text NOT NULL, place text NOT NULL,
    channel text NOT NULL, anonymous boolean NOT NULL, hidden boolean NOT NULL,
    state text NOT NULL, due_on date, merged_into uuid, supporters integer NOT NULL,
    paper_supporters integer NOT NULL, pair_count integer NOT NULL, result text,
    reopened boolean NOT NULL, closed_by text, raised_at timestamptz NOT NULL,
    first_answered_at timestamptz, resulted_at timestamptz, closed_at timestamptz,
    reminded_at timestamptz, overdue_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT matter_pkey PRIMARY KEY (district, id),
    CONSTRAINT matter_district_code_key UNIQUE (district, code),
    CONSTRAINT matter_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT matter_district_merged_into_fkey FOREIGN KEY (district, merged_into)
        REFERENCES matter (district, id),
    CONSTRAINT matter_state_check CHECK (state IN ('raised', 'accepted', 'on_agenda',
        'resolved', 'handed_over', 'in_progress', 'result', 'closed', 'merged',
        'withdrawn')),
    CONSTRAINT matter_category_check CHECK (category IN ('sanitation', 'facilities',
        'parking', 'noise', 'safety', 'property_service', 'greenery', 'neighbours',
        'care', 'culture', 'other')),
    CONSTRAINT matter_channel_check CHECK (channel IN ('web', 'phone', 'in_person')),
    CONSTRAINT matter_merged_check CHECK ((state = 'merged') = (merged_into IS NOT NULL) AND
        merged_into <> id),
    CONSTRAINT matter_result_check CHECK (state NOT IN ('result', 'closed') OR result IS NOT
        NULL),
    CONSTRAINT matter_closed_check CHECK ((state = 'closed') = (closed_by IS NOT NULL)),
    CONSTRAINT matter_closed_by_check CHECK (closed_by IN ('word', 'limit')),
    CONSTRAINT matter_supporters_check CHECK (supporters >= 0 AND paper_supporters >= 0)
);
CREATE INDEX matter_category_idx ON matter (district, category, raised_at, id);
CREATE INDEX matter_community_idx ON matter (district, community_id, raised_at, id);
CREATE INDEX matter_due_idx ON matter (district, due_on) WHERE due_on IS NOT NULL;
CREATE INDEX matter_merged_idx ON matter (district, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX matter_raised_idx ON matter (district, raised_at, id);
CREATE INDEX matter_state_idx ON matter (district, state, raised_at, id);
CREATE TABLE matter_raiser (
    district char(6) NOT NULL, matter_id uuid NOT NULL, account_id uuid, entered_by uuid,
    name text, phone text,
    CONSTRAINT matter_raiser_pkey PRIMARY KEY (district, matter_id),
    CONSTRAINT matter_raiser_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id)
);
CREATE INDEX matter_raiser_account_idx ON matter_raiser (district, account_id, matter_id);
CREATE TABLE matter_pair (
    district char(6) NOT NULL, pair text COLLATE "C" NOT NULL, matter_id uuid NOT NULL,
    in_title boolean NOT NULL,
    CONSTRAINT matter_pair_pkey PRIMARY KEY (district, pair, matter_id)
);
CREATE INDEX matter_pair_matter_idx ON matter_pair (district, matter_id);
CREATE TABLE matter_support (
    district char(6) NOT NULL, matter_id uuid NOT NULL, account_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), withdrawn_at timestamptz,
    CONSTRAINT matter_support_pkey PRIMARY KEY (district, matter_id, account_id),
    CONSTRAINT matter_support_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id)
);
CREATE TABLE matter_act (
    district char(6) NOT NULL, id uuid NOT NULL, account_id uuid NOT NULL, act text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT matter_act_pkey PRIMARY KEY (district, id)
);
CREATE INDEX matter_act_account_idx ON matter_act (district, account_id, act, at);
CREATE TABLE matter_attachment (
    district char(6) NOT NULL, id uuid NOT NULL, matter_id uuid NOT NULL, name text NOT NULL,
    media_type text NOT NULL, size integer NOT NULL, sha256 text NOT NULL,
    scanned boolean NOT NULL, public boolean NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT matter_attachment_pkey PRIMARY KEY (district, id),
    CONSTRAINT matter_attachment_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id)
);
CREATE INDEX matter_attachment_matter_idx ON matter_attachment (district, matter_id, id);
CREATE TABLE matter_rating (
    district char(6) NOT NULL, id uuid NOT NULL, matter_id uuid NOT NULL, round integer NOT NULL,
    score integer NOT NULL, word text, entered boolean NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT matter_rating_pkey PRIMARY KEY (district, id),
    CONSTRAINT matter_rating_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id),
    CONSTRAINT matter_rating_district_matter_id_round_key UNIQUE (district, matter_id, round),
    CONSTRAINT matter_rating_score_check CHECK (score BETWEEN 1 AND 5),
    CONSTRAINT matter_rating_round_check CHECK (round IN (1, 2))
);
CREATE TABLE matter_handover (
    district char(6) NOT NULL, id uuid NOT NULL, matter_id uuid NOT NULL, handler text NOT NULL,
    department_id uuid, department_name text, request text NOT NULL, state text NOT NULL,
    handed_on date NOT NULL, due_on date NOT NULL, signed_on date, ended_on date, reason text,
    result text, created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(), version integer NOT NULL,
    CONSTRAINT matter_handover_pkey PRIMARY KEY (district, id),
    CONSTRAINT matter_handover_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id),
    CONSTRAINT matter_handover_handler_check CHECK (handler IN ('committee', 'workstation',
        'department', 'residents_meeting', 'mediation')),
    CONSTRAINT matter_handover_state_check CHECK (state IN ('sent', 'signed', 'done',
        'refused', 'recalled')),
    CONSTRAINT matter_handover_department_check CHECK ((handler = 'department') =
        (department_id IS NOT NULL))
);
CREATE INDEX matter_handover_department_idx ON matter_handover (district, department_id, id);
CREATE UNIQUE INDEX matter_handover_open_idx ON matter_handover
    (district, matter_id) WHERE state IN ('sent', 'signed')
"""
TALK = """
CREATE TABLE sitting (
    district char(6) NOT NULL, id uuid NOT NULL, community_id uuid NOT NULL, topic text NOT NULL,
    held_on date NOT NULL, begins time NOT NULL, place text NOT NULL, extraordinary text,
    state text NOT NULL, due_on date, minutes text, last_event integer NOT NULL,
    opened_at timestamptz, ended_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(), version integer NOT NULL,
    CONSTRAINT sitting_pkey PRIMARY KEY (district, id),
    CONSTRAINT sitting_district_community_id_fkey FOREIGN KEY (district, community_id)
        REFERENCES community (district, id),
    CONSTRAINT sitting_state_check CHECK (state IN ('planned', 'live', 'ended', 'published',
        'cancelled')),
    CONSTRAINT sitting_minutes_check CHECK (state <> 'published' OR minutes IS NOT NULL)
);
CREATE UNIQUE INDEX sitting_day_idx ON sitting
    (district, community_id, held_on) WHERE state <> 'cancelled';
CREATE INDEX sitting_held_idx ON sitting (district, held_on, id);
CREATE TABLE matter_comment (
    district char(6) NOT NULL, id uuid NOT NULL, matter_id uuid NOT NULL, sitting_id uuid,
    kind text NOT NULL, speaker text NOT NULL, author uuid, body text NOT NULL,
    hidden boolean NOT NULL, withdrawn_at timestamptz, at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT matter_comment_pkey PRIMARY KEY (district, id),
    CONSTRAINT matter_comment_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id),
    CONSTRAINT matter_comment_district_sitting_id_fkey FOREIGN KEY (district, sitting_id)
        REFERENCES sitting (district, id),
    CONSTRAINT matter_comment_kind_check CHECK (kind IN ('comment', 'opinion', 'answer',
        'progress', 'result')),
    CONSTRAINT matter_comment_speaker_check CHECK (speaker IN ('raiser', 'resident',
        'representative', 'committee', 'workstation', 'department')),
    CONSTRAINT matter_comment_opinion_check CHECK ((kind = 'opinion') = (sitting_id IS NOT
        NULL))
);
CREATE INDEX matter_comment_matter_idx ON matter_comment (district, matter_id, id);
CREATE INDEX matter_comment_sitting_idx ON matter_comment
    (district, sitting_id, id) WHERE sitting_id IS NOT NULL;
CREATE TABLE matter_moderation (
    district char(6) NOT NULL, id uuid NOT NULL, matter_id uuid NOT NULL, comment_id uuid,
    state text NOT NULL, due_on date, reason text NOT NULL, appeal text, decision text,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT matter_moderation_pkey PRIMARY KEY (district, id),
    CONSTRAINT matter_moderation_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id),
    CONSTRAINT matter_moderation_district_comment_id_fkey FOREIGN KEY (district, comment_id)
        REFERENCES matter_comment (district, id),
    CONSTRAINT matter_moderation_state_check CHECK (state IN ('hidden', 'appealed',
        'upheld', 'restored'))
);
CREATE UNIQUE INDEX matter_moderation_comment_idx ON matter_moderation
    (district, comment_id) WHERE state <> 'restored';
CREATE UNIQUE INDEX matter_moderation_matter_idx ON matter_moderation
    (district, matter_id) WHERE comment_id IS NULL AND state <> 'restored';
CREATE TABLE sitting_agenda (
    district char(6) NOT NULL, id uuid NOT NULL, sitting_id uuid NOT NULL,
    matter_id uuid NOT NULL, outcome text, reason text,
    CONSTRAINT sitting_agenda_pkey PRIMARY KEY (district, id),
    CONSTRAINT sitting_agenda_district_sitting_id_fkey FOREIGN KEY (district, sitting_id)
        REFERENCES sitting (district, id),
    CONSTRAINT sitting_agenda_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id),
    CONSTRAINT sitting_agenda_outcome_check CHECK (outcome IN ('resolved', 'deferred'))
);
CREATE UNIQUE INDEX sitting_agenda_open_idx ON sitting_agenda
    (district, matter_id) WHERE outcome IS NULL;
CREATE INDEX sitting_agenda_sitting_idx ON sitting_agenda (district, sitting_id, id);
CREATE TABLE sitting_participant (
    district char(6) NOT NULL, id uuid NOT NULL, sitting_id uuid NOT NULL, kind text NOT NULL,
    name text NOT NULL, organisation text, department_id uuid, attended boolean NOT NULL,
    CONSTRAINT sitting_participant_pkey PRIMARY KEY (district, id),
    CONSTRAINT sitting_participant_district_sitting_id_fkey FOREIGN KEY (district, sitting_id)
        REFERENCES sitting (district, id),
    CONSTRAINT sitting_participant_kind_check CHECK (kind IN ('resident', 'representative',
        'committee', 'supervisor', 'department', 'organisation', 'expert'))
);
CREATE INDEX sitting_participant_sitting_idx ON sitting_participant (district, sitting_id, id);
CREATE TABLE sitting_vote (
    district char(6) NOT NULL, agenda_id uuid NOT NULL, account_id uuid NOT NULL,
    choice text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sitting_vote_pkey PRIMARY KEY (district, agenda_id, account_id),
    CONSTRAINT sitting_vote_district_agenda_id_fkey FOREIGN KEY (district, agenda_id)
        REFERENCES sitting_agenda (district, id),
    CONSTRAINT sitting_vote_choice_check CHECK (choice IN ('agree', 'reserve', 'oppose'))
);
CREATE TABLE sitting_event (
    district char(6) NOT NULL, sitting_id uuid NOT NULL, number integer NOT NULL,
    kind text NOT NULL, data jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sitting_event_pkey PRIMARY KEY (district, sitting_id, number),
    CONSTRAINT sitting_event_district_sitting_id_fkey FOREIGN KEY (district, sitting_id)
        REFERENCES sitting (district, id)
);
CREATE TABLE matter_resolution (
    district char(6) NOT NULL, id uuid NOT NULL, matter_id uuid NOT NULL,
    sitting_id uuid NOT NULL, text text NOT NULL, agree integer NOT NULL,
    reserve integer NOT NULL, oppose integer NOT NULL, consensus text NOT NULL,
    decided_on date NOT NULL,
    CONSTRAINT matter_resolution_pkey PRIMARY KEY (district, id),
    CONSTRAINT matter_resolution_district_matter_id_fkey FOREIGN KEY (district, matter_id)
        REFERENCES matter (district, id),
    CONSTRAINT matter_resolution_district_sitting_id_fkey FOREIGN KEY (district, sitting_id)
        REFERENCES sitting (district, id),
    CONSTRAINT matter_resolution_district_sitting_id_matter_id_key UNIQUE (district,
        sitting_id, matter_id),
    CONSTRAINT matter_resolution_consensus_check CHECK (consensus IN ('unanimous', 'broad',
        'majority', 'divided', 'not_voted')),
    CONSTRAINT matter_resolution_tally_check CHECK (agree >= 0 AND reserve >= 0 AND oppose >= 0)
);
CREATE INDEX matter_resolution_matter_idx ON matter_resolution (district, matter_id, id)
"""
OFFICIAL_TABLES = [
    "matter",
    "matter_raiser",
    "matter_support",
    "matter_attachment",
    "matter_handover",
    "matter_comment",
    "matter_moderation",
    "sitting",
    "sitting_agenda",
    "sitting_participant",
    "sitting_vote",
]
LASTING_TABLES = ["matter_rating", "matter_resolution", "sitting_event"]
DERIVED_TABLES = ["matter_pair", "matter_act"]


def upgrade() -> None:
    """Create them. The pairs of signs by which texts are found are made anew when a text changes,
    and acts that are counted against a limit are forgotten after it."""
    run(MATTERS)
    run(TALK)
    role = "shequ_committee"
    run(district_tables("committee", role, OFFICIAL_TABLES))
    run(district_tables("committee", role, LASTING_TABLES, APPEND_ONLY))
    run(district_tables("committee", role, DERIVED_TABLES, HOUSEKEEPING))
