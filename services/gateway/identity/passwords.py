"""Password hashing: argon2id in threads, only so many at a time."""

import secrets

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


class Passwords:
    """Hashes and verifies; a storm of logins waits here instead of starving everything else."""

    def __init__(self, parallel: int = 2) -> None:
        self._limiter = CapacityLimiter(parallel)

    async def hash(self, password: str) -> str:
        """The argon2id hash."""
        return await to_thread.run_sync(_HASHER.hash, password, limiter=self._limiter)

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Whether the password is right; takes as long for an account that does not exist."""

        def check() -> bool:
            try:
                return _HASHER.verify(hashed or _NOBODY, password) and hashed is not None
            except (Argon2Error, InvalidHashError):
                return False

        return await to_thread.run_sync(check, limiter=self._limiter)

    def outdated(self, hashed: str) -> bool:
        """Whether the hash was made with other parameters and should be renewed at login."""
        return _HASHER.check_needs_rehash(hashed)
