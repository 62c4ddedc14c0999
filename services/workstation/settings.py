"""What the workstation service is configured with."""

from pydantic import AliasChoices, Field, SecretStr

from shared.web.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of the workstation, besides those of every service."""

    database_url: str = Field(
        validation_alias=AliasChoices("database_url", "SHEQU_DATABASE_URL_WORKSTATION"),
        description="asyncpg URL with the role shequ_workstation",
    )
    database_read_url: str | None = Field(
        None,
        validation_alias=AliasChoices("database_read_url", "SHEQU_DATABASE_READ_URL_WORKSTATION"),
        description="asyncpg URL of a replica for reads; the same database when left out",
    )
    personal_data_keys: SecretStr = Field(
        SecretStr(""), description="`id:base64key` list, newest first, 32 bytes each"
    )
    lookup_key: SecretStr = Field(
        SecretStr(""), description="base64, 32 bytes: keyed hash by which ID numbers are found"
    )
