"""Issuing tokens (RFC 6749): password, refresh with rotation, client credentials.

A refused attempt is recorded too, so this use case holds its own transactions instead of the
request's.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pyotp
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import repository
from services.gateway.identity.domain import AccountState
from services.gateway.identity.guessing import begin_attempt, clear_attempts
from services.gateway.identity.models import Account, Client, LoginName, RefreshToken
from services.gateway.identity.passwords import Passwords
from services.gateway.identity.sealing import Seal
from services.gateway.identity.signing import LocalIdentity
from shared.audit.record import Actor, record
from shared.auth.principal import Principal, PrincipalKind
from shared.db.base import DISTRICT_CODE
from shared.db.database import Database
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.text import Text

TOTP_USE = "totp"


class TokenRefused(Exception):
    """An OAuth error: its code, HTTP status, and what to tell the person."""

    def __init__(
        self, error: str, detail: Text, *, status: int = 400, retry_after: int | None = None
    ) -> None:
        super().__init__(error)
        self.error = error
        self.detail = detail
        self.status = status
        self.retry_after = retry_after


WRONG = Text(
    zh="登录名或密码不正确，或账户已停用。请核对后重试；忘记密码请联系本区管理员重置。",
    en="The login name or password is wrong, or the account is suspended. Check and try again; if "
    "you forgot the password, ask your district's administrator to reset it.",
)
REFRESH_WRONG = Text(
    zh="刷新令牌无效、已使用或已过期。请重新登录。",
    en="The refresh token is invalid, used or expired. Log in again.",
)
CLIENT_WRONG = Text(
    zh="client_id 或 client_secret 不正确，或该系统已停用。",
    en="The client_id or client_secret is wrong, or the client is suspended.",
)


@dataclass(frozen=True, slots=True)
class Issued:
    """Tokens given out; lifetimes in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str | None
    scope: str


@dataclass(frozen=True, slots=True)
class TokenDesk:
    """What issuing needs."""

    database: Database
    identity: LocalIdentity
    passwords: Passwords
    seal: Seal
    clock: Clock
    refresh_lifetime: timedelta

    async def by_password(self, login: str, password: str, totp: str | None, source: str) -> Issued:
        """Log a person in. Raises TokenRefused: the same for an unknown name and a wrong password."""
        now = self.clock.now()
        wait = await begin_attempt(self.database, login, source, now)
        if wait is not None:
            seconds = int(wait.total_seconds()) + 1
            raise TokenRefused(
                "temporarily_unavailable",
                Text(
                    zh=f"失败次数过多，请在 {seconds} 秒后再试。",
                    en=f"Too many failed attempts. Try again in {seconds} seconds.",
                ),
                status=429,
                retry_after=seconds,
            )
        async with self.database.installation() as session:
            place = await repository.login_directory(session, login)
        account = await self._account(place)
        right = await self.passwords.verify(account.password_hash if account else None, password)
        if account is None or not right or account.state != AccountState.ACTIVE:
            raise TokenRefused("invalid_grant", WRONG)
        self._check_second_factor(account, totp)
        await clear_attempts(self.database, login, source, now)
        async with self.database.transaction(account.district) as session:
            if account.password_hash and self.passwords.outdated(account.password_hash):
                locked = await repository.account_for_update(session, account.id)
                locked.password_hash = await self.passwords.hash(password)
            actor = Actor(account.district, "person", account.id)
            await record(session, actor, "session.opened", ("account", account.id))
            refresh = self._refresh_row(account.district, account.id, new_id())
            session.add(refresh[0])
            return await self._issue(session, account, refresh[1])

    async def by_refresh_token(self, token: str) -> Issued:
        """Rotate a refresh token. One that was used before ends its whole family: somebody has a
        copy of it."""
        district, identifier, secret = _parse(token)
        async with self.database.transaction(district) as session:
            row = await session.get(RefreshToken, (district, identifier), with_for_update=True)
            if row is None or not hmac.compare_digest(row.digest, _digest(secret)):
                raise TokenRefused("invalid_grant", REFRESH_WRONG)
            account = await repository.account_for_update(session, row.account_id)
            good = (
                row.revoked_at is None
                and row.expires_at > self.clock.now()
                and account.state == AccountState.ACTIVE
            )
            if row.used_at is None and good:
                row.used_at = self.clock.now()
                new = self._refresh_row(district, row.account_id, row.family)
                session.add(new[0])
                return await self._issue(session, account, new[1])
            if row.used_at is not None and row.revoked_at is None:
                await session.execute(
                    update(RefreshToken)
                    .where(RefreshToken.family == row.family)
                    .values(revoked_at=func.now())
                )
                await record(
                    session,
                    Actor.platform(district),
                    "session.reuse_detected",
                    ("account", row.account_id),
                )
        raise TokenRefused("invalid_grant", REFRESH_WRONG)

    async def by_client_credentials(
        self, client_id: str, client_secret: str, wanted: str | None, source: str
    ) -> Issued:
        """A token for a department's system, with all its scopes or the wanted ones among them."""
        refused = TokenRefused("invalid_client", CLIENT_WRONG, status=401)
        district, _, rest = client_id.partition("-")
        try:
            identifier = UUID(rest)
        except ValueError:
            raise refused from None
        if not DISTRICT_CODE.fullmatch(district):
            raise refused
        now = self.clock.now()
        if await begin_attempt(self.database, client_id, source, now) is not None:
            raise refused
        async with self.database.transaction(district) as session:
            client = await session.scalar(select(Client).where(Client.id == identifier))
            given = _digest(client_secret)
            known = await repository.good_secrets(session, identifier)
            if not any(hmac.compare_digest(secret.digest, given) for secret in known):
                raise refused
            if client is None or client.state != AccountState.ACTIVE:
                raise refused
            scopes = set(client.scopes)
            if wanted:
                if not set(wanted.split()) <= scopes:
                    raise TokenRefused(
                        "invalid_scope",
                        Text(
                            zh=f"申请的范围超出该系统的许可范围：{' '.join(client.scopes)}。",
                            en=f"More was asked than this client may: {' '.join(client.scopes)}.",
                        ),
                    )
                scopes = set(wanted.split())
            principal = Principal(
                subject=client.id,
                kind=PrincipalKind.CLIENT,
                district=district,
                grants=await repository.grants_of(session, self.clock.today(), client_id=client.id),
                scopes=frozenset(scopes),
            )
            generation = client.generation
        await clear_attempts(self.database, client_id, source, now)
        return Issued(
            access_token=self.identity.sign(principal, generation=generation),
            expires_in=self.identity.lifetime_seconds,
            refresh_token=None,
            scope=" ".join(sorted(scopes)),
        )

    async def revoke(self, token: str) -> None:
        """Log out (RFC 7009): end the family of a refresh token; an unknown one is no error."""
        try:
            district, identifier, secret = _parse(token)
        except TokenRefused:
            return
        async with self.database.transaction(district) as session:
            row = await session.get(RefreshToken, (district, identifier))
            if row is not None and hmac.compare_digest(row.digest, _digest(secret)):
                await session.execute(
                    update(RefreshToken)
                    .where(RefreshToken.family == row.family, RefreshToken.revoked_at.is_(None))
                    .values(revoked_at=func.now())
                )

    async def _account(self, place: LoginName | None) -> Account | None:
        if place is None:
            return None
        async with self.database.transaction(place.district) as session:
            return await session.scalar(select(Account).where(Account.id == place.account_id))

    def _check_second_factor(self, account: Account, totp: str | None) -> None:
        if not account.totp_confirmed or account.totp_secret is None:
            return
        if totp is None:
            raise TokenRefused(
                "mfa_required",
                Text(
                    zh="请同时提交验证器应用中的 6 位验证码（totp）。",
                    en="Send the 6-digit code of your authenticator app (totp) as well.",
                ),
            )
        secret = self.seal.open(account.totp_secret, TOTP_USE).decode()
        if not pyotp.TOTP(secret).verify(totp, for_time=self.clock.now(), valid_window=1):
            raise TokenRefused("invalid_grant", WRONG)

    def _refresh_row(
        self, district: str, account_id: UUID, family: UUID
    ) -> tuple[RefreshToken, str]:
        secret = secrets.token_urlsafe(32)
        row = RefreshToken(
            district=district,
            id=new_id(),
            family=family,
            account_id=account_id,
            digest=_digest(secret),
            expires_at=self.clock.now() + self.refresh_lifetime,
        )
        return row, f"{district}.{row.id.hex}.{secret}"

    async def _issue(self, session: AsyncSession, account: Account, refresh_token: str) -> Issued:
        principal = Principal(
            subject=account.id,
            kind=PrincipalKind.PERSON,
            district=account.district,
            grants=await repository.grants_of(
                session,
                self.clock.today(),
                account_id=account.id,
            ),
        )
        return Issued(
            access_token=self.identity.sign(principal, generation=account.generation),
            expires_in=self.identity.lifetime_seconds,
            refresh_token=refresh_token,
            scope="",
        )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _parse(token: str) -> tuple[str, UUID, str]:
    district, _, rest = token.partition(".")
    identifier, _, secret = rest.partition(".")
    try:
        if DISTRICT_CODE.fullmatch(district):
            return district, UUID(identifier), secret
    except ValueError:
        pass
    raise TokenRefused("invalid_grant", REFRESH_WRONG)
