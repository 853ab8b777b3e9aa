"""Instants as the engine writes them (RFC 3339), as aware datetimes."""

from __future__ import annotations

from datetime import datetime


def instant(text: str) -> datetime | None:
    """Returns an instant; None if the text is none that Python can hold."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:  # Python 3.10 takes three or six digits of a second only.
        whole, _, rest = text.partition(".")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        zone = rest[len(digits) :].replace("Z", "+00:00").replace("z", "+00:00")
        try:
            return datetime.fromisoformat(f"{whole}.{digits[:6]:0<6}{zone}")
        except ValueError:
            return None
