"""AES-256-GCM with named keys, bound to the row and field; and a keyed hash to search by."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.errors import Unavailable
from shared.kernel.text import Text

_NONCE_BYTES = 12
_KEY_BYTES = 32


class WrongKey(Unavailable):
    """The value was encrypted with a key that is not configured, or for another row or field."""

    default_code = "personal_data_unreadable"
    default_detail = Text(
        zh="该记录的个人信息暂时无法解密，未做任何更改。请告知运维人员：SHEQU_PERSONAL_DATA_KEYS 中缺少"
        "加密它时所用的密钥。",
        en="The personal data of this record cannot be decrypted at the moment and nothing was "
        "changed. Tell operations: SHEQU_PERSONAL_DATA_KEYS lacks the key it was encrypted with.",
    )


class PersonalData:
    """Encrypts and decrypts personal fields, and hashes ID numbers for look-up.

    `keys` is `id:base64,id:base64…`, the newest first: it encrypts, all of them decrypt, so a key
    is rotated by putting a new one in front and re-encrypting what lacks `current_prefix`. Each key and the
    look-up key have 32 bytes. Raises ValueError when a key is malformed.
    """

    def __init__(self, keys: str, lookup_key: str) -> None:
        self._ciphers: dict[bytes, AESGCM] = {}
        for entry in keys.split(","):
            identifier, _, encoded = entry.strip().partition(":")
            self._ciphers[identifier.encode()] = AESGCM(_key(encoded))
        self._current = next(iter(self._ciphers))
        self._lookup = _key(lookup_key)

    def encrypt(self, value: str, *, bound_to: bytes) -> bytes:
        """The value as `key id length, key id, nonce, ciphertext`; `bound_to` names row and field
        and must be the same to decrypt, so a value cannot be moved to another row."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, value.encode(), bound_to)
        return bytes([len(self._current)]) + self._current + nonce + sealed

    def decrypt(self, stored: bytes, *, bound_to: bytes) -> str:
        """The value. Raises WrongKey."""
        end = 1 + stored[0]
        cipher = self._ciphers.get(stored[1:end])
        if cipher is None:
            raise WrongKey
        try:
            nonce, sealed = stored[end : end + _NONCE_BYTES], stored[end + _NONCE_BYTES :]
            return cipher.decrypt(nonce, sealed, bound_to).decode()
        except InvalidTag:
            raise WrongKey from None

    def current_prefix(self) -> bytes:
        """How values encrypted with the newest key begin."""
        return bytes([len(self._current)]) + self._current

    def lookup(self, district: str, value: str) -> bytes:
        """The keyed hash (HMAC-SHA256) by which a value is found within its district."""
        return hmac.digest(self._lookup, f"{district}:{value}".encode(), hashlib.sha256)


def _key(encoded: str) -> bytes:
    key = base64.b64decode(encoded)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key for personal data must be 32 bytes in base64")
    return key
