"""Oakford's account-information (AISP, PSD2) API.

    from oakford_aisp import Client

`Client` blocks, `AsyncClient` is for asyncio; both are made from the same options. The code of each
is imported when it is used.
"""

from __future__ import annotations

from ._core import __version__

# `typing` is not imported, since that takes time.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._async_client import AsyncClient, AsyncListing, AsyncSession
    from ._client import Client, Listing, Session
    from ._platform import Certificate, PrivateKeyJwt
    from ._results import (
        BegunAuthorization,
        Consent,
        Page,
        PendingAuthorization,
        Replaced,
        SyncResult,
    )
    from .balances import pick_balance
    from .errors import (
        AbortError,
        AispError,
        ApiError,
        AuthorizationError,
        ConfigurationError,
        ConsentError,
        InternalError,
        NetworkError,
        OAuthError,
        RateLimitError,
        ResponseError,
        TimeoutError,  # noqa: A004
    )
    from .models import Account, Amount, Balance, Transaction
    from .money import Money
    from .stores import MemoryStore, RateLimitStore, TokenStore

_MODULES = {
    "_async_client": ("AsyncClient", "AsyncListing", "AsyncSession"),
    "_client": ("Client", "Listing", "Session"),
    "_platform": ("Certificate", "PrivateKeyJwt"),
    "_results": (
        "BegunAuthorization",
        "Consent",
        "Page",
        "PendingAuthorization",
        "Replaced",
        "SyncResult",
    ),
    "balances": ("pick_balance",),
    "errors": (
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
    ),
    "models": ("Account", "Amount", "Balance", "Transaction"),
    "money": ("Money",),
    "stores": ("MemoryStore", "RateLimitStore", "TokenStore"),
}
_LAZY = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "AbortError",
    "Account",
    "AispError",
    "Amount",
    "ApiError",
    "AsyncClient",
    "AsyncListing",
    "AsyncSession",
    "AuthorizationError",
    "Balance",
    "BegunAuthorization",
    "Certificate",
    "Client",
    "ConfigurationError",
    "Consent",
    "ConsentError",
    "InternalError",
    "Listing",
    "MemoryStore",
    "Money",
    "NetworkError",
    "OAuthError",
    "Page",
    "PendingAuthorization",
    "PrivateKeyJwt",
    "RateLimitError",
    "RateLimitStore",
    "Replaced",
    "ResponseError",
    "Session",
    "SyncResult",
    "TimeoutError",
    "TokenStore",
    "Transaction",
    "__version__",
    "pick_balance",
]


def __getattr__(name: str) -> Any:
    """Imports a part of the package when it is used."""
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
