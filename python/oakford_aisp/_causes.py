"""What the platform's errors say, without what hangs on them: requests and header fields may hold
credentials.
"""

from __future__ import annotations

import errno

# The name, the message, and the code of the operating system if there is one.
Cause = tuple[str, str, "str | None"]

# The most links of a chain that are read.
_MOST = 5


def describe(error: BaseException | None) -> list[Cause]:
    """Returns what an error and its causes say, the outermost first."""
    causes: list[Cause] = []
    while error is not None and len(causes) < _MOST:
        number = getattr(error, "errno", None)
        code = errno.errorcode.get(number) if isinstance(number, int) else None
        causes.append((type(error).__name__, _message(error), code))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return causes


def _message(error: BaseException) -> str:
    try:
        return str(error)[:2000].encode("utf-8", "replace").decode()
    except Exception:  # An error of the application whose text can't be made.
        return ""
