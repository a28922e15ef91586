"""Golden: who is locked before whom stands in the SQL itself."""

from __future__ import annotations

import pytest

from services.records import lock_statements
from services.records.statements import Life
from services.records.stored import Column
from tests.services.records.test_statements import NAME, OWN, text


@pytest.mark.parametrize(("key_too", "strength"), [(False, "NO KEY UPDATE"), (True, "UPDATE")])
def test_a_lock_takes_the_writers_lock_on_the_table_first(*, key_too: bool, strength: str) -> None:
    locking = text(lock_statements.lock("customer", (NAME,), Life.LIVE, OWN, key_too=key_too))

    assert locking.replace(f" FOR {strength} OF record", " FOR … OF record") == (
        'WITH entered AS (UPDATE "t_x"."customer" SET version = version WHERE FALSE), locked AS ('
        'SELECT record.id, record.version, record.deletion_id, record."name" AS "v0" FROM "t_x"."customer" AS record'
        " WHERE record.id = ANY($1::uuid[]) AND record.deleted_at IS NULL AND record.owner_id = $me"
        " ORDER BY record.id FOR … OF record) SELECT locked.* FROM locked ORDER BY id"
    )


def test_heads_are_locked_before_what_belongs_to_them_and_named_beside_it() -> None:
    belongs = Column("company", "", "uuid")
    heads = (("company", "company"),)

    assert text(lock_statements.lock("deal", (belongs,), Life.LIVE, OWN, key_too=False, heads=heads)) == (
        'WITH entered AS (UPDATE "t_x"."deal" SET version = version WHERE FALSE),'
        ' "entered_0" AS (UPDATE "t_x"."company" SET version = version WHERE FALSE),'
        ' "held_0" AS (SELECT record.id FROM "t_x"."company" AS record WHERE record.id IN ('
        'SELECT "company" FROM "t_x"."deal" WHERE id = ANY($1::uuid[]) UNION ALL SELECT unnest($2::uuid[]))'
        " ORDER BY record.id FOR NO KEY UPDATE OF record), locked AS ("
        'SELECT record.id, record.version, record.deletion_id, record."company" AS "v0" FROM "t_x"."deal" AS record'
        " WHERE record.id = ANY($1::uuid[]) AND record.deleted_at IS NULL AND record.owner_id = $me"
        ' AND (SELECT count(*) FROM "held_0") >= 0 ORDER BY record.id FOR NO KEY UPDATE OF record)'
        ' SELECT locked.*, "held_0".id AS "h0" FROM locked LEFT JOIN "held_0" ON "held_0".id = locked."v0" ORDER BY id'
    )


def test_children_are_locked_up_to_one_too_many() -> None:
    assert text(lock_statements.lock_children("contact", (NAME,), Life.ANY, key_too=False)).endswith(
        'WHERE record."name" = ANY($1::uuid[]) AND TRUE ORDER BY record.id LIMIT $2::bigint'
        " FOR NO KEY UPDATE OF record) SELECT locked.* FROM locked ORDER BY id"
    )


def test_what_went_along_is_locked_without_the_record_itself() -> None:
    assert (
        " WHERE record.deletion_id = ANY($1::uuid[]) AND record.id <> record.deletion_id"
        " AND record.deleted_at IS NOT NULL ORDER BY record.id LIMIT $2::bigint FOR NO KEY UPDATE OF record)"
    ) in text(lock_statements.lock_deleted_with("contact", ()))
