"""Requests and answers of identity."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.gateway.identity.domain import AccountState
from shared.auth.principal import Role, ScopeKind

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
Login = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{2,63}$"),
    Field(description="Lower-case letters, digits, . _ -", examples=["clerk.hangkong"]),
]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$"
    ),
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=500, pattern=r"^[^\x00]+$"),
    Field(examples=["岗位调整"]),
]
ClientScope = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)*:(read|write)$"),
    Field(description="`area:read` or `area:write`", examples=["registry:read"]),
]


class Request(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class TokenAnswer(BaseModel):
    """A token answer (RFC 6749 5.1)."""

    access_token: str = Field(examples=["eyJhbGciOiJFUzI1NiIs…"])
    token_type: Literal["Bearer"] = Field(examples=["Bearer"])
    expires_in: int = Field(description="Seconds", examples=[600])
    refresh_token: str | None = Field(None, examples=["421002.0199f3c2a7d07b6e.qX7…"])
    scope: str = Field("", description="OAuth scopes of a machine client", examples=[""])


class TokenError(BaseModel):
    """A token error (RFC 6749 5.2)."""

    error: str = Field(examples=["invalid_grant"])
    error_description: str = Field(examples=["登录名或密码不正确。"])


class DepartmentRequest(Request):
    """A new department."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{2,40}$")] = Field(
        examples=["civil_affairs"]
    )
    name: Name = Field(examples=["民政局"])


class DepartmentView(BaseModel):
    """A district bureau or office."""

    id: UUID = Field(examples=[_ID])
    code: str = Field(examples=["civil_affairs"])
    name: str = Field(examples=["民政局"])


class AccountRequest(Request):
    """A new account. Without a password an initial one is made and shown once."""

    login: Login
    display_name: Name = Field(examples=["张晓梅"])
    password: str | None = Field(None, max_length=200, examples=[None])


class AccountChange(Request):
    """What may be changed of an account."""

    display_name: Name = Field(examples=["张晓梅"])


class AccountView(BaseModel):
    """A person's account."""

    id: UUID = Field(examples=[_ID])
    login: str = Field(examples=["clerk.hangkong"])
    display_name: str = Field(examples=["张晓梅"])
    state: AccountState = Field(examples=["active"])
    must_change_password: bool = Field(examples=[False])
    two_factor: bool = Field(description="A second factor is asked at login", examples=[False])
    created_at: datetime = Field(examples=["2026-01-05T01:00:00Z"])


class NewAccountView(AccountView):
    """A new account; the initial password is shown this once."""

    initial_password: str | None = Field(None, examples=["fRq3-x9Lm-Vt2a"])


class InitialPassword(BaseModel):
    """A password to hand over once; it must be changed at the next login."""

    initial_password: str = Field(examples=["fRq3-x9Lm-Vt2a"])


class PasswordChange(Request):
    """A change of one's own password."""

    old_password: str = Field(max_length=200, examples=["fRq3-x9Lm-Vt2a"])
    new_password: str = Field(max_length=200, examples=["五月-江汉路-98"])


class ReasonRequest(Request):
    """Why this is done; it stands in the audit."""

    reason: Reason


class GrantRequest(Request):
    """A new grant: to an account or to a client."""

    account_id: UUID | None = Field(None, examples=[_ID])
    client_id: UUID | None = Field(None, examples=[None])
    role: Role = Field(examples=["street_officer"])
    scope_id: UUID | None = Field(
        None,
        description="The street, community or department; none for district roles",
        examples=[_ID],
    )
    starts_on: date | None = Field(None, description="Today when left out", examples=["2026-01-05"])
    ends_on: date | None = Field(None, description="First day without it", examples=[None])


class GrantView(BaseModel):
    """A role over a scope; `in_force` today."""

    id: UUID = Field(examples=[_ID])
    account_id: UUID | None = Field(examples=[_ID])
    client_id: UUID | None = Field(examples=[None])
    role: Role = Field(examples=["street_officer"])
    scope: ScopeKind = Field(examples=["street"])
    scope_id: UUID | None = Field(examples=[_ID])
    starts_on: date = Field(examples=["2026-01-05"])
    ends_on: date | None = Field(examples=[None])
    in_force: bool = Field(examples=[True])
    ended_at: datetime | None = Field(examples=[None])
    end_reason: str | None = Field(examples=[None])


class MyGrant(BaseModel):
    """A grant as the token carries it."""

    role: Role = Field(examples=["street_officer"])
    scope: ScopeKind = Field(examples=["street"])
    scope_id: UUID | None = Field(examples=[_ID])


class Me(BaseModel):
    """Who the token speaks for."""

    subject: UUID = Field(examples=[_ID])
    kind: Literal["person", "client"] = Field(examples=["person"])
    district: str = Field(examples=["421002"])
    login: str | None = Field(examples=["clerk.hangkong"])
    display_name: str = Field(examples=["张晓梅"])
    must_change_password: bool = Field(examples=[False])
    two_factor: bool = Field(examples=[False])
    grants: list[MyGrant]
    scopes: list[str] = Field(examples=[[]])


class ClientRequest(Request):
    """A new machine client of a department; it is granted the role `department` over it."""

    name: Name = Field(examples=["卫健局检查系统"])
    department_id: UUID = Field(examples=[_ID])
    scopes: list[ClientScope] = Field(min_length=1, max_length=40, examples=[["registry:read"]])


class ClientView(BaseModel):
    """A department's system."""

    client_id: str = Field(examples=[f"421002-{_ID}"])
    id: UUID = Field(examples=[_ID])
    name: str = Field(examples=["卫健局检查系统"])
    department_id: UUID = Field(examples=[_ID])
    scopes: list[str] = Field(examples=[["registry:read"]])
    state: AccountState = Field(examples=["active"])
    created_at: datetime = Field(examples=["2026-01-05T01:00:00Z"])


class ClientSecretView(ClientView):
    """A client with a new secret, shown this once."""

    client_secret: str = Field(examples=["b3VyLXNlY3JldC1pcy1sb25n…"])


class TotpEnrolment(BaseModel):
    """The secret for an authenticator app, shown this once; it counts when confirmed."""

    secret: str = Field(examples=["JBSWY3DPEHPK3PXP"])
    uri: str = Field(examples=["otpauth://totp/Shequ:admin?secret=JBSWY3DPEHPK3PXP"])


class TotpCode(Request):
    """A code of the authenticator app."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] = Field(examples=["123456"])


class KeyView(BaseModel):
    """The id of the key that signs from now on."""

    key_id: str = Field(examples=["0199f3c2a7d07b6e8c0a4d2f1b3e5a79"])


class Jwks(BaseModel):
    """The public keys (RFC 7517)."""

    keys: list[dict[str, str]] = Field(
        examples=[[{"kty": "EC", "crv": "P-256", "x": "…", "y": "…", "kid": "…", "alg": "ES256"}]]
    )


class Revocations(BaseModel):
    """The lowest generation still good, by digest of the subject."""

    least_generation: dict[str, int] = Field(examples=[{"mL1sZ0xG0F4o0pTqYw3uVbq4": 3}])


class Discovery(BaseModel):
    """OpenID Connect discovery: where tokens and keys are."""

    issuer: str = Field(examples=["https://shequ.example.gov.cn"])
    token_endpoint: str = Field(examples=["https://shequ.example.gov.cn/v1/auth/token"])
    revocation_endpoint: str = Field(examples=["https://shequ.example.gov.cn/v1/auth/revocation"])
    jwks_uri: str = Field(examples=["https://shequ.example.gov.cn/.well-known/jwks.json"])
    grant_types_supported: list[str] = Field(examples=[["password", "refresh_token"]])
    token_endpoint_auth_methods_supported: list[str] = Field(examples=[["client_secret_basic"]])
    id_token_signing_alg_values_supported: list[str] = Field(examples=[["ES256"]])
    response_types_supported: list[str] = Field(examples=[["token"]])
    subject_types_supported: list[str] = Field(examples=[["public"]])
