"""The token stores and rate limit stores of this package keep to their protocols."""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis
import redis.asyncio

from oakford_aisp import AsyncClient, Client, ConfigurationError
from oakford_aisp.stores import (
    AsyncEncryptedStore,
    AsyncRedisStore,
    EncryptedStore,
    FileStore,
    MemoryStore,
    RedisStore,
    _redis,
)
from oakford_aisp.testing import RateLimitStoreSuite, TokenStoreSuite

from .redis_server import redis_server
from .support import connect, connect_async

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oakford_aisp.testing import Sandbox

KEY = bytes(range(32))
ROOT = Path(__file__).parents[2]


def test_redis_scripts_are_those_of_the_npm_package() -> None:
    sources = [
        (ROOT / "pkg-template" / "src" / name).read_text()
        for name in ("redis.ts", "rate-limit-stores/redis.ts")
    ]
    scripts = dict(re.findall(r"^const ([A-Z]+) = `(.*?)`;", "\n".join(sources), re.M | re.S))
    word = re.search(r"^const UNREADABLE = '(.*)';", sources[0], re.M)
    assert word
    swap = scripts["SWAP"].replace("${UNREADABLE}", word[1]).replace("\\\\", "\\")
    assert (swap, scripts["ACQUIRE"], scripts["RELEASE"]) == (
        _redis._SWAP,
        _redis._ACQUIRE,
        _redis._RELEASE,
    )


@pytest.fixture(scope="module")
def redis_port() -> Iterator[int]:
    with redis_server() as port:
        yield port


class TestMemoryStore(TokenStoreSuite):
    @pytest.fixture(autouse=True)
    def _one_store(self) -> None:
        self.store = MemoryStore()

    def make_store(self) -> Any:
        return self.store


class TestFileStore(TokenStoreSuite):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "sessions"

    def make_store(self) -> Any:
        return FileStore(self.folder)


class TestEncryptedStore(TestFileStore):
    def make_store(self) -> Any:
        return EncryptedStore(FileStore(self.folder), KEY)


class ClosingRedisStore(RedisStore):
    def close(self) -> None:
        self._client.close()


class AsyncClosingRedisStore(AsyncRedisStore):
    async def aclose(self) -> None:
        await self._client.aclose()


class OverRedis:
    @pytest.fixture(autouse=True)
    def _server(self, redis_port: int) -> None:
        self.port = redis_port

    def make_store(self) -> Any:
        return ClosingRedisStore(redis.Redis(port=self.port))


class OverAsyncRedis(OverRedis):
    def make_store(self) -> Any:
        return AsyncClosingRedisStore(redis.asyncio.Redis(port=self.port))


class TestRedisStore(OverRedis, TokenStoreSuite):
    pass


class TestRedisLimit(OverRedis, RateLimitStoreSuite):
    pass


class TestAsyncRedisStore(OverAsyncRedis, TokenStoreSuite):
    pass


class TestAsyncRedisLimit(OverAsyncRedis, RateLimitStoreSuite):
    pass


def test_file_store_files_are_the_owners_alone_and_the_folder_is_shut(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    store = FileStore(folder)
    assert store.compare_and_swap("a", None, "secret")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o077 for one in folder.iterdir()} == {0}
    assert [one.name for one in folder.iterdir() if one.name.endswith((".new", ".write"))] == []


def test_file_store_an_open_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(PermissionError, match="other users may enter"):
        FileStore(tmp_path).get("a")


def test_file_store_a_cut_file_is_an_entry_that_holds_no_session(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    store = FileStore(folder)
    store.compare_and_swap("a", None, "secret")
    (file,) = (one for one in folder.iterdir() if one.is_file())
    file.write_bytes(file.read_bytes()[:10])
    entry = store.get("a")
    assert entry is not None
    assert entry.value == ""
    assert store.compare_and_swap("a", entry.version, "again")


def test_file_store_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    store = FileStore(folder)
    store.compare_and_swap("a", None, "x")
    (file,) = (one for one in folder.iterdir() if one.is_file())
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    holder = {"id": "x", "pid": pid, "host": os.uname().nodename}
    file.with_name(file.name + ".lock").write_text(json.dumps(holder))
    with store.lock("a") as is_held:
        assert is_held()


def test_file_store_a_lock_that_another_took_is_not_held(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "sessions")
    with store.lock("a") as is_held:
        assert is_held()
        (file,) = (tmp_path / "sessions").glob("*.lock")
        file.write_text('{"id":"another","pid":1,"host":"x"}')
        assert not is_held()
    assert file.exists()


def test_encrypted_store_another_key_or_name_opens_nothing() -> None:
    inner = MemoryStore()
    EncryptedStore(inner, KEY).compare_and_swap("a", None, "secret")
    stored = inner.get("a")
    assert stored is not None
    assert "secret" not in stored.value
    assert EncryptedStore(inner, bytes(32)).get("a") == ("", "1")
    inner.compare_and_swap("b", None, stored.value)
    assert EncryptedStore(inner, KEY).get("b") == ("", "2")


def test_encrypted_store_a_passphrase_is_no_key() -> None:
    for key in (b"passphrase", "x" * 32):
        with pytest.raises(ConfigurationError) as caught:
            EncryptedStore(MemoryStore(), key)  # type: ignore[arg-type]
        assert caught.value.path == "key"


def test_redis_store_what_is_no_entry_can_be_replaced(redis_port: int) -> None:
    client = redis.Redis(port=redis_port)
    store = RedisStore(client)
    for stored in (b"", b"no entry", b"\xff\xfe", b"v1\n\xff"):
        client.set("oakford-aisp:broken", stored)
        entry = store.get("broken")
        assert entry is not None
        assert entry.value == ""
        assert store.compare_and_swap("broken", entry.version, "x")
    client.close()


def test_redis_store_a_client_of_the_other_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        RedisStore(redis.asyncio.Redis())  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError):
        AsyncRedisStore(redis.Redis())  # type: ignore[arg-type]


def test_client_a_store_with_coroutines_is_refused(sandbox: Sandbox) -> None:
    store = AsyncEncryptedStore(AsyncRedisStore(redis.asyncio.Redis()), KEY)
    with pytest.raises(ConfigurationError) as caught:
        Client(**sandbox.options(), token_store=store)  # type: ignore[arg-type]
    assert caught.value.path == "token_store"


def test_client_a_session_in_a_file_is_found_by_another_client(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    def client() -> Client:
        store = EncryptedStore(FileStore(tmp_path / "sessions"), KEY)
        return Client(**sandbox.options(), token_store=store)

    with client() as one:
        connect(one, "user-42")
    with client() as other:
        session = other.session("user-42")
        assert session is not None
        session.refresh()
        assert session.userinfo()["sub"]


def test_async_client_takes_stores_that_block_and_stores_with_coroutines(
    sandbox: Sandbox, tmp_path: Path, redis_port: int
) -> None:
    async def main() -> None:
        over_redis = redis.asyncio.Redis(port=redis_port)
        for store in (
            FileStore(tmp_path / "sessions"),
            AsyncEncryptedStore(AsyncRedisStore(over_redis, prefix="p:"), KEY),
        ):
            async with AsyncClient(**sandbox.options(), token_store=store) as client:
                session = await connect_async(client, "user-42")
                await asyncio.gather(*(session.refresh() for _ in range(3)))
                assert await client.session("user-42") is not None
        await over_redis.aclose()

    asyncio.run(main())
