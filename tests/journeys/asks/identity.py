"""Accounts, clients, grants, tokens, and what every service has."""

from tests.journeys.asks.asking import REASON, STALE, Ask, At, has, listing


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    return {
        "auth_token": Ask("POST", "/v1/auth/token", data={"grant_type": "nothing"}),
        "auth_revocation": Ask("POST", "/v1/auth/revocation", data={"token": "nothing"}),
        "identity_jwks": Ask("GET", "/.well-known/jwks.json"),
        "identity_revocations": Ask("GET", "/.well-known/revocations.json"),
        "identity_discovery": Ask("GET", "/.well-known/openid-configuration"),
        "identity_rotate_keys": Ask("POST", "/v1/signing-keys/rotation"),
        "identity_me": Ask("GET", "/v1/me"),
        "identity_change_password": Ask("PUT", "/v1/me/password", json={}),
        "identity_enrol_totp": Ask("POST", "/v1/me/totp", json={"surplus": 1}),
        "identity_confirm_totp": Ask("POST", "/v1/me/totp/confirmation", json={}),
        "identity_accounts": listing("/v1/accounts?limit=200", has("id", at["account"])),
        "identity_create_account": Ask("POST", "/v1/accounts", json={}),
        "identity_account": Ask("GET", f"/v1/accounts/{at['account']}"),
        "identity_change_account": Ask(
            "PATCH", f"/v1/accounts/{at['account']}", json={"display_name": "甲"}, headers=STALE
        ),
        "identity_suspend_account": Ask(
            "POST", f"/v1/accounts/{at['account']}/suspension", json=REASON
        ),
        "identity_reinstate_account": Ask(
            "POST", f"/v1/accounts/{at['account']}/reinstatement", json=REASON
        ),
        "identity_reset_password": Ask(
            "POST", f"/v1/accounts/{at['account']}/password-reset", json=REASON
        ),
        "identity_clients": listing("/v1/clients?limit=200", has("id", at["client"])),
        "identity_create_client": Ask("POST", "/v1/clients", json={}),
        "identity_client": Ask("GET", f"/v1/clients/{at['client']}"),
        "identity_rotate_client_secret": Ask("POST", f"/v1/clients/{at['client']}/secrets"),
        "identity_suspend_client": Ask(
            "POST", f"/v1/clients/{at['client']}/suspension", json=REASON
        ),
        "identity_reinstate_client": Ask(
            "POST", f"/v1/clients/{at['client']}/reinstatement", json=REASON
        ),
        "identity_grants": listing("/v1/grants?limit=200", has("id", at["grant"])),
        "identity_create_grant": Ask("POST", "/v1/grants", json={}),
        "identity_grant": Ask("GET", f"/v1/grants/{at['grant']}"),
        "identity_revoke_grant": Ask("POST", f"/v1/grants/{at['grant']}/revocation", json=REASON),
        "identity_departments": Ask("GET", "/v1/departments"),
        "identity_create_department": Ask("POST", "/v1/departments", json={}),
        "gateway_audit_events": Ask("GET", "/v1/audit-events"),
        "gateway_job": Ask("GET", f"/v1/jobs/{at['workstation_import']}"),
        "gateway_healthz": Ask("GET", "/healthz"),
        "gateway_readyz": Ask("GET", "/readyz"),
    }
