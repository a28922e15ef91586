"""[A4] Conditions of a field and the choices that another one offers: taken whole or refused whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import UnknownField, VersionConflict
from services import field_rules, metadata
from services.field_rules import FieldRulesChange
from tests.builders import field_rules as building
from tests.builders import records as written
from tests.builders.metadata import add_field, registry_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schema.metadata.field_rules import FieldRules
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def rules_of(tenant: Tenant, object_name: str, field: str) -> FieldRules | None:
    found = (await registry_of(tenant)).rules.get(object_name)
    return None if found is None else found.fields.get(field)


async def test_condition_that_is_not_named_stays_and_null_takes_it_away(company: Tenant) -> None:
    name = await building.define_visit(company, "kept")
    await building.set_rules(company, name, "topic_c", requiredIf="heads_c > 1", visibleIf="heads_c > 0")

    await building.set_rules(company, name, "topic_c", visibleIf=None, readOnlyIf="cost_c != null")
    found = await rules_of(company, name, "topic_c")
    await building.set_rules(company, name, "topic_c", requiredIf=None, readOnlyIf=None)

    assert found is not None
    assert {each: condition.text for each, condition in found.conditions} == {
        "requiredIf": "heads_c > 1",
        "readOnlyIf": "cost_c != null",
    }
    assert await rules_of(company, name, "topic_c") is None


async def test_change_goes_by_the_version_of_the_field(company: Tenant) -> None:
    name = await building.define_visit(company, "versioned")
    change = FieldRulesChange({"requiredIf": "heads_c > 1"}, if_version=2)

    with pytest.raises(VersionConflict):
        await company.define(lambda work: field_rules.set_field_rules(work, name, "topic_c", change), person="admin")
    assert await rules_of(company, name, "topic_c") is None


async def test_what_nobody_writes_is_neither_required_nor_closed(company: Tenant) -> None:
    name = await building.define_visit(company, "numbered")
    await add_field(company, name, type="autoNumber", name="number", options={"format": "B-{0000}"})

    refused = await written.refused(
        building.set_rules(company, name, "number_c", requiredIf="heads_c > 1", readOnlyIf="heads_c > 1")
    )
    await building.set_rules(company, name, "number_c", visibleIf="heads_c > 1")

    assert refused == [(("requiredIf",), "RULE_ON_FIXED_FIELD"), (("readOnlyIf",), "RULE_ON_FIXED_FIELD")]


async def test_number_that_is_given_late_is_in_no_condition(company: Tenant) -> None:
    name = await building.define_visit(company, "late")
    await add_field(company, name, type="autoNumber", name="number", options={"format": "B-{0000}"})

    refused = await written.refused(building.set_rules(company, name, "topic_c", requiredIf="number_c != null"))

    assert refused == [(("requiredIf",), "RULE_FIELD_NOT_USABLE")]


@pytest.mark.parametrize(
    ("field", "by", "offered", "wrong"),
    [
        ("topic_c", "kind_c", {}, [(("field",), "NOT_A_CHOICE_FIELD")]),
        ("result_c", "heads_c", {}, [(("by",), "NOT_A_CHOICE_FIELD")]),
        ("result_c", "result_c", {}, [(("by",), "CHOICES_IN_CIRCLE")]),
        (
            "result_c",
            "kind_c",
            {"fax": ["won"], "call": ["won", "maybe"]},
            [(("offered", "fax"), "UNKNOWN_CHOICE"), (("offered", "call", 1), "UNKNOWN_CHOICE")],
        ),
    ],
)
async def test_offer_that_makes_no_sense_is_refused_at_its_place(
    company: Tenant, field: str, by: str, offered: Mapping[str, Sequence[str]], wrong: object
) -> None:
    known = (await registry_of(company)).shape.objects
    name = "offered_c" if "offered_c" in known else await building.define_visit(company, "offered")

    assert await written.refused(building.offer(company, name, field, by, offered)) == wrong
    assert await rules_of(company, name, field) is None


async def test_choices_depend_on_each_other_in_a_chain_and_not_in_a_circle(company: Tenant) -> None:
    name = await building.define_visit(company, "chain")
    await add_field(company, name, type="choice", name="place", choices=building.choices("here", "there"))
    await building.offer(company, name, "result_c", "kind_c", {"call": ["won"]})
    await building.offer(company, name, "place_c", "result_c", {"won": ["here"]})

    refused = await written.refused(building.offer(company, name, "kind_c", "place_c", {"here": ["call"]}))
    await company.define(
        lambda work: field_rules.offer_choices(work, name, "place_c", by=None, offered={}), person="admin"
    )
    await building.offer(company, name, "kind_c", "place_c", {"here": ["call"]})

    assert refused == [(("by",), "CHOICES_IN_CIRCLE")]
    assert await rules_of(company, name, "place_c") is None


async def test_field_that_is_hidden_takes_no_rules(company: Tenant) -> None:
    name = await building.define_visit(company, "hiding")
    await company.define(lambda work: metadata.retire_field(work, name, "topic_c"), person="admin")

    with pytest.raises(UnknownField):
        await building.set_rules(company, name, "topic_c", requiredIf="heads_c > 1")


async def test_no_more_than_a_hundred_unknown_choices_are_told(company: Tenant) -> None:
    name = await building.define_visit(company, "crowded")
    unknown = {"call": [f"x{at}" for at in range(150)]}

    wrong = await written.refused(building.offer(company, name, "result_c", "kind_c", unknown))

    assert wrong == [(("offered", "call", at), "UNKNOWN_CHOICE") for at in range(100)]
