"""A sandbox of the API, as a process of its own."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self

_API_PATH = "/aisp/v1"
_START_SECONDS = 60


class Sandbox:
    """A sandbox that runs, with its controls. `sandbox/README.md` describes them."""

    def __init__(self, origin: str, process: subprocess.Popen[str] | None = None) -> None:
        """Connects to a sandbox."""
        self.origin = origin.rstrip("/")
        self._process = process
        self._http = httpx.Client(base_url=f"{self.origin}/_sandbox", trust_env=False)
        info = self._get("/info")
        #: The base URL of the API.
        self.base_url: str = info["baseUrl"]
        #: The clients that it knows: `web`, `server`, `fapi` and others.
        self.clients: dict[str, dict[str, Any]] = info["clients"]
        #: The customers, with their passwords and accounts.
        self.users: list[dict[str, Any]] = info["users"]

    def options(self, client: str = "server", **more: Any) -> dict[str, Any]:
        """Returns the options of a `Client` of this sandbox."""
        known = self.clients[client]
        options = {
            "environment": {"base_url": self.base_url},
            "client_id": known["clientId"],
            "redirect_uri": "http://localhost:3000/callback",
        }
        if known.get("clientSecret"):
            options["client_secret"] = known["clientSecret"]
        return {**options, **more}

    def fault(
        self,
        kind: str,
        path: str,
        *,
        method: str | None = None,
        skip: int | None = None,
        times: int | None = 1,
        **options: Any,
    ) -> None:
        """Makes requests fail: `kind` is such as `reset_before`, `cut_body`, `rate_limited`,
        `status`; `times` None is always.
        """
        match = {"path": _API_PATH + path if path.startswith("/accounts") else path}
        if method:
            match["method"] = method
        spec = {"fault": kind, "match": match, "times": times, **options}
        if skip is not None:
            spec["skip"] = skip
        self._post("/faults", spec)

    def clear_faults(self) -> None:
        """Forgets the faults."""
        self._http.delete("/faults").raise_for_status()

    def advance(self, seconds: float) -> None:
        """Moves the sandbox's clock."""
        self._post("/clock", {"advance_seconds": seconds})

    def expire_consents(self) -> None:
        """Ends every consent."""
        self._post("/consents", {"expires_at": "2000-01-01T00:00:00Z"})

    def revoke_consents(self) -> None:
        """Revokes every consent, as a customer does at the bank."""
        self._post("/consents", {"revoke": True})

    def requests(self, path: str | None = None, grant_type: str | None = None) -> list[Any]:
        """Returns the requests that reached the sandbox, without their secrets. `path` may hold
        `*`.
        """
        found: list[Any] = self._get("/requests")["requests"]
        if path is not None:
            whole = _API_PATH + path if path.startswith("/accounts") else path
            found = [one for one in found if fnmatch.fnmatchcase(one["path"], whole)]
        if grant_type is not None:
            found = [
                one for one in found if (one.get("form") or {}).get("grant_type") == grant_type
            ]
        return found

    def clear_requests(self) -> None:
        """Forgets the requests that reached it."""
        self._http.delete("/requests").raise_for_status()

    def reset(self) -> None:
        """Loads the scenario `standard` and forgets faults, requests and the moves of the clock."""
        self._post("/scenario", {"name": "standard"})
        self.clear_faults()
        self.clear_requests()
        self._post("/clock", {"reset": True})

    def close(self) -> None:
        """Ends the process, if this started it."""
        self._http.close()
        if self._process:
            self._process.terminate()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()

    def __enter__(self) -> Self:
        """Returns the sandbox."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the sandbox."""
        self.close()

    def _get(self, path: str) -> Any:
        return self._http.get(path).raise_for_status().json()

    def _post(self, path: str, body: Any) -> Any:
        return self._http.post(path, json=body).raise_for_status().json()


def start_sandbox(
    *arguments: str,
    command: Sequence[str] | None = None,
    now: str | None = "2026-03-10T12:00:00Z",
) -> Sandbox:
    """Starts a sandbox on a free port, without rate limit and on the same day in every run.

    `arguments` are options of the command line. `command`: how it is started, by default
    `aisp-sandbox` if it is installed, else `npx @oakford/aisp-sandbox`.
    """
    if command is None:
        installed = shutil.which("aisp-sandbox")
        command = [installed] if installed else ["npx", "--yes", "@oakford/aisp-sandbox"]
    whole = [*command, "--port", "0", *(arguments or ("--no-rate-limit",))]
    environment = {**os.environ, **({"AISP_SANDBOX_NOW": now} if now else {})}
    process = subprocess.Popen(  # noqa: S603
        whole, stdout=subprocess.PIPE, text=True, env=environment
    )
    said = ""
    started = time.monotonic()
    while process.stdout and time.monotonic() - started < _START_SECONDS:
        line = process.stdout.readline()
        if not line:
            break
        said += line
        found = re.search(r"Issuer\s+(\S+)", said)
        # The last line: afterwards it prints nothing that would fill the pipe.
        if found and "Stop with" in line:
            return Sandbox(found[1], process)
    process.kill()
    raise RuntimeError(f"{' '.join(whole)} did not start: {said.strip() or 'it said nothing'}")
