"""The statements that compute roll-ups of heads that are locked: along with the write of their lines, or after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schema.metadata.by_shape import ByShape
from services import metadata
from services.records import carried, derivation, statements, stored
from services.records.statements import Along
from services.records.stored import key
from tenants.sql import Slot, Value, ident, join, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from schema.metadata.fields import Field
    from schema.metadata.registry import Shape
    from services.metadata import RollUp
    from services.records.stored import Column
    from services.records.targets import Target
    from tenants.sql import Fragment, Template

HEAD: Final = "head"
HEADS: Final = "heads"
LINES: Final = "lines"
CARRIED: Final = "carried"

_looks: ByShape[Look] = ByShape()
_templates: ByShape[Template] = ByShape()


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a statement that writes lines does about their head: the fields of the head that it compares, what it does along,
    and the values that this asks for.
    """

    fields: Mapping[str, Field]
    along: Along
    keys: tuple[Hashable, ...]

    @property
    def is_carried(self) -> bool:
        """Whether it writes the head too."""
        return bool(self.along.expressions.parts)


def along(heads: Target, wanted: tuple[RollUp, ...]) -> Look:
    """What a statement that writes lines of one head finds beside: what the head holds, and what it is to hold.

    A statement does not see what it writes itself, so it counts what it wrote and, of the table, the others.
    """
    names = (heads.name, *(each.field.name for each in wanted))
    return _looks.get(heads.registry.shape, names, lambda: _look(heads, wanted))


def _look(heads: Target, wanted: tuple[RollUp, ...]) -> Look:
    fields = derivation.looked_at(heads, [each.field.name for each in wanted])
    done = _along(heads.registry.shape, wanted, stored.columns_of(fields))
    return Look({each.name: each for each in fields}, done, tuple(_keys_of(done)))


def _keys_of(found: Along) -> Iterator[Hashable]:
    for each in (found.expressions, found.columns, found.tables):
        yield from (part.key for part in each.parts if isinstance(part, Value))


def afterwards(
    shape: Shape, wanted: tuple[RollUp, ...], columns: tuple[Column, ...], child: str, relations: tuple[str, ...]
) -> Template:
    """Heads locked in the order of their ids, each with what it holds and what it is to hold: those named, and by
    relation those of some lines.
    """
    names = (wanted[0].object_name, *(each.field.name for each in wanted), child, relations)
    return _templates.get(shape, names, lambda: render(_afterwards(wanted, columns, child, relations)))


def _along(shape: Shape, wanted: tuple[RollUp, ...], columns: tuple[Column, ...]) -> Along:
    child, head = wanted[0].child, value(HEAD, "uuid")
    needed = list(_needed(shape, wanted))
    names = join("", (sql(", {column}", column=each) for each in needed))
    lines = sql(
        "(SELECT id, deleted_at{names} FROM {table} WHERE id <> ALL (ARRAY(SELECT id FROM written))"
        " UNION ALL SELECT id, deleted_at{names} FROM written)",
        names=names,
        table=statements.table(child),
    )
    returning = join("", (sql(", record.{column}", column=each) for each in (ident("deleted_at"), *needed)))
    held = join("", (sql(", kept.{key}", key=ident(key(at))) for at in range(len(columns))))
    sums = metadata.roll_up_columns(wanted)
    tables = sql(
        " FROM (SELECT) AS one LEFT JOIN (SELECT record.id, record.version, record.deletion_id{held}"
        " FROM {table} AS record WHERE record.id = {head} AND record.deleted_at IS NULL) AS kept ON TRUE{sums}",
        held=statements.held(wanted[0].object_name, columns),
        table=statements.table(wanted[0].object_name),
        head=head,
        sums=metadata.roll_up_tables(wanted, head, lines),
    )
    answer = sql(", kept.id, kept.version, kept.deletion_id{held}, {sums}", held=held, sums=sums)
    if not carried.is_carried(shape, wanted):
        return Along(returning, answer, tables)
    return Along(
        returning,
        sql(", looked.*, EXISTS (SELECT FROM carried) AS {carried}", carried=ident(CARRIED)),
        sql(" FROM looked"),
        sql(
            ", looked AS (SELECT kept.id, kept.version, kept.deletion_id{held}, {sums}{tables}){carried}",
            held=held,
            sums=sums,
            tables=tables,
            carried=carried.expression(wanted, columns, head),
        ),
        carried.further(wanted, columns),
    )


def _needed(shape: Shape, wanted: tuple[RollUp, ...]) -> Iterator[Fragment]:
    """The columns of lines that these look at."""
    child = wanted[0].child
    for name in sorted(frozenset().union(*(each.watched for each in wanted))):
        field = shape.field(child, name)
        for part in field.parts if field is not None else ():
            yield ident(Slot(child, name, part))


def _afterwards(
    wanted: tuple[RollUp, ...], columns: tuple[Column, ...], child: str, relations: tuple[str, ...]
) -> Fragment:
    head = wanted[0].object_name
    return sql(
        "WITH entered AS ({entering}), wanted AS (SELECT unnest({heads}) AS id{more}), locked AS ("
        "SELECT record.id, record.version, record.deletion_id{held} FROM {table} AS record"
        " WHERE record.id IN (SELECT id FROM wanted) AND record.deleted_at IS NULL ORDER BY record.id"
        " FOR NO KEY UPDATE OF record) SELECT locked.*, {columns} FROM locked{sums}",
        entering=statements.entering(head),
        heads=value(HEADS, "uuid[]"),
        more=join("", (_of_lines(child, each) for each in relations)),
        held=statements.held(head, columns),
        table=statements.table(head),
        columns=metadata.roll_up_columns(wanted),
        sums=metadata.roll_up_tables(wanted, sql("locked.id")),
    )


def _of_lines(child: str, relation: str) -> Fragment:
    return sql(
        " UNION ALL SELECT {relation} FROM {table} WHERE id = ANY({lines})",
        relation=ident(Slot(child, relation)),
        table=statements.table(child),
        lines=value(LINES, "uuid[]"),
    )
