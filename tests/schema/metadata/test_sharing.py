"""What is equal in two registries is there once, and gone with the last of them."""

from __future__ import annotations

import gc
from dataclasses import replace
from decimal import Decimal
from weakref import ref

from schema.metadata import rows
from schema.metadata.definitions import ObjectDefinition, assemble
from schema.metadata.fields import Field, Label
from schema.metadata.sharing import one, one_label
from services import packs
from tenants.sql import Template
from tests.schema.metadata.test_rows import there_and_back

CRM = packs.load("crm").objects


def changed(**given: object) -> tuple[ObjectDefinition, ...]:
    """The pack, read from rows as a tenant's are, with a lead that is not the others'."""
    lead = next(each for each in CRM if each.name == "lead")
    return there_and_back(tuple(replace(lead, **given) if each is lead else each for each in CRM))  # type: ignore[arg-type]


def test_what_two_tenants_have_alike_is_there_once() -> None:
    first, second = assemble(changed(plural="leads_of_one"), 1), assemble(changed(plural="leads_of_another"), 4)

    alike = [name for name, thing in first.shape.objects.items() if second.shape.objects[name] is thing]
    assert sorted({*first.shape.objects} - {*alike}) == ["lead"]
    assert all(second.names[name] is first.names[name] for name in first.names)
    mine, other = (each.shape.objects["lead"].fields for each in (first, second))
    own = {field.name for field in next(each for each in CRM if each.name == "lead").fields}
    assert [
        field.name for field, same in zip(mine, other, strict=True) if field is not same and field.name in own
    ] == []
    assert first.shape.hash != second.shape.hash


def test_own_words_leave_the_shape_alone() -> None:
    first, second = (assemble(changed(label=Label("意向", name)), 1) for name in ("Prospect", "Suspect"))

    assert second.shape.objects["lead"] is first.shape.objects["lead"]
    assert [each.names["lead"].label.en for each in (first, second)] == ["Prospect", "Suspect"]
    assert second.names["lead"].fields["name"].label is first.names["lead"].fields["name"].label


def test_nothing_is_kept_for_nobody() -> None:
    registry = assemble(changed(plural="leads_of_nobody", label=Label("谁也没有", "Nobody's")), 1)
    thing, names = ref(registry.shape.objects["lead"]), ref(registry.names["lead"])
    label = ref(registry.names["lead"].label)

    del registry
    gc.collect()

    assert (thing(), names(), label()) == (None, None, None)


def test_equal_labels_are_one_and_others_are_not() -> None:
    first, second, other = Label("甲", "A"), Label("甲", "A"), Label("甲", "B")

    assert one_label(first) is first
    assert one_label(second) is first
    assert one_label(other) is other
    del first, second
    gc.collect()
    again = Label("甲", "A")
    assert one_label(again) is again


def test_what_only_python_calls_equal_stays_two() -> None:
    number, truth = (Field("size", "integer", options=(("default", given),)) for given in (1, True))
    short, long = (Template(("SELECT $1::numeric",), (Decimal(given),)) for given in ("1.0", "1.00"))

    assert number == truth
    assert one(number) is number
    assert one(truth) is truth
    assert short == long
    assert one(short) is short
    assert one(long) is long
    assert one(replace(long)) is long


def test_rows_are_read_into_what_is_there() -> None:
    row = rows.object_row(CRM[0])

    (first,), (second,) = (rows.definitions([row], [], [], []) for _ in range(2))

    assert first.label is second.label
