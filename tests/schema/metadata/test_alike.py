"""What is equal in two registries is there once, and gone with the last of them."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import ref

from schema.metadata.definitions import ObjectDefinition, assemble
from schema.metadata.fields import Label
from services import packs
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
    assert [field.name for field, same in zip(mine, other, strict=True) if field is not same] == []
    assert first.shape.hash != second.shape.hash


def test_own_words_leave_the_shape_alone() -> None:
    first, second = (assemble(changed(label=Label("意向", name)), 1) for name in ("Prospect", "Suspect"))

    assert second.shape.objects["lead"] is first.shape.objects["lead"]
    assert [each.names["lead"].label.en for each in (first, second)] == ["Prospect", "Suspect"]


def test_nothing_is_kept_for_nobody() -> None:
    registry = assemble(changed(plural="leads_of_nobody", label=Label("谁也没有", "Nobody's")), 1)
    thing, names = ref(registry.shape.objects["lead"]), ref(registry.names["lead"])

    del registry
    gc.collect()

    assert (thing(), names()) == (None, None)
