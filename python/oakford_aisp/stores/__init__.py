"""Where tokens are kept, and where processes count their calls together.

A session that one store wrote is read by every other process over it, in Python or Node: the
layouts are those of the npm package.
"""

from __future__ import annotations

from ._memory import MemoryStore
from ._protocols import (
    AsyncRateLimitStore,
    AsyncTokenStore,
    Entry,
    RateLimitStore,
    TokenStore,
)

__all__ = [
    "AsyncRateLimitStore",
    "AsyncTokenStore",
    "Entry",
    "MemoryStore",
    "RateLimitStore",
    "TokenStore",
]
