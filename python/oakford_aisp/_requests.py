"""The arguments of the engine's methods, the same for `Client` and `AsyncClient`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ._options import NO_OPTIONS, call_only, split, text, to_json
from .errors import invalid_option

if TYPE_CHECKING:
    from collections.abc import Mapping

# method, key, a, b, c, options
Arguments = tuple[str, "str | None", "str | None", "str | None", "str | None", str]

_BEGIN_OPTIONS = (
    "scope",
    "prompt",
    "login_hint",
    "acr_values",
    "claims",
    "authorization_details",
    "pending_lifetime",
    "timeout",
    "deadline",
    "priority",
    "psu",
)


def begin(options: Mapping[str, Any]) -> Arguments:
    """`begin_authorization`."""
    for name in options:
        if name not in _BEGIN_OPTIONS:
            raise TypeError(f"got an unexpected keyword argument {name!r}")
    call, rest = split(options)
    return "beginAuthorization", "", rest, None, None, call


def complete(
    callback_url: object, pending: object, key: object, options: Mapping[str, Any]
) -> Arguments:
    """`complete_authorization`."""
    kept = json.dumps(pending) if isinstance(pending, dict) else text("pending", pending)
    url = text("callback_url", str(callback_url) if callback_url is not None else None)
    return "completeAuthorization", text("key", key), url, kept, None, call_only(options)


def restore(key: object) -> Arguments:
    """`session`."""
    return "session", text("key", key), None, None, None, NO_OPTIONS


def plain(method: str, key: str, options: Mapping[str, Any]) -> Arguments:
    """A method of a session without arguments."""
    return method, key, None, None, None, call_only(options)


def of_account(method: str, key: str, account_id: object, options: Mapping[str, Any]) -> Arguments:
    """A method that reads one thing of an account."""
    return method, key, text("account_id", account_id), NO_OPTIONS, None, call_only(options)


def sync(key: str, account_id: object, checkpoint: object, options: Mapping[str, Any]) -> Arguments:
    """`sync`."""
    rest = to_json({"checkpoint": checkpoint})
    return "sync", key, text("account_id", account_id), rest, None, call_only(options)


def listing(
    method: str,
    key: str,
    account_id: object,
    query: Mapping[str, Any],
    options: Mapping[str, Any],
) -> Arguments:
    """A list; `c` is the checkpoint of the page."""
    id_ = "" if method == "accounts" else text("account_id", account_id)
    return method, key, id_, to_json(query), None, call_only(options)


def at_checkpoint(arguments: Arguments, checkpoint: str | None) -> Arguments:
    """Returns the arguments for the page at a checkpoint."""
    method, key, a, b, _, options = arguments
    return method, key, a, b, checkpoint, options


def logout(post_logout_redirect_uri: str | None, state: str | None) -> str:
    """`logout_url`."""
    return to_json({"post_logout_redirect_uri": post_logout_redirect_uri, "state": state})


def most(limit: object) -> int:
    """Returns the limit of `all`."""
    if isinstance(limit, int) and not isinstance(limit, bool) and limit >= 1:
        return limit
    found = str(limit) if isinstance(limit, int) else type(limit).__name__
    raise invalid_option("limit", "an integer ≥ 1", found)


def calls(number: object) -> int:
    """Returns the number of calls that `rate_limit_estimate` is about."""
    if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
        return min(number, 2**32 - 1)
    found = str(number) if isinstance(number, int) else type(number).__name__
    raise invalid_option("calls", "an integer ≥ 0", found)
