"""Accounts, machine clients, grants and tokens"""

from migrations.platform_tables import run
from shared.db.security import HOUSEKEEPING, district_tables

revision = "gateway_0002"
down_revision = "gateway_0001"

TABLES = """
CREATE TABLE department (
    district char(6) NOT NULL, id uuid NOT NULL,
    code text NOT NULL, name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT department_pkey PRIMARY KEY (district, id),
    CONSTRAINT department_district_code_key UNIQUE (district, code)
);
CREATE TABLE account (
    district char(6) NOT NULL, id uuid NOT NULL,
    login text NOT NULL, display_name text NOT NULL,
    password_hash text, must_change_password boolean NOT NULL,
    state text NOT NULL, generation integer NOT NULL,
    totp_secret bytea, totp_confirmed boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_pkey PRIMARY KEY (district, id),
    CONSTRAINT account_district_login_key UNIQUE (district, login),
    CONSTRAINT account_state_check CHECK (state IN ('active', 'suspended'))
);
CREATE TABLE login_name (
    login text NOT NULL PRIMARY KEY, district char(6) NOT NULL, account_id uuid NOT NULL
);
CREATE TABLE client (
    district char(6) NOT NULL, id uuid NOT NULL,
    name text NOT NULL, department_id uuid NOT NULL, scopes text[] NOT NULL,
    state text NOT NULL, generation integer NOT NULL, version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT client_pkey PRIMARY KEY (district, id),
    CONSTRAINT client_state_check CHECK (state IN ('active', 'suspended')),
    CONSTRAINT client_district_department_id_fkey FOREIGN KEY (district, department_id)
        REFERENCES department (district, id)
);
CREATE TABLE client_secret (
    district char(6) NOT NULL, id uuid NOT NULL,
    client_id uuid NOT NULL, digest bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz,
    CONSTRAINT client_secret_pkey PRIMARY KEY (district, id),
    CONSTRAINT client_secret_district_client_id_fkey FOREIGN KEY (district, client_id)
        REFERENCES client (district, id)
);
CREATE INDEX client_secret_client_idx ON client_secret (district, client_id);
CREATE TABLE access_grant (
    district char(6) NOT NULL, id uuid NOT NULL,
    account_id uuid, client_id uuid,
    role text NOT NULL, scope text NOT NULL, scope_id uuid,
    starts_on date NOT NULL, ends_on date,
    granted_by uuid, created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz, ended_by uuid, end_reason text,
    CONSTRAINT access_grant_pkey PRIMARY KEY (district, id),
    CONSTRAINT access_grant_district_account_id_fkey FOREIGN KEY (district, account_id)
        REFERENCES account (district, id),
    CONSTRAINT access_grant_district_client_id_fkey FOREIGN KEY (district, client_id)
        REFERENCES client (district, id),
    CONSTRAINT access_grant_holder_check CHECK ((account_id IS NULL) <> (client_id IS NULL)),
    CONSTRAINT access_grant_period_check CHECK (ends_on IS NULL OR ends_on > starts_on)
);
CREATE INDEX access_grant_account_idx ON access_grant (district, account_id);
CREATE INDEX access_grant_client_idx ON access_grant (district, client_id);
CREATE UNIQUE INDEX access_grant_once_idx
    ON access_grant (district, account_id, client_id, role, scope_id) NULLS NOT DISTINCT
    WHERE ended_at IS NULL;
CREATE TABLE refresh_token (
    district char(6) NOT NULL, id uuid NOT NULL,
    family uuid NOT NULL, account_id uuid NOT NULL, digest bytea NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL,
    used_at timestamptz, revoked_at timestamptz,
    CONSTRAINT refresh_token_pkey PRIMARY KEY (district, id),
    CONSTRAINT refresh_token_district_account_id_fkey FOREIGN KEY (district, account_id)
        REFERENCES account (district, id)
);
CREATE INDEX refresh_token_family_idx ON refresh_token (district, family);
CREATE INDEX refresh_token_account_idx ON refresh_token (district, account_id);
CREATE TABLE login_guard (
    name_digest bytea NOT NULL, source text NOT NULL,
    failures integer NOT NULL, last_failed_at timestamptz, locked_until timestamptz,
    succeeded_at timestamptz,
    CONSTRAINT login_guard_pkey PRIMARY KEY (name_digest, source)
);
CREATE TABLE signing_key (
    id text NOT NULL PRIMARY KEY, private_key bytea NOT NULL, public_key jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), retired_at timestamptz
);
CREATE TABLE least_generation (
    digest text NOT NULL PRIMARY KEY, generation integer NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
)
"""


def upgrade() -> None:
    """Create them."""
    role = "shequ_gateway"
    run(TABLES)
    run(
        district_tables(
            "gateway", role, ["department", "account", "client", "client_secret", "access_grant"]
        )
    )
    run(district_tables("gateway", role, ["refresh_token"], HOUSEKEEPING))
    for table in ("login_name", "login_guard", "signing_key", "least_generation"):
        run(f"GRANT SELECT, INSERT, UPDATE ON gateway.{table} TO {role}")
    run(f"GRANT DELETE ON gateway.login_guard TO {role}")
