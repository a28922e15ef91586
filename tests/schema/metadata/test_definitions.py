"""What definitions make together: a registry without retired things, with both sides of every relation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schema.metadata.definitions import ObjectDefinition, assemble
from schema.metadata.fields import FieldState
from schema.metadata.objects import Inverse, ObjectState
from schema.metadata.record_fields import RECORD_FIELD_NAMES
from services import packs
from tenants.sql import Slot


@pytest.fixture(scope="module")
def crm() -> tuple[ObjectDefinition, ...]:
    return packs.load("crm").objects


def _replaced(crm: tuple[ObjectDefinition, ...], thing: ObjectDefinition) -> tuple[ObjectDefinition, ...]:
    return tuple(thing if each.name == thing.name else each for each in crm)


def _named(crm: tuple[ObjectDefinition, ...], name: str) -> ObjectDefinition:
    return next(each for each in crm if each.name == name)


def test_every_record_has_the_fields_of_records(crm: tuple[ObjectDefinition, ...]) -> None:
    registry = assemble(crm, 1)

    for thing in crm:
        assert RECORD_FIELD_NAMES.keys() <= {field.name for field in registry.shape.objects[thing.name].fields}


def test_relation_is_seen_from_the_other_side(crm: tuple[ObjectDefinition, ...]) -> None:
    registry = assemble(crm, 1)

    assert registry.shape.inverse("customer", "contacts") == Inverse("contacts", "contact", "customer")
    assert registry.shape.inverse("user", "members") is None


def test_retired_field_is_hidden_with_its_other_side(crm: tuple[ObjectDefinition, ...]) -> None:
    contact = _named(crm, "contact")
    fields = tuple(each.in_state(FieldState.RETIRED) if each.name == "customer" else each for each in contact.fields)

    registry = assemble(_replaced(crm, replace(contact, fields=fields)), 1)

    assert registry.shape.field("contact", "customer") is None
    assert registry.shape.inverse("customer", "contacts") is None
    assert "customer" not in registry.names["contact"].fields


def test_retired_object_is_hidden_with_the_relations_to_it(crm: tuple[ObjectDefinition, ...]) -> None:
    registry = assemble(_replaced(crm, replace(_named(crm, "campaign"), state=ObjectState.RETIRED)), 1)

    assert "campaign" not in registry.shape.objects
    assert registry.shape.field("lead", "campaign") is None


def test_words_and_physical_names_are_no_shape(crm: tuple[ObjectDefinition, ...]) -> None:
    lead = _named(crm, "lead")
    other = replace(lead, label=lead.plural_label, table="x_other", number=1234)

    assert assemble(_replaced(crm, other), 7).shape.hash == assemble(crm, 1).shape.hash


def test_rules_are_shape(crm: tuple[ObjectDefinition, ...]) -> None:
    lead = _named(crm, "lead")
    first = lead.fields[0]
    fields = (replace(first, field=replace(first.field, required=False)), *lead.fields[1:])

    assert assemble(_replaced(crm, replace(lead, fields=fields)), 1).shape.hash != assemble(crm, 1).shape.hash


def test_slots_find_their_physical_names(crm: tuple[ObjectDefinition, ...]) -> None:
    registry = assemble(crm, 1)

    assert registry.physical(Slot("quoteLine")) == "quote_line"
    assert registry.physical(Slot("opportunity", "amount", "currency")) == "amount_currency"
    assert registry.physical(Slot("contact", "customer")) == "customer_id"
    assert registry.by_number[101] == "customer"
