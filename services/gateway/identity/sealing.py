"""Encrypts the gateway's own secrets at rest: signing keys and TOTP secrets (AES-256-GCM)."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class Seal:
    """One 32-byte key, given in base64. What is sealed for one use cannot be opened for another."""

    def __init__(self, key: str) -> None:
        raw = base64.b64decode(key)
        if len(raw) != 32:
            raise ValueError("SHEQU_SIGNING_KEY_SECRET must be 32 bytes in base64")
        self._cipher = AESGCM(raw)

    def close(self, content: bytes, use: str) -> bytes:
        """Encrypt."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, use.encode())

    def open(self, sealed: bytes, use: str) -> bytes:
        """Decrypt. Raises ValueError when it was sealed with another key or for another use."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], use.encode())
        except InvalidTag:
            raise ValueError("sealed with another key or for another use") from None
