"""Golden: what a reviewer reads is the SQL itself."""

from __future__ import annotations

import pytest

from services.records import statements
from services.records.statements import Life
from services.records.stored import Column
from tenants.sql import Slot, Template, sql

NAME = Column("name", "", 'text COLLATE "C"')
NAME_NORM = Column("name", "norm", 'text COLLATE "C"')
OWN = sql("record.owner_id = $me")


def physical(slot: Slot) -> str:
    return "_".join(filter(None, (slot.field_name or slot.object_name, slot.part)))


def text(template: Template) -> str:
    return template.bind("t_x", physical)


def written(template: Template) -> str:
    """The part of a traced statement that writes the records."""
    return text(template).split("written AS (", 1)[1].split("), trace AS (", 1)[0]


def test_insertion() -> None:
    assert written(statements.insertion("customer", (NAME, NAME_NORM))) == (
        'INSERT INTO "t_x"."customer" AS record'
        ' (id, created_at, updated_at, created_by_id, updated_by_id, "name", "name_norm")'
        ' SELECT input.id, $3::timestamptz, $3::timestamptz, $4::uuid, $4::uuid, input."v0", input."v1"'
        " FROM json_to_recordset($5::json) AS input (id uuid, version integer,"
        ' "v0" text COLLATE "C", "v1" text COLLATE "C"), fresh ORDER BY input.id'
        " ON CONFLICT DO NOTHING RETURNING record.id"
    )


def test_change() -> None:
    assert written(statements.change("customer", (NAME,), OWN)) == (
        'UPDATE "t_x"."customer" AS record SET version = record.version + 1, updated_at = $3::timestamptz,'
        ' updated_by_id = $4::uuid, "name" = input."v0"'
        ' FROM json_to_recordset($5::json) AS input (id uuid, version integer, "v0" text COLLATE "C"), fresh'
        " WHERE record.id = input.id AND record.version = input.version AND record.deleted_at IS NULL"
        " AND record.owner_id = $me RETURNING record.id"
    )


def test_derivation_keeps_version_and_author() -> None:
    assert written(statements.derivation("customer", (NAME,))) == (
        'UPDATE "t_x"."customer" AS record SET "name" = input."v0"'
        ' FROM json_to_recordset($3::json) AS input (id uuid, version integer, "v0" text COLLATE "C"), fresh'
        " WHERE record.id = input.id AND record.deleted_at IS NULL RETURNING record.id"
    )


def test_deletion() -> None:
    assert written(statements.deletion("customer", OWN)) == (
        'UPDATE "t_x"."customer" AS record SET version = record.version + 1, updated_at = $3::timestamptz,'
        " updated_by_id = $4::uuid, deleted_at = $3::timestamptz, deletion_id = input.v0"
        ' FROM json_to_recordset($5::json) AS input (id uuid, version integer, "v0" uuid), fresh'
        " WHERE record.id = input.id AND record.version = input.version AND record.deleted_at IS NULL"
        " AND record.owner_id = $me RETURNING record.id"
    )


def test_restoration() -> None:
    assert written(statements.restoration("customer", OWN)).endswith(
        "deleted_at = NULL, deletion_id = NULL"
        " FROM json_to_recordset($5::json) AS input (id uuid, version integer), fresh"
        " WHERE record.id = input.id AND record.version = input.version AND record.deleted_at IS NOT NULL"
        " AND record.owner_id = $me RETURNING record.id"
    )


def test_destruction() -> None:
    assert written(statements.destruction("customer", OWN)) == (
        'DELETE FROM "t_x"."customer" AS record'
        " USING json_to_recordset($3::json) AS input (id uuid, version integer), fresh"
        " WHERE record.id = input.id AND record.version = input.version AND record.owner_id = $me RETURNING record.id"
    )


@pytest.mark.parametrize(
    "template",
    [
        statements.insertion("customer", (NAME,)),
        statements.change("customer", (NAME,), OWN),
        statements.derivation("customer", (NAME,)),
        statements.deletion("customer", OWN),
        statements.restoration("customer", OWN),
        statements.destruction("customer", OWN),
    ],
)
def test_every_write_compares_the_versions_it_was_built_for(template: Template) -> None:
    assert text(template).startswith(
        'WITH fresh AS (SELECT 1 FROM "t_x".state WHERE metadata_version = $1::bigint AND access_version = $2::bigint),'
    )
    assert text(template).endswith(
        " SELECT EXISTS (SELECT 1 FROM fresh) AS fresh, ARRAY(SELECT id FROM written) AS ids"
    )


def test_whose_a_record_is_stays_so_until_the_end() -> None:
    assert text(statements.owner("customer", "owner")) == (
        'SELECT record."owner" AS owner FROM "t_x"."customer" AS record WHERE record.id = $1::uuid FOR SHARE OF record'
    )


def test_a_change_of_owner_ends_the_share_of_the_new_one() -> None:
    changing = text(statements.change("customer", (NAME,), OWN, owner=0))

    assert ' RETURNING record.id, record."name" AS owner), ' in changing
    assert (
        ', share AS (DELETE FROM "t_x".record_share AS share USING written'
        " WHERE share.record_id = written.id AND share.user_id = written.owner)"
    ) in changing


def test_seen_records() -> None:
    assert text(statements.visible("customer", Life.DELETED, OWN)) == (
        'SELECT record.id FROM "t_x"."customer" AS record'
        " WHERE record.id = ANY($1::uuid[]) AND record.deleted_at IS NOT NULL AND record.owner_id = $me"
    )
