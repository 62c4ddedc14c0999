"""What the gateway is configured with."""

from pydantic import AliasChoices, Field, SecretStr

from shared.web.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of the gateway, besides those of every service."""

    database_url: str = Field(
        validation_alias=AliasChoices("database_url", "SHEQU_DATABASE_URL_GATEWAY"),
        description="asyncpg URL with the role shequ_gateway",
    )
    database_read_url: str | None = Field(
        None,
        validation_alias=AliasChoices("database_read_url", "SHEQU_DATABASE_READ_URL_GATEWAY"),
        description="asyncpg URL of a replica for reads; the same database when left out",
    )
    signing_key_secret: SecretStr = Field(
        SecretStr(""), description="base64, 32 bytes: encrypts the signing keys and TOTP secrets"
    )
    access_token_seconds: int = Field(600, ge=30, le=3600, description="Life of an access token")
    refresh_token_days: int = Field(14, ge=1, le=90, description="Life of an unused refresh token")
    trusted_proxies: list[str] = Field(
        [], description="Addresses whose X-Forwarded-For tells the caller's address"
    )
    requests_per_second: float = Field(50, gt=0, description="Per caller, in the long run")
    request_burst: int = Field(200, ge=1, description="Per caller, at once")
    logins_per_second: float = Field(1, gt=0, description="Token requests per address, long run")
    login_burst: int = Field(30, ge=1, description="Token requests per address, at once")
    upstream_seconds: float = Field(30, gt=0, description="Deadline for a service's answer")
    webhook_allow: list[str] = Field(
        [], description="Names and networks that webhooks may call though they are not public"
    )
    live_listeners: int = Field(4000, ge=1, description="Open streams of live sittings a process")
    demo_assessments: bool = Field(
        False, description="Assessments with a clock of their own, for demonstrations only"
    )
    caller_seconds: float = Field(60, gt=0, description="How long a caller may stand still")
