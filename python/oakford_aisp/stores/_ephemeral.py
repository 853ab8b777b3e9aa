"""Short-lived entries that the engine stores beside the sessions.

`used:…` says that an authorization was completed, `lease:…` that a refresh is under way. Their
values open with their expiry in milliseconds since the epoch, after which a store may delete them.
They hold no secret.
"""

from __future__ import annotations

import re

_EXPIRY = re.compile(r"\s*(\d+)")


def is_ephemeral(key: str) -> bool:
    """Returns whether the entry of `key` expires."""
    return key.startswith(("used:", "lease:"))


def expiry_of(value: str) -> int:
    """Returns the instant after which an ephemeral entry may be deleted."""
    match = _EXPIRY.match(value)
    return int(match[1]) if match else 0
