"""What one client brings to its host: stores, keys, HTTP client and listener; and its options as
the engine reads them.
"""

from __future__ import annotations

import inspect
import json
import sys
from typing import TYPE_CHECKING, Any

from ._core import __version__
from ._host import INLINE, TASK, THREAD, clocks, new_engine
from ._options import to_json
from .errors import invalid_option, make_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._keys import Keys

LOGGER = "oakford_aisp"

# Options that `debug_bundle` shows as they are.
_SHOWN = (
    "environment",
    "allow_insecure_hosts",
    "client_id",
    "redirect_uri",
    "scope",
    "profile",
    "timeout",
    "deadline",
    "max_body_bytes",
    "max_retries",
    "rate_limit",
)


class PrivateKeyJwt:
    """The client signs an assertion with its own key (RFC 7523)."""

    __slots__ = ("alg", "kid", "private_key")

    def __init__(self, private_key: object, *, kid: str | None = None, alg: str | None = None):
        """Names the key: a PEM, a JWK as a mapping, or a private key of `cryptography`; for ES256,
        PS256 or EdDSA.
        """
        self.private_key = private_key
        self.kid = kid
        self.alg = alg

    def __repr__(self) -> str:
        """Shows no key."""
        return f"PrivateKeyJwt(kid={self.kid!r})"


class Certificate:
    """A client certificate for mutual TLS (RFC 8705)."""

    __slots__ = ("ca_file", "cert_file", "key_file", "password")

    def __init__(
        self,
        cert_file: str,
        key_file: str | None = None,
        *,
        password: str | None = None,
        ca_file: str | None = None,
    ):
        """Names the files in PEM. `ca_file`: authorities to trust instead of the system's."""
        self.cert_file = cert_file
        self.key_file = key_file
        self.password = password
        self.ca_file = ca_file

    def __repr__(self) -> str:
        """Shows no password."""
        return f"Certificate({self.cert_file!r})"


class Store:
    """A store of the application, with how its work is done."""

    __slots__ = ("_store", "how")

    def __init__(self, store: Any, method: str) -> None:
        self._store = store
        if inspect.iscoroutinefunction(getattr(store, method)):
            self.how = TASK
        else:
            self.how = INLINE if getattr(store, "never_blocks", False) is True else THREAD

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Platform:
    """What one client brings to its host."""

    def __init__(
        self,
        options: Mapping[str, Any],
        *,
        client_secret: str | None,
        client_auth: object,
        dpop: object,
        token_store: object,
        rate_limit_store: object,
        http_client: object,
        certificate: Certificate | None,
        on_event: Callable[[dict[str, Any]], object] | None,
        is_async: bool,
    ) -> None:
        """Checks the options; raises `ConfigurationError` for a wrong one."""
        _check_methods("token_store", token_store, ("get", "compare_and_swap"))
        if rate_limit_store is None and hasattr(token_store, "acquire"):
            rate_limit_store = token_store
        self.store: Any = Store(token_store, "get")
        self.rate_limit_store: Any = None
        if rate_limit_store is not None:
            _check_methods("rate_limit_store", rate_limit_store, ("acquire", "release"))
            self.rate_limit_store = Store(rate_limit_store, "acquire")
        if not is_async:
            for name, store in (
                ("token_store", self.store),
                ("rate_limit_store", self.rate_limit_store),
            ):
                if store is not None and store.how == TASK:
                    expected = "a store whose methods are no coroutines, or an AsyncClient"
                    raise invalid_option(name, expected, "a store with coroutines")
        self.http_client: Any = http_client
        self._certificate = certificate
        self._on_event = on_event
        self._is_async = is_async
        self._shown = dict(options)
        secret = {"client_secret": client_secret, "client_auth": client_auth, "dpop": dpop}
        # Their names alone.
        self._set = [name for name, value in secret.items() if value is not None]
        self._is_tls = client_auth == "tls_client_auth"
        self._keys = self._read_keys(client_auth, dpop)
        self._secret_options = _Secret(self._engine_options(client_secret, client_auth, dpop))
        self._check()

    def _read_keys(self, client_auth: object, dpop: object) -> Keys | None:
        own = client_auth if isinstance(client_auth, PrivateKeyJwt) else None
        proof = None if dpop in (None, True, False) else dpop
        if own is None and proof is None:
            return None
        from ._keys import Keys

        return Keys(own, proof)

    def _engine_options(self, client_secret: object, client_auth: object, dpop: object) -> str:
        options = dict(self._shown)
        if isinstance(client_auth, PrivateKeyJwt):
            options["client_auth"] = {"method": "private_key_jwt", "private_key": True}
            options["client_auth"] |= {"kid": client_auth.kid, "alg": client_auth.alg}
        elif isinstance(client_auth, str):
            options["client_auth"] = {"method": client_auth}
        elif client_auth is not None:
            expected = "a PrivateKeyJwt or the name of a method"
            raise invalid_option("client_auth", expected, type(client_auth).__name__)
        options["client_secret"] = client_secret
        options["dpop"] = dpop if dpop in (None, True, False) else True
        return to_json(options)

    def _check(self) -> None:
        """Makes a client of an engine that is dropped, so that a wrong option is an error of the
        constructor.
        """
        try:
            new_engine().client(self.options(), *clocks(), **self.facts())
        except ValueError as error:
            raise make_error(str(error)) from None

    @property
    def client_id(self) -> object:
        """The client id."""
        return self._shown["client_id"]

    def options(self) -> str:
        """Returns the options as the engine reads them."""
        return self._secret_options.value

    def facts(self) -> dict[str, bool]:
        """Returns what this host can do."""
        tls = self._is_tls and self.http_client is not None
        return {
            "certificate": self._certificate is not None or tls,
            "locks": hasattr(self.store, "lock"),
            "shares_rate_limit": self.rate_limit_store is not None,
            "listens": self._on_event is not None or _debugs(),
        }

    @property
    def keys(self) -> Keys:
        """The client's keys."""
        if self._keys is None:
            from ._keys import Keys

            self._keys = Keys(None, None)
        return self._keys

    def http_options(self) -> dict[str, Any]:
        """Returns the options of an HTTP client that is made for this client."""
        from http.cookiejar import CookieJar, DefaultCookiePolicy

        # No cookie of one customer's response goes into another customer's request.
        options: dict[str, Any] = {
            "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            "follow_redirects": False,
        }
        if self._certificate:
            import ssl

            certificate = self._certificate
            context = ssl.create_default_context(cafile=certificate.ca_file)
            context.load_cert_chain(
                certificate.cert_file, certificate.key_file, certificate.password
            )
            options["verify"] = context
        return options

    def emit(self, event: str) -> None:
        """Hands an event to the listener and to the logger."""
        if self._is_async:
            self.deliver(event)
        else:
            _EMITTER.put(self, event)

    def deliver(self, event: str) -> None:
        """Calls the listener. What it raises becomes a warning, and no failure of the call."""
        import logging

        logger = logging.getLogger(LOGGER)
        parsed = json.loads(event)
        logger.debug("%s", parsed.get("type"), extra={"aisp_event": parsed})
        if self._on_event:
            try:
                self._on_event(parsed)
            except Exception:
                logger.warning("on_event raised", exc_info=True)

    def bundle(self, events: str, rate_limit: dict[str, Any]) -> dict[str, Any]:
        """Returns what support needs to know, as plain data without secrets."""
        import platform
        from datetime import datetime, timezone

        options = {name: value for name, value in self._shown.items() if value is not None}
        shown = {name: value if name in _SHOWN else "[set]" for name, value in options.items()}
        shown |= dict.fromkeys(self._set, "[set]")
        # A session's key may be a customer's name.
        remembered = [
            {**event, "key": "[set]"} if "key" in event else event for event in json.loads(events)
        ]
        return {
            "sdk": __version__,
            "runtime": f"{platform.python_implementation()} {platform.python_version()}",
            "platform": sys.platform,
            "at": datetime.now(timezone.utc).isoformat(),
            "options": shown,
            "rate_limit": rate_limit,
            "events": remembered,
        }


class _Secret:
    """A text that no `repr` shows."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "[secret]"


class Emitter:
    """Calls listeners in a thread of its own, in the order of the events, so that one may take its
    time and make calls.
    """

    def __init__(self) -> None:
        self._queue: Any = None
        self._pid = 0

    def put(self, platform: Platform | None, event: object) -> None:
        """Hands an event over; without a platform, something that is set in its turn."""
        import os
        from queue import SimpleQueue
        from threading import Thread

        if self._pid != os.getpid():  # At the first event, and after a fork.
            self._pid, self._queue = os.getpid(), SimpleQueue()
            Thread(target=self._run, name="oakford-aisp-events", daemon=True).start()
        self._queue.put((platform, event))

    def _run(self) -> None:
        queue = self._queue
        while True:
            platform, event = queue.get()
            if platform is None:
                event.set()
            else:
                platform.deliver(event)


_EMITTER = Emitter()


def flush_events() -> None:
    """Waits until the events that were emitted have been delivered, for tests."""
    from threading import Event

    done = Event()
    _EMITTER.put(None, done)
    done.wait()


def _debugs() -> bool:
    """Returns whether the logger shows events; a program without `logging` has no such logger."""
    logging = sys.modules.get("logging")
    return logging is not None and logging.getLogger(LOGGER).isEnabledFor(logging.DEBUG)


def _check_methods(name: str, store: object, methods: tuple[str, ...]) -> None:
    missing = [method for method in methods if not callable(getattr(store, method, None))]
    if missing:
        found = f"{type(store).__name__} without {' and '.join(missing)}"
        raise invalid_option(name, f"an object with {' and '.join(methods)}", found)
