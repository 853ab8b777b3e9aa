"""Where tokens are kept, and where processes count their calls together.

A session that one store wrote is read by every other process over it, in Python or Node: the
layouts are those of the npm package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._memory import MemoryStore
from ._protocols import (
    AsyncRateLimitStore,
    AsyncTokenStore,
    Entry,
    RateLimitStore,
    TokenStore,
)

if TYPE_CHECKING:
    from ._encrypted import AsyncEncryptedStore, EncryptedStore
    from ._file import FileStore
    from ._redis import AsyncRedisStore, RedisStore

__all__ = [
    "AsyncEncryptedStore",
    "AsyncRateLimitStore",
    "AsyncRedisStore",
    "AsyncTokenStore",
    "EncryptedStore",
    "Entry",
    "FileStore",
    "MemoryStore",
    "RateLimitStore",
    "RedisStore",
    "TokenStore",
]

_LAZY = {
    "AsyncEncryptedStore": "_encrypted",
    "AsyncRedisStore": "_redis",
    "EncryptedStore": "_encrypted",
    "FileStore": "_file",
    "RedisStore": "_redis",
}


def __getattr__(name: str) -> Any:
    """Imports a store when it is used, with what it needs."""
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{module}", __name__), name)
