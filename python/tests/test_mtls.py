"""Mutual TLS against a TLS server that demands a client certificate."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from oakford_aisp import AispError, AsyncClient, Certificate, Client, NetworkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oakford_aisp import BegunAuthorization


class Server:
    """The server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        script = Path(__file__).parent / "mtls_server.mjs"
        self.process = subprocess.Popen(
            ["node", str(script), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.at = json.loads(self.process.stdout.readline())

    def options(self, cert: str = "cert", key: str = "key") -> dict[str, Any]:
        certificate = Certificate(
            str(self.folder / f"{cert}.pem"),
            str(self.folder / f"{key}.pem"),
            ca_file=str(self.folder / "ca.pem"),
        )
        environment = {"base_url": f"{self.at['mtlsOrigin']}/aisp/v1", "issuer": self.at["origin"]}
        return {
            "environment": environment,
            "client_id": "test",
            "redirect_uri": "http://127.0.0.1:9/callback",
            "profile": "fapi2",
            "client_auth": "tls_client_auth",
            "certificate": certificate,
            "max_retries": 0,
        }

    def seen(self) -> list[dict[str, Any]]:
        out, _ = self.process.communicate()
        (line,) = (line for line in out.splitlines() if line.startswith("["))
        seen: list[dict[str, Any]] = json.loads(line)
        return seen

    def callback(self, begun: BegunAuthorization) -> str:
        """Answers as the bank would."""
        pending = json.loads(begun.pending)
        request = parse_qs(urlsplit(begun.url).query)
        assert request["client_id"] == ["test"]
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{pending['nonce']}\n")
        self.process.stdin.flush()
        # Between the answers are lines of Node's test runner, whose helpers the server uses.
        while self.process.stdout.readline() != "noted\n":
            assert self.process.poll() is None
        query = {"code": "c0de", "state": pending["state"], "iss": self.at["origin"]}
        return f"{pending['redirectUri']}?{httpx.QueryParams(query)}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.process.kill()
    started.process.communicate()


def assert_bound(server: Server) -> None:
    seen = server.seen()
    for path in ("/oauth/par", "/oauth/token", "/oauth/userinfo", "/aisp/v1/accounts"):
        found = [one for one in seen if one["path"] == path]
        assert found, path
        assert all(one["certificate"] == "client" and not one["dpop"] for one in found), path


def test_mtls_the_certificate_authenticates_the_client_and_binds_tokens(server: Server) -> None:
    with Client(**server.options()) as client:
        begun = client.begin_authorization()
        session = client.complete_authorization(server.callback(begun), begun.pending)
        assert session.accounts().first_page().items == []
        session.userinfo()
        session.refresh()
    assert_bound(server)


def test_mtls_an_async_client_does_the_same(server: Server) -> None:
    async def main() -> None:
        async with AsyncClient(**server.options()) as client:
            begun = await client.begin_authorization()
            url = server.callback(begun)
            session = await client.complete_authorization(url, begun.pending)
            assert (await session.accounts().first_page()).items == []
            await session.userinfo()

    asyncio.run(main())
    assert_bound(server)


def test_mtls_a_certificate_of_another_authority_is_refused(server: Server) -> None:
    with Client(**server.options("strange", "strangeKey")) as client:
        with pytest.raises(AispError) as caught:
            client.begin_authorization()
        assert isinstance(caught.value, NetworkError)
