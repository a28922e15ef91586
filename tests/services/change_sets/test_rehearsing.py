"""[A11] A rehearsal reads only, tells everything that is wrong, and does not repeat what follows of it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from services import metadata, records
from services.change_sets.rehearsing import run_all
from tests.builders.change_sets import add_field, create_object, published, rehearsed

if TYPE_CHECKING:
    from services.audit import Entry
    from services.change_sets import Rehearsal
    from tenants.context import DefinitionWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
SECTIONS = json.dumps([{"fields": [{"field": "plate_c"}]}])


def told(found: Rehearsal) -> list[tuple[tuple[str | int, ...], str]]:
    return [(each.path, each.fault.code) for each in found.violations]


async def test_step_that_builds_on_a_failed_one_is_not_told_again(company: Tenant) -> None:
    found = await rehearsed(company, [
        create_object("no name"),
        add_field("no name_c", "plate"),
        add_field("customer", "rig", "relation", target="no name_c"),
        add_field("customer", "bad", "choice"),
        {"offerChoices": {"object": "customer", "field": "level", "by": "bad_c", "offered": []}},
        {"retireField": {"object": "customer", "field": "nowhere"}},
    ])  # fmt: skip

    assert told(found) == [
        (("steps", 0, "createObject", "name"), "NOT_A_NAME"),
        (("steps", 3, "addField", "field", "choices"), "CHOICES_MISSING"),
        (("steps", 5, "retireField"), "UNKNOWN_FIELD"),
    ]
    assert [each is None for each in found.made] == [True] * 6


async def test_others_of_the_process_have_their_turn_after_every_step(company: Tenant) -> None:
    steps = [add_field("customer", f"extra{each}") for each in range(10)]
    seen: set[int] = set()

    async def others(told: list[Entry]) -> None:
        while True:
            seen.add(len(told))
            await asyncio.sleep(0)

    async def tried(work: DefinitionWork) -> None:
        gathering = metadata.gather(work, await metadata.opened(work), rehearses=True)
        beside = asyncio.create_task(others(gathering.gathered.told))
        await run_all(gathering, steps)
        beside.cancel()

    await company.define(tried, person="admin")

    assert seen == set(range(10))


async def test_every_verb_is_rehearsed_over_what_is_not_there_yet(company: Tenant) -> None:
    rule = {
        "object": "van_c",
        "name": "filled",
        "expression": "plate_c != '' && driver_c != ''",
        "message": {"zh": "填"},
    }
    found = await rehearsed(company, [
        create_object("van", "plate"),
        add_field("van_c", "driver", required=True, unique=True),
        add_field("van_c", "kind", "choice", choices=[{"label": {"zh": "大"}, "key": "big"}]),
        add_field("van_c", "upper", "formula", options={"expression": "plate_c + driver_c"}),
        {"addChoice": {"object": "van_c", "field": "kind_c", "choice": {"label": {"zh": "小"}, "key": "small"}}},
        {"updateChoice": {"object": "van_c", "field": "kind_c", "key": "small", "position": 0}},
        {"retireChoice": {"object": "van_c", "field": "kind_c", "key": "small"}},
        {"restoreChoice": {"object": "van_c", "field": "kind_c", "key": "small"}},
        {"setFieldRules": {"object": "van_c", "field": "driver_c", "requiredIf": "kind_c == 'big'"}},
        {"createValidationRule": rule},
        {"createUniqueRule": {"object": "van_c", "fields": ["plate_c", "driver_c"]}},
        {"setFieldRules": {"object": "van_c", "field": "driver_c", "requiredIf": None}},
        {"changeFieldType": {"object": "van_c", "field": "kind_c", "type": "text", "confirm": True}},
        {"createLayout": {"object": "van_c", "sections": SECTIONS}},
        {"updateObject": {"object": "van_c", "titleField": "plate_c"}},
        {"retireObject": {"object": "van_c"}},
        {"restoreObject": {"object": "van_c"}},
    ])  # fmt: skip

    assert told(found) == []
    assert {each.object_name for each in found.differences} == {"van_c"}


async def test_rule_that_could_not_be_made_and_one_that_is_none_are_told_once(company: Tenant) -> None:
    rule = {"object": "customer", "name": "lost"}
    found = await rehearsed(company, [
        {"createValidationRule": {**rule, "expression": "nowhere > 1", "message": {"zh": "填"}}},
        {"updateValidationRule": {"rule": rule, "expression": "name != '-'"}},
        {"retireValidationRule": {"rule": {**rule, "name": "never"}}},
        {"retireUniqueRule": {"rule": {"object": "customer", "fields": ["name", "never"]}}},
        {"retireUniqueRule": {}},
        {"restoreValidationRule": {"id": "0", "rule": rule}},
    ])  # fmt: skip

    assert told(found) == [
        (("steps", 0, "createValidationRule", "expression"), "EXPRESSION_UNKNOWN_NAME"),
        (("steps", 2, "retireValidationRule"), "NOT_FOUND"),
        (("steps", 3, "retireUniqueRule"), "NOT_FOUND"),
        (("steps", 4, "retireUniqueRule", "id"), "RULE_UNNAMED"),
    ]


async def test_second_layout_of_one_place_is_refused_though_the_first_is_not_there_yet(company: Tenant) -> None:
    twice = {"createLayout": {"object": "customer", "sections": json.dumps([{"fields": [{"field": "name"}]}])}}

    assert told(await rehearsed(company, [twice, twice])) == [(("steps", 1, "createLayout", "object"), "LAYOUT_TAKEN")]


async def test_values_that_do_not_fit_another_type_are_counted(company: Tenant) -> None:
    await published(company, add_field("customer", "weight"))
    given = [{"name": f"weight {each}", "weight_c": each} for each in ("1", "heavy", "light")]
    await company.write(lambda work: records.create(work, "customer", given), person="admin")
    change = {"object": "customer", "field": "weight_c", "type": "decimal"}

    refused = await rehearsed(company, [{"changeFieldType": change}])
    cleared = await rehearsed(company, [{"changeFieldType": {**change, "clear": True}}])

    assert told(refused) == [(("steps", 0, "changeFieldType", "type"), "VALUES_NOT_CONVERTIBLE")]
    assert [each.cleared for each in cleared.made if each] == [2]
