"""Signing secrets: made here, shown once, kept sealed."""

import base64
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.identity.public import Seal

_BYTES = 32


def new_secret() -> bytes:
    """A random key."""
    return secrets.token_bytes(_BYTES)


def written(secret: bytes) -> str:
    """A key as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def sealed(seal: Seal, webhook_id: UUID, secret: bytes) -> bytes:
    """A key as it is stored; it opens for this webhook only."""
    return seal.close(secret, _use(webhook_id))


def in_use(seal: Seal, webhook: Any, now: datetime) -> list[bytes]:
    """The keys that sign now, the newest first."""
    kept = [webhook.secret]
    if webhook.former_until is not None and webhook.former_until > now:
        kept.append(webhook.former_secret)
    return [seal.open(one, _use(webhook.id)) for one in kept]


def _use(webhook_id: UUID) -> str:
    return f"webhook {webhook_id}"
