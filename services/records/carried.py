"""A head that moves in the very statement that writes its lines, with what that leaves behind.

Only what PostgreSQL computes as the platform does goes this way: a head with a formula over it, one that stands in the table of
its lines, and numbers beyond any reason are written by a statement of their own, see `rollups`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from schema.metadata.results import places_of
from schema.metadata.types import Output
from services import events, metadata
from services.events import Kind
from services.records import statements
from services.records.stored import key
from services.records.trace import Further
from tenants.sql import constant, ident, integer, join, sql, value

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from schema.metadata.registry import Shape
    from services.events import RecordEvent
    from services.metadata import RollUp
    from services.records.stored import Column
    from services.records.targets import Target
    from tenants.sql import Fragment

# Far within what any type of number holds, and far beyond what anybody counts.
_REASON: Final = 10**15
_MOVED: Final = sql("carried JOIN looked ON looked.id = carried.id")


def is_carried(shape: Shape, wanted: Sequence[RollUp]) -> bool:
    """Whether a head with these roll-ups can be written along with its lines."""
    head, names = wanted[0].object_name, [each.field.name for each in wanted]
    return head != wanted[0].child and not metadata.formulas_moved_by(shape, head, names)


def expression(wanted: Sequence[RollUp], columns: Sequence[Column], head: Fragment) -> Fragment:
    """Table expressions that write the head where it moves. One named `looked` has what it holds, and the roll-ups."""
    name = wanted[0].object_name
    news = list(_news(wanted, columns))
    return sql(
        ", carried AS (UPDATE {table} AS record SET {settings} FROM looked"
        " WHERE record.id = {head} AND looked.id IS NOT NULL AND {reason} AND ({moved}) RETURNING record.id)",
        table=statements.table(name),
        head=head,
        settings=join(
            ", ",
            (
                sql("{column} = {new}", column=statements.column(name, each), new=new)
                for each, new in zip(columns, news, strict=True)
            ),
        ),
        reason=join(
            " AND ", (sql("TRUE"), *(_within_reason(at) for at, each in enumerate(wanted) if _is_number(each)))
        ),
        moved=join(" OR ", (_moves(at, new) for at, new in enumerate(news))),
    )


def further(wanted: Sequence[RollUp], columns: Sequence[Column]) -> Further:
    """A row of the feed and an event that names the fields that moved."""
    news = list(_news(wanted, columns))
    names = sorted({each.field for each in columns})
    moved = (
        sql(
            "CASE WHEN {moved} THEN {name} END",
            moved=join(" OR ", (_moves(at, news[at]) for at, each in enumerate(columns) if each.field == name)),
            name=constant(name),
        )
        for name in names
    )
    return Further(
        sql(
            " UNION ALL SELECT {change_id}, {number}, carried.id, looked.version, {kind}, {now} FROM {moved}",
            change_id=value("carried change_id", "uuid"),
            number=value("carried number", "smallint"),
            kind=value("carried kind", "text"),
            now=value("now", "timestamptz"),
            moved=_MOVED,
        ),
        sql(
            " UNION ALL SELECT {event_id}, {event}, {queue}, {payload} || jsonb_build_object("
            "'ids', jsonb_build_array(carried.id), 'fields', array_remove(ARRAY[{fields}], NULL)) FROM {moved}",
            event_id=value("carried event_id", "uuid"),
            event=value("carried event", "text"),
            queue=value("carried queue", "text"),
            payload=value("carried payload", "jsonb"),
            fields=join(", ", moved),
            moved=_MOVED,
        ),
    )


def values_of(heads: Target) -> dict[Hashable, object]:
    """The values that `further` asks for."""
    change_id, event_id = heads.work.ids.many(0, 2)
    event, payload = _event(heads.name)
    return {
        "carried change_id": change_id,
        "carried event_id": event_id,
        "carried number": heads.number,
        "carried kind": Kind.DERIVED.value,
        "carried event": event.name,
        "carried queue": events.queue_of(event),
        "carried payload": payload,
    }


@lru_cache(1024)
def _event(object_name: str) -> tuple[RecordEvent, str]:
    """What is told of one record, which the statement names with the fields that moved."""
    event = events.EVENTS[Kind.DERIVED](object_name, ())
    return event, event.payload()


def _news(wanted: Sequence[RollUp], columns: Sequence[Column]) -> Iterator[Fragment]:
    """What the columns of a head are to hold, as the platform rounds it."""
    places = {each.field.name: at for at, each in enumerate(wanted)}
    for column in columns:
        at = places[column.field]
        roll_up, found = wanted[at], sql("looked.{name}", name=ident(f"s{at}"))
        match roll_up.field.type.output:
            case Output.MONEY if column.part:
                yield sql("CASE WHEN {found} IS NOT NULL THEN looked.{name} END", found=found, name=ident(f"c{at}"))
            case Output.LONG:
                # Columns are computed before rows are sorted out, and a number that is too large for its type is an error.
                yield sql("CASE WHEN {reason} THEN {found}::bigint END", reason=_within_reason(at), found=found)
            case Output.DECIMAL | Output.MONEY:
                yield sql(
                    "trim_scale(round({found}::numeric, {places}))",
                    found=found,
                    places=integer(places_of(roll_up.field)),
                )
            case _:
                yield found


def _is_number(roll_up: RollUp) -> bool:
    return roll_up.field.type.output in {Output.LONG, Output.DECIMAL, Output.MONEY}


def _within_reason(at: int) -> Fragment:
    return sql("coalesce(abs(looked.{name}) < {reason}, TRUE)", name=ident(f"s{at}"), reason=integer(_REASON))


def _moves(at: int, new: Fragment) -> Fragment:
    return sql("looked.{held} IS DISTINCT FROM {new}", held=ident(key(at)), new=new)
