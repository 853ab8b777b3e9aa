"""Options as the engine reads them: JSON with the names that JavaScript has."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from .errors import invalid_option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import NotRequired


class Environment(TypedDict):
    """A server of one's own."""

    #: The base URL of the API: https, or http on loopback and the hosts of `allow_insecure_hosts`.
    base_url: str
    #: The issuer of the authorization server. Default: the base URL's origin.
    issuer: NotRequired[str]


class RateLimits(TypedDict, total=False):
    """The rate limits to keep to."""

    #: Calls in any 60 seconds.
    per_minute: int
    #: Calls in any 10 seconds.
    per_10_seconds: int


class Psu(TypedDict, total=False):
    """Says that the customer is present; banks allow four unattended reads of an account a day."""

    #: The customer's IP address as your server sees it.
    ip_address: str
    #: The customer's browser.
    user_agent: str


class CallOptions(TypedDict, total=False):
    """What every call takes."""

    #: The longest that one attempt may take, in seconds. Default: the client's.
    timeout: float
    #: The longest that the whole call may take, in seconds. Default: the client's.
    deadline: float
    #: Calls for a waiting person go before calls in the background. Default: `interactive`.
    priority: Literal["interactive", "background"]
    #: The customer who is present.
    psu: Psu


class DetailedAccount(TypedDict, total=False):
    """An account as the bank or the API knows it."""

    iban: str
    bban: str
    account_id: str
    currency: str


class AuthorizationDetails(TypedDict, total=False):
    """A rich authorization request (RFC 9396, type `account_information`)."""

    #: Default: the customer chooses.
    accounts: Sequence[DetailedAccount]
    #: Whether balances may be read. Default: true.
    balances: bool
    #: Whether transactions may be read. Default: true.
    transactions: bool
    #: The last day of the consent, `YYYY-MM-DD`. Default: the bank's longest.
    valid_until: str


class AuthorizationOptions(CallOptions, total=False):
    """What `begin_authorization` takes."""

    #: Instead of the client's `scope`.
    scope: Sequence[str]
    #: OpenID Connect `prompt`.
    prompt: str
    #: OpenID Connect `login_hint`.
    login_hint: str
    #: The ways of authentication of which the ID token has to name one.
    acr_values: Sequence[str]
    #: OpenID Connect `claims`, with the names of the wire.
    claims: Mapping[str, Any]
    #: What of which accounts, until when.
    authorization_details: AuthorizationDetails | Sequence[AuthorizationDetails]
    #: How long the authorization may take, in seconds. Default: ten minutes.
    pending_lifetime: float


# Times are seconds here and milliseconds in the engine.
_SECONDS = {
    "timeout": "timeoutMs",
    "deadline": "deadlineMs",
    "pending_lifetime": "pendingLifetimeMs",
}
_CALL_OPTIONS = ("timeout", "deadline", "priority", "psu")
# Its names are those of the wire.
_AS_IT_IS = ("claims",)
# No option is nested deeper; an object that holds itself is.
_DEEPEST = 64

NO_OPTIONS = "{}"


def split(options: Mapping[str, Any]) -> tuple[str, str]:
    """Splits what a caller passed into the call's own options and the rest, both as JSON. None
    counts as absent.
    """
    if not options:
        return NO_OPTIONS, NO_OPTIONS
    call = {name: value for name, value in options.items() if name in _CALL_OPTIONS}
    rest = {name: value for name, value in options.items() if name not in _CALL_OPTIONS}
    return to_json(call), to_json(rest)


def call_only(options: Mapping[str, Any]) -> str:
    """Returns the options of a call that takes no others, as JSON."""
    for name in options:
        if name not in _CALL_OPTIONS:
            raise TypeError(f"got an unexpected keyword argument {name!r}")
    return to_json(options) if options else NO_OPTIONS


def to_json(options: Mapping[str, Any]) -> str:
    """Returns options as JSON, with the names that the engine has."""
    return json.dumps(_plain(options, ""), ensure_ascii=False)


def _plain(options: Mapping[str, Any], path: str) -> dict[str, Any]:
    plain = {}
    for name, value in options.items():
        if value is None:
            continue
        at = f"{path}.{name}" if path else str(name)
        if name in _SECONDS:
            plain[_SECONDS[name]] = milliseconds(at, value)
        elif name in _AS_IT_IS:
            plain[name] = _value(value, at, _members)
        else:
            plain[camel_case(text(at, name))] = _value(value, at, _plain)
    return plain


def _members(options: Mapping[str, Any], path: str) -> dict[str, Any]:
    return {
        text(path, name): _value(value, f"{path}.{name}", _members)
        for name, value in options.items()
    }


def _value(value: Any, path: str, mapping: Callable[[Any, str], dict[str, Any]]) -> Any:
    if path.count(".") + path.count("[") > _DEEPEST:
        raise invalid_option(path[:80], "a value that JSON can hold", "an object that holds itself")
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return well_formed(path, value)
    if isinstance(value, float):
        if math.isfinite(value):
            return value
    elif isinstance(value, dict) or hasattr(value, "items"):
        return mapping(value, path)
    elif isinstance(value, (list, tuple, set, frozenset)):
        return [_value(item, f"{path}[{index}]", mapping) for index, item in enumerate(value)]
    elif hasattr(value, "isoformat") and not hasattr(value, "hour"):
        return value.isoformat()  # A date.
    raise invalid_option(path, "a value that JSON can hold", type(value).__name__)


def milliseconds(path: str, seconds: object) -> int:
    """Returns a time in milliseconds, at least one."""
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 < seconds < 1e12:
        return max(1, math.ceil(seconds * 1000))
    found = str(seconds) if isinstance(seconds, (int, float)) else type(seconds).__name__
    raise invalid_option(path, "a number of seconds greater than 0", found)


def text(path: str, value: object) -> str:
    """Returns a string that the caller must give."""
    if isinstance(value, str) and value:
        return well_formed(path, value)
    found = "an empty string" if value == "" else type(value).__name__
    raise invalid_option(path, "a string that is not empty", found)


def well_formed(path: str, value: str) -> str:
    """Returns a string that UTF-8 can hold."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise invalid_option(path, "a well-formed string", "half of a UTF-16 pair") from None
    return value


def camel_case(name: str) -> str:
    """Returns the name that an option has in the engine."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
