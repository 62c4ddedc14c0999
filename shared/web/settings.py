"""What every service is configured with; environment variables with the prefix `SHEQU_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Settings that all three services have in common."""

    model_config = SettingsConfigDict(env_prefix="SHEQU_", extra="ignore")

    gateway_url: str = Field("http://127.0.0.1:8000", description="Where the gateway is reached")
    workstation_url: str = Field("http://127.0.0.1:8001", description="The workstation service")
    committee_url: str = Field("http://127.0.0.1:8002", description="The committee service")
    issuer: str = Field("http://127.0.0.1:8000", description="`iss` of access tokens")
    files_url: str = Field("file:///var/lib/shequ/files", description="file:///… or s3://…")
    virus_scanner: str = Field(
        "",
        description="host:port of a ClamAV daemon that sees every uploaded file; none when empty",
    )
    pool_size: int = Field(8, ge=1, le=100, description="Database connections a process")
    log_level: str = Field("info", description="debug, info, warning or error")
