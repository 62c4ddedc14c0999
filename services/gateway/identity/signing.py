"""The keys that sign access tokens, and this process's view of what identity publishes."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import structlog
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity.models import LeastGeneration, SigningKey
from services.gateway.identity.sealing import Seal
from shared.auth.principal import Principal
from shared.auth.tokens import ALGORITHM, AUDIENCE, IdentitySnapshot, claims_of, subject_digest
from shared.db.database import Database
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id

PUBLISHED_AHEAD = timedelta(seconds=40)
"""How long a key is published before it signs; services fetch keys every ten seconds."""
REFRESH_SECONDS = 2.0
_USE = "signing-key"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Current:
    id: str
    private_key: ec.EllipticCurvePrivateKey


class LocalIdentity:
    """Signs tokens, and is the gateway's own identity source: read from the database every two
    seconds and at once after a change made by this process."""

    def __init__(
        self, database: Database, seal: Seal, *, issuer: str, lifetime_seconds: int, clock: Clock
    ) -> None:
        self._database = database
        self._seal = seal
        self._issuer = issuer
        self._lifetime = lifetime_seconds
        self._clock = clock
        self._current: _Current | None = None
        self._snapshot: IdentitySnapshot | None = None
        self._published: list[dict[str, Any]] = []
        self._task: asyncio.Task[None] | None = None

    def snapshot(self) -> IdentitySnapshot | None:
        """The newest snapshot read."""
        return self._snapshot

    @property
    def lifetime_seconds(self) -> int:
        """Life of an access token."""
        return self._lifetime

    def public_keys(self) -> list[dict[str, Any]]:
        """The JWKS: public keys that tokens in use may be signed with."""
        return self._published

    def sign(self, principal: Principal, *, generation: int) -> str:
        """An access token for the principal."""
        if self._current is None:
            raise RuntimeError("no signing key has been read yet")
        now = self._clock.now().timestamp()
        claims = claims_of(principal, generation=generation) | {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "iat": int(now),
            "exp": int(now) + self._lifetime,
            "jti": new_id().hex,
        }
        return jwt.encode(
            claims,
            self._current.private_key,
            algorithm=ALGORITHM,
            headers={"kid": self._current.id},
        )

    async def start(self) -> None:
        """Make the first key when there is none, read everything, and keep reading."""
        async with self._database.installation() as session:
            await session.execute(text("SELECT pg_advisory_xact_lock(7268902)"))
            current = await session.scalar(
                select(SigningKey.id).where(SigningKey.retired_at.is_(None))
            )
            if current is None:
                session.add(self._new_key())
        await self.refresh()
        self._task = asyncio.create_task(self._refresh_for_ever())

    async def stop(self) -> None:
        """End reading."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def refresh(self) -> None:
        """Read keys and revocations now."""
        taken_at = time.time()
        horizon = timedelta(seconds=self._lifetime + 60)
        async with self._database.installation() as session:
            keys = (
                await session.scalars(
                    select(SigningKey)
                    .where(
                        SigningKey.retired_at.is_(None)
                        | (SigningKey.retired_at > func.now() - horizon)
                    )
                    .order_by(SigningKey.retired_at.nulls_last())
                )
            ).all()
            now = (await session.execute(select(func.now()))).scalar_one()
            revoked = await session.execute(
                select(LeastGeneration.digest, LeastGeneration.generation).where(
                    LeastGeneration.changed_at > func.now() - horizon
                )
            )
            least = {row.digest: row.generation for row in revoked}
        signing = next(key for key in keys if key.retired_at is None or key.retired_at > now)
        if self._current is None or self._current.id != signing.id:
            self._current = _Current(signing.id, self._private(signing))
        self._published = [key.public_key for key in keys]
        self._snapshot = IdentitySnapshot(
            keys={key.id: jwt.PyJWK(key.public_key) for key in keys},
            least_generation=least,
            taken_at=taken_at,
        )

    async def rotate(self, session: AsyncSession) -> str:
        """Publish a new key at once, and sign with it once every service has had time to fetch it;
        tokens signed before stay good until they expire. Returns the new key's id."""
        await session.execute(text("SELECT pg_advisory_xact_lock(7268902)"))
        await session.execute(
            update(SigningKey)
            .where(SigningKey.retired_at.is_(None))
            .values(retired_at=func.now() + PUBLISHED_AHEAD)
        )
        key = self._new_key()
        session.add(key)
        await session.flush()
        return key.id

    def _new_key(self) -> SigningKey:
        private = ec.generate_private_key(ec.SECP256R1())
        identifier = new_id().hex
        public = jwt.algorithms.ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
        pem = private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return SigningKey(
            id=identifier,
            private_key=self._seal.close(pem, _USE),
            public_key={**public, "kid": identifier, "alg": ALGORITHM, "use": "sig"},
        )

    def _private(self, key: SigningKey) -> ec.EllipticCurvePrivateKey:
        loaded = serialization.load_der_private_key(
            self._seal.open(key.private_key, _USE), password=None
        )
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError("a signing key must be an elliptic curve key")
        return loaded

    async def _refresh_for_ever(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await self.refresh()
            except (SQLAlchemyError, OSError, ValueError) as error:
                log.warning("identity.refresh_failed", error=type(error).__name__)


async def publish_generation(session: AsyncSession, subject: UUID, generation: int) -> None:
    """Make every token of the subject with a lower generation void, in this transaction."""
    statement = insert(LeastGeneration).values(
        digest=subject_digest(subject), generation=generation
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[LeastGeneration.digest],
            set_={"generation": statement.excluded.generation, "changed_at": func.now()},
        )
    )
