"""The base class of the records that Rust makes: what is rarely needed and needs no speed.

Rust makes a type with the methods of `Record` and puts it in the place of the class.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    R = TypeVar("R", bound="Record")


class Record:
    """A row, or a part of one: its fields are attributes that can be read only."""

    __match_args__: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields as a dictionary, with the records in them as dictionaries too."""
        return {name: _plain(value) for name, value in _items(self)}

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Pickles by names, so that a version with more fields reads what one with fewer wrote."""
        present = {name: value for name, value in _items(self) if value is not None}
        if "extra" in present:
            present["extra"] = dict(present["extra"])
        return restore, (type(self), present)

    def __replace__(self: R, /, **changes: Any) -> R:
        """Returns a copy with other values, as `copy.replace` asks for."""
        return type(self)(**{**dict(_items(self)), **changes})

    def __copy__(self: R) -> R:
        """Returns the record itself, because nobody can change it."""
        return self

    def __deepcopy__(self: R, memo: dict[int, Any]) -> R:
        """Returns the record itself, with copies of the unknown fields if it has any."""
        if not any(_holds_unknown(value, name) for name, value in _items(self)):
            return self
        from copy import deepcopy

        return restore(
            type(self),
            {
                name: deepcopy(dict(value) if name == "extra" else value, memo)
                for name, value in _items(self)
            },
        )

    def _repr_html_(self) -> str:
        """Returns a table for notebooks, with account numbers masked as in `repr`."""
        from ._html import table

        return table(self)


def restore(of: type[R], fields: dict[str, Any]) -> R:
    """Makes a record of what `pickle` kept."""
    return of(**fields)


def _items(record: Record) -> list[tuple[str, Any]]:
    return [(name, getattr(record, name)) for name in record.__match_args__]


def _holds_unknown(value: Any, name: str) -> bool:
    if isinstance(value, tuple):
        return any(_holds_unknown(item, name) for item in value)
    if isinstance(value, Record):
        return any(_holds_unknown(inner, name) for name, inner in _items(value))
    return name == "extra" and bool(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, _MAPPING):
        return dict(value)
    return value


_MAPPING = type(type.__dict__)
