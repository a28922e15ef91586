"""[A10] A company tries a warranty on its customers with the sales people first: they work with it, nobody else sees a trace of it, in
whatever way he looks; then it is everybody's. A second trial is given up, and what was entered comes back with its field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services import pilots
from services.pilots import CoordinateDraft, GroupDraft, PilotDraft
from tests.builders.background import link_entries
from tests.builders.files import PDF, upload
from tests.builders.layouts import arrange, placed, section
from tests.builders.mutations import mutate
from tests.builders.roles import role_id
from tests.builders.views import keep, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

FIELDS: dict[str, dict[str, Any]] = {  # Any: as the API takes it
    "serial": {"type": "text", "required": True, "options": {"search": True}},
    "months": {"type": "integer"},
    "proof": {"type": "attachment"},
    "days": {"type": "formula", "options": {"expression": "months_c * 30", "result": "integer"}},
}
VALUES = "serial_c months_c days_c proof_c { name }"


async def designed(admin: Client) -> list[dict[str, str]]:
    """What is new: fields, an object, a rule and a layout, as coordinates. Contacts show a field of it."""
    for name, given in FIELDS.items():
        label = {"zh": name, "en": name}
        made = await mutate(admin, "addField", object="customer", field={"label": label, "name": name, **given})
        assert made["errors"] == []
    shown = {"relation": "customer", "field": "serial_c"}
    lookup = {"label": {"en": "s"}, "name": "serialShown", "type": "lookup", "options": shown}
    assert (await mutate(admin, "addField", object="contact", field=lookup))["errors"] == []
    repair = [
        {"label": {"en": "note"}, "name": "note", "type": "text"},
        {"label": {"en": "c"}, "name": "customer", "type": "relation", "target": "customer", "inverseName": "repairs"},
    ]
    made = await mutate(admin, "createObject", "object", label={"en": "Repair"}, name="repair", fields=repair)
    rule = await mutate(
        admin, "createValidationRule", "id", object="customer", name="long enough", expression="months_c >= 6",
        message={"zh": "至少六个月。", "en": "At least six months."},
    )  # fmt: skip
    layout = await arrange(admin, "customer", section("保修", "name", "serial_c", "months_c"))
    coordinates = [{"object": "customer", "field": f"{each}_c"} for each in FIELDS]
    return [*coordinates, {"object": made["object"]}, {"ruleId": rule["id"]}, {"layoutId": layout}]


async def code_of(client: Client, document: str, **variables: object) -> str:
    answer = await client.ask(document, variables)
    return str(answer["errors"][0]["extensions"]["code"]) if "errors" in answer else ""


async def looked_at(client: Client, record: str, contact: str) -> dict[str, Any]:  # Any: codes, names and values
    """Everything that somebody finds of the warranty of a customer."""
    asked = {
        "selected": f"{{ customers {{ nodes {{ {VALUES} }} }} }}",
        "filtered": '{ customers(filter: {serial_c: {eq: "SN-77"}}) { totalCount } }',
        "sorted": "{ customers(orderBy: [{months_c: ASC}]) { totalCount } }",
        "summed": "{ customersAggregate { sum { months_c } } }",
        "grouped": "{ customersAggregate(groupBy: [{serial_c: true}]) { count } }",
        "computed": "{ customers { nodes { days_c } } }",
        "shown": f'{{ contact(id: "{contact}") {{ serialShown_c }} }}',
        "file": f'{{ customer(id: "{record}") {{ proof_c {{ url }} }} }}',
        "objects": "{ repairs: repairList_c { totalCount } }",
        "behind": f'{{ customer(id: "{record}") {{ repairs_c {{ totalCount }} }} }}',
    }
    history = "query ($id: ID!) { recordHistories(filter: {recordId: {eq: $id}}) { nodes { changes } } }"
    (written,) = (await client.data(history, id=record))["recordHistories"]["nodes"]
    found = await client.data('{ search(text: "SN-77") { object } customers(search: "SN-77") { totalCount } }')
    told = await client.data('{ __type(name: "Customer") { fields { name } } }')
    (view,) = await seen(client, "保修一览")
    return {
        "codes": {name: await code_of(client, document) for name, document in asked.items()},
        "history": "SN-77" in str(written["changes"]),
        "search": (len(found["search"]), found["customers"]["totalCount"]),
        "schema": sorted({each["name"] for each in told["__type"]["fields"]} & {f"{each}_c" for each in FIELDS}),
        "view": [each["field"] for each in view["columns"]],
        "form": list(await placed(client, "customer")),
        "sdl": "serial_c" in (await client.get("/schema.graphql")).text,
    }


IN_GROUP: dict[str, Any] = {  # Any: codes, names and counts
    "codes": dict.fromkeys(
        ("selected", "filtered", "sorted", "summed", "grouped", "computed", "shown", "file", "objects", "behind"), ""
    ),
    "history": True,
    "search": (1, 1),
    "schema": ["days_c", "months_c", "proof_c", "serial_c"],
    "view": ["name", "serial_c"],
    "form": ["保修"],
    "sdl": True,
}
_FIELD, _OBJECT = "FIELD_NOT_READABLE", "OBJECT_NOT_READABLE"
OUTSIDE = {
    "codes": {name: _OBJECT if name in {"objects", "behind"} else _FIELD for name in IN_GROUP["codes"]},
    "history": False,
    "search": (0, 0),
    "schema": [],
    "view": ["name"],
    "form": ["Basics", "System"],
    "sdl": False,
}


async def test_a_group_works_with_what_nobody_else_sees_until_it_is_released(
    client_as: ClientAs, tenant: Tenant
) -> None:
    admin, sales, service = await client_as("admin"), await client_as("sales"), await client_as("service")
    coordinates = await designed(admin)
    role = await role_id(admin, "sales")
    await mutate(admin, "grantAction", roleId=role, action="savedView.share")
    drafts = [
        CoordinateDraft(each.get("object", ""), each.get("field", ""), each.get("layoutId"), each.get("ruleId"))
        for each in coordinates
    ]
    asked = PilotDraft("保修", GroupDraft(role_ids=[role]), drafts)
    # As a publication starts it that brings all this: its layout and its rule have applied to nobody yet.
    started = await tenant.define(lambda work: pilots.start_pilot(work, asked, is_new=True), person="admin")

    short = {"name": "远景", "serial_c": "SN-77", "months_c": 3}
    refused = await mutate(sales, "createCustomer", record=short)
    proof = [await upload(sales, PDF, field="proof_c")]
    made = await mutate(sales, "createCustomer", "customer { id }", record={**short, "months_c": 12, "proof_c": proof})
    assert (refused["errors"], made["errors"]) == ([{"path": ["record", "months_c"], "code": "RULE_BROKEN"}], [])
    record = made["customer"]["id"]
    linked = await mutate(sales, "createContact", "contact { id }", record={"name": "李", "customerId": record})
    contact = linked["contact"]["id"]
    await keep(sales, "保修一览", sharedWith={"everybody": True}, columns=[{"field": "name"}, {"field": "serial_c"}])
    assert (await mutate(admin, "createCustomer", record={"name": "外人"}))["errors"] == []

    assert await looked_at(sales, record, contact) == IN_GROUP
    assert await looked_at(service, record, contact) == OUTSIDE
    assert await looked_at(admin, record, contact) == OUTSIDE
    why = 'query ($u: ID!, $r: ID!) { explainAccess(userId: $u, recordId: $r, verb: "read", field: "serial_c") { allowed level reasons { kind pilot ruleId verdict decides } } }'
    told = (await admin.data(why, u=str(tenant.user_id("service")), r=record))["explainAccess"]
    reason = {"kind": "pilot", "pilot": "保修", "ruleId": str(started.id), "verdict": "none", "decides": True}
    assert (told["allowed"], told["level"], reason in told["reasons"]) == (False, "none", True)

    await link_entries(tenant)
    entries = 'query ($r: ID!) { auditEntries(filter: {recordId: {eq: $r}, action: {eq: "customer.created"}}) { nodes { action details } } }'
    (entry,) = (await admin.data(entries, r=record))["auditEntries"]["nodes"]
    assert (entry["action"], "远景" in str(entry["details"]), "SN-77" in str(entry["details"])) == (
        "customer.created",
        True,
        False,
    )

    await mutate(admin, "releasePilot", id=str(started.id))
    for each in (sales, service, admin):
        assert await looked_at(each, record, contact) == IN_GROUP
    lacking = await mutate(admin, "createCustomer", record={"name": "空"})
    assert lacking["errors"] == [{"path": ["record", "serial_c"], "code": "REQUIRED"}]

    await given_up(admin, sales, role, record)


async def given_up(admin: Client, sales: Client, role: str, record: str) -> None:
    """A second trial is withdrawn: nobody knows of it any longer, and what was entered comes back with its field."""
    colour = {"label": {"en": "Colour"}, "name": "colour", "type": "text"}
    await mutate(admin, "addField", object="customer", field=colour)
    rule = await mutate(
        admin, "createValidationRule", "id", object="customer", name="no red", expression="colour_c != 'red'",
        message={"zh": "不要红色。", "en": "Not red."},
    )  # fmt: skip
    coordinates = [{"object": "customer", "field": "colour_c"}, {"ruleId": rule["id"]}]
    pilot = await mutate(admin, "startPilot", "id", title="颜色", group={"roleIds": [role]}, coordinates=coordinates)
    told = [
        (await mutate(sales, "updateCustomer", id=record, set={"colour_c": each}))["errors"] for each in ("red", "blue")
    ]
    withdrawn = await mutate(admin, "withdrawPilot", "state", id=pilot["id"])
    asked = "query ($id: ID!) { customer(id: $id) { colour_c } }"
    unknown = [await code_of(each, asked, id=record) for each in (sales, admin)]
    await mutate(admin, "restoreField", object="customer", field="colour_c")

    assert told == [[{"path": ["set", "colour_c"], "code": "RULE_BROKEN"}], []]
    assert (withdrawn, unknown) == ({"state": "withdrawn", "errors": []}, ["DOCUMENT_INVALID"] * 2)
    assert [(await each.data(asked, id=record))["customer"] for each in (sales, admin)] == [{"colour_c": "blue"}] * 2
