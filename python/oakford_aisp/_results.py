"""What calls return, besides rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._instants import instant
from .errors import AispError, internal_error, make_error

if TYPE_CHECKING:
    from datetime import datetime

    from ._host import Call
    from .models import Transaction

T = TypeVar("T")


class PendingAuthorization(str):
    """An authorization that was begun: a text to keep from the redirect to the callback, such as in
    the session cookie.

    It is secret, completes once, and is the JSON that the npm package has as `pending`. `repr`
    hides it.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Shows no secret."""
        return "PendingAuthorization('[secret]')"


class BegunAuthorization:
    """Where the customer's browser goes, and what `complete_authorization` needs."""

    __slots__ = ("pending", "url")

    def __init__(self, url: str, pending: PendingAuthorization) -> None:
        """Keeps both."""
        self.url = url
        self.pending = pending

    def __repr__(self) -> str:
        """Shows no secret: the URL holds the state."""
        return "BegunAuthorization(url='[secret]', pending='[secret]')"


class Consent:
    """When the customer's consent ends."""

    __slots__ = ("expires_at",)

    def __init__(self, expires_at: datetime) -> None:
        """Keeps the instant."""
        self.expires_at = expires_at

    @property
    def days_left(self) -> int:
        """Whole days; 0 on the last day and after it."""
        from datetime import datetime, timezone

        return max(0, (self.expires_at - datetime.now(timezone.utc)).days)

    def __repr__(self) -> str:
        """Shows the instant."""
        return f"Consent(expires_at={self.expires_at.isoformat()!r})"


class Page(Generic[T]):
    """One page of a list."""

    __slots__ = ("checkpoint", "items", "next_cursor", "request_id", "status")

    def __init__(self, items: list[T], meta: dict[str, Any]) -> None:
        """Keeps the rows and what HTTP said."""
        #: The rows, in the server's order.
        self.items = items
        #: The server's cursor of the next page; None on the last.
        self.next_cursor: str | None = meta.get("nextCursor")
        #: From here a listing with the same parameters goes on. None on the last page.
        self.checkpoint: str | None = meta.get("checkpoint")
        #: The HTTP status.
        self.status: int = meta.get("status", 0)
        #: The `X-Request-ID` of the response.
        self.request_id: str | None = meta.get("requestId")

    def __repr__(self) -> str:
        """Shows how many rows there are."""
        return f"Page({len(self.items)} items, more={self.checkpoint is not None})"


class Replaced:
    """Which row took the place of a removed one."""

    __slots__ = ("by", "key")

    def __init__(self, key: str, by: str) -> None:
        """Keeps both keys."""
        self.key = key
        self.by = by

    def __repr__(self) -> str:
        """Shows both keys."""
        return f"Replaced(key={self.key!r}, by={self.by!r})"


class SyncResult:
    """What changed. Delete `removed`, then store `added` and `updated` by their `key`, with the
    checkpoint, in one transaction.
    """

    __slots__ = ("added", "checkpoint", "removed", "replaced", "updated")

    def __init__(self, pages: list[list[Transaction]], outcome: dict[str, Any]) -> None:
        """Puts the rows in the place of their indexes."""
        rows = [row for page in pages for row in page]
        #: Rows that are new.
        self.added: list[Transaction] = [rows[at] for at in outcome["added"]]
        #: Rows whose content changed, and bookings of rows that were pending.
        self.updated: list[Transaction] = [rows[at] for at in outcome["updated"]]
        #: Keys of rows that are gone.
        self.removed: list[str] = outcome["removed"]
        #: Which row took the place of a removed one.
        self.replaced = [Replaced(one["key"], rows[one["row"]].key) for one in outcome["replaced"]]
        #: For the next sync: fingerprints, without names, account numbers and amounts.
        self.checkpoint: str = outcome["checkpoint"]

    def __repr__(self) -> str:
        """Shows how many rows changed."""
        counts = (f"{name}={len(getattr(self, name))}" for name in ("added", "updated", "removed"))
        return f"SyncResult({', '.join(counts)})"


class SessionInfo:
    """What the engine shows of a session. It holds no token."""

    __slots__ = ("consent", "expires_at", "scope")

    def __init__(self, text: str) -> None:
        """Reads the engine's JSON."""
        shown = json.loads(text)
        self.expires_at = _instant(shown.get("expiresAt"))
        self.scope: list[str] = shown["scope"].split()
        ends = _instant(shown.get("consentExpiresAt"))
        self.consent = Consent(ends) if ends else None


def outcome(call: Call, checkpoint: str | None = None) -> Call:
    """Returns a call that succeeded; raises the error of one that failed."""
    failed = call.failed
    if failed is None:
        return call
    if isinstance(failed, BaseException):
        raise failed
    error: AispError = make_error(failed) if failed else internal_error()
    error.checkpoint = checkpoint
    raise error


def rate_limit(text: str) -> dict[str, Any]:
    """Returns the state of the rate limit, with instants as datetimes."""
    from .errors import snake_case

    state = json.loads(text)
    return {
        snake_case(name): instant(value) if isinstance(value, str) else value
        for name, value in state.items()
    }


def begun(text: str | None) -> BegunAuthorization:
    """Returns an authorization that was begun."""
    parsed = json.loads(str(text))
    pending = json.dumps(parsed["pending"], separators=(",", ":"))
    return BegunAuthorization(parsed["url"], PendingAuthorization(pending))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant(text)
