"""Token stores and rate limit stores in Redis, with the layout of the npm package.

A process in Python and a process in Node share a session and a limit.
"""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Any

from oakford_aisp._options import well_formed
from oakford_aisp.errors import invalid_option

from ._ephemeral import expiry_of, is_ephemeral
from ._protocols import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    import redis
    import redis.asyncio

# A value is stored as its version, a line break, and the text.
_ENTRY = re.compile(r"([0-9A-Za-z-]+)\n")
# The version of anything else, which may be bytes that are no text.
_UNREADABLE = "unreadable"

# ARGV: the version, or nothing for an absent key; what to store, or nothing; its life in
# milliseconds, or nothing.
_SWAP = """
local stored = redis.call('GET', KEYS[1])
local version = stored and (string.match(stored, '^([%w-]+)\\n') or 'unreadable') or ''
if version ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1"""

# Counts a call, or returns the milliseconds to wait. The calls of a quota are the members of one
# sorted set. A call's score is the instant of its response by Redis's clock; before the response
# it is the end of the call's lease. A call counts in a window until the window's length after its
# score. ARGV: the call, its lease, then limit and length of each window.
_ACQUIRE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest, wait = 0, 0
for i = 3, #ARGV, 2 do
  local limit, length = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  longest = math.max(longest, length)
  if redis.call('ZCOUNT', KEYS[1], '(' .. (now - length), '+inf') >= limit then
    local last = tonumber(redis.call('ZREVRANGE', KEYS[1], limit - 1, limit - 1, 'WITHSCORES')[2])
    wait = math.max(wait, math.min(last, now) + length - now, 1)
  end
end
if wait == 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], math.ceil(longest + ARGV[2]))
end
return wait"""

# ARGV: the call, and 1 if it was sent.
_RELEASE = """
if ARGV[2] ~= '1' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
local time = redis.call('TIME')
return redis.call('ZADD', KEYS[1], 'XX', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])"""

# A mark outlives its end by so much, since clocks differ.
_GRACE_MS = 60_000


class _Layout:
    """The layout in Redis, and the arguments of the commands."""

    def __init__(self, client: Any, prefix: str, is_async: bool) -> None:
        if not callable(getattr(client, "eval", None)) or not callable(
            getattr(client, "get", None)
        ):
            raise invalid_option("client", "a client of redis-py", type(client).__name__)
        coroutines = "asyncio" in type(client).__module__
        if coroutines != is_async:
            expected = "redis.asyncio.Redis" if is_async else "redis.Redis"
            raise invalid_option("client", expected, "the other kind of client")
        self._client = client
        self._prefix = prefix

    def _swap(self, key: str, version: str | None, value: str | None) -> tuple[Any, ...]:
        stored = "" if value is None else f"{uuid.uuid4()}\n{value}"
        lasts = ""
        if value is not None and is_ephemeral(key):
            lasts = str(max(1, expiry_of(value) + _GRACE_MS - int(time.time() * 1000)))
        return _SWAP, 1, self._name(key), version or "", stored, lasts

    def _acquire(
        self, quota: str, windows: Sequence[tuple[int, float]], call: str, lease_ms: float
    ) -> tuple[Any, ...]:
        # Lua has no integers of its own, and reads these texts as numbers.
        flat = [text for limit, length in windows for text in (str(limit), _number(length))]
        return _ACQUIRE, 1, self._prefix + quota, call, _number(lease_ms), *flat

    def _release(self, quota: str, call: str, sent: bool) -> tuple[Any, ...]:
        return _RELEASE, 1, self._prefix + quota, call, "1" if sent else "0"

    def _name(self, key: str) -> str:
        return self._prefix + well_formed("key", key)

    def __repr__(self) -> str:
        """Shows the prefix, not the connection: its URL may hold a password."""
        return f"{type(self).__name__}(prefix={self._prefix!r})"


class RedisStore(_Layout):
    """Keeps sessions in Redis, by atomic compare-and-swap, for services that run in several
    processes.

    Which process renews a session is settled by leases that the SDK writes; they and the marks of
    completed authorizations expire by themselves, sessions do not. All processes over one Redis
    keep to the rate limit together.
    """

    def __init__(self, client: redis.Redis, *, prefix: str = "oakford-aisp:") -> None:
        """Takes a client of `redis-py`, which you make. `prefix` is put before every key."""
        super().__init__(client, prefix, False)

    def get(self, key: str, /) -> Entry | None:
        """Returns the entry of a key."""
        return _entry(self._client.get(self._name(key)))

    def compare_and_swap(self, key: str, version: str | None, value: str | None, /) -> bool:
        """Writes an entry if the stored version is still `version`."""
        return int(self._client.eval(*self._swap(key, version, value))) == 1

    def acquire(
        self, quota: str, windows: Sequence[tuple[int, float]], call: str, lease_ms: float, /
    ) -> float:
        """Counts a call, or returns the milliseconds to wait."""
        return float(self._client.eval(*self._acquire(quota, windows, call, lease_ms)))

    def release(self, quota: str, call: str, sent: bool, /) -> None:
        """Ends a call that was counted."""
        self._client.eval(*self._release(quota, call, sent))


class AsyncRedisStore(_Layout):
    """`RedisStore` for `AsyncClient`, over a client of `redis.asyncio`."""

    def __init__(self, client: redis.asyncio.Redis, *, prefix: str = "oakford-aisp:") -> None:
        """Takes a client of `redis.asyncio`, which you make. `prefix` is put before every key."""
        super().__init__(client, prefix, True)

    async def get(self, key: str, /) -> Entry | None:
        """Returns the entry of a key."""
        return _entry(await self._client.get(self._name(key)))

    async def compare_and_swap(self, key: str, version: str | None, value: str | None, /) -> bool:
        """Writes an entry if the stored version is still `version`."""
        return int(await self._client.eval(*self._swap(key, version, value))) == 1

    async def acquire(
        self, quota: str, windows: Sequence[tuple[int, float]], call: str, lease_ms: float, /
    ) -> float:
        """Counts a call, or returns the milliseconds to wait."""
        return float(await self._client.eval(*self._acquire(quota, windows, call, lease_ms)))

    async def release(self, quota: str, call: str, sent: bool, /) -> None:
        """Ends a call that was counted."""
        await self._client.eval(*self._release(quota, call, sent))


def _entry(stored: Any) -> Entry | None:
    if stored is None:
        return None
    if isinstance(stored, bytes):
        try:
            stored = stored.decode()
        except UnicodeDecodeError:
            return Entry("", _version_of(stored.decode("latin-1")))
    match = _ENTRY.match(stored)
    # What is no entry holds no session; with its version, a new connection can replace it.
    return Entry(stored[match.end() :], match[1]) if match else Entry("", _UNREADABLE)


def _version_of(text: str) -> str:
    """Returns the version that the script compares, also of a value that is no text."""
    match = _ENTRY.match(text)
    return match[1] if match else _UNREADABLE


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
