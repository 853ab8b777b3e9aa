# The extension module, made from `src/`.

from typing import Any

from ._record import Record

__version__: str
HEADERS: list[str]

class Engine:
    def __new__(cls, seed: tuple[int, int, int]) -> Engine: ...
    def client(
        self,
        options: str,
        wall: int,
        monotonic: float,
        *,
        certificate: bool,
        locks: bool,
        shares_rate_limit: bool,
        listens: bool,
    ) -> int: ...
    def drop_client(self, number: int) -> list[tuple[Any, ...]]: ...
    def handle(
        self, event: tuple[Any, ...], wall: int, monotonic: float
    ) -> list[tuple[Any, ...]]: ...
    def describe(self, number: int, key: str) -> str | None: ...
    def logout_url(self, number: int, key: str, options: str) -> str: ...
    def recent_events(self, number: int) -> str: ...
    def rate_limit_state(self, number: int, wall: int, monotonic: float) -> str: ...
    def rate_limit_estimate(
        self, number: int, calls: int, background: bool, wall: int, monotonic: float
    ) -> float: ...

# Rows: see `models.pyi` for their types.
RECORDS: dict[str, type[Record]]
SCHEMA: dict[str, tuple[tuple[str, str, str], ...]]
OPEN_ENUMS: dict[str, tuple[str, ...]]
ROWS: dict[str, str]

def decode_page(body: bytes, operation: str = "transactions") -> tuple[list[Any], str | None]: ...
def shown(record: Record) -> list[tuple[str, str]]: ...
