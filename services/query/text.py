"""The response is text that PostgreSQL concatenates: one expression per kind of value, and objects made of them.

A NULL in a concatenation would empty the whole answer, so every expression made here is text, never NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from schema.metadata.types import Output
from services.permissions import Mask
from tenants.sql import Fragment, constant, join, sql

Piece: TypeAlias = str | Fragment
NULL = "null"


@dataclass(frozen=True, slots=True)
class _Concatenation(Fragment):
    """Pieces one after another; within another one they become its own, and constants that meet become one."""

    pieces: tuple[Piece, ...]


def concat(pieces: Iterable[Piece]) -> Fragment:
    """Constants and text expressions one after another; neighbouring constants become one."""
    merged: list[Piece] = []
    for piece in _flat(pieces):
        if isinstance(piece, str) and merged and isinstance(last := merged[-1], str):
            merged[-1] = last + piece
        else:
            merged.append(piece)
    merged = [piece for piece in merged if piece != ""]
    if not merged:
        return constant("")
    parts = [constant(piece) if isinstance(piece, str) else piece for piece in merged]
    return _Concatenation(sql("({all})", all=join(" || ", parts)).parts, tuple(merged))


def _flat(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, _Concatenation):
            yield from piece.pieces
        else:
            yield piece


def object_text(members: Iterable[tuple[str, Piece]]) -> Fragment:
    """A JSON object with its members in order."""
    pieces: list[Piece] = []
    for key, piece in members:
        pieces += [f'{"," if pieces else "{"}"{key}":', piece]
    return concat([*(pieces or ["{"]), "}"])


def or_null(text: Fragment) -> Fragment:
    """JSON `null` where an expression is empty."""
    return sql("coalesce({text}, 'null')", text=text)


def value_text(output: Output, column: Fragment) -> Fragment:
    """A stored value as JSON text."""
    return _VALUES[output](column)


def money_text(amount: Fragment, currency: Fragment, parts: Iterable[tuple[str, str]]) -> Fragment:
    """A `Money` object from its two columns; null without an amount."""
    pieces: dict[str, Piece] = {
        "amount": value_text(Output.DECIMAL, amount),
        "currency": value_text(Output.TEXT, currency),
        "__typename": '"Money"',
    }
    return sql(
        "(CASE WHEN {amount} IS NULL THEN 'null' ELSE {object} END)",
        amount=amount,
        object=object_text((key, pieces[part]) for key, part in parts),
    )


def masked_text(output: Output, column: Fragment, mask: Mask = Mask.NAME) -> Fragment:
    """What a masked field shows: of a text what the mask leaves, nothing of anything else."""
    if output is Output.SEALED:
        return sql("(CASE WHEN {x} IS NULL THEN 'null' ELSE '\"***\"' END)", x=column)
    if output is not Output.TEXT:
        return constant(NULL)
    return sql("coalesce(to_json({shown})::text, 'null')", shown=_MASKS[mask](column))


def names_text(names: Iterable[str]) -> str:
    """A JSON list of names."""
    return "[" + ",".join(f'"{name}"' for name in names) + "]"


def _plain(x: Fragment) -> Fragment:
    return sql("coalesce({x}::text, 'null')", x=x)


def _quoted(x: Fragment) -> Fragment:
    return sql("""coalesce('"' || {x}::text || '"', 'null')""", x=x)


def _escaped(x: Fragment) -> Fragment:
    return sql("coalesce(to_json({x}::text)::text, 'null')", x=x)


def _date(x: Fragment) -> Fragment:
    return _quoted(sql("to_char({x}::timestamp, 'YYYY-MM-DD')", x=x))


def _moment(x: Fragment) -> Fragment:
    return _quoted(sql("""to_char({x} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""", x=x))


def _length(x: Fragment) -> Fragment:
    """Seconds as ISO 8601 has them, with microseconds at most."""
    return sql(
        """(CASE WHEN {x} IS NULL THEN 'null' ELSE '"' || CASE WHEN {x} < 0 THEN '-' ELSE '' END || 'PT'"""
        " || CASE WHEN abs({x}) >= 3600 THEN div(abs({x}), 3600) || 'H' ELSE '' END"
        " || CASE WHEN mod(abs({x}), 3600) >= 60 THEN div(mod(abs({x}), 3600), 60) || 'M' ELSE '' END"
        """ || CASE WHEN mod({x}, 60) <> 0 OR {x} = 0 THEN trim_scale(mod(abs({x}), 60)) || 'S' ELSE '' END || '"' END)""",
        x=x,
    )


def _few(x: Fragment) -> Fragment:
    return sql("left({x}, 1) || '***'", x=x)


def _none(x: Fragment) -> Fragment:
    return sql("CASE WHEN {x} IS NOT NULL THEN '***' END", x=x)


def _mail(x: Fragment) -> Fragment:
    return sql(
        "left({x}, 1) || '***' || CASE WHEN strpos({x}, '@') > 1 THEN substr({x}, strpos({x}, '@')) ELSE '' END", x=x
    )


def _phone(x: Fragment) -> Fragment:
    """The number as it is dialled in China, or with its country: as long as too little of it does not tell it all."""
    national = sql("CASE WHEN starts_with({x}, '+86') THEN substr({x}, 4) ELSE {x} END", x=x)
    return sql(
        "CASE WHEN length({n}) > 8 THEN left({n}, 3) || '****' || right({n}, 4) WHEN {x} IS NOT NULL THEN '****' END",
        n=sql("({national})", national=national),
        x=x,
    )


def _id_number(x: Fragment) -> Fragment:
    return sql(
        "CASE WHEN length({x}) > 12 THEN left({x}, 3) || '***********' || right({x}, 4)"
        " WHEN {x} IS NOT NULL THEN '***********' END",
        x=x,
    )


_MASKS: Mapping[Mask, Callable[[Fragment], Fragment]] = {
    Mask.FULL: _none,
    Mask.NAME: _few,
    Mask.MAIL: _mail,
    Mask.ID_NUMBER: _id_number,
    Mask.PHONE: _phone,
}
# Settings of the session (zone, date style) have no part in any of these.
_VALUES: Mapping[Output, Callable[[Fragment], Fragment]] = {
    Output.TEXT: _escaped,
    Output.ID: _quoted,
    Output.INT: _plain,
    Output.LONG: _quoted,
    Output.DECIMAL: lambda x: _quoted(sql("trim_scale({x})", x=x)),
    Output.BOOLEAN: _plain,
    Output.DATE: _date,
    Output.DATETIME: _moment,
    # PostgreSQL writes it in one form, whatever the session's settings.
    Output.TIME: _quoted,
    Output.DURATION: _length,
    Output.TEXT_LIST: lambda x: sql("coalesce(array_to_json({x})::text, 'null')", x=x),
    Output.RECORDS: lambda x: sql("coalesce(array_to_json({x})::text, 'null')", x=x),
    Output.FILES: lambda x: sql("coalesce(array_to_json({x})::text, 'null')", x=x),
    Output.JSON: _plain,
}
