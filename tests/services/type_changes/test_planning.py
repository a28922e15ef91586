"""[A2] What a field becomes: which way is offered, which choices and options it has then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from schema.metadata.definitions import IndexDefinition, ObjectDefinition
from schema.metadata.errors import NotChangeable, StillBuilding, TypeChanging, UnknownField
from schema.metadata.fields import FieldState, Label
from schema.metadata.objects import Index
from services.metadata import ChoiceDraft, Snapshot
from services.type_changes import planning
from services.type_changes.planning import Planned, Reading, TypeDraft
from tenants.errors import Refused
from tenants.ids import IdMaker
from tests.builders.type_changes import CHOICES, SHANGHAI, field_of

if TYPE_CHECKING:
    from schema.metadata.definitions import FieldDefinition

IDS = IdMaker()
READING = Reading(SHANGHAI, "CNY", "zh", datetime(2026, 3, 31, tzinfo=UTC))


def snapshot(field: FieldDefinition, **changes: object) -> Snapshot:
    name = replace(field_of("text", choices=()), id=IDS.new(10), number=19, column="f_name")
    name = replace(name, field=replace(name.field, name="name_c"))
    thing = ObjectDefinition(
        IDS.new(9), 300, "device_c", "devices_c", "x_1", Label("设备"), Label("设备"), (name, field)
    )
    return Snapshot((replace(thing, **changes),), 1)  # type: ignore[arg-type]  # keywords of the test


def plan(
    field: FieldDefinition, draft: TypeDraft, values: tuple[object, ...] = (), before: Snapshot | None = None
) -> Planned:
    before = before or snapshot(field)
    return planning.planned(before, "device_c", field, draft, reading=READING, new_id=IDS.new, values=values)


def codes(
    field: FieldDefinition, draft: TypeDraft, before: Snapshot | None = None
) -> list[tuple[tuple[object, ...], str]]:
    with pytest.raises(Refused) as refused:
        plan(field, draft, before=before)
    return [(each.path, each.fault.code) for each in refused.value.violations]


def test_new_field_keeps_everything_but_type_column_and_choices() -> None:
    source = field_of("text", {"maxLength": 20}, choices=())

    made = plan(source, TypeDraft("longText"))

    target = made.sides.target
    assert (target.id, target.number, target.name) == (source.id, source.number, "value_c")
    assert target.column != source.column
    assert target.column.startswith("f_")
    assert (target.field.type_name, target.field.options) == ("longText", (("maxLength", 20),))
    assert made.dropped == ()
    assert made.after.field("device_c", "value_c") == target


def test_values_become_choices_once_each_and_known_words_are_used() -> None:
    source = field_of("text")

    made = plan(source, TypeDraft("choice"), ("数控", "ＩＮ use", "数控 ", "长" * 81, "CNC"))

    assert [(each.key, each.label) for each in made.choices[2:]] == [("shuKong", Label("数控")), ("cnc", Label("CNC"))]
    assert made.choices[:2] == CHOICES
    assert made.sides.field.choice_keys == ("inUse", "scrapped", "shuKong", "cnc")


def test_choices_that_were_named_are_those_that_there_are() -> None:
    draft = TypeDraft("choice", choices=(ChoiceDraft(Label("甲"), "a"), ChoiceDraft(Label("乙"), "a b")))
    good = replace(draft, choices=draft.choices[:1])
    source = field_of("text", choices=())

    assert [each.key for each in plan(source, good).choices] == ["a"]
    assert codes(source, draft) == [(("choices", 1), "NOT_A_NAME")]
    assert not planning.makes_choices(source, good)
    assert planning.makes_choices(source, TypeDraft("choice"))
    assert not planning.makes_choices(field_of("choice"), TypeDraft("multiChoice"))


def test_options_that_do_not_fit_are_dropped_and_told() -> None:
    source = field_of("text", {"default": "12", "pattern": "\\d+", "sortKey": "pinyin"}, choices=())

    made = plan(source, TypeDraft("integer", {"max": 100}))

    assert made.sides.field.options == (("default", 12), ("max", "100"))
    assert made.dropped == ("pattern", "sortKey")
    assert plan(source, TypeDraft("integer", {"max": 10})).dropped == ("default", "pattern", "sortKey")
    assert plan(source, TypeDraft("integer", {"default": None})).sides.field.options == ()


def test_moment_of_making_stays_the_default_of_a_moment() -> None:
    assert plan(field_of("date", {"default": "now"}), TypeDraft("dateTime")).sides.field.options == (
        ("default", "now"),
    )


@pytest.mark.parametrize(("source", "wanted"), [("date", "phone"), ("phone", "text"), ("text", "text"), ("text", "?")])
def test_way_that_is_not_offered_is_refused(source: str, wanted: str) -> None:
    assert codes(field_of(source), TypeDraft(wanted)) == [(("type",), "CONVERSION_NOT_OFFERED")]


def test_unique_field_stays_one_that_may_be() -> None:
    source = field_of("text", choices=())
    unique = replace(source, field=replace(source.field, is_unique=True))
    together = (IndexDefinition(IDS.new(0), Index(("name_c", "value_c"), is_unique=True)),)

    assert codes(unique, TypeDraft("date")) == [(("type",), "CANNOT_BE_UNIQUE")]
    assert codes(source, TypeDraft("date"), snapshot(source, indexes=together)) == [(("type",), "CANNOT_BE_UNIQUE")]
    assert plan(unique, TypeDraft("integer")).sides.field.is_unique


def test_label_of_a_choice_must_be_free() -> None:
    source = field_of("text", choices=())
    taken = replace(source, id=IDS.new(10), field=replace(source.field, name="valueLabel_c"))
    thing = snapshot(source).objects[0]

    assert codes(source, TypeDraft("choice"), snapshot(source, fields=(*thing.fields, taken))) == [
        (("type",), "NAME_TAKEN")
    ]


def test_title_goes_to_the_next_field_that_can_stand_for_a_record() -> None:
    source = field_of("text", choices=())

    assert title_after(source, "date", "value_c") == "name_c"
    assert title_after(source, "email", "value_c") == "value_c"
    assert title_after(source, "date", "name_c") == "name_c"


def title_after(source: FieldDefinition, type_name: str, title: str) -> str:
    return plan(source, TypeDraft(type_name), before=snapshot(source, title_field=title)).after.objects[0].title_field


def test_field_that_is_not_at_rest_keeps_its_type() -> None:
    field = field_of("text")
    of_template = replace(field, pack="crm")
    of_pack = replace(of_template, field=replace(field.field, name="value"))
    converting = replace(snapshot(field), converting=frozenset({field.id}))

    with pytest.raises(UnknownField):
        planning.source_of(snapshot(field.in_state(FieldState.RETIRED)), "device_c", "value_c")
    with pytest.raises(StillBuilding):
        planning.source_of(snapshot(field.in_state(FieldState.BUILDING)), "device_c", "value_c")
    with pytest.raises(NotChangeable):
        planning.source_of(snapshot(of_pack), "device_c", "value")
    with pytest.raises(TypeChanging):
        planning.source_of(converting, "device_c", "value_c")
    assert planning.source_of(snapshot(field), "device_c", "value_c") == field
    # What a form template brought is the tenant's.
    assert planning.source_of(snapshot(of_template), "device_c", "value_c") == of_template


def test_index_goes_where_the_new_type_has_none() -> None:
    source = field_of("text", choices=())
    source = replace(source, field=replace(source.field, is_indexed=True))

    assert plan(source, TypeDraft("integer")).sides.field.is_indexed
    assert not plan(source, TypeDraft("longText")).sides.field.is_indexed
