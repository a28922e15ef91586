"""[A10] What is new goes to a group first: started, regrouped, released and withdrawn over GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.all_types import definition_of, field_of
from tests.builders.field_cases import ENTERED, FILED, member
from tests.builders.metadata import add_field
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import customer, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

NOBODY = "0192a000-0000-7018-8000-000000000000"


async def start(admin: Client, *coordinates: dict[str, str], **given: object) -> dict[str, Any]:
    asked = {"title": "试用", "coordinates": list(coordinates), **given}
    found: dict[str, Any] = await mutate(admin, "startPilot", "id title state", **asked)
    return found


async def reads(client: Client, field: str) -> str:
    answer = await client.ask(f"{{ customers(first: 1) {{ nodes {{ {field} }} }} }}")
    return str(answer["errors"][0]["extensions"]["code"]) if "errors" in answer else ""


async def test_pilot_runs_is_regrouped_and_released(company: Tenant, person: Person) -> None:
    admin, sales, manager = await person("admin"), await person("sales"), await person("manager")
    made = await add_field(company, name="warranty")
    field = made.field_name
    roles = {"roleIds": [await role_id(admin, "sales")]}

    started = await start(admin, {"object": "customer", "field": field}, group=roles)
    first = [await reads(each, field) for each in (sales, manager, admin)]
    users = {"userIds": [str(company.principal("manager").id)]}
    regrouped = await mutate(admin, "changePilotGroup", "state", id=started["id"], group=users, ifVersion=1)
    second = [await reads(each, field) for each in (sales, manager, admin)]
    asked = "query ($id: ID!) { pilot(id: $id) { title state version group coordinates startedBy { name } endedAt } }"
    told = (await admin.data(asked, id=started["id"]))["pilot"]
    released = await mutate(admin, "releasePilot", "state", id=started["id"], ifVersion=2)
    third = [await reads(each, field) for each in (sales, manager, admin)]

    closed = "FIELD_NOT_READABLE"
    assert (started["title"], started["state"], started["errors"]) == ("试用", "running", [])
    assert (first, second, third) == (["", closed, closed], [closed, "", closed], ["", "", ""])
    assert (regrouped, released) == ({"state": "running", "errors": []}, {"state": "released", "errors": []})
    assert told == {
        "title": "试用",
        "state": "running",
        "version": 2,
        "group": users,
        "coordinates": [{"kind": "field", "id": str(made.id), "object": "customer", "name": field}],
        "startedBy": {"name": "admin"},
        "endedAt": None,
    }
    over = await mutate(admin, "releasePilot", id=started["id"])
    assert over["errors"] == [{"path": [], "code": "PILOT_OVER"}]


async def test_withdrawn_field_is_retired_and_keeps_its_values(company: Tenant, person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    field = (await add_field(company, name="colour")).field_name
    group = {"userIds": [str(company.principal("sales").id)]}
    started = await start(admin, {"object": "customer", "field": field}, group=group)
    record = await customer(sales, name="红星", **{field: "red"})

    withdrawn = await mutate(admin, "withdrawPilot", "state", id=started["id"])
    unknown = [await reads(each, field) for each in (sales, admin)]
    restored = await mutate(admin, "restoreField", "field", object="customer", field=field)
    value = await admin.data(f"query ($id: ID!) {{ customer(id: $id) {{ {field} }} }}", id=record)

    assert withdrawn == {"state": "withdrawn", "errors": []}
    assert unknown == ["DOCUMENT_INVALID"] * 2
    assert (restored["field"], value) == (field, {"customer": {field: "red"}})


async def test_everything_wrong_is_told_at_once(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    full = (await add_field(company, name="full")).field_name
    await customer(admin, name="有值", **{full: "x"})

    wrong = await start(
        admin,
        {"object": "customer", "field": "name"},
        {"object": "customer"},
        {"object": "customer", "field": full},
        {"ruleId": NOBODY},
        {"layoutId": NOBODY, "object": "customer"},
        {"object": "user"},
        {"object": "nothing"},
        {"object": "customer", "field": "nothing"},
        {"layoutId": "zz"},
        {},
        group={"userIds": [NOBODY]},
        title="",
    )
    nothing = await start(admin, group={})
    unknown = await start(admin, {"object": "nothing"}, group={}, title="长" * 200)

    codes = {tuple(each["path"]): each["code"] for each in wrong["errors"]}
    assert codes == {
        ("title",): "REQUIRED",
        ("group", "userIds", "0"): "RELATION_NOT_FOUND",
        ("coordinates", "0"): "PILOT_NOT_ADDITIVE",
        ("coordinates", "1"): "PILOT_NOT_ADDITIVE",
        ("coordinates", "2"): "PILOT_HOLDS_DATA",
        ("coordinates", "3"): "RELATION_NOT_FOUND",
        ("coordinates", "4"): "COORDINATE_MALFORMED",
        ("coordinates", "5"): "NOT_CHANGEABLE",
        ("coordinates", "6"): "UNKNOWN_OBJECT",
        ("coordinates", "7"): "UNKNOWN_FIELD",
        ("coordinates", "8"): "RELATION_NOT_FOUND",
        ("coordinates", "9"): "COORDINATE_MALFORMED",
    }
    assert [each["path"] for each in nothing["errors"]] == [["group"], ["coordinates"]]
    assert [(each["path"], each["code"]) for each in unknown["errors"]] == [
        (["title"], "TOO_LONG"),
        (["group"], "REQUIRED"),
        (["coordinates", "0"], "UNKNOWN_OBJECT"),
    ]
    assert (await admin.data('{ pilots(filter: {state: {eq: "running"}}) { totalCount } }'))["pilots"][
        "totalCount"
    ] == 0


async def test_fields_of_every_type_can_be_covered_while_they_are_empty(company: Tenant, person: Person) -> None:
    admin, service = await person("admin"), await person("service")
    more: dict[str, dict[str, Any]] = {
        "relations": {"target": "customer", "inverseName": "kinds"},
        "formula": {"options": {"expression": "1 + 1", "result": "integer"}},
        "autoNumber": {"options": {"format": "{000}"}},
        **{each: {} for each in FILED},
    }
    drafts = [field_of("title", {"type": "text"}), *(field_of(each, definition_of(each)) for each in ENTERED)]
    drafts += [field_of(each, {"type": each, **given}) for each, given in more.items()]
    made = await mutate(admin, "createObject", "object", label={"en": "Kinds"}, name="kinds", fields=drafts)
    empty = {member(each): None for each in ENTERED}
    assert (made["errors"], (await mutate(admin, "createKinds_c", record={"title_c": "a", **empty}))["errors"]) == (
        [],
        [],
    )
    names = [f"{each}Field_c" for each in (*ENTERED, *more)]
    group = {"userIds": [str(company.principal("sales").id)]}

    started = await start(admin, *({"object": "kinds_c", "field": each} for each in names), group=group)

    assert started["errors"] == []
    schema = '{ type: __type(name: "Kinds_c") { fields { name } } }'
    shown = [{each["name"] for each in (await who.data(schema))["type"]["fields"]} for who in (admin, service)]
    assert [each.isdisjoint(names) for each in shown] == [True, True]


async def test_only_who_may_define_pilots_anything(
    company: Tenant, person: Person, client_as: Callable[..., Awaitable[Client]]
) -> None:
    admin, sales, stranger = await person("admin"), await person("sales"), await client_as("admin")
    field = (await add_field(company, name="secretive")).field_name
    group = {"userIds": [str(company.principal("sales").id)]}
    one = {"object": "customer", "field": field}
    started = (await start(admin, one, group=group))["id"]

    assert (await refusal(sales, "startPilot", title="x", group=group, coordinates=[one]))[0] == "FORBIDDEN"
    for name, given in (("changePilotGroup", {"group": group}), ("releasePilot", {}), ("withdrawPilot", {})):
        assert (await refusal(sales, name, id=started, **given))[0] == "FORBIDDEN"
        assert (await refusal(stranger, name, id=started, **given))[0] == "PILOT_NOT_FOUND"
        again = await mutate(admin, name, id=started, ifVersion=9, **given)
        assert again["errors"] == [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]
    assert (await sales.errors("{ pilots { totalCount } }"))[0]["extensions"]["code"] == "OBJECT_NOT_READABLE"
    twice = await start(admin, one, group=group)
    assert twice["errors"] == [{"path": ["coordinates", "0"], "code": "ALREADY_PILOTED"}]


async def test_pilot_sent_twice_is_started_once(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    field = (await add_field(company, name="once")).field_name
    group = {"userIds": [str(company.principal("sales").id)]}
    given = {"group": group, "clientMutationId": "once"}

    first, second = [await start(admin, {"object": "customer", "field": field}, **given) for _ in range(2)]

    assert first == second
    assert (first["state"], first["errors"]) == ("running", [])
