"""Statements over a tenant's change rows and audit entries that have no number yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.tables.audit import audit_entry
from schema.tables.records import change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from services.audit import Head

AT_ONCE = 5_000


def unsequenced_changes(*, at_once: int = AT_ONCE) -> sa.Select[tuple[UUID, UUID, int]]:
    """Change rows without a number."""
    return sa.select(change.c.id, change.c.record_id, change.c.version).where(_next(change, at_once))


def last_change() -> sa.Select[tuple[int]]:
    """The last number given."""
    return sa.select(sa.func.max(change.c.seq))


def number_changes(order: Sequence[UUID], *, first: int) -> sa.Update:
    """Give numbers in this order."""
    given = _table(
        (sa.column("id", pg.UUID), _ids(order)),
        (sa.column("seq", sa.BigInteger), _bigints(range(first, first + len(order)))),
    )
    return sa.update(change).where(change.c.id == given.c.id, change.c.seq.is_(None)).values(seq=given.c.seq)


def unsequenced_entries(*, at_once: int = AT_ONCE) -> sa.Select[tuple[UUID, UUID, int, bytes]]:
    """Audit entries that are not in the chain yet."""
    columns = (audit_entry.c.id, audit_entry.c.record_id, audit_entry.c.record_version, audit_entry.c.body)
    return sa.select(*columns).where(_next(audit_entry, at_once))


def last_entry() -> sa.Select[tuple[int, bytes]]:
    """The end of the chain."""
    linked = sa.select(audit_entry.c.seq, audit_entry.c.hash).where(audit_entry.c.seq.is_not(None))
    return linked.order_by(audit_entry.c.seq.desc()).limit(1)


def link_entries(order: Sequence[UUID], *, before: Sequence[Head], after: Sequence[Head]) -> sa.Update:
    """Write the links: each entry with the head before it and the head that it makes."""
    given = _table(
        (sa.column("id", pg.UUID), _ids(order)),
        (sa.column("seq", sa.BigInteger), _bigints(head.seq for head in after)),
        (sa.column("prev_hash", sa.LargeBinary), _bytes(head.hash for head in before)),
        (sa.column("hash", sa.LargeBinary), _bytes(head.hash for head in after)),
    )
    return (
        sa
        .update(audit_entry)
        .where(audit_entry.c.id == given.c.id, audit_entry.c.seq.is_(None))
        .values(seq=given.c.seq, prev_hash=given.c.prev_hash, hash=given.c.hash)
    )


def _next(table: sa.Table, at_once: int) -> sa.ColumnElement[bool]:
    """The oldest rows, and all others of the same records: a record's rows are never parted, see `ordering`."""
    rows = table.alias("oldest_rows")
    oldest = (
        sa
        .select(rows.c.id, rows.c.record_id)
        .where(rows.c.seq.is_(None))
        .order_by(rows.c.id)
        .limit(at_once)
        .cte("oldest")
    )
    return sa.and_(
        table.c.seq.is_(None),
        sa.or_(
            table.c.id.in_(sa.select(oldest.c.id)),
            table.c.record_id.in_(sa.select(oldest.c.record_id).where(oldest.c.record_id.is_not(None))),
        ),
    )


def _table(*columns: tuple[sa.ColumnClause[object], sa.ColumnElement[object]]) -> sa.TableValuedAlias:
    names = [name for name, _ in columns]
    return sa.func.unnest(*(array for _, array in columns)).table_valued(*names, name="given").render_derived()


def _ids(ids: Sequence[UUID]) -> sa.ColumnElement[object]:
    return sa.literal(list(ids), pg.ARRAY(pg.UUID))


def _bigints(numbers: Iterable[int]) -> sa.ColumnElement[object]:
    return sa.literal(list(numbers), pg.ARRAY(sa.BigInteger))


def _bytes(values: Iterable[bytes]) -> sa.ColumnElement[object]:
    return sa.literal(list(values), pg.ARRAY(sa.LargeBinary))
