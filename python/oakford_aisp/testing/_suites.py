"""What every store has to do: classes of tests for stores of your own.

A subclass in a test file says how a store is made:

    class TestMyStore(TokenStoreSuite):
        def make_store(self):
            return MyStore(...)
"""

from __future__ import annotations

import asyncio
import inspect
import threading
import uuid
from typing import Any

WORKERS = 8
PATIENCE = 30.0


class TokenStoreSuite:
    """The tests of a token store, synchronous or asynchronous."""

    def make_store(self) -> Any:
        """Returns a store. Two stores of one test hold the same entries if processes can share
        them.
        """
        raise NotImplementedError

    def test_an_absent_key_has_no_entry(self) -> None:
        """`get` returns None."""
        assert self._run(lambda store: store.get(_key())) is None

    def test_a_value_is_given_back_unchanged(self) -> None:
        """Any text, however long."""

        async def work(store: Any) -> None:
            for value in ('{"a":1}', "line\nbreak\r\n", "Żółć 🏦", "x" * 100_000):
                key = _key()
                assert await _of(store.compare_and_swap(key, None, value)) is True
                entry = await _of(store.get(key))
                assert entry is not None
                stored, version = entry
                assert stored == value
                assert isinstance(version, str)

        self._run(work)

    def test_a_key_may_be_any_text(self) -> None:
        """Keys that differ in case, separators or accents are different keys."""

        async def work(store: Any) -> None:
            keys = [
                _key() + end for end in ("a", "A", "/../x", "\\", ":", " ", "é", "e\u0301", "🏦")
            ]
            for key in keys:
                assert await _of(store.compare_and_swap(key, None, key)) is True
            for key in keys:
                assert (await _of(store.get(key)))[0] == key

        self._run(work)

    def test_a_write_with_another_version_changes_nothing(self) -> None:
        """Compare-and-swap."""

        async def work(store: Any) -> None:
            key = _key()
            assert await _of(store.compare_and_swap(key, "1", "new")) is False
            assert await _of(store.compare_and_swap(key, None, "first")) is True
            assert await _of(store.compare_and_swap(key, None, "second")) is False
            _, version = await _of(store.get(key))
            assert await _of(store.compare_and_swap(key, version, "second")) is True
            assert await _of(store.compare_and_swap(key, version, "third")) is False
            value, newer = await _of(store.get(key))
            assert (value, newer == version) == ("second", False)

        self._run(work)

    def test_a_delete_needs_the_version(self) -> None:
        """Afterwards the key is absent, and an old version does not come back."""

        async def work(store: Any) -> None:
            key = _key()
            await _of(store.compare_and_swap(key, None, "first"))
            _, version = await _of(store.get(key))
            assert await _of(store.compare_and_swap(key, "other", None)) is False
            assert await _of(store.compare_and_swap(key, version, None)) is True
            assert await _of(store.get(key)) is None
            assert await _of(store.compare_and_swap(key, None, "again")) is True
            assert (await _of(store.get(key)))[1] != version

        self._run(work)

    def test_one_of_concurrent_writers_wins(self) -> None:
        """Of writers that read the same version, one writes."""
        key = _key()
        self._run(lambda store: store.compare_and_swap(key, None, "first"))
        _, version = self._run(lambda store: store.get(key))
        won = self._together(lambda store, at: store.compare_and_swap(key, version, str(at)))
        assert sorted(won) == [False] * (WORKERS - 1) + [True]

    def test_one_at_a_time_holds_the_lock(self) -> None:
        """The lock of a key, if the store has locks."""
        if not hasattr(self.make_store(), "lock"):
            return
        key, inside, most = _key(), [0], [0]

        async def work(store: Any, _: int) -> bool:
            manager = store.lock(key)
            if hasattr(manager, "__aenter__"):
                async with manager:
                    await _occupy(inside, most)
            else:
                with manager:
                    await _occupy(inside, most)
            return True

        assert self._together(work) == [True] * WORKERS
        assert most == [1]

    def _run(self, work: Any) -> Any:
        async def main() -> Any:
            store = self.make_store()
            try:
                return await _of(work(store))
            finally:
                await _close(store)

        return asyncio.run(main())

    def _together(self, work: Any) -> list[Any]:
        """Runs `work` in threads at once, each with a store and an event loop of its own."""
        results: list[Any] = []
        barrier = threading.Barrier(WORKERS, timeout=PATIENCE)

        def run(at: int) -> None:
            async def main() -> Any:
                store = self.make_store()
                try:
                    barrier.wait()
                    return await _of(work(store, at))
                finally:
                    await _close(store)

            results.append(asyncio.run(main()))

        threads = [threading.Thread(target=run, args=(at,)) for at in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert len(results) == WORKERS
        return results


class RateLimitStoreSuite:
    """The tests of a rate limit store, synchronous or asynchronous."""

    def make_store(self) -> Any:
        """Returns a store. Two stores of one test count together if processes can share them."""
        raise NotImplementedError

    def test_no_more_calls_than_the_limit_are_counted(self) -> None:
        """The next call is given a wait within the window."""

        async def work(store: Any) -> None:
            quota = _key()
            for at in range(3):
                assert await _of(store.acquire(quota, [(3, 10_000)], str(at), 60_000)) == 0
            assert 0 < await _of(store.acquire(quota, [(3, 10_000)], "late", 60_000)) <= 10_000
            # What was not counted takes no room.
            assert await _of(store.acquire(quota, [(4, 10_000)], "more", 60_000)) == 0

        asyncio.run(self._with_store(work))

    def test_a_call_that_was_not_sent_does_not_count(self) -> None:
        """`release` with `sent` false."""

        async def work(store: Any) -> None:
            quota = _key()
            assert await _of(store.acquire(quota, [(1, 10_000)], "a", 60_000)) == 0
            await _of(store.release(quota, "a", False))
            assert await _of(store.acquire(quota, [(1, 10_000)], "b", 60_000)) == 0
            await _of(store.release(quota, "b", True))
            assert await _of(store.acquire(quota, [(1, 10_000)], "c", 60_000)) > 0

        asyncio.run(self._with_store(work))

    def test_a_call_counts_until_its_window_has_passed_since_its_response(self) -> None:
        """And one that is never released until its lease has ended too."""

        async def work(store: Any) -> None:
            quota = _key()
            assert await _of(store.acquire(quota, [(1, 50)], "a", 60_000)) == 0
            await _of(store.release(quota, "a", True))
            wait = await _of(store.acquire(quota, [(1, 50)], "b", 1))
            assert 0 < wait <= 51
            await asyncio.sleep(wait / 1000 + 0.02)
            assert await _of(store.acquire(quota, [(1, 50)], "b", 1)) == 0
            await asyncio.sleep(0.08)
            assert await _of(store.acquire(quota, [(1, 50)], "c", 1)) == 0

        asyncio.run(self._with_store(work))

    async def _with_store(self, work: Any) -> None:
        store = self.make_store()
        try:
            await work(store)
        finally:
            await _close(store)


async def _of(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


async def _close(store: Any) -> None:
    close = getattr(store, "aclose", None) or getattr(store, "close", None)
    if close:
        await _of(close())


async def _occupy(inside: list[int], most: list[int]) -> None:
    inside[0] += 1
    most[0] = max(most[0], inside[0])
    await asyncio.sleep(0.002)
    inside[0] -= 1


def _key() -> str:
    return f"suite-{uuid.uuid4()}"
