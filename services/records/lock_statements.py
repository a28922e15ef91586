"""The statements that lock records in the order of their ids and read what is about to change, heads before their lines.

Like those that write, each is text for one shape and any number of records.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from services.records.statements import LIFE, TEMPLATES, Life, all_of, column, entering, held, listed, table
from services.records.stored import key
from tenants.sql import Slot, ident, join, render, sql, value

if TYPE_CHECKING:
    from services.records.stored import Column
    from tenants.sql import Fragment, Template

# An object that keeps roll-ups, and the relation by which others belong to its records.
Headed: TypeAlias = tuple[str, str]
_NO_HEADS: tuple[Headed, ...] = ()


@lru_cache(TEMPLATES)
def lock(
    object_name: str,
    columns: tuple[Column, ...],
    life: Life,
    scope: Fragment,
    *,
    key_too: bool,
    heads: tuple[Headed, ...] = _NO_HEADS,
) -> Template:
    """Lock records in the order of their ids and read what is about to change.

    `key_too` keeps out those who are about to point at the record: it is going away. `heads` are locked before: who
    deletes one locks it before its children.
    """
    among = sql("record.id = ANY({ids})", ids=value("ids", "uuid[]"))
    return _locking(object_name, columns, all_of(among, LIFE[life], scope), key_too=key_too, heads=heads)


def held_by(position: int) -> str:
    """The column that names the head that was locked."""
    return f"h{position}"


def joining_by(relation: str) -> str:
    """The parameter with heads that the records are to have."""
    return f"joining by {relation}"


@lru_cache(TEMPLATES)
def lock_children(object_name: str, columns: tuple[Column, ...], life: Life, *, key_too: bool) -> Template:
    """Lock the records that point at any of `parents`; one more than a verb may write shows that there are too many."""
    pointing = sql(
        "record.{column} = ANY({parents})", column=column(object_name, columns[0]), parents=value("parents", "uuid[]")
    )
    return _locking(object_name, columns, all_of(pointing, LIFE[life]), key_too=key_too, is_open_ended=True)


@lru_cache(TEMPLATES)
def lock_deleted_with(object_name: str, columns: tuple[Column, ...]) -> Template:
    """Lock the deleted records that any of `roots` took along."""
    along = sql("record.deletion_id = ANY({roots}) AND record.id <> record.deletion_id", roots=value("roots", "uuid[]"))
    return _locking(object_name, columns, all_of(along, LIFE[Life.DELETED]), key_too=False, is_open_ended=True)


def _locking(
    object_name: str,
    columns: tuple[Column, ...],
    condition: Fragment,
    *,
    key_too: bool,
    is_open_ended: bool = False,
    heads: tuple[Headed, ...] = _NO_HEADS,
) -> Template:
    locking = sql(
        "WITH entered AS ({entering}){held}, locked AS ("
        "SELECT record.id, record.version, record.deletion_id{columns} FROM {table} AS record"
        " WHERE {condition}{after} ORDER BY record.id{most} FOR {strength} OF record)"
        " SELECT locked.*{names} FROM locked{joined} ORDER BY id",
        entering=entering(object_name),
        held=join("", (_heads(object_name, at, each) for at, each in enumerate(heads))),
        # Known before the first row is looked for: the heads come first.
        after=join(
            "", (sql(" AND (SELECT count(*) FROM {held}) >= 0", held=_held_name(at)) for at in range(len(heads)))
        ),
        names=listed(
            sql("{held}.id AS {name}", held=_held_name(at), name=ident(held_by(at))) for at in range(len(heads))
        ),
        joined=join("", (_joined(at, each, columns) for at, each in enumerate(heads))),
        columns=held(object_name, columns),
        table=table(object_name),
        condition=condition,
        most=sql(" LIMIT {most}", most=value("most", "bigint")) if is_open_ended else sql(""),
        strength=sql("UPDATE") if key_too else sql("NO KEY UPDATE"),
    )
    return render(locking)


def _heads(object_name: str, at: int, headed: Headed) -> Fragment:
    head, relation = headed
    return sql(
        ", {entered} AS ({entering}), {held} AS (SELECT record.id FROM {head} AS record WHERE record.id IN ("
        "SELECT {relation} FROM {table} WHERE id = ANY({ids}) UNION ALL SELECT unnest({joining}))"
        " ORDER BY record.id FOR NO KEY UPDATE OF record)",
        entered=ident(f"entered_{at}"),
        entering=entering(head),
        held=_held_name(at),
        head=table(head),
        relation=ident(Slot(object_name, relation)),
        table=table(object_name),
        ids=value("ids", "uuid[]"),
        joining=value(joining_by(relation), "uuid[]"),
    )


def _joined(at: int, headed: Headed, columns: tuple[Column, ...]) -> Fragment:
    position = next(position for position, each in enumerate(columns) if each.field == headed[1])
    return sql(" LEFT JOIN {held} ON {held}.id = locked.{key}", held=_held_name(at), key=ident(key(position)))


def _held_name(at: int) -> Fragment:
    return ident(f"held_{at}")
