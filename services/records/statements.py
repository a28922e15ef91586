"""The statements of the write path. Each carries the versions it was built for and writes nothing if they moved.

Set-based: rows travel as one JSON parameter under canonical names, so a statement is text for one shape and any number
of rows, and its template is shared by all tenants of that shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from services.events import Kind
from services.records import trace
from services.records.stored import Column, key
from tenants.sql import EMPTY, SCHEMA, Fragment, Slot, Template, ident, join, render, sql, type_name, value

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEMPLATES = 1024
# An object that keeps roll-ups, and the relation by which others belong to its records.
Headed: TypeAlias = tuple[str, str]
_NO_HEADS: tuple[Headed, ...] = ()


@dataclass(frozen=True, slots=True)
class Along:
    """What a writing statement looks at beside: more columns of what it wrote, and of its answer, with their tables."""

    returning: Fragment
    columns: Fragment
    tables: Fragment


ALONE = Along(EMPTY, EMPTY, EMPTY)


class Life(StrEnum):
    """Which records a lock looks for."""

    LIVE = "live"
    DELETED = "deleted"
    ANY = "any"


_LIFE = {
    Life.LIVE: sql("record.deleted_at IS NULL"),
    Life.DELETED: sql("record.deleted_at IS NOT NULL"),
    Life.ANY: sql("TRUE"),
}
_NOW = value("now", "timestamptz")
_AUTHOR = value("author", "uuid")
_NEXT = sql("version = record.version + 1, updated_at = {now}, updated_by_id = {author}", now=_NOW, author=_AUTHOR)
_SAME_VERSION = sql("record.version = input.version")

# Writers compare in the snapshot of the very statement that writes; locks that a definition change takes make it wait.
_FRESH = sql(
    "fresh AS (SELECT 1 FROM {schema}.state WHERE metadata_version = {metadata} AND access_version = {access})",
    schema=SCHEMA,
    metadata=value("metadata_version", "bigint"),
    access=value("access_version", "bigint"),
)

_NOTHING_MORE = sql("")
# Who owns a record needs no share of it; one that stayed would outlast the ownership.
_OWNERS_SHARES_GONE = sql(
    ", share AS (DELETE FROM {schema}.record_share AS share USING written"
    " WHERE share.record_id = written.id AND share.user_id = written.owner)",
    schema=SCHEMA,
)
_SHARES_GONE = sql(
    ", share AS (DELETE FROM {schema}.record_share AS share USING written WHERE share.record_id = written.id)",
    schema=SCHEMA,
)


def table(object_name: str) -> Fragment:
    """The table of an object."""
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(Slot(object_name)))


def column(object_name: str, each: Column) -> Fragment:
    """A column of a field."""
    return ident(Slot(object_name, each.field, each.part))


def typed(columns: Iterable[Column]) -> Fragment:
    """The columns of a JSON row with their types, each after a comma."""
    # Types come from the table of field types, never from a tenant.
    return _listed(
        sql("{key} {type}", key=ident(key(at)), type=type_name(each.type)) for at, each in enumerate(columns)
    )


def held(object_name: str, columns: Iterable[Column]) -> Fragment:
    """What a record holds in these columns, each after a comma and under the name that a JSON row has for it."""
    return _listed(
        sql("record.{column} AS {key}", column=column(object_name, each), key=ident(key(at)))
        for at, each in enumerate(columns)
    )


def given(position: int) -> Fragment:
    """A column of a JSON row."""
    return sql("input.{key}", key=ident(key(position)))


def entering(object_name: str) -> Fragment:
    """A table expression that changes no row and takes the writer's lock on the table.

    Reading first and writing later would raise the lock half way, against a definition change that waits to alter the
    table: a deadlock. A writer that takes its lock with its first look either goes before the change or waits for it.
    It must stand first and the look in a table expression of its own, because locks are taken in that order.
    """
    return sql("UPDATE {table} SET version = version WHERE FALSE", table=table(object_name))


@lru_cache(_TEMPLATES)
def insertion(object_name: str, columns: tuple[Column, ...], along: Along = ALONE) -> Template:
    """New records. A row that meets a unique value is left out, so that the caller learns which ones and why."""
    written = sql(
        "INSERT INTO {table} AS record (id, created_at, updated_at, created_by_id, updated_by_id{names})"
        " SELECT input.id, {now}, {now}, {author}, {author}{inputs} FROM {input}, fresh ORDER BY input.id"
        " ON CONFLICT DO NOTHING RETURNING record.id{returning}",
        table=table(object_name),
        returning=along.returning,
        names=_listed(column(object_name, each) for each in columns),
        now=_NOW,
        author=_AUTHOR,
        inputs=_listed(given(at) for at in range(len(columns))),
        input=_input(columns),
    )
    return _traced(written, Kind.CREATED, along)


@lru_cache(_TEMPLATES)
def change(
    object_name: str,
    columns: tuple[Column, ...],
    scope: Fragment,
    life: Life = Life.LIVE,
    *,
    owner: int | None = None,
    along: Along = ALONE,
) -> Template:
    """Changed records: version, life and scope stand in the condition of the UPDATE itself.

    `owner` is the position of the column that says whose a record is, where that is among them.
    """
    settings = sql("{next}{set}", next=_NEXT, set=_listed(_set(object_name, columns)))
    written = _update(object_name, columns, settings, _all(_SAME_VERSION, _LIFE[life], scope)) + along.returning
    if owner is None:
        return _traced(written, Kind.UPDATED, along)
    with_owner = sql("{written}, record.{owner} AS owner", written=written, owner=column(object_name, columns[owner]))
    return _traced(with_owner, Kind.UPDATED, along, _OWNERS_SHARES_GONE)


@lru_cache(_TEMPLATES)
def derivation(object_name: str, columns: tuple[Column, ...]) -> Template:
    """Values kept by the platform: the record stays at its version, whoever edits it is not in conflict."""
    settings = join(", ", _set(object_name, columns))
    return _traced(_update(object_name, columns, settings, _all(_LIFE[Life.LIVE])), Kind.DERIVED)


@lru_cache(_TEMPLATES)
def deletion(object_name: str, scope: Fragment, along: Along = ALONE) -> Template:
    """Records into the bin; `v0` is the record whose deletion took this one along, or the record itself."""
    settings = sql("{next}, deleted_at = {now}, deletion_id = input.v0", next=_NEXT, now=_NOW)
    live = _all(_SAME_VERSION, _LIFE[Life.LIVE], scope)
    return _traced(_update(object_name, _DELETION, settings, live) + along.returning, Kind.DELETED, along)


@lru_cache(_TEMPLATES)
def restoration(object_name: str, scope: Fragment) -> Template:
    """Records out of the bin."""
    settings = sql("{next}, deleted_at = NULL, deletion_id = NULL", next=_NEXT)
    return _traced(_update(object_name, (), settings, _all(_SAME_VERSION, _LIFE[Life.DELETED], scope)), Kind.RESTORED)


@lru_cache(_TEMPLATES)
def destruction(object_name: str, scope: Fragment) -> Template:
    """Records gone for good, and with them whatever was shared of them."""
    written = sql(
        "DELETE FROM {table} AS record USING {input}, fresh WHERE record.id = input.id AND {condition}"
        " RETURNING record.id",
        table=table(object_name),
        input=_input(()),
        condition=_all(_SAME_VERSION, scope),
    )
    return _traced(written, Kind.DESTROYED, more=_SHARES_GONE)


@lru_cache(_TEMPLATES)
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
    return _locking(object_name, columns, _all(among, _LIFE[life], scope), key_too=key_too, heads=heads)


def held_by(position: int) -> str:
    """The column that names the head that was locked."""
    return f"h{position}"


def joining_by(relation: str) -> str:
    """The parameter with heads that the records are to have."""
    return f"joining by {relation}"


@lru_cache(_TEMPLATES)
def lock_children(object_name: str, columns: tuple[Column, ...], life: Life, *, key_too: bool) -> Template:
    """Lock the records that point at any of `parents`; one more than a verb may write shows that there are too many."""
    pointing = sql(
        "record.{column} = ANY({parents})", column=column(object_name, columns[0]), parents=value("parents", "uuid[]")
    )
    return _locking(object_name, columns, _all(pointing, _LIFE[life]), key_too=key_too, is_open_ended=True)


@lru_cache(_TEMPLATES)
def lock_deleted_with(object_name: str, columns: tuple[Column, ...]) -> Template:
    """Lock the deleted records that any of `roots` took along."""
    along = sql("record.deletion_id = ANY({roots}) AND record.id <> record.deletion_id", roots=value("roots", "uuid[]"))
    return _locking(object_name, columns, _all(along, _LIFE[Life.DELETED]), key_too=False, is_open_ended=True)


@lru_cache(_TEMPLATES)
def visible(object_name: str, life: Life, scope: Fragment) -> Template:
    """Which of these records are there for a scope."""
    return render(
        sql(
            "SELECT record.id FROM {table} AS record WHERE record.id = ANY({ids}) AND {condition}",
            table=table(object_name),
            ids=value("ids", "uuid[]"),
            condition=_all(_LIFE[life], scope),
        )
    )


@lru_cache(_TEMPLATES)
def owner(object_name: str, owner_field: str) -> Template:
    """Whose a record is; until the end of the transaction nobody changes that."""
    return render(
        sql(
            "SELECT record.{owner} AS owner FROM {table} AS record WHERE record.id = {id} FOR SHARE OF record",
            owner=ident(Slot(object_name, owner_field)),
            table=table(object_name),
            id=value("id", "uuid"),
        )
    )


# `input` of a deletion carries one value that belongs to no field.
_DELETION = (Column("", "", "uuid"),)


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
        names=_listed(
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


def _update(object_name: str, columns: tuple[Column, ...], settings: Fragment, condition: Fragment) -> Fragment:
    return sql(
        "UPDATE {table} AS record SET {settings} FROM {input}, fresh"
        " WHERE record.id = input.id AND {condition} RETURNING record.id",
        table=table(object_name),
        settings=settings,
        input=_input(columns),
        condition=condition,
    )


def _traced(written: Fragment, kind: Kind, along: Along = ALONE, more: Fragment = _NOTHING_MORE) -> Template:
    return render(
        sql(
            "WITH {fresh}, written AS ({written}), {trace}{more}"
            " SELECT EXISTS (SELECT 1 FROM fresh) AS fresh, ARRAY(SELECT id FROM written) AS ids{columns}{tables}",
            columns=along.columns,
            tables=along.tables,
            fresh=_FRESH,
            written=written,
            trace=trace.left_behind(kind),
            more=more,
        )
    )


def _input(columns: tuple[Column, ...]) -> Fragment:
    return sql(
        "json_to_recordset({rows}) AS input (id uuid, version integer{columns})",
        rows=value("rows", "json"),
        columns=_listed(
            sql("{key} {type}", key=ident(key(at)), type=type_name(each.type)) for at, each in enumerate(columns)
        ),
    )


def _set(object_name: str, columns: tuple[Column, ...]) -> list[Fragment]:
    return [
        sql("{column} = {given}", column=column(object_name, each), given=given(at)) for at, each in enumerate(columns)
    ]


def _listed(fragments: Iterable[Fragment]) -> Fragment:
    return join("", (sql(", {each}", each=each) for each in fragments))


def _all(*conditions: Fragment) -> Fragment:
    return join(" AND ", conditions)
