"""The fields that the models do not know, as a read-only mapping with exact numbers."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# CPython refuses to make an `int` of more digits.
_MOST_DIGITS = 4300


def parse(text: str) -> Mapping[str, Any]:
    """Reads an object of JSON."""
    fields: dict[str, Any] = json.loads(text, parse_float=_decimal, parse_int=_whole)
    return MappingProxyType(fields)


def freeze(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns a read-only copy."""
    return MappingProxyType(dict(fields))


NO_FIELDS: Mapping[str, Any] = MappingProxyType({})


def _decimal(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        # An exponent beyond what `Decimal` holds: the text is exact too.
        return text


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) < _MOST_DIGITS else Decimal(text)
