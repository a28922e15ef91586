"""An immutable snapshot with its lookups, hashed over shape alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schema.metadata.fields import Field
from schema.metadata.objects import Inverse, Object, ObjectKind
from schema.metadata.registry import Registry, Shape
from services import packs
from tenants.sql import Slot

NAME = Field("name", "text")
DEVICE = Object("device_c", "devices_c", ObjectKind.TENANT, (NAME,), (Inverse("parts_c", "part_c", "device_c"),))
PART = Object("part_c", "parts_c", ObjectKind.TENANT, (NAME,))


def test_order_of_objects_is_no_shape() -> None:
    assert Shape([DEVICE, PART]).hash == Shape([PART, DEVICE]).hash
    assert len(Shape([DEVICE]).hash) == 64


def test_lookups_find_or_answer_nothing() -> None:
    shape = Shape([DEVICE, PART])

    assert shape.field("device_c", "name") is NAME
    assert shape.field("device_c", "nothing") is None
    assert shape.inverse("device_c", "parts_c") == DEVICE.inverses[0]
    assert shape.inverse("part_c", "nothing") is None


def test_what_is_computed_from_an_audited_field_or_object_is_audited_as_it_is() -> None:
    count = Field("count", "integer", audit_reads=True)
    twice, named = (
        Field(name, "formula", options=(("reads", (f"device_c.{read}",)),))
        for name, read in (("twice", "count"), ("named", "name"))
    )
    fourfold = Field("fourfold", "formula", options=(("reads", ("device_c.twice",)),))
    parts = Field("parts", "rollUp", options=(("reads", ("part_c.name",)),))
    shape = Shape([
        replace(DEVICE, fields=(NAME, count, twice, named, fourfold, parts)),
        replace(PART, audit_reads=True),
    ])

    names = ("", "name", "count", "twice", "named", "fourfold", "parts")
    assert [name for name in names if shape.audits("device_c", name)] == ["count", "twice", "fourfold", "parts"]
    assert shape.audits("part_c")


@pytest.fixture(scope="module")
def crm() -> Registry:
    return packs.registry_of_pack("crm")


@pytest.mark.parametrize(
    ("slot", "name"),
    [
        (Slot("priceBook"), "price_book"),
        (Slot("priceBook", "validFrom"), "valid_from"),
        (Slot("customer", "name", "norm"), "name_norm"),
        (Slot("customer", "owner"), "owner_id"),
        (Slot("user", "name", "sort"), "name_sort"),
    ],
)
def test_slot_has_its_physical_name(crm: Registry, slot: Slot, name: str) -> None:
    assert crm.physical(slot) == name


def test_number_leads_to_the_object(crm: Registry) -> None:
    assert crm.by_number[1] == "user"
    assert {number: name for number, name in crm.by_number.items() if name == "ticket"} == {116: "ticket"}


def test_choices_are_called_by_their_labels_in_their_order(crm: Registry) -> None:
    stage = crm.shape.field("opportunity", "stage")
    assert stage is not None

    english, chinese = (crm.choice_words("opportunity", stage, language) for language in ("en", "zh"))

    assert (english[:2], chinese[:2]) == (("Qualify", "Needs"), ("初步接洽", "需求确认"))
    assert crm.choice_words("opportunity", stage, "fr") is chinese
    assert len(english) == len(stage.choice_keys) == 6
