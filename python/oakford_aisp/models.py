"""The types of the API's data: a class for each record, a type for each open enum.

The classes are made in Rust from the models; the types that checkers read are in `models.pyi`.
"""

from __future__ import annotations

from ._core import OPEN_ENUMS, RECORDS
from ._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

globals().update(RECORDS)

__all__ = ["Record"]
__all__ += [*RECORDS, *OPEN_ENUMS]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    """Makes the type of an open enum when it is asked for: importing `typing` takes time."""
    words = OPEN_ENUMS.get(name)
    if words is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from typing import Literal

    made = Literal[words] | str
    globals()[name] = made
    return made
