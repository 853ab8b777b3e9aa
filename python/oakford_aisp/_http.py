"""One HTTP exchange, as far as it is the same in both hosts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._core import HEADERS, __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

# So much is read of the body of an error: enough for its JSON, or for a snippet.
ERROR_BYTES = 65_536

# The engine ends an attempt by its own timer; the sockets' limit comes after it.
GRACE_SECONDS = 1.0

_WANTED = {name.encode(): name for name in HEADERS}
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^\s";]+)', re.IGNORECASE)


class Exchange:
    """One exchange under way."""

    __slots__ = ("aborted", "phase", "stop")

    def __init__(self) -> None:
        self.aborted = False
        # How far it is (`Phase` of the engine).
        self.phase = "request"
        # Interrupts it.
        self.stop: Callable[[], object] | None = None

    def abort(self) -> None:
        """Ends the exchange, wherever it is."""
        self.aborted = True
        if self.stop:
            self.stop()


def header_fields(lines: str) -> list[tuple[str, str]]:
    """Returns the header fields of a request, one of which names this package."""
    fields = [("user-agent", f"oakford-aisp-python/{__version__}")]
    for line in lines.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name, value))
    return fields


def head_lines(response: httpx.Response) -> str:
    """Returns the header fields that the engine reads, one a line."""
    found: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name = _WANTED.get(raw_name.lower())
        if name is not None:
            value = raw_value.decode("latin-1").replace("\n", " ")
            found[name] = f"{found[name]}, {value}" if name in found else value
    return "".join(f"{name}:{value}\n" for name, value in found.items())


class Body:
    """The body of a response as it comes. Of a success at most `max_bytes` are taken, of an error
    as much as its JSON needs.
    """

    __slots__ = ("_chunks", "_cut", "_length", "_limit", "_type")

    def __init__(self, response: httpx.Response, max_bytes: int) -> None:
        self._cut = not 200 <= response.status_code <= 299
        self._limit = ERROR_BYTES if self._cut else max_bytes
        self._type = response.headers.get("content-type")
        self._chunks: list[bytes] = []
        self._length = 0

    def takes(self, chunk: bytes) -> bool:
        """Takes a chunk, and returns whether it takes more."""
        self._chunks.append(chunk)
        self._length += len(chunk)
        return self._length <= self._limit

    def read(self) -> bytes | None:
        """Returns the body in UTF-8; None if a success has too many bytes."""
        if self._length > self._limit and not self._cut:
            return None
        return in_utf8(b"".join(self._chunks)[: self._limit], self._type)


def in_utf8(body: bytes, content_type: str | None) -> bytes:
    """Returns a body in UTF-8, as JSON has to be (RFC 8259, section 8.1).

    A body of another encoding is converted: by its byte order mark, or if it says so and is no
    UTF-8.
    """
    marked = {b"\xfe\xff": "utf-16-be", b"\xff\xfe": "utf-16-le"}.get(body[:2])
    charset = marked
    if charset is None:
        match = _CHARSET.search(content_type or "")
        charset = match[1] if match else None
    if charset is None or charset.lower() in ("utf-8", "utf8"):
        return body
    try:
        if marked is None:
            try:
                body.decode()
                return body
            except UnicodeDecodeError:
                pass
        text = (body[2:] if marked else body).decode(charset, "replace")
        return text.encode("utf-8", "replace")
    except LookupError:  # A charset that Python does not know.
        return body


def phase_of(error: BaseException, phase: str) -> str:
    """Returns how far an exchange was that failed with `error`."""
    import httpx

    if phase != "request":
        return phase
    never_connected = (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
    )
    return "connect" if isinstance(error, never_connected) else phase
