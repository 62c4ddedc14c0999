"""What the committee service is configured with."""

from pydantic import AliasChoices, Field

from shared.web.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of the committee service, besides those of every service."""

    database_url: str = Field(
        validation_alias=AliasChoices("database_url", "SHEQU_DATABASE_URL_COMMITTEE"),
        description="asyncpg URL with the role shequ_committee",
    )
    database_read_url: str | None = Field(
        None,
        validation_alias=AliasChoices("database_read_url", "SHEQU_DATABASE_READ_URL_COMMITTEE"),
        description="asyncpg URL of a replica for reads; the same database when left out",
    )
    demo_elections: bool = Field(
        False, description="Elections with a clock of their own, for demonstrations only"
    )
