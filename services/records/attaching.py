"""Uploads become the files of a record: each was made for this very field, by whoever writes, and is in one record only.

A file that is not the caller's to attach is answered like one that never was. Nothing is taken away here when a record
lets go of a file; what no record holds any more is found and cleared away at night.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from schema.metadata.types import Output
from schema.tables.files import FileState, file
from services.records.errors import AlreadySigned, FileNotFound
from tenants.errors import Stale, Violation

if TYPE_CHECKING:
    import asyncpg

    from schema.metadata.objects import Object
    from services.records.locks import LockedRecord
    from services.records.reactions import WrittenSet
    from services.records.relations import Draft
    from services.records.targets import Target
    from tenants.context import Work
    from tenants.errors import PathStep

    Path = tuple[PathStep, ...]

_ATTACHABLE = (FileState.READY.value, FileState.SCANNING.value)


def refuse_final(target: Target, drafts: Sequence[tuple[Draft, LockedRecord]]) -> list[Violation]:
    """Every value that is there for good and would become another. It may be cleared, and then be given anew."""
    final = [field.name for field in target.fields.values() if field.type.is_final]
    return [
        Violation((*draft.path, name), AlreadySigned())
        for name in final
        for draft, record in drafts
        if draft.values.get(name) and record.values.get(name) and _ids(draft.values[name]) != _ids(record.values[name])
    ]


async def refuse_foreign(target: Target, drafts: Sequence[tuple[Draft, LockedRecord | None]]) -> list[Violation]:
    """Every file of the drafts that is new to its record and not the caller's to attach; the others stay locked."""
    fields = file_fields(target.object)
    if not fields:
        return []
    wanted = [
        (name, path, record, each)
        for name in fields
        for draft, record in drafts
        for path, each in _new(draft, record, name)
    ]
    if not wanted:
        return []
    found = {row["id"]: row for row in await target.work.session.rows(_locked([each for *_, each in wanted]))}
    used: set[UUID] = set()
    violations = []
    for name, path, record, each in wanted:
        number = target.field_number(name)
        if each in used or not _is_free(target, found.get(each), number, None if record is None else record.id):
            violations.append(Violation(path, FileNotFound()))
        used.add(each)
    return violations


def file_fields(thing: Object) -> tuple[str, ...]:
    """The fields of an object that hold files."""
    return tuple(field.name for field in thing.fields if field.type.output is Output.FILES and not field.type.computed)


async def attach(target: Target, written: WrittenSet) -> None:
    """The files that records now hold are theirs; they were locked when they were looked at."""
    work = target.work
    pairs = [
        (each, record_id)
        for name in file_fields(target.object)
        for record_id, (old, new) in written.moved(name).items()
        for each in _ids(new)
        if each not in _ids(old)
    ]
    if pairs and await work.session.execute(_attached(work, pairs)) != len(pairs):
        raise Stale


def _new(draft: Draft, record: LockedRecord | None, name: str) -> Iterator[tuple[Path, UUID]]:
    old = () if record is None else _ids(record.values.get(name))
    for at, each in enumerate(_ids(draft.values.get(name))):
        if each not in old:
            yield (*draft.path, name, at), each


def _ids(value: object) -> tuple[UUID, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def _is_free(target: Target, row: asyncpg.Record | None, field_number: int, record_id: UUID | None) -> bool:
    """Whether it may come into this record: made for the field, and by the caller, unless the record had it before."""
    if row is None or row["state"] not in _ATTACHABLE:
        return False
    if (row["object_number"], row["field_number"]) != (target.number, field_number):
        return False
    if row["record_id"] is not None:
        return bool(row["record_id"] == record_id)
    return bool(row["created_by_id"] == target.work.principal.id)


def _locked(ids: list[UUID]) -> sa.Select[tuple[object, ...]]:
    # Two writers who attach the same file take turns; the second finds that it has a record.
    chosen = file.c.id == sa.any_(sa.literal(sorted(set(ids)), pg.ARRAY(pg.UUID)))
    return sa.select(file).where(chosen).order_by(file.c.id).with_for_update()


def _attached(work: Work, pairs: list[tuple[UUID, UUID]]) -> sa.Update:
    files, records = ([pair[at] for pair in pairs] for at in (0, 1))
    given = sa.func.unnest(sa.literal(files, pg.ARRAY(pg.UUID)), sa.literal(records, pg.ARRAY(pg.UUID)))
    rows = given.table_valued(sa.column("id", pg.UUID), sa.column("record_id", pg.UUID)).render_derived("pair")
    free = sa.or_(file.c.record_id.is_(None), file.c.record_id == rows.c.record_id)
    return sa.update(file).where(file.c.id == rows.c.id, free).values(record_id=rows.c.record_id, attached_at=work.now)
