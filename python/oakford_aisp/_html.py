"""Records as tables in notebooks."""

from __future__ import annotations

from html import escape

from ._core import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._record import Record


def table(record: Record) -> str:
    """Returns the record as a table, without the fields that are absent."""
    rows = "".join(
        f'<tr><th style="text-align: left">{escape(name)}</th>'
        f'<td style="text-align: left">{escape(text)}</td></tr>'
        for name, text in shown(record)
    )
    return f"<table><caption>{escape(type(record).__name__)}</caption>{rows}</table>"
