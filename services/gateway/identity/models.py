"""Tables of identity. Four of them belong to the installation and have no district policy: they
are needed before the district of a request is known, and hold no personal data in the clear."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base
from shared.db.base import DistrictKey, Timestamps, Versioned


class Department(DistrictKey, Base):
    """A district bureau or office: the scope of department grants and clients."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("district", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Account(DistrictKey, Timestamps, Versioned, Base):
    """A person who may log in. `generation` rises when their grants change."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("district", "login"),
        CheckConstraint("state IN ('active', 'suspended')", name="state"),
    )

    login: Mapped[str]
    display_name: Mapped[str]
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool]
    state: Mapped[str]
    generation: Mapped[int] = mapped_column(default=1)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed: Mapped[bool] = mapped_column(default=False)


class LoginName(Base):
    """Which account a login name belongs to, over all districts."""

    __tablename__ = "login_name"

    login: Mapped[str] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(CHAR(6))
    account_id: Mapped[UUID]


class Client(DistrictKey, Timestamps, Versioned, Base):
    """A department's system, with the OAuth scopes that limit it."""

    __tablename__ = "client"
    __table_args__ = (
        ForeignKeyConstraint(
            ["district", "department_id"], ["department.district", "department.id"]
        ),
        CheckConstraint("state IN ('active', 'suspended')", name="state"),
    )

    name: Mapped[str]
    department_id: Mapped[UUID]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    state: Mapped[str]
    generation: Mapped[int] = mapped_column(default=1)


class ClientSecret(DistrictKey, Base):
    """A secret of a client: SHA-256, since it has 256 random bits. Two may be good at a time."""

    __tablename__ = "client_secret"
    __table_args__ = (
        ForeignKeyConstraint(["district", "client_id"], ["client.district", "client.id"]),
        Index("client_secret_client_idx", "district", "client_id"),
    )

    client_id: Mapped[UUID]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class AccessGrant(DistrictKey, Base):
    """A role over a scope for a person or a client, from one day to another; kept when ended."""

    __tablename__ = "access_grant"
    __table_args__ = (
        ForeignKeyConstraint(["district", "account_id"], ["account.district", "account.id"]),
        ForeignKeyConstraint(["district", "client_id"], ["client.district", "client.id"]),
        CheckConstraint("(account_id IS NULL) <> (client_id IS NULL)", name="holder"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        Index("access_grant_account_idx", "district", "account_id"),
        Index("access_grant_client_idx", "district", "client_id"),
        Index(
            "access_grant_once_idx",
            "district",
            "account_id",
            "client_id",
            "role",
            "scope_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    account_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    role: Mapped[str]
    scope: Mapped[str]
    scope_id: Mapped[UUID | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None]


class RefreshToken(DistrictKey, Base):
    """One link of a chain of refresh tokens; a used one that comes again ends the whole family."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        ForeignKeyConstraint(["district", "account_id"], ["account.district", "account.id"]),
        Index("refresh_token_family_idx", "district", "family"),
        Index("refresh_token_account_idx", "district", "account_id"),
    )

    family: Mapped[UUID]
    account_id: Mapped[UUID]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginGuard(Base):
    """Failed logins by digest of the name and address; the address `*` counts all of a name."""

    __tablename__ = "login_guard"

    name_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]


class SigningKey(Base):
    """An ES256 key pair; the private part encrypted. Retired keys still verify for a while."""

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]


class LeastGeneration(Base):
    """The lowest token generation still good for a subject, under its digest."""

    __tablename__ = "least_generation"

    digest: Mapped[str] = mapped_column(primary_key=True)
    generation: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
