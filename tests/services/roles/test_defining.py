"""[G2] Roles are made, copied, given other words and deleted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.permissions import object_permission
from tests.builders.mutations import mutate
from tests.builders.roles import customer, everything, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]


async def test_a_role_is_made_shaped_given_and_counts(tenant: Tenant, client_as: ClientAs) -> None:
    admin, service, sales = [await client_as(person) for person in ("admin", "service", "sales")]
    await customer(sales, name="海蓝")
    counted = "{ customersAggregate { count } }"

    made = await mutate(admin, "createRole", "role { id name labelZh labelEn version }", name="visitor", labelZh="访客")
    about = {"roleId": made["role"]["id"], "object": "customer"}
    await mutate(admin, "assignRole", roleId=about["roleId"], userId=str(tenant.user_id("service")))
    before = await service.ask('mutation { m: createCustomer(input: {record: {name: "一"}}) { customer { name } } }')
    granted = await mutate(admin, "setObjectPermission", "role { version }", **about, create=True, update="own")
    after = await service.ask('mutation { m: createCustomer(input: {record: {name: "一"}}) { customer { name } } }')
    removed = await mutate(admin, "removeObjectPermission", "role { version }", **about, ifVersion=2)

    assert made == {
        "role": {"id": about["roleId"], "name": "visitor", "labelZh": "访客", "labelEn": "visitor", "version": 1},
        "errors": [],
    }
    assert before["errors"][0]["extensions"]["code"] == "OBJECT_NOT_WRITABLE"
    assert granted == {"role": {"version": 2}, "errors": []}
    assert after["data"] == {"m": {"customer": {"name": "一"}}}
    assert removed == {"role": {"version": 3}, "errors": []}
    assert (await service.data(counted))["customersAggregate"] == [{"count": 2}]


async def test_a_copy_says_what_the_first_says_and_goes_its_own_way(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    sales = await role_id(admin, "sales")
    about = {"object": "customer", "field": "phone"}
    await mutate(admin, "setFieldPermission", roleId=sales, **about, level="masked")
    await mutate(admin, "openRecords", roleId=sales, object="lead", reach="read", filter={"name": {"eq": "x"}})
    await mutate(admin, "restrictRole", roleId=sales, object="lead", verb="delete")

    said = sa.select(sa.func.count()).select_from(object_permission)
    grants = await tenant.read(lambda work: work.session.scalar(said))

    copied = await mutate(admin, "copyRole", "role { id name isAdmin pack }", id=sales, name="sales 2")
    assert copied["role"] | {"id": ""} == {"id": "", "name": "sales 2", "isAdmin": False, "pack": ""}
    more = await tenant.read(lambda work: work.session.scalar(said))
    gone = await mutate(admin, "deleteRole", id=copied["role"]["id"], ifVersion=1)

    assert (more - grants, gone) == (6, {"errors": []})
    assert await tenant.read(lambda work: work.session.scalar(said)) == grants
    assert (await admin.data('{ roles(filter: {name: {eq: "sales 2"}}) { totalCount } }'))["roles"] == {"totalCount": 0}


async def test_words_of_a_role_change_and_its_name_stays(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    sales = await role_id(admin, "sales")

    changed = await mutate(admin, "updateRole", "role { name labelZh labelEn version }", id=sales, labelZh="销售员")
    late = await mutate(admin, "updateRole", id=sales, ifVersion=1, labelZh="别的")
    emptied = await mutate(admin, "updateRole", "role { labelZh labelEn }", id=sales, labelZh=None, labelEn="")

    assert changed["role"] == {"name": "sales", "labelZh": "销售员", "labelEn": "Sales", "version": 2}
    assert late == {"errors": [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]}
    assert emptied["role"] == {"labelZh": "sales", "labelEn": "sales"}


async def test_bad_roles_are_refused_and_nothing_is_written(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    sales = await role_id(admin, "sales")
    before = await everything(tenant)

    answers = [
        await mutate(admin, "createRole", name="sales"),
        await mutate(admin, "createRole", name="  "),
        await mutate(admin, "copyRole", id=sales, name="admin"),
        await mutate(admin, "deleteRole", id=sales),
        await mutate(admin, "deleteRole", id=await role_id(admin, "admin")),
    ]

    assert [each["errors"] for each in answers] == [
        [{"path": [at], "code": code}]
        for at, code in (
            ("name", "NAME_TAKEN"), ("name", "REQUIRED"), ("name", "NAME_TAKEN"), ("id", "ROLE_IN_USE"), ("id", "ROLE_IN_USE"),
        )
    ]  # fmt: skip
    assert await everything(tenant) == before


async def test_the_entry_of_a_deleted_role_tells_what_it_said(tenant: Tenant, client_as: ClientAs) -> None:
    admin = await client_as("admin")
    made = await mutate(admin, "createRole", "role { id }", name="visitor", labelZh="访客")
    about = {"roleId": made["role"]["id"], "object": "customer"}
    await mutate(admin, "updateField", object="customer", field="phone", auditReads=True)
    await mutate(admin, "setObjectPermission", **about, read="own")
    await mutate(admin, "setFieldPermission", **about, field="phone", level="masked")
    await mutate(admin, "openRecords", **about, reach="read", filter={"phone": {"eq": "+8613800131234"}})
    await mutate(admin, "restrictRole", **about, verb="delete")
    await mutate(admin, "grantAction", roleId=about["roleId"], action="lead.convert")

    assert await mutate(admin, "deleteRole", id=about["roleId"]) == {"errors": []}

    told = sa.select(audit_entry.c.body).where(audit_entry.c.action == "role.deleted")
    details = json.loads(await tenant.read(lambda work: work.session.scalar(told)))["details"]
    before = details["before"]
    assert (details["name"], before["label_zh"], before["is_admin"]) == ("visitor", "访客", False)
    assert (before["object_permission"][0]["object_name"], before["object_permission"][0]["read_scope"]) == (
        "customer",
        "own",
    )
    assert (before["field_permission"][0]["field_name"], before["field_permission"][0]["level"]) == ("phone", "masked")
    assert (before["criteria_rule"][0]["fields"], before["criteria_rule"][0]["condition"]) == (
        ["customer.phone"],
        "***",
    )
    assert before["restriction"] == [{"object_name": "customer", "verb": "delete", "field_name": "", "level": ""}]
    assert before["action_permission"] == [{"action": "lead.convert"}]
