"""A customer without a browser: walks the sandbox's real pages of the authorization over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STEPS = 20


def approve(
    url: str,
    *,
    user: str | None = None,
    password: str | None = None,
    accounts: Sequence[str] | None = None,
) -> str:
    """Logs in, consents to the accounts (all by default), and returns the URL that the customer
    comes back by.
    """
    return _walk(url, "approve", user, password, accounts)


def deny(url: str, *, user: str | None = None) -> str:
    """Logs in, refuses the consent, and returns the URL that the customer comes back by."""
    return _walk(url, "deny", user, None, None)


def _walk(
    url: str,
    decision: str,
    user: str | None,
    password: str | None,
    accounts: Sequence[str] | None,
) -> str:
    origin = _origin(url)
    with httpx.Client(headers={"accept": "text/html"}, trust_env=False) as http:
        info = http.get(f"{origin}/_sandbox/info").raise_for_status().json()
        users = {one["username"]: one for one in info["users"]}
        name = user or next(iter(users))
        secret = password or users[name]["password"]
        forms: dict[str, Callable[[str], Any]] = {
            "bank": lambda _: {"bank": info["banks"][0]["id"]},
            "login": lambda _: {"username": name, "password": secret},
            "code": lambda _: {"code": "246810"},
            "accounts": lambda page: {
                "account": list(accounts or re.findall(r'name="account" value="([^"]+)"', page))
            },
            "consent": lambda _: {"decision": decision},
        }
        response = http.get(url)
        for _ in range(_STEPS):
            location = response.headers.get("location")
            if location:
                url = urljoin(url, location)
                if _origin(url) != origin:
                    return url
                response = http.get(url)
                continue
            found = re.fullmatch(r"/connect/[^/]+/([^/]+)", urlsplit(url).path)
            form = forms.pop(found[1], None) if found else None
            if form is None or response.is_error:
                raise RuntimeError(f"the authorization stopped at {urlsplit(url).path}")
            response = http.post(url, data=form(response.text))
    raise RuntimeError(f"the authorization did not end within {_STEPS} steps")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
