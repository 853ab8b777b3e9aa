"""The errors of this package.

The engine decides what went wrong; this module gives it a class. No error shows a token, secret,
code, verifier, or an unmasked IBAN or card number, neither in its text nor in an attribute or
cause. `docs/errors.md` lists the codes.
"""

from __future__ import annotations

import builtins
import json
import re
from typing import TYPE_CHECKING, Any

from ._error_codes import INTERNAL_ERROR, INVALID_OPTION

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "AbortError",
    "AispError",
    "ApiError",
    "AuthorizationError",
    "ConfigurationError",
    "ConsentError",
    "InternalError",
    "NetworkError",
    "OAuthError",
    "RateLimitError",
    "ResponseError",
    "TimeoutError",
]


class AispError(Exception):
    """The base of all errors of this package."""

    #: A stable code, listed in `docs/errors.md`, or the server's own.
    code: str
    #: The server's code, if it is one of this SDK's own: then `code` is `http_` and the status, or
    #: `authorization_refused`.
    server_code: str | None
    #: What is wrong and what to do.
    message: str
    #: The HTTP status, if the server answered.
    status: int | None
    #: The `X-Request-ID` of the exchange: name it to support.
    request_id: str | None
    #: Whether the same call may succeed later without a change.
    retryable: bool
    #: Whether the customer has to go through the authorization again.
    reauth_required: bool
    #: Whether the server may have acted on the request: `no`, `yes` or `unknown`.
    request_sent: str
    #: How many requests were sent for the call.
    attempts: int
    #: Where a listing that failed goes on: pass it as `checkpoint`.
    checkpoint: str | None
    #: The option, argument or place in the body that is wrong.
    path: str | None
    #: What was expected there.
    expected: str | None
    #: What was found there: a type or a fault in words, never a value that may be secret.
    found: str | None

    def __init__(self, details: dict[str, Any]) -> None:
        """Makes the error that `details` describe. Tests of an application may make one to see how
        it is handled.
        """
        self.message = str(details.get("message", ""))
        super().__init__(self.message)
        self._details = details
        self.code = details["code"]
        self.server_code = details.get("serverCode")
        self.status = details.get("status")
        self.request_id = details.get("requestId")
        self.retryable = details.get("retryable", False)
        self.reauth_required = details.get("reauthRequired", False)
        self.request_sent = details.get("requestSent", "no")
        self.attempts = details.get("attempts", 0)
        self.checkpoint = None
        self.path = details.get("path")
        self.expected = details.get("expected")
        self.found = details.get("found")

    @property
    def help(self) -> str:
        """Where the documentation explains the code: a path in this project, such as
        `docs/errors.md#consent_expired`. The anchor of a code `http_` and a status is
        `http_status`; a server's code that is not known there has none.
        """
        return f"docs/errors.md#{re.sub(r'^http_[0-9]+$', 'http_status', self.code)}"

    @property
    def timestamp(self) -> datetime | None:
        """When the server says that it happened."""
        return _instant(self._details.get("timestamp"))

    @property
    def retry_at(self) -> datetime | None:
        """When to try again, if the server gave a time or the wait does not fit before the call's
        deadline.
        """
        return _instant(self._details.get("retryAt"))

    def __str__(self) -> str:
        """Returns what is wrong and what to do."""
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """Lets errors pass between processes."""
        return type(self), (self._details,), {"checkpoint": self.checkpoint}


class ConfigurationError(AispError, ValueError):
    """An option or argument is wrong, or a store failed. Nothing was sent."""


class AuthorizationError(AispError):
    """The callback of an authorization is a refusal, forged, stale or used."""


class OAuthError(AispError):
    """The token, pushed-authorization or revocation endpoint refused. `code` is the server's (RFC
    6749, section 5.2).
    """


class ApiError(AispError):
    """The API answered with an error. `code` is the server's."""


class RateLimitError(ApiError):
    """Too many requests: the server says so (429), or the wait does not fit before the deadline
    (`rate_limit_wait`).
    """


class ConsentError(ApiError):
    """The consent expired, was revoked, or the bank wants strong authentication."""


class NetworkError(AispError, ConnectionError):
    """No answer came, or it broke off."""


class TimeoutError(AispError, builtins.TimeoutError):  # noqa: A001
    """An attempt (`timeout`) or the whole call (`deadline_exceeded`) took too long."""


class AbortError(AispError):
    """The call was cancelled, such as by the close of its client."""


class ResponseError(AispError):
    """The answer is not what the contract says; `path`, `expected` and `found` say where."""


class InternalError(AispError):
    """A defect of this package. The client goes on working."""


_CLASSES: dict[str, type[AispError]] = {name: globals()[name] for name in __all__}
_CAMEL = re.compile(r"(?<![\w.])[a-z]+(?:[A-Z0-9][a-z]+)+\b")
_BOUNDARY = re.compile(r"(?<=[a-zA-Z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])")


class Cause(Exception):  # noqa: N818 It is no error of its own.
    """One link of a cause chain: what the platform's error said, redacted."""

    def __init__(self, name: str, message: str, code: str | None) -> None:
        """Makes a link."""
        super().__init__(f"{name}: {message}" if message else name)
        self.name = name
        self.code = code


def make_error(text: str) -> AispError:
    """Makes the error that the engine describes as JSON."""
    details = json.loads(text)
    kind = _CLASSES.get(details["class"], InternalError)
    if kind in (ConfigurationError, AuthorizationError, ResponseError):
        # These texts speak of options and methods, whose names have another form here.
        for name in ("message", "path", "expected"):
            if name in details:
                details[name] = _CAMEL.sub(lambda match: snake_case(match[0]), details[name])
        if details.get("path") == "fetch":  # What presents the certificate is not called so here.
            details["path"] = "certificate"
            details["message"] = details["message"].replace("fetch:", "certificate:", 1)
    causes = details.pop("causes", [])
    error = kind(details)
    chained: BaseException | None = None
    for cause in reversed(causes):
        link = Cause(cause["name"], cause["message"], cause.get("code"))
        link.__cause__ = chained
        chained = link
    error.__cause__ = chained
    return error


def invalid_option(path: str, expected: str, found: str) -> ConfigurationError:
    """Makes the error of a wrong option or argument that the host notices."""
    message = INVALID_OPTION["message"].replace("{}", f"{path}: expected {expected}, found {found}")
    return ConfigurationError(
        {**INVALID_OPTION, "message": message, "path": path, "expected": expected, "found": found}
    )


def internal_error(cause: BaseException | None = None) -> InternalError:
    """Makes the error of a defect."""
    detail = f": {type(cause).__name__}" if cause else ""
    error = InternalError(
        {**INTERNAL_ERROR, "message": INTERNAL_ERROR["message"].replace("{}", detail)}
    )
    error.__cause__ = cause
    return error


def snake_case(name: str) -> str:
    """Returns the name that an option of the engine has here."""
    return _BOUNDARY.sub("_", name).lower()


def _instant(text: str | None) -> datetime | None:
    from ._instants import instant

    return None if text is None else instant(text)
