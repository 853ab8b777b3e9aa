"""Rows as frames: a column for each field, with exact amounts and real dates.

A record in a record becomes columns of its own, named as its attributes are read:
`transaction_amount.amount`. A list stays one column. `extra` of the rows is a column of JSON; that
of the records in them is left out.
"""

from __future__ import annotations

import json
from datetime import timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from ._core import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from decimal import Decimal

    import pandas
    import polars
    import pyarrow

    from ._record import Record

__all__ = ["to_arrow", "to_pandas", "to_polars"]

# What a column of decimals holds: 38 digits, of which so many are decimal places; more if the rows
# need more. The places of amounts cover every minor unit, so that frames of one bank fit together.
_DIGITS = 38
_AMOUNT_PLACES = 4
_RATE_PLACES = 10


def to_arrow(rows: Iterable[Record], model: type[Record]) -> pyarrow.Table:
    """Returns the rows as a table of Arrow. Needs `pip install oakford-aisp[arrow]`."""
    import pyarrow

    made = columns(list(rows), model)
    arrays = [pyarrow.array(column.values, _arrow_type(column.type)) for column in made]
    return pyarrow.table(arrays, names=[column.name for column in made])


def to_pandas(rows: Iterable[Record], model: type[Record]) -> pandas.DataFrame:
    """Returns the rows as a frame of pandas, whose columns have the types of Arrow, because those
    of NumPy hold no exact decimals. Needs `pip install oakford-aisp[pandas]`.
    """
    import pandas

    return to_arrow(rows, model).to_pandas(types_mapper=pandas.ArrowDtype)


def to_polars(rows: Iterable[Record], model: type[Record]) -> polars.DataFrame:
    """Returns the rows as a frame of polars. Needs `pip install oakford-aisp[polars]`."""
    import polars

    return polars.DataFrame(
        [
            polars.Series(column.name, column.values, dtype=_polars_type(column.type))
            for column in columns(list(rows), model)
        ]
    )


def columns(rows: list[Record], model: type[Record]) -> list[Column]:
    """Returns the columns of the rows, which are records of the model."""
    made: list[Column] = []
    for name in ("key", "extra"):
        if name in model.__match_args__:
            values = [getattr(row, name) for row in rows]
            made.append(Column(name, TEXT, [_text(value) for value in values]))
    # The key first, what is unknown last.
    return [*made[:-1], *_columns(rows, model.__name__, ""), *made[-1:]]


class Type(NamedTuple):
    """The type of a column."""

    # text, flag, decimal, date, instant, list or struct
    kind: str
    # Of a decimal.
    places: int = 0
    # Whether an instant names its zone.
    is_aware: bool = True
    # Of a list the type of its items, of a struct those of its fields.
    inner: tuple[tuple[str, Type], ...] = ()


class Column(NamedTuple):
    """A column of a frame."""

    name: str
    type: Type
    values: list[Any]


TEXT = Type("text")


def _columns(records: Sequence[Record | None], model: str, prefix: str) -> list[Column]:
    made: list[Column] = []
    for name, kind, of in SCHEMA[model]:
        values = [None if record is None else getattr(record, name) for record in records]
        path = prefix + name
        if kind == "model":
            made += _columns(values, of, f"{path}.")
        elif kind == "models":
            made.append(_structs(path, values, of))
        elif kind == "texts":
            lists = [[_text(item) for item in items or ()] for items in values]
            made.append(Column(path, Type("list", inner=(("", TEXT),)), lists))
        elif kind == "decimal":
            least = _AMOUNT_PLACES if model == "Amount" else _RATE_PLACES
            made.append(Column(path, _decimal_type(path, values, least), values))
        elif kind == "instant":
            made.append(_instants(path, values))
        elif kind == "text":
            made.append(Column(path, TEXT, [_text(value) for value in values]))
        else:
            made.append(Column(path, Type(kind), values))
    return made


def _structs(path: str, lists: list[tuple[Record, ...] | None], model: str) -> Column:
    """Makes a column of lists, whose items have the fields of the model."""
    items = [item for items in lists for item in items or ()]
    inner = _columns(items, model, f"{path}.")
    names = [column.name[len(path) + 1 :] for column in inner]
    made = (dict(zip(names, values, strict=True)) for values in _rows(inner, len(items)))
    struct = Type("struct", inner=tuple(zip(names, (it.type for it in inner), strict=True)))
    values = [[next(made) for _ in items or ()] for items in lists]
    return Column(path, Type("list", inner=(("", struct),)), values)


def _rows(inner: list[Column], count: int) -> Iterable[tuple[Any, ...]]:
    return zip(*(column.values for column in inner), strict=True) if count else ()


def _decimal_type(path: str, values: list[Decimal | None], places: int) -> Type:
    whole = 1
    for value in values:
        if value is not None:
            _, digits, exponent = value.as_tuple()
            places = max(places, -int(exponent))
            whole = max(whole, len(digits) + int(exponent))
    if whole + places > _DIGITS:
        raise ValueError(f"{path} needs {whole + places} digits, a column holds {_DIGITS}")
    return Type("decimal", places=places)


def _instants(path: str, values: list[datetime | None]) -> Column:
    """Makes a column of instants in UTC, or without a zone if none of them names one."""
    present = [value for value in values if value is not None]
    aware = sum(value.tzinfo is not None for value in present)
    if aware not in (0, len(present)):
        raise ValueError(f"{path} has instants with and without a zone")
    if present and not aware:
        return Column(path, Type("instant", is_aware=False), values)
    utc = [value and value.astimezone(timezone.utc) for value in values]
    return Column(path, Type("instant"), utc)


def _text(value: Any) -> str | None:
    """Returns a text that UTF-8 can hold; of unknown fields JSON, None if there are none."""
    if not isinstance(value, str):
        return json.dumps(dict(value), default=str) if value else None
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _arrow_type(of: Type) -> pyarrow.DataType:
    import pyarrow

    if of.kind == "list":
        return pyarrow.list_(_arrow_type(of.inner[0][1]))
    if of.kind == "struct":
        return pyarrow.struct([(name, _arrow_type(inner)) for name, inner in of.inner])
    if of.kind == "decimal":
        return pyarrow.decimal128(_DIGITS, of.places)
    if of.kind == "instant":
        return pyarrow.timestamp("us", tz="UTC") if of.is_aware else pyarrow.timestamp("us")
    if of.kind == "flag":
        return pyarrow.bool_()
    return pyarrow.date32() if of.kind == "date" else pyarrow.string()


def _polars_type(of: Type) -> Any:
    import polars

    if of.kind == "list":
        return polars.List(_polars_type(of.inner[0][1]))
    if of.kind == "struct":
        return polars.Struct({name: _polars_type(inner) for name, inner in of.inner})
    if of.kind == "decimal":
        return polars.Decimal(_DIGITS, of.places)
    if of.kind == "instant":
        return polars.Datetime("us", "UTC" if of.is_aware else None)
    return {"text": polars.String, "flag": polars.Boolean, "date": polars.Date}[of.kind]
