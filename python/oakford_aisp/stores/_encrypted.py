"""Encryption at rest for any token store, by AES-GCM, as of the npm package."""

from __future__ import annotations

import base64
import binascii
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from oakford_aisp.errors import invalid_option

from ._ephemeral import is_ephemeral
from ._protocols import Entry

_NONCE_BYTES = 12
_TAG_BYTES = 16


class _Sealed:
    """The parts that both kinds of store share. Locks and counts are the inner store's."""

    def __init__(self, store: Any, key: bytes) -> None:
        if not isinstance(key, bytes) or len(key) not in (16, 24, 32):
            found = f"{len(key)} bytes" if isinstance(key, bytes) else type(key).__name__
            raise invalid_option("key", "16, 24 or 32 random bytes", found)
        self._store = store
        self._cipher = AESGCM(key)

    def __getattr__(self, name: str) -> Any:
        if name in ("lock", "acquire", "release", "never_blocks"):
            return getattr(self._store, name)
        raise AttributeError(name)

    def _seal(self, key: str, value: str | None) -> str | None:
        if value is None or is_ephemeral(key):
            return value
        nonce = os.urandom(_NONCE_BYTES)
        # The key's name is authenticated, so that no session can be put in another's place.
        sealed = self._cipher.encrypt(nonce, value.encode(), key.encode())
        return base64.b64encode(nonce + sealed).decode()

    def _open(self, key: str, entry: Any) -> Any:
        if entry is None or is_ephemeral(key):
            return entry
        value, version = entry
        # Without a value that the SDK can read; the version lets a new connection replace it.
        return Entry(self._opened(key, value) or "", version)

    def _opened(self, key: str, value: str) -> str | None:
        try:
            data = base64.b64decode(value, validate=True)
            if len(data) < _NONCE_BYTES + _TAG_BYTES:
                return None
            opened = self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], key.encode())
            return opened.decode()
        except (binascii.Error, ValueError, InvalidTag):
            return None

    def __repr__(self) -> str:
        """Shows no key."""
        return f"{type(self).__name__}({self._store!r})"


class EncryptedStore(_Sealed):
    """Encrypts what `store` keeps, with a random nonce for each write.

    Names of keys stay readable, as do marks, which hold no secret. What can't be decrypted, since
    the key is another one or the value was changed, is given as an entry that holds no session.
    """

    def __init__(self, store: Any, key: bytes) -> None:
        """Takes a token store and an AES key: 16, 24 or 32 random bytes, no passphrase."""
        super().__init__(store, key)

    def get(self, key: str, /) -> Entry | None:
        """Returns the entry of a key."""
        entry: Entry | None = self._open(key, self._store.get(key))
        return entry

    def compare_and_swap(self, key: str, version: str | None, value: str | None, /) -> bool:
        """Writes an entry if the stored version is still `version`."""
        swapped: bool = self._store.compare_and_swap(key, version, self._seal(key, value))
        return swapped


class AsyncEncryptedStore(_Sealed):
    """`EncryptedStore` over a store whose methods are coroutines."""

    def __init__(self, store: Any, key: bytes) -> None:
        """Takes a token store and an AES key: 16, 24 or 32 random bytes, no passphrase."""
        super().__init__(store, key)

    async def get(self, key: str, /) -> Entry | None:
        """Returns the entry of a key."""
        entry: Entry | None = self._open(key, await self._store.get(key))
        return entry

    async def compare_and_swap(self, key: str, version: str | None, value: str | None, /) -> bool:
        """Writes an entry if the stored version is still `version`."""
        swapped: bool = await self._store.compare_and_swap(key, version, self._seal(key, value))
        return swapped
