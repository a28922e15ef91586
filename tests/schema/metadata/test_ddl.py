"""From one registry to the next in statements that can be run in order, and lose nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from schema.metadata import ddl
from schema.metadata.ddl import Restored
from schema.metadata.fields import Field, FieldState, Relation
from schema.metadata.objects import ObjectState
from schema.metadata.physical import tables_of
from schema.metadata.types import FIELD_TYPES
from services import packs
from services.metadata import Snapshot
from services.metadata.drafting import new_field, new_object
from tenants.ids import IdMaker
from tenants.sql import render
from tests.builders.shapes import field_drafts, object_drafts

if TYPE_CHECKING:
    from services.metadata import FieldDraft, ObjectDraft

CRM = Snapshot(packs.load("crm").objects, 1)


def texts(before: Snapshot | None, after: Snapshot, restored: Restored = ddl.NOTHING_RESTORED) -> list[str]:
    statements = ddl.changes(before.registry if before else None, after.registry, restored=restored)
    return [statement.text("t_a") for statement in statements]


def changed(name: str, **values: object) -> Snapshot:
    return CRM.with_object(replace(CRM.by_name[name], **values))  # type: ignore[arg-type]  # keywords of the test


def test_nothing_changed_needs_no_statement() -> None:
    assert texts(CRM, CRM) == []


def test_new_tenant_gets_tables_before_what_points_at_them() -> None:
    created = [text.split('"')[3] for text in texts(None, CRM) if text.startswith("CREATE TABLE")]

    assert sorted(created) == sorted(each.table for each in CRM.objects)
    assert created.index("customer") < created.index("contact") < created.index("opportunity")
    assert not [text for text in texts(None, CRM) if "ADD CONSTRAINT" in text]


def test_circle_of_relations_is_closed_at_the_end() -> None:
    relation = CRM.by_name["lead"].field("convertedCustomer")
    assert relation is not None
    assert relation.field.relation is not None
    to_lead = replace(relation.field, name="champion", relation=replace(relation.field.relation, target="lead"))
    back = replace(relation, id=IdMaker().new(10), field=to_lead, column="champion_id")

    (closing,) = [text for text in texts(None, CRM.with_field("campaign", back)) if "ADD CONSTRAINT" in text]

    assert closing == (
        'ALTER TABLE "t_a"."campaign" ADD CONSTRAINT "fk_campaign_champion_id" FOREIGN KEY ("champion_id")'
        ' REFERENCES "t_a"."lead" (id)'
    )


def test_retired_field_keeps_its_column() -> None:
    name = CRM.by_name["customer"].fields[0]

    assert texts(CRM, CRM.with_field("customer", name.in_state(FieldState.RETIRED))) == [
        'DROP INDEX IF EXISTS "t_a"."ix_customer_name_grams"',
        'DROP INDEX IF EXISTS "t_a"."ux_customer_name"',
        'DROP INDEX IF EXISTS "t_a"."ix_customer_name"',
        'DROP INDEX IF EXISTS "t_a"."ix_customer_owner_id__name"',
    ]


def test_field_that_is_being_built_has_columns_and_no_index() -> None:
    name = CRM.by_name["customer"].fields[0]
    building = CRM.with_field("customer", name.in_state(FieldState.BUILDING))

    assert not [text for text in texts(CRM.with_field("customer", name.in_state(FieldState.RETIRED)), building)
                if "INDEX" in text]  # fmt: skip
    assert len([text for text in texts(building, CRM) if "INDEX" in text]) == 4


def test_index_that_is_wanted_in_the_end_stays_while_its_field_is_built() -> None:
    name = CRM.by_name["customer"].fields[0]
    building = CRM.with_field("customer", name.in_state(FieldState.BUILDING))
    in_the_end = CRM.with_field("customer", replace(name, field=replace(name.field, is_unique=False)))

    assert ddl.changes(CRM.registry, building.registry, on_the_way_to=CRM.registry) == []
    left = ddl.changes(CRM.registry, building.registry, on_the_way_to=in_the_end.registry)
    assert [each.text("t_a") for each in left] == ['DROP INDEX IF EXISTS "t_a"."ux_customer_name"']


def test_retired_object_lets_go_of_what_it_points_at() -> None:
    statements = texts(CRM, changed("quoteLine", state=ObjectState.RETIRED))

    assert sorted(statements) == [
        'ALTER TABLE "t_a"."quote_line" DROP CONSTRAINT IF EXISTS "fk_quote_line_product_id"',
        'ALTER TABLE "t_a"."quote_line" DROP CONSTRAINT IF EXISTS "fk_quote_line_quote_id"',
    ]


def test_restored_object_unlinks_what_is_gone_and_points_again() -> None:
    retired = changed("quoteLine", state=ObjectState.RETIRED)
    columns = frozenset({("quote_line", "product_id"), ("quote_line", "quote_id")})

    statements = texts(retired, CRM, Restored(frozenset({"quote_line"}), columns))

    assert [text.split()[0] for text in statements[-4:]] == ["UPDATE", "ALTER", "UPDATE", "ALTER"]
    assert all("IF NOT EXISTS" in text or "GRANT" in text for text in statements[:-4])


def test_concurrent_index_is_the_same_index() -> None:
    index = tables_of(CRM.registry)["customer"].indexes["ux_customer_name"]

    assert render(ddl.build_index("customer", index)).bind("t_a", str) == (
        'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "ux_customer_name" ON "t_a"."customer" ("name_norm")'
        " WHERE deleted_at IS NULL"
    )


def test_index_of_an_owners_records_holds_short_values_besides() -> None:
    index = tables_of(CRM.registry)["opportunity"].indexes["ix_opportunity_owner_id__stage"]

    assert render(ddl.build_index("opportunity", index)).bind("t_a", str) == (
        'CREATE INDEX CONCURRENTLY IF NOT EXISTS "ix_opportunity_owner_id__stage" ON "t_a"."opportunity" '
        '("owner_id", "stage", "id") INCLUDE ("amount", "close_on") WHERE deleted_at IS NULL'
    )


def test_another_indexed_field_leaves_the_indexes_that_are_there() -> None:
    field = CRM.by_name["opportunity"].field("probability")
    assert field is not None
    indexed = replace(field, field=replace(field.field, is_indexed=True))

    assert texts(CRM, CRM.with_field("opportunity", indexed)) == [
        (
            'CREATE INDEX IF NOT EXISTS "ix_opportunity_probability" ON "t_a"."opportunity" ("probability", "id")'
            " WHERE deleted_at IS NULL"
        ),
        (
            'CREATE INDEX IF NOT EXISTS "ix_opportunity_owner_id__probability" ON "t_a"."opportunity" '
            '("owner_id", "probability", "id") INCLUDE ("amount", "stage", "close_on") WHERE deleted_at IS NULL'
        ),
    ]


def test_what_is_to_be_put_into_an_inverted_index_waits_in_a_short_list() -> None:
    index = tables_of(CRM.registry)["customer"].indexes["ix_customer_name_grams"]

    assert render(ddl.build_index("customer", index)).bind("t_a", str) == (
        'CREATE INDEX CONCURRENTLY IF NOT EXISTS "ix_customer_name_grams" ON "t_a"."customer" USING gin ("name_grams")'
        " WITH (gin_pending_list_limit = 64) WHERE deleted_at IS NULL"
    )


@settings(max_examples=60)
@given(object_drafts(), st.lists(field_drafts(), max_size=4))
def test_any_definition_is_reached_and_left_without_losing_a_column(
    draft: ObjectDraft, fields: list[FieldDraft]
) -> None:
    new_id = IdMaker().new
    after = new_object(CRM, draft, new_id)
    name = after.objects[-1].name
    for field in fields:
        after = new_field(after, name, field, new_id)

    there = texts(CRM, after)
    back = texts(after, CRM)

    assert not [text for text in there + back if "DROP COLUMN" in text or "DROP TABLE" in text]
    assert there[0].startswith("CREATE TABLE")
    columns = tables_of(after.registry)[after.by_name[name].table].columns
    assert all(f'"{column}"' in there[0] for column in columns)
    assert texts(after, after) == []


def test_every_index_of_the_pack_has_its_own_name() -> None:
    tables = tables_of(CRM.registry)
    names = [name for table in tables.values() for name in (*table.indexes, *table.foreign_keys, *table.sequences)]

    assert len(names) == len(set(names))


def test_links_get_a_table_of_their_own_once() -> None:
    relation = CRM.by_name["lead"].field("convertedCustomer")
    assert relation is not None
    shape = Field("members", "relations", relation=Relation("contact", "campaigns"))
    after = CRM.with_field("campaign", replace(relation, id=IdMaker().new(10), field=shape, column="campaign_members"))

    assert texts(CRM, after) == [
        (
            'CREATE TABLE IF NOT EXISTS "t_a"."campaign_members" (source_id uuid NOT NULL REFERENCES "t_a"."campaign" (id)'
            ' ON DELETE CASCADE, target_id uuid NOT NULL REFERENCES "t_a"."contact" (id) ON DELETE CASCADE,'
            " PRIMARY KEY (source_id, target_id))"
        ),
        'GRANT SELECT, INSERT, DELETE ON "t_a"."campaign_members" TO "t_a"',
        'CREATE INDEX IF NOT EXISTS "ix_campaign_members_target_id" ON "t_a"."campaign_members" (target_id, source_id)',
    ]
    assert texts(after, CRM) == []


def test_what_is_destroyed_is_dropped_by_its_name() -> None:
    money, links = FIELD_TYPES["currency"], FIELD_TYPES["relations"]
    statements = [
        ddl.drop_columns("x_1", "f_1", money),
        ddl.drop_columns("x_1", "f_2", links),
        ddl.drop_sequence("x_1_f_1_seq"),
        ddl.drop_table("x_1"),
    ]

    assert [render(each).bind("t_a", ddl.named) for each in statements] == [
        'ALTER TABLE "t_a"."x_1" DROP COLUMN IF EXISTS "f_1", DROP COLUMN IF EXISTS "f_1_currency"',
        'DROP TABLE IF EXISTS "t_a"."f_2"',
        'DROP SEQUENCE IF EXISTS "t_a"."x_1_f_1_seq"',
        'DROP TABLE IF EXISTS "t_a"."x_1"',
    ]
