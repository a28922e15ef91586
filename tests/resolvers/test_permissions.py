"""[G2] Rights looked at over HTTP: what roles say, what they come to, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from tests.builders.mutations import mutate
from tests.builders.roles import customer, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

NOBODY = "0192a000-0000-7001-8000-000000000000"
EXPLAIN = """query ($user: ID!, $record: ID!, $verb: String!, $field: String) {
  explainAccess(userId: $user, recordId: $record, verb: $verb, field: $field) {
    allowed level reasons { kind verb verdict decides role } } }"""


async def explained(  # noqa: PLR0917 - who asks, of whom, of what
    admin: Client, tenant: Tenant, person: str, record: str, verb: str, field: str | None = None
) -> Any:
    """Allowed, level, and each reason as a line."""
    found = await admin.data(EXPLAIN, user=str(tenant.user_id(person)), record=record, verb=verb, field=field)
    answer = found["explainAccess"]
    lines = [
        " ".join(
            filter(None, (each["kind"], each["verb"], each["verdict"], each["role"], "" if each["decides"] else "not"))
        )
        for each in answer["reasons"]
    ]
    return answer["allowed"], answer["level"], lines


async def test_every_rule_that_decides_is_named(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}
    record = await customer(sales, name="海蓝", region="north")

    seen = {"own": await explained(admin, tenant, "sales", record, "update")}
    seen["stranger"] = await explained(admin, tenant, "stranger", record, "read")
    seen["manager"] = await explained(admin, tenant, "manager", record, "delete")
    seen["service"] = await explained(admin, tenant, "service", record, "update")
    seen["admin"] = await explained(admin, tenant, "admin", record, "export")
    await mutate(admin, "openRecords", **about, reach="update", filter={"region": {"eq": "north"}})
    await mutate(admin, "shareRecord", recordId=record, userId=str(tenant.user_id("colleague")), reach="read")
    await mutate(admin, "setFieldPermission", **about, field="phone", level="masked")
    await mutate(admin, "restrictRole", **about, verb="delete")
    seen["criteria"] = await explained(admin, tenant, "stranger", record, "update")
    seen["share"] = await explained(admin, tenant, "colleague", record, "read")
    seen["field"] = await explained(admin, tenant, "sales", record, "update", "phone")
    seen["restricted"] = await explained(admin, tenant, "sales", record, "delete")

    own = ["grant read own sales", "share read shared not"]
    assert seen == {
        "own": (True, "write", [*own, "grant update own sales", "share update shared not"]),
        "stranger": (False, "write", ["grant read own sales not", "share read shared not"]),
        "manager": (
            True,
            "write",
            ["grant read team manager", "share read shared not", "grant delete team manager", "share delete shared not"],
        ),
        "service": (False, "write", ["grant read all service", "grant update none not"]),
        "admin": (True, "write", ["grant read administrator", "grant export administrator"]),
        "criteria": (
            True,
            "write",
            [
                "grant read own sales not", "criteria read update sales", "share read shared not",
                "grant update own sales not", "criteria update update sales", "share update shared not",
            ],
        ),
        "share": (True, "write", ["grant read own sales not", "criteria read update sales", "share read shared"]),
        "field": (
            False,
            "masked",
            [
                "grant read own sales", "criteria read update sales", "share read shared not",
                "grant update own sales", "criteria update update sales", "share update shared not",
                "field update masked sales",
            ],
        ),
        "restricted": (
            False,
            "write",
            [
                "grant read own sales", "criteria read update sales", "share read shared not",
                "restriction delete never sales",
            ],
        ),
    }  # fmt: skip


async def test_a_rule_that_a_wider_one_covers_is_named_too(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    record = await customer(sales, name="海蓝", region="north")
    roles = {name: await role_id(admin, name) for name in ("sales", "director")}
    await mutate(admin, "assignRole", userId=str(tenant.user_id("sales")), roleId=roles["director"])
    about = {"roleId": roles["sales"], "object": "customer"}
    await mutate(admin, "openRecords", **about, reach="read", filter={"region": {"eq": "north"}})
    await mutate(admin, "openRecords", **about, reach="read", filter={"region": {"eq": "south"}})
    await mutate(admin, "setFieldPermission", **about, field="phone", level="masked")

    _, level, reasons = await explained(admin, tenant, "sales", record, "read", "phone")
    platform = await explained(admin, tenant, "sales", record, "update", "lastActivityAt")

    assert (level, reasons) == (
        "write",
        [
            "grant read all director", "grant read own sales", "criteria read read sales",
            "field read write director", "field read masked sales not",
        ],
    )  # fmt: skip
    assert (platform[0], platform[1], platform[2][-1]) == (False, "read", "field update readOnly")


async def test_what_is_explained_is_what_happens(tenant: Tenant, client_as: ClientAs) -> None:
    """Reading, changing and deleting as each of the staff, beside what is said of it."""
    admin, sales = await client_as("admin"), await client_as("sales")
    record = await customer(sales, name="海蓝")

    for person in ("director", "manager", "sales", "colleague", "stranger", "service"):
        client = await client_as(person)
        said = [(await explained(admin, tenant, person, record, verb))[0] for verb in ("read", "update", "delete")]
        read = await client.data("query ($id: ID!) { customer(id: $id) { id } }", id=record)
        done = [read["customer"] is not None]
        for document in (
            'mutation ($id: ID!) { m: updateCustomer(input: {id: $id, set: {address: "x"}}) { customer { id } } }',
            "mutation ($id: ID!) { m: deleteCustomer(input: {id: $id}) { customer { id } } }",
        ):
            done.append((await client.ask(document, {"id": record}))["data"]["m"] is not None)  # noqa: PERF401 - in order
        if done[2]:
            await admin.data("mutation ($id: ID!) { restoreCustomer(input: {id: $id}) { errors { code } } }", id=record)
        assert said == done, person


async def test_explaining_is_audited_and_looks_at_the_living_and_the_active(
    tenant: Tenant, client_as: ClientAs
) -> None:
    admin = await client_as("admin")
    record = await customer(admin, name="海蓝")
    await mutate(admin, "deactivateUser", id=str(tenant.user_id("finance")))

    gone = await explained(admin, tenant, "finance", record, "read")
    await mutate(admin, "deleteCustomer", id=record)
    deleted = await explained(admin, tenant, "director", record, "read")

    assert gone == (False, "none", ["user read deactivated"])
    assert deleted == (False, "write", ["record read absent"])
    entries = sa.select(sa.func.count()).where(audit_entry.c.action == "access.explained")
    assert await tenant.read(lambda work: work.session.scalar(entries)) == 2


async def test_what_a_role_says_and_what_tells_two_apart(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    sales = await role_id(admin, "sales")
    copy = (await mutate(admin, "copyRole", "role { id }", id=sales, name="junior"))["role"]["id"]
    about = {"roleId": copy, "object": "customer"}

    await mutate(admin, "setObjectPermission", **about, read="tree")
    await mutate(admin, "setFieldPermission", **about, field="phone", level="masked")
    await mutate(admin, "openRecords", **about, reach="read", filter={"region": {"eq": "x"}})
    await mutate(admin, "restrictRole", **about, verb="delete")
    await mutate(admin, "restrictRole", **about, field="level", level="read")
    said = await admin.data(
        """query ($id: ID!) { rolePermissions(roleId: $id) { name isAdmin
          objects { object create import read update bulk } fields { object field level mask }
          records { object reach condition userId } restrictions { object verb field level } } }""",
        id=copy,
    )
    apart = await admin.data(
        "query ($a: ID!, $b: ID!) { roleDifference(roleId: $a, otherId: $b) { object aspect one other } }",
        a=sales, b=copy,
    )  # fmt: skip

    condition = '{"compare": {"field": "region", "operand": "x", "operator": "eq"}}'
    role = said["rolePermissions"]
    assert role | {"objects": [each for each in role["objects"] if each["object"] == "customer"]} == {
        "name": "junior",
        "isAdmin": False,
        "objects": [
            {"object": "customer", "create": True, "import": False, "read": "tree", "update": "own", "bulk": "own"}
        ],
        "fields": [{"object": "customer", "field": "phone", "level": "masked", "mask": "phone"}],
        "records": [{"object": "customer", "reach": "read", "condition": condition, "userId": None}],
        "restrictions": [
            {"object": "customer", "verb": None, "field": "level", "level": "read"},
            {"object": "customer", "verb": "delete", "field": None, "level": None},
        ],
    }
    lines = {each["aspect"]: (each["one"], each["other"]) for each in apart["roleDifference"]}
    assert {each["object"] for each in apart["roleDifference"]} == {"customer"}
    assert {name: lines[name] for name in lines if not name.startswith("records")} == {
        "assign": ("", "none"), "at most: field level": ("", "read"), "bulk": ("", "own"), "create": ("", "yes"),
        "delete": ("", "own"), "export": ("", "none"), "field phone": ("", "masked (phone)"), "import": ("", "no"),
        "merge": ("", "none"), "never: delete": ("", "yes"), "read": ("", "tree"), "share": ("", "own"),
        "update": ("", "own"),
    }  # fmt: skip


async def test_effective_permissions_add_up(tenant: Tenant, client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    about = {"roleId": await role_id(admin, "sales"), "object": "customer"}
    await mutate(admin, "setFieldPermission", **about, field="phone", level="masked")
    asked = "query ($id: ID) { effectivePermissions(userId: $id) { roles mayDefine objects { object verbs { verb scopes } fields { field level mask } } } }"

    mine = (await sales.data(asked))["effectivePermissions"]
    same = (await admin.data(asked, id=str(tenant.user_id("sales"))))["effectivePermissions"]

    (found,) = [each for each in mine["objects"] if each["object"] == "customer"]
    assert (mine["roles"], mine["mayDefine"], same) == (["sales"], False, mine)
    assert found == {
        "object": "customer",
        "verbs": [
            {"verb": "create", "scopes": ["all"]},
            *({"verb": verb, "scopes": ["own", "shared"]} for verb in ("read", "update", "delete")),
            {"verb": "share", "scopes": ["own"]},
            {"verb": "bulk", "scopes": ["own", "shared"]},
        ],
        "fields": [{"field": "phone", "level": "masked", "mask": "phone"}],
    }


async def test_shares_of_a_record_are_told_to_who_may_share_it(tenant: Tenant, client_as: ClientAs) -> None:
    sales, stranger = await client_as("sales"), await client_as("stranger")
    record = await customer(sales, name="海蓝")
    later = "2999-01-01T00:00:00.000000Z"
    to = str(tenant.user_id("stranger"))
    await mutate(sales, "shareRecord", recordId=record, userId=to, reach="read", expiresAt=later)
    asked = "query ($id: ID!) { recordShares(recordId: $id) { userId teamId reach expiresAt } }"

    told = await sales.data(asked, id=record)
    refused = await stranger.errors(asked, id=record)

    assert told["recordShares"] == [{"userId": to, "teamId": None, "reach": "read", "expiresAt": later}]
    assert [each["extensions"]["code"] for each in refused] == ["NOT_SHAREABLE"]


ASKED = {
    "{ rolePermissions(roleId: %(role)s) { name } }": ("FORBIDDEN", "UNAUTHENTICATED"),
    "{ roleDifference(roleId: %(role)s, otherId: %(role)s) { aspect } }": ("FORBIDDEN", "UNAUTHENTICATED"),
    "{ sharingRules { id } }": ("FORBIDDEN", "UNAUTHENTICATED"),
    "{ effectivePermissions(userId: %(user)s) { roles } }": ("FORBIDDEN", "UNAUTHENTICATED"),
    '{ explainAccess(userId: %(user)s, recordId: %(user)s, verb: "read") { level } }': ("FORBIDDEN", "UNAUTHENTICATED"),
    "{ recordShares(recordId: %(user)s) { reach } }": ("NOT_FOUND", "UNAUTHENTICATED"),
}


@pytest.mark.parametrize("document", ASKED)
async def test_rights_of_others_are_for_administrators(
    company: Tenant, person: Callable[[str], Awaitable[Client]], document: str
) -> None:
    admin = await person("admin")
    ids = {"role": f'"{await role_id(admin, "sales")}"', "user": f'"{company.user_id("stranger")}"'}

    answers = [await (await person(who)).ask(document % ids) for who in ("sales", "director", "")]

    forbidden, unauthenticated = ASKED[document]
    assert [each["errors"][0]["extensions"]["code"] for each in answers] == [forbidden, forbidden, unauthenticated]


BAD = {
    f'{{ rolePermissions(roleId: "{NOBODY}") {{ name }} }}': "NOT_FOUND",
    '{ rolePermissions(roleId: "x") { name } }': "NOT_AN_ID",
    f'{{ effectivePermissions(userId: "{NOBODY}") {{ roles }} }}': "NOT_FOUND",
    f'{{ explainAccess(userId: "{NOBODY}", recordId: "{NOBODY}", verb: "read") {{ level }} }}': "NOT_FOUND",
    f'{{ explainAccess(userId: "{NOBODY}", recordId: "{NOBODY}", verb: "look") {{ level }} }}': "UNKNOWN_CHOICE",
}


@pytest.mark.parametrize("document", BAD)
async def test_what_is_not_there_is_said(person: Callable[[str], Awaitable[Client]], document: str) -> None:
    (error,) = await (await person("admin")).errors(document)

    assert error["extensions"]["code"] == BAD[document]
