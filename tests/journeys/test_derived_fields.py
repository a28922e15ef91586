"""[A3] Formulas over GraphQL: defined by an administrator, computed with every write, asked for like any other field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from tests.builders.permissions import limit_field

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

CREATE_OBJECT = (
    "mutation ($input: CreateObjectInput!) { createObject(input: $input) { object errors { path code message } } }"
)
ADD_FIELD = "mutation ($input: AddFieldInput!) { addField(input: $input) { field job errors { path code message } } }"
UPDATE_FIELD = (
    "mutation ($input: UpdateFieldInput!) { updateField(input: $input) { field job errors { path code message } } }"
)
RETIRE_FIELD = (
    "mutation ($input: RetireFieldInput!) { retireField(input: $input) { field errors { path code message } } }"
)


def field(name: str, type_: str, **options: Any) -> dict[str, Any]:
    return {"label": {"en": name}, "name": name, "type": type_, **({"options": options} if options else {})}


async def add(admin: Client, object_name: str, name: str, type_: str, **options: Any) -> dict[str, Any]:
    made = await admin.data(ADD_FIELD, input={"object": object_name, "field": field(name, type_, **options)})
    found: dict[str, Any] = made["addField"]
    return found


async def machines(admin: Client, name: str) -> str:
    """An object of machines with what formulas look at."""
    fields = [field("price", "currency"), field("count", "integer"), field("boughtOn", "date"), field("model", "text")]
    made = await admin.data(CREATE_OBJECT, input={"label": {"en": name}, "name": name, "fields": fields})
    assert made["createObject"]["errors"] == []
    return str(made["createObject"]["object"])


async def test_formula_is_computed_with_the_write_and_asked_for_like_any_field(
    person: Callable[[str], Awaitable[Client]],
) -> None:
    admin = await person("admin")
    thing = await machines(admin, "machine")
    await add(admin, thing, "total", "formula", expression="price_c*count_c")
    await add(admin, thing, "warrantyEnd", "formula", expression="boughtOn_c.addMonths(36)")
    await add(admin, thing, "isDear", "formula", expression="total_c >= money(1000, 'CNY')")
    await add(admin, thing, "title", "formula", expression="coalesce(model_c, '?') + ' #' + text(count_c)")

    made = await admin.data(
        'mutation { createMachine_c(input: {record: {price_c: {amount: 300}, count_c: 3, boughtOn_c: "2026-01-31", '
        'model_c: "X1"}}) { machine_c { id version total_c { amount currency } warrantyEnd_c isDear_c title_c } '
        "errors { code } } }"
    )
    record = made["createMachine_c"]["machine_c"]
    changed = await admin.data(
        "mutation ($id: ID!) { updateMachine_c(input: {id: $id, set: {count_c: 4}}) "
        "{ machine_c { version total_c { amount } isDear_c title_c } errors { code } } }",
        id=record["id"],
    )

    assert {name: record[name] for name in record if name != "id"} == {
        "version": 1,
        "total_c": {"amount": "900", "currency": "CNY"},
        "warrantyEnd_c": "2029-01-31",
        "isDear_c": False,
        "title_c": "X1 #3",
    }
    assert changed["updateMachine_c"]["machine_c"] == {
        "version": 2,
        "total_c": {"amount": "1200"},
        "isDear_c": True,
        "title_c": "X1 #4",
    }
    asked = await admin.data(
        "{ machineList_c(filter: {total_c: {amount: {gt: 1000}}, isDear_c: {eq: true}}, orderBy: [{warrantyEnd_c: DESC}]) "
        "{ nodes { title_c } } machineListAggregate_c(groupBy: [{isDear_c: true}]) "
        "{ group { isDear_c } sum { total_c { amount currency } } max { warrantyEnd_c } } }"
    )
    assert asked["machineList_c"]["nodes"] == [{"title_c": "X1 #4"}]
    assert asked["machineListAggregate_c"] == [
        {
            "group": {"isDear_c": True},
            "sum": {"total_c": [{"amount": "1200", "currency": "CNY"}]},
            "max": {"warrantyEnd_c": "2029-01-31"},
        }
    ]


async def test_roll_up_follows_every_write_on_the_many_side(person: Callable[[str], Awaitable[Client]]) -> None:
    admin = await person("admin")
    thing = await machines(admin, "plant")
    parts = [
        field("name", "text"),
        field("cost", "currency"),
        field("done", "boolean"),
        {**field("plant", "relation"), "target": thing, "inverseName": "repairs"},
    ]
    made = await admin.data(CREATE_OBJECT, input={"label": {"en": "repair"}, "name": "repair", "fields": parts})
    assert made["createObject"]["errors"] == []
    await add(admin, thing, "cost", "rollUp", relation="repairs_c", function="sum", field="cost_c", filter="done_c")
    await add(admin, thing, "number", "rollUp", relation="repairs_c", function="count")
    await add(admin, thing, "share", "formula", expression="cost_c / price_c * 100", result="percent")

    plant = await admin.data(
        "mutation { createPlant_c(input: {record: {price_c: {amount: 1000}}}) { plant_c { id number_c cost_c { amount } } } }"
    )
    record = plant["createPlant_c"]["plant_c"]
    assert (record["number_c"], record["cost_c"]) == ("0", None)
    await admin.data(
        "mutation ($id: ID!) { createRepairList_c(input: {records: [{cost_c: {amount: 50}, done_c: true, plantId_c: $id},"
        " {cost_c: {amount: 70}, done_c: false, plantId_c: $id}]}) { repairList_c { id } errors { path code message } } }",
        id=record["id"],
    )
    seen = await admin.data("{ plantList_c { nodes { version number_c cost_c { amount currency } share_c } } }")
    assert seen["plantList_c"]["nodes"] == [
        {"version": 1, "number_c": "2", "cost_c": {"amount": "50", "currency": "CNY"}, "share_c": "5"}
    ]


async def test_formula_over_a_closed_field_tells_its_value_to_nobody(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, sales = await person("admin"), await person("sales")
    await add(admin, "customer", "half", "formula", expression="annualRevenue / 2")
    await add(admin, "customer", "bidders", "rollUp", relation="opportunities", function="max", field="probability")
    await limit_field(company, "sales", "customer", "annualRevenue", "masked")
    await limit_field(company, "sales", "opportunity", "probability", "none")
    closed = ("{ customers { nodes { half_c { amount } } } }", "{ customers { nodes { bidders_c } } }")
    compared = (
        "{ customers(filter: {half_c: {amount: {gt: 1}}}) { totalCount } }",
        "{ customers(orderBy: [{half_c: ASC}]) { totalCount } }",
        "{ customersAggregate { sum { half_c { amount } } } }",
        "{ customersAggregate { max { bidders_c } } }",
    )

    for document in (*closed, *compared):
        assert "errors" not in await admin.ask(document)
        codes = [error["extensions"]["code"] for error in await sales.errors(document)]
        assert codes == ["FIELD_NOT_READABLE"], document
    shown = await sales.data("{ customers(first: 1) { nodes { half_c @ifPermitted { amount } } } }")
    assert shown["customers"]["nodes"] in ([], [{"half_c": None}])


async def test_reading_what_is_computed_from_a_field_leaves_the_entry_that_reading_the_field_would(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    """[G7] Also a formula over a formula, a roll-up of one, a lookup of one, and a filter."""
    admin = await person("admin")
    thing = await machines(admin, "tool")
    await add(admin, thing, "twice", "formula", expression="count_c * 2")
    await add(admin, thing, "fourfold", "formula", expression="twice_c * 2")
    await add(admin, thing, "named", "formula", expression="coalesce(model_c, '?')")
    parts = [field("name", "text"), {**field("tool", "relation"), "target": thing, "inverseName": "wears"}]
    made = await admin.data(CREATE_OBJECT, input={"label": {"en": "wear"}, "name": "wear", "fields": parts})
    assert made["createObject"]["errors"] == []
    await add(admin, "wear_c", "twice", "lookup", relation="tool_c", field="fourfold_c")
    await add(admin, "wear_c", "three", "integer")
    await add(admin, thing, "most", "rollUp", relation="wears_c", function="max", field="three_c")
    for object_name, name in ((thing, "count_c"), ("wear_c", "three_c")):
        await admin.data(UPDATE_FIELD, input={"object": object_name, "field": name, "auditReads": True})
    of_reads = sa.select(audit_entry.c.body).where(audit_entry.c.action == "record.read").order_by(audit_entry.c.id)
    before = len(await company.read(lambda work: work.session.rows(of_reads)))

    for document in (
        "{ toolList_c { nodes { id named_c } } }",
        "{ toolList_c { nodes { twice_c } } }",
        "{ toolList_c(filter: {fourfold_c: {gt: 4}}) { totalCount } }",
        "{ toolListAggregate_c { max { most_c } } }",
        "{ wearList_c { nodes { twice_c } } }",
    ):
        await admin.data(document)

    bodies = [json.loads(each["body"]) for each in await company.read(lambda work: work.session.rows(of_reads))]
    assert [each["details"] for each in bodies[before:]] == [
        {"fields": ["twice_c"]},
        {"fields": ["fourfold_c"]},
        {"fields": ["most_c"]},
        {"fields": ["fourfold_c"]},
    ]
