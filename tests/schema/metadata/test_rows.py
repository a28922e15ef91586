"""Definitions survive the way into their tables and back."""

from __future__ import annotations

import json

from hypothesis import given, settings

from schema.metadata import rows
from schema.metadata.definitions import IndexDefinition, ObjectDefinition
from schema.metadata.objects import Index
from services import packs
from services.metadata import ObjectDraft, Snapshot
from services.metadata.drafting import new_object
from tenants.ids import IdMaker
from tests.builders.shapes import object_drafts

CRM = Snapshot(packs.load("crm").objects, 1)


def there_and_back(things: tuple[ObjectDefinition, ...], *, as_text: bool = False) -> tuple[ObjectDefinition, ...]:
    fields = [rows.field_row(thing.id, field) for thing in things for field in thing.fields]
    if as_text:
        fields = [{**row, "options": json.dumps(row["options"])} for row in fields]
    return rows.definitions(
        [rows.object_row(thing) for thing in things],
        fields,
        [
            rows.choice_row(field.id, choice, position)
            for thing in things
            for field in thing.fields
            for position, choice in enumerate(field.choices)
        ],
        [rows.index_row(thing.id, thing.table, index) for thing in things for index in thing.indexes],
    )


def test_pack_survives() -> None:
    assert there_and_back(CRM.objects) == CRM.objects


def test_json_may_come_as_text() -> None:
    assert there_and_back(CRM.objects, as_text=True) == CRM.objects


def test_index_over_several_fields_survives() -> None:
    maker = IdMaker()
    thing = CRM.by_name["contact"]
    index = IndexDefinition(maker.new(13), Index(("customer", "name"), is_unique=True), is_live=False)
    with_index = ObjectDefinition(**{name: getattr(thing, name) for name in thing.__slots__} | {"indexes": (index,)})

    assert there_and_back((with_index,)) == (with_index,)


@settings(max_examples=40)
@given(object_drafts())
def test_any_definition_survives(draft: ObjectDraft) -> None:
    after = new_object(CRM, draft, IdMaker().new)

    assert there_and_back(after.objects) == after.objects


def test_each_option_is_a_property_of_its_own() -> None:
    field = CRM.by_name["customer"].fields[0]

    found = rows.properties(rows.field_row(field.id, field), rows.FIELD_PROPERTIES)

    assert found["label_zh"] == "客户名称"
    assert found["options.maxLength"] == 120
    assert "options" not in found


def test_being_built_is_nobodys_decision() -> None:
    row = {"state": "building"}

    assert rows.properties(row, ("state",)) == {"state": "live"}
