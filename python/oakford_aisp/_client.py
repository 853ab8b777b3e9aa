"""The client whose calls block, and its sessions and lists."""

from __future__ import annotations

import json
import weakref
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from . import _requests as requests
from ._host import clocks
from ._platform import Certificate, Platform, PrivateKeyJwt
from ._results import (
    BegunAuthorization,
    Consent,
    Page,
    SessionInfo,
    SyncResult,
    begun,
    outcome,
    rate_limit,
)
from ._sync_host import Pending, SyncHost, running, sync_host
from .errors import internal_error, make_error
from .stores import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    import httpx
    import pandas
    import polars
    import pyarrow
    from typing_extensions import Self, Unpack

    from ._host import Call
    from ._options import AuthorizationOptions, CallOptions, Environment, RateLimits
    from ._requests import Arguments
    from .models import Account, Balance, Record, Transaction
    from .stores import RateLimitStore, TokenStore

T = TypeVar("T", bound="Record")


class Client:
    """A client: begins and completes authorizations, and finds sessions again. It may be shared by
    threads.
    """

    def __init__(
        self,
        *,
        environment: Literal["sandbox", "production"] | Environment,
        client_id: str,
        redirect_uri: str,
        client_secret: str | None = None,
        client_auth: Literal["client_secret_basic", "client_secret_post", "none", "tls_client_auth"]
        | PrivateKeyJwt
        | None = None,
        profile: Literal["oauth2", "fapi2"] | None = None,
        dpop: object = None,
        scope: Sequence[str] | None = None,
        token_store: TokenStore | None = None,
        rate_limit_store: RateLimitStore | None = None,
        http_client: httpx.Client | None = None,
        certificate: Certificate | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        max_body_bytes: int | None = None,
        rate_limit: Literal[False] | RateLimits | None = None,
        allow_insecure_hosts: Sequence[str] | None = None,
        on_event: Callable[[dict[str, Any]], object] | None = None,
    ) -> None:
        """Checks the options; nothing is sent before the first call. `docs/quickstart-python.md`
        shows how to begin.

        `dpop` is True, or a private key (PEM, JWK or an object of `cryptography`) that processes
        share. `timeout` and `deadline` are seconds: of one attempt (30), and of a whole call with
        its waits (120).
        """
        options: Mapping[str, Any] = {
            "environment": environment,
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "profile": profile,
            "scope": scope,
            "timeout": timeout,
            "deadline": deadline,
            "max_retries": max_retries,
            "max_body_bytes": max_body_bytes,
            "rate_limit": rate_limit,
            "allow_insecure_hosts": allow_insecure_hosts,
        }
        self._platform = Platform(
            options,
            client_secret=client_secret,
            client_auth=client_auth,
            dpop=dpop,
            token_store=MemoryStore() if token_store is None else token_store,
            rate_limit_store=rate_limit_store,
            http_client=http_client,
            certificate=certificate,
            on_event=on_event,
            is_async=False,
        )
        self._finalizer = weakref.finalize(self, _forget, self._platform)
        self._finalizer.atexit = False

    def begin_authorization(self, **options: Unpack[AuthorizationOptions]) -> BegunAuthorization:
        """Begins an authorization (RFC 6749, section 4.1.1; RFC 7636; in the profile `fapi2`
        pushed, RFC 9126).
        """
        return begun(self._call(requests.begin(options)).text)

    def complete_authorization(
        self,
        callback_url: str,
        pending: str | Mapping[str, Any],
        *,
        key: str = "default",
        **options: Unpack[CallOptions],
    ) -> Session:
        """Completes an authorization and stores the session under `key`, where it replaces an
        earlier one.

        `callback_url` is the whole URL that the customer came back by.
        """
        call = self._call(requests.complete(callback_url, pending, key, options))
        return Session(self, key, SessionInfo(str(call.text)))

    def session(self, key: str = "default") -> Session | None:
        """Returns the session that is stored under `key`; None if there is none."""
        info = self._call(requests.restore(key)).text
        return None if info is None else Session(self, key, SessionInfo(info))

    def rate_limit_state(self) -> dict[str, Any]:
        """Returns the rate limit and the queue now: `limit`, `remaining`, `resets_at`, `queued`,
        `paused_until`, `probe_at`.
        """
        text: str = self._ask(lambda host, number: host.engine.rate_limit_state(number, *clocks()))
        return rate_limit(text)

    def rate_limit_estimate(self, calls: int, *, background: bool = False) -> float:
        """Returns in how many seconds so many further calls would all have been sent, behind those
        that wait already.
        """
        count = requests.calls(calls)
        milliseconds: float = self._ask(
            lambda host, number: host.engine.rate_limit_estimate(
                number, count, background, *clocks()
            )
        )
        return milliseconds / 1000

    def debug_bundle(self) -> dict[str, Any]:
        """Returns what support needs to know: versions, options and the newest events, as plain
        data without secrets.
        """
        events: str = self._ask(lambda host, number: host.engine.recent_events(number))
        return self._platform.bundle(events, self.rate_limit_state())

    def close(self) -> None:
        """Cancels the calls that have not ended, and closes connections. A later call opens them
        again.
        """
        host = running()
        if host:
            host.ask(lambda: host.forget_client(self._platform))

    def __enter__(self) -> Self:
        """Returns the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the client."""
        self.close()

    def __repr__(self) -> str:
        """Shows no secret."""
        return f"Client(client_id={self._platform.client_id!r})"

    def _begin(self, arguments: Arguments) -> Pending:
        return sync_host().call(self._platform, arguments)

    def _call(self, arguments: Arguments) -> Call:
        return outcome(_ended(self._begin(arguments)))

    def _ask(self, work: Callable[[SyncHost, int], Any]) -> Any:
        host = sync_host()
        return host.ask(lambda: work(host, host.number(self._platform)))


class Session:
    """A customer's session, with which accounts are read. It shows no token."""

    def __init__(self, client: Client, key: str, info: SessionInfo) -> None:
        """Made by `complete_authorization` and `Client.session`."""
        self._client = client
        self._key = key
        self._info = info

    @property
    def key(self) -> str:
        """The key under which the token store holds it."""
        return self._key

    @property
    def expires_at(self) -> datetime | None:
        """When the access token ends, if the server said so. It is renewed by itself."""
        return self._show().expires_at

    @property
    def scope(self) -> list[str]:
        """The scope that was granted."""
        return self._show().scope

    @property
    def consent(self) -> Consent | None:
        """When the customer's consent ends; None until the server gives it, with the tokens or with
        `accounts()`.
        """
        return self._show().consent

    def accounts(
        self,
        *,
        limit: int | None = None,
        with_balances: bool | None = None,
        checkpoint: str | None = None,
        max_pages: int | None = None,
        **options: Unpack[CallOptions],
    ) -> Listing[Account]:
        """Lists the accounts that the customer consented to. `limit`: rows on a page, 1 to 500."""
        query = {
            "limit": limit,
            "with_balances": with_balances,
            "checkpoint": checkpoint,
            "max_pages": max_pages,
        }
        return self._list("accounts", None, query, options)

    def account(self, account_id: str, **options: Unpack[CallOptions]) -> Account:
        """Reads one account; an unknown one is an `ApiError` with `account_not_found`."""
        call = self._call(requests.of_account("account", self._key, account_id, options))
        account: Account = call.rows[0][0]
        return account

    def balances(self, account_id: str, **options: Unpack[CallOptions]) -> Listing[Balance]:
        """Lists an account's balances, always one page. `pick_balance` picks one of them."""
        return self._list("balances", account_id, {}, options)

    def transactions(
        self,
        account_id: str,
        *,
        date_from: date | str | None = None,
        date_to: date | str | None = None,
        status: Literal["booked", "pending", "all"] | None = None,
        limit: int | None = None,
        checkpoint: str | None = None,
        max_pages: int | None = None,
        **options: Unpack[CallOptions],
    ) -> Listing[Transaction]:
        """Lists an account's transactions. `limit`: rows on a page, 1 to 500; `checkpoint`: of a
        page, where the list goes on.
        """
        query = {
            "date_from": date_from,
            "date_to": date_to,
            "status": status,
            "limit": limit,
            "checkpoint": checkpoint,
            "max_pages": max_pages,
        }
        return self._list("transactions", account_id, query, options)

    def sync(
        self, account_id: str, *, checkpoint: str | None = None, **options: Unpack[CallOptions]
    ) -> SyncResult:
        """Returns what changed in an account's transactions since `checkpoint`; without one
        everything is `added`.
        """
        call = self._call(requests.sync(self._key, account_id, checkpoint, options))
        return SyncResult(call.rows, json.loads(str(call.text)))

    def refresh(self, **options: Unpack[CallOptions]) -> None:
        """Renews the tokens now (RFC 6749, section 6). Calls do so by themselves when it is due."""
        self._call(requests.plain("refresh", self._key, options))

    def userinfo(self, **options: Unpack[CallOptions]) -> dict[str, Any]:
        """Returns what the bank says of the customer (OpenID Connect Core, section 5.3). Needs the
        scope `openid`.
        """
        call = self._call(requests.plain("userInfo", self._key, options))
        claims: dict[str, Any] = json.loads(str(call.text))
        return claims

    def logout_url(
        self, *, post_logout_redirect_uri: str | None = None, state: str | None = None
    ) -> str:
        """Returns the URL that logs the customer out. Call it before `revoke`, which forgets the ID
        token that goes into it.
        """
        given = requests.logout(post_logout_redirect_uri, state)
        try:
            url: str = self._client._ask(
                lambda host, number: host.engine.logout_url(number, self._key, given)
            )
        except ValueError as error:
            raise make_error(str(error)) from None
        return url

    def revoke(self, **options: Unpack[CallOptions]) -> None:
        """Revokes the grant (RFC 7009) and removes the session from the store."""
        self._call(requests.plain("revoke", self._key, options))

    def __repr__(self) -> str:
        """Shows no token."""
        return f"Session(key={self._key!r}, scope={self._info.scope!r})"

    def _show(self) -> SessionInfo:
        key = self._key
        text: str | None = self._client._ask(lambda host, number: host.engine.describe(number, key))
        if text is not None:
            self._info = SessionInfo(text)
        return self._info

    def _call(self, arguments: Arguments) -> Call:
        return self._client._call(arguments)

    def _list(
        self,
        method: str,
        account_id: object,
        query: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Listing[Any]:
        arguments = requests.listing(method, self._key, account_id, query, options)
        return Listing(self._client._begin, arguments)


class Listing(Generic[T]):
    """A list that comes in pages, read when it is iterated: every row of every page.

    While it is iterated, the next page is fetched as the present one is consumed, never more than
    one ahead.
    """

    def __init__(self, begin: Callable[[Arguments], Pending], arguments: Arguments) -> None:
        """Made by the methods of a session."""
        self._begin = begin
        self._arguments = arguments
        self._first: Page[T] | None = None

    def first_page(self) -> Page[T]:
        """Returns the first page. It is read once."""
        if self._first is None:
            self._first = self._page(None, self._fetch(None))
        return self._first

    def pages(self) -> Iterator[Page[T]]:
        """Yields every page, also empty ones. The next page is fetched while one is at work on the
        present one.
        """
        walk = Walk(self)
        try:
            for page in walk:
                walk.fetch_ahead()
                yield page
        finally:
            walk.end()

    def all(self, *, limit: int) -> list[T]:
        """Returns the first `limit` rows of all pages. The limit is mandatory, since a list may be
        longer than memory allows.
        """
        most = requests.most(limit)
        rows: list[T] = []
        for page in Walk(self):
            rows += page.items
            if len(rows) >= most:
                break
        return rows[:most]

    def __iter__(self) -> Iterator[T]:
        """Yields every row of every page."""
        walk = Walk(self)
        try:
            for page in walk:
                half = len(page.items) // 2
                for index, row in enumerate(page.items):
                    # A caller who reads half of a page is likely to read the next one.
                    if index == half:
                        walk.fetch_ahead()
                    yield row
        finally:
            walk.end()

    def to_arrow(self) -> pyarrow.Table:
        """Reads every row of every page into a table of Arrow (`oakford-aisp[arrow]`)."""
        from .frames import to_arrow

        return to_arrow(self, self._model())

    def to_pandas(self) -> pandas.DataFrame:
        """Reads every row of every page into a frame of pandas (`oakford-aisp[pandas]`), whose
        columns have the types of Arrow.
        """
        from .frames import to_pandas

        return to_pandas(self, self._model())

    def to_polars(self) -> polars.DataFrame:
        """Reads every row of every page into a frame of polars (`oakford-aisp[polars]`)."""
        from .frames import to_polars

        return to_polars(self, self._model())

    def _model(self) -> type[Record]:
        from ._core import RECORDS, ROWS

        return RECORDS[ROWS[self._arguments[0]]]

    def _fetch(self, checkpoint: str | None) -> Pending:
        return self._begin(requests.at_checkpoint(self._arguments, checkpoint))

    def _page(self, checkpoint: str | None, pending: Pending) -> Page[T]:
        call = outcome(_ended(pending), checkpoint)
        return Page(call.rows[0], json.loads(str(call.text)))


class Walk(Generic[T]):
    """One way through the pages of a list, with at most one page fetched ahead."""

    def __init__(self, listing: Listing[T]) -> None:
        """Begins before the first page."""
        self._listing = listing
        self._started = False
        self._checkpoint: str | None = None
        self._coming: Pending | None = None

    def __iter__(self) -> Self:
        """Returns the walk."""
        return self

    def __next__(self) -> Page[T]:
        """Returns the next page."""
        if not self._started:
            self._started = True
            page = self._listing.first_page()
        else:
            self.fetch_ahead()
            if self._coming is None:
                raise StopIteration
            coming, self._coming = self._coming, None
            page = self._listing._page(self._checkpoint, coming)
        self._checkpoint = page.checkpoint
        return page

    def fetch_ahead(self) -> None:
        """Asks for the next page, if it was not asked for and there is one."""
        if self._coming is None and self._checkpoint is not None:
            self._coming = self._listing._fetch(self._checkpoint)

    def end(self) -> None:
        """Ends what is under way."""
        if self._coming:
            self._coming.cancel()


def _ended(pending: Pending) -> Call:
    try:
        return pending.wait()
    except ValueError as error:  # The options were refused when the client was made again.
        raise make_error(str(error)) from None
    except KeyError as error:
        raise internal_error(error) from None


def _forget(platform: Platform) -> None:
    host = running()
    if host:
        host.post(lambda: host.forget_client(platform))
