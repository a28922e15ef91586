"""[G2 G4] What an administrator says of a role counts at the next request of whoever holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import field_permission, restriction
from tests.builders.mutations import mutate
from tests.builders.roles import customer, everything, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]


async def test_a_field_is_closed_masked_and_opened_at_the_next_request(client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    about = {"roleId": await role_id(admin, "sales"), "object": "customer", "field": "phone"}
    record = await customer(sales, name="海蓝", phone="13800131234")
    ask = "query ($id: ID!) { customer(id: $id) { phone maskedFields } }"

    seen = []
    for level in ("read", "masked", "none"):
        await mutate(admin, "setFieldPermission", **about, level=level)
        answer = await sales.ask(ask, {"id": record})
        seen.append(answer["data"]["customer"] or [each["extensions"]["code"] for each in answer["errors"]])
    await mutate(admin, "setFieldPermission", **about, level="write")

    assert seen == [
        {"phone": "+8613800131234", "maskedFields": []},
        {"phone": "138****1234", "maskedFields": ["phone"]},
        ["FIELD_NOT_READABLE"],
    ]
    assert (await sales.data(ask, id=record))["customer"]["phone"] == "+8613800131234"


async def test_records_are_opened_by_what_stands_in_them(client_as: ClientAs) -> None:
    admin, sales, colleague = [await client_as(person) for person in ("admin", "sales", "colleague")]
    for region in ("east", "north"):
        await customer(sales, name=region, region=region)
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}
    asked = "{ customers { nodes { name } } }"

    opened = await mutate(
        admin, "openRecords", **about, reach="read",
        filter={"or": [{"region": {"in": ["north"]}}, {"owner": {"name": {"eq": "nobody"}}}]},
    )  # fmt: skip

    assert opened == {"errors": []}
    assert (await colleague.data(asked))["customers"]["nodes"] == [{"name": "north"}]


async def test_records_are_opened_by_an_expression(client_as: ClientAs) -> None:
    admin, sales, colleague = [await client_as(person) for person in ("admin", "sales", "colleague")]
    for region in ("east", "north"):
        await customer(sales, name=region, region=region)
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}
    asked = "{ customers { nodes { name } totalCount } customersAggregate { count } }"
    text = "region == 'north' && owner.department == currentDepartment() && createdAt > now() - days(1)"

    opened = await mutate(admin, "openRecords", "role { name } ruleId", **about, reach="read", expression=text)

    assert (opened["role"], opened["errors"]) == ({"name": "sales"}, [])
    assert await colleague.data(asked) == {
        "customers": {"nodes": [{"name": "north"}], "totalCount": 1},
        "customersAggregate": [{"count": 1}],
    }
    assert await mutate(admin, "closeRecords", roleId=about["roleId"], ruleId=opened["ruleId"]) == {"errors": []}
    assert (await colleague.data(asked))["customers"]["nodes"] == []


@pytest.mark.parametrize(
    "condition", [{"expression": "phone.startsWith('+861380013')"}, {"filter": {"phone": {"startsWith": "+861380013"}}}]
)
async def test_nobody_opens_records_by_what_he_may_not_read(client_as: ClientAs, condition: dict[str, object]) -> None:
    """Which records are opened would tell him the number, digit by digit."""
    admin = await client_as("admin")
    about = {"roleId": await role_id(admin, "admin"), "object": "customer"}
    await mutate(admin, "restrictRole", **about, field="phone", level="masked")

    answer = await admin.errors(
        "mutation ($input: OpenRecordsInput!) { openRecords(input: $input) { errors { code } } }",
        input={**about, "reach": "read", **condition},
    )

    assert [each["extensions"]["code"] for each in answer] == ["FIELD_NOT_READABLE"]


@pytest.mark.parametrize("other", ["director", "admin"])
async def test_a_restriction_stays_whatever_other_roles_grant(tenant: Tenant, client_as: ClientAs, other: str) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    await customer(sales, name="海蓝", phone="13800131234")
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}
    await mutate(admin, "assignRole", roleId=await role_id(admin, other), userId=str(tenant.user_id("sales")))

    for restricted in ({"field": "phone"}, {"verb": "delete"}):
        assert await mutate(admin, "restrictRole", **about, **restricted) == {"errors": []}
    phones = await sales.errors("{ customers { nodes { phone } } }")
    trash = await sales.errors("{ customers(deleted: true) { nodes { name } } }")
    for restricted in ({"field": "phone"}, {"verb": "delete"}):
        await mutate(admin, "liftRestriction", **about, **restricted)

    assert [each["extensions"]["code"] for each in (*phones, *trash)] == ["FIELD_NOT_READABLE", "TRASH_NOT_READABLE"]
    assert (await sales.data("{ customers { nodes { phone } } }"))["customers"]["nodes"] == [
        {"phone": "+8613800131234"}
    ]


async def test_naming_one_verb_takes_no_other_away(client_as: ClientAs) -> None:
    """The role grants its verbs on every object, and has no row of its own for customers."""
    admin, sales = await client_as("admin"), await client_as("sales")
    record = await customer(sales, name="海蓝")
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}

    nothing = await mutate(admin, "setObjectPermission", **about)
    renamed = await mutate(sales, "updateCustomer", "customer { name }", id=record, set={"name": "山青"})
    widened = await mutate(admin, "setObjectPermission", **about, assign="all", share=None)
    made = await mutate(sales, "createCustomer", "customer { name }", record={"name": "新"})
    again = await mutate(sales, "updateCustomer", "customer { name }", id=record, set={"name": "海蓝"})

    assert nothing == {"errors": [{"path": ["object"], "code": "NOTHING_TO_SET"}]}
    assert (renamed["customer"], widened) == ({"name": "山青"}, {"errors": []})
    assert (made["customer"], again["customer"]) == ({"name": "新"}, {"name": "海蓝"})
    grant = (await admin.data(GRANTS, role=about["roleId"]))["rolePermissions"]["objects"]
    assert [each for each in grant if each["object"] == "customer"] == [
        {"object": "customer", "create": True, "read": "own", "update": "own", "delete": "own", "share": "none",
         "bulk": "own", "assign": "all"},
    ]  # fmt: skip


async def test_what_is_said_of_a_retired_field_can_be_taken_back(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    made = await mutate(admin, "addField", "field", object="customer", field={"label": {"en": "Hobby"}, "type": "text"})
    about = {"roleId": await role_id(admin, "sales"), "object": "customer", "field": made["field"]}
    await mutate(admin, "setFieldPermission", **about, level="masked")
    await mutate(admin, "restrictRole", **about)
    await mutate(admin, "retireField", object="customer", field=made["field"])

    said = [await tenant.read(lambda work: work.session.scalar(SAID))]
    answers = [
        await mutate(admin, "setFieldPermission", **about, level="write"),
        await mutate(admin, "liftRestriction", **about),
    ]
    said.append(await tenant.read(lambda work: work.session.scalar(SAID)))
    gone = await mutate(admin, "liftRestriction", **about)

    assert (answers, said) == ([{"errors": []}] * 2, [2, 0])
    assert gone == {"errors": [{"path": ["field"], "code": "UNKNOWN_FIELD"}]}


GRANTS = """query ($role: ID!) { rolePermissions(roleId: $role) {
    objects { object create read update delete share bulk assign } } }"""
SAID = sa.select(
    sa.select(sa.func.count()).select_from(restriction).scalar_subquery()
    + sa
    .select(sa.func.count())
    .select_from(field_permission)
    .where(field_permission.c.level == "masked")
    .scalar_subquery()
)
NOBODY = "0192a000-0000-7003-8000-000000000000"
BAD: dict[str, tuple[str, dict[str, Any], list[tuple[str, str]]]] = {  # Any: as a client writes it
    "no such object": ("setObjectPermission", {"object": "nothing"}, [("object", "UNKNOWN_OBJECT")]),
    "no such scope": (
        "setObjectPermission",
        {"read": "some", "update": "most"},
        [("read", "UNKNOWN_CHOICE"), ("update", "UNKNOWN_CHOICE")],
    ),
    "more than reading of the platform": (
        "setObjectPermission",
        {"object": "auditEntry", "read": "all", "update": "all", "create": True},
        [("create", "ONLY_READABLE"), ("update", "ONLY_READABLE")],
    ),
    "reading of what everybody reads": (
        "setObjectPermission",
        {"object": "user", "read": "own"},
        [("read", "READ_BY_ALL")],
    ),
    **{
        f"reading of what only definers read: {name}": (
            "setObjectPermission",
            {"object": name, "read": "all"},
            [("read", "READ_BY_DEFINERS")],
        )
        for name in ("changeSet", "pilot", "publication")
    },
    "a scope of what nobody owns": (
        "setObjectPermission",
        {"object": "auditEntry", "read": "own"},
        [("read", "WITHOUT_OWNER")],
    ),
    "a field of the platform": (
        "setFieldPermission",
        {"object": "user", "field": "email", "level": "none"},
        [("object", "ONLY_READABLE")],
    ),
    "records of the platform": (
        "openRecords",
        {"object": "auditEntry", "filter": {"action": {"eq": "x"}}},
        [("object", "ONLY_READABLE")],
    ),
    "no such role": ("setObjectPermission", {"roleId": NOBODY}, [("roleId", "RELATION_NOT_FOUND")]),
    "no such field": ("setFieldPermission", {"field": "nothing", "level": "none"}, [("field", "UNKNOWN_FIELD")]),
    "a field that is never null": (
        "setFieldPermission",
        {"field": "createdAt", "level": "none"},
        [("field", "FIELD_ALWAYS_READABLE")],
    ),
    "a field of every object": (
        "setFieldPermission",
        {"object": "*", "field": "name", "level": "none"},
        [("field", "UNKNOWN_FIELD")],
    ),
    "no such level": ("setFieldPermission", {"field": "phone", "level": "half"}, [("level", "UNKNOWN_CHOICE")]),
    "no such mask": (
        "setFieldPermission",
        {"field": "phone", "level": "masked", "mask": "half"},
        [("mask", "UNKNOWN_CHOICE")],
    ),
    "a mask of what is no text": (
        "setFieldPermission",
        {"field": "lastActivityAt", "level": "masked", "mask": "full"},
        [("mask", "MASK_NOT_OFFERED")],
    ),
    "a mask of what is not masked": (
        "setFieldPermission",
        {"field": "phone", "level": "read", "mask": "full"},
        [("mask", "MASK_WITHOUT_LEVEL")],
    ),
    "unknown field in a filter": ("openRecords", {"filter": {"nothing": {"eq": 1}}}, [("filter", "UNKNOWN_NAME")]),
    "wrong operand in a filter": (
        "openRecords",
        {"filter": {"lastActivityAt": {"gt": "yesterday"}}},
        [("filter", "WRONG_OPERAND")],
    ),
    "operator that is not offered": (
        "openRecords",
        {"filter": {"region": {"like": "x"}}},
        [("filter", "OPERATOR_NOT_OFFERED")],
    ),
    "no filter at all": ("openRecords", {"filter": {"and": []}}, [("filter", "EVERY_RECORD_CHOSEN")]),
    "an emptied filter": ("openRecords", {"filter": {"name": {"contains": ""}}}, [("filter", "EVERY_RECORD_CHOSEN")]),
    "filter that is none": ("openRecords", {"filter": [1]}, [("filter", "WRONG_OPERAND")]),
    "neither filter nor expression": ("openRecords", {}, [("filter", "FILTER_OR_EXPRESSION")]),
    "filter and expression": (
        "openRecords",
        {"filter": {"name": {"eq": "x"}}, "expression": "name == 'x'"},
        [("filter", "FILTER_OR_EXPRESSION")],
    ),
    "expression that does not fit": (
        "openRecords",
        {"expression": "nmae == 'x' || level == 'x' || name > 1"},
        [
            ("expression", "EXPRESSION_UNKNOWN_NAME"),
            ("expression", "EXPRESSION_UNKNOWN_CHOICE"),
            ("expression", "EXPRESSION_WRONG_TYPE"),
        ],
    ),
    "expression that is no condition": (
        "openRecords",
        {"expression": "name"},
        [("expression", "EXPRESSION_WRONG_RESULT")],
    ),
    "expression that is too costly": (
        "openRecords",
        {"expression": " || ".join(["contacts.exists(c, c.name == 'x')"] * 34)},
        [("expression", "EXPRESSION_TOO_LARGE")],
    ),
    "expression that is the same for every record": (
        "openRecords",
        {"expression": "1 == 2"},
        [("expression", "EXPRESSION_CHOOSES_NOTHING")],
    ),
    "a filter on every object": (
        "openRecords",
        {"object": "*", "filter": {"name": {"eq": "x"}}},
        [("object", "UNKNOWN_OBJECT")],
    ),
    "no such rule": ("closeRecords", {"ruleId": NOBODY}, [("ruleId", "RELATION_NOT_FOUND")]),
    "verb and field": ("restrictRole", {"verb": "read", "field": "phone"}, [("verb", "VERB_OR_FIELD")]),
    "a restriction of the platform": (
        "restrictRole",
        {"object": "user", "verb": "read"},
        [("object", "ONLY_READABLE")],
    ),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_input_is_refused_with_its_reason_and_nothing_is_written(
    company: Tenant, person: Callable[[str], Awaitable[Client]], case: str
) -> None:
    admin = await person("admin")
    name, more, errors = BAD[case]
    about: dict[str, Any] = {"roleId": await role_id(admin, "sales")}
    about |= {} if name == "closeRecords" else {"object": "customer"}
    about |= {"reach": "read"} if name == "openRecords" else {}
    before = await everything(company)

    answer = await mutate(admin, name, **{**about, **more})
    assert answer == {"errors": [{"path": [at], "code": code} for at, code in errors]}
    assert await everything(company) == before


async def test_taking_back_what_was_never_said_leaves_no_entry(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}
    before = await everything(tenant)

    for verb, given in (
        ("liftRestriction", {"verb": "delete"}),
        ("liftRestriction", {"field": "phone"}),
        ("setFieldPermission", {"field": "phone", "level": "write"}),
        ("removeObjectPermission", {}),
    ):
        assert await mutate(admin, verb, **about, **given) == {"errors": []}

    assert await everything(tenant) == before


async def test_every_change_leaves_an_entry_with_what_was_there_before(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    about = {"roleId": await role_id(admin, "sales"), "object": "customer", "field": "phone"}

    for level in ("masked", "none"):
        await mutate(admin, "setFieldPermission", **about, level=level)

    entries = sa.select(audit_entry.c.body).where(audit_entry.c.action == "role.fieldPermissionSet")
    bodies = [row["body"].decode() for row in await tenant.read(lambda work: work.session.rows(entries))]
    assert len(bodies) == 2
    assert any('"before":null,"field":"phone","level":"masked","mask":"phone"' in each for each in bodies)
    assert any(
        '"before":{"level":"masked","mask":"phone"},"field":"phone","level":"none","mask":""' in each for each in bodies
    )
