"""[A6] Which view comes first is said by administrators: that of a role before that of everybody, and only shared ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.views import default_view
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import role_id
from tests.builders.views import keep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

EVERYBODY = {"everybody": True}


async def first(client: Client, object_name: str = "customer") -> str | None:
    found = await client.data("query ($object: String!) { defaultView(object: $object) }", object=object_name)
    answer: str | None = found["defaultView"]
    return answer


async def test_that_of_a_role_comes_before_that_of_everybody(company: Tenant, person: Person) -> None:
    admin, sales, service = await person("admin"), await person("sales"), await person("service")
    of_sales = {"roleIds": [await role_id(admin, "sales")]}
    common = await keep(admin, "公共", sharedWith=EVERYBODY)
    special = await keep(admin, "销售", sharedWith=of_sales)
    role = of_sales["roleIds"][0]

    assert await first(sales) is None
    await mutate(admin, "setDefaultView", object="customer", viewId=common)
    await mutate(admin, "setDefaultView", object="customer", roleId=role, viewId=special)
    assert (await first(sales), await first(service)) == (special, common)
    await mutate(admin, "updateSavedView", id=special, sharedWith=None)
    assert await first(sales) == common
    await mutate(admin, "deleteSavedView", id=common)
    assert await first(sales) is None
    await mutate(admin, "setDefaultView", object="customer", roleId=role)

    rows = sa.select(sa.func.count()).select_from(default_view)
    assert await company.read(lambda work: work.session.scalar(rows)) == 0


async def test_a_view_that_is_not_shared_with_them_comes_first_for_nobody(person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    role = await role_id(admin, "finance")
    private = await keep(admin, "管理员私有")
    shared = await keep(admin, "财务", sharedWith={"roleIds": [role]})

    def refused(path: str, code: str) -> dict[str, object]:
        return {"errors": [{"path": [path], "code": code}]}

    assert await mutate(admin, "setDefaultView", object="customer", viewId=private) == refused(
        "viewId", "DEFAULT_NOT_SHARED"
    )
    assert await mutate(admin, "setDefaultView", object="customer", viewId=shared) == refused(
        "viewId", "DEFAULT_NOT_SHARED"
    )
    assert await mutate(admin, "setDefaultView", object="lead", roleId=role, viewId=shared) == refused(
        "viewId", "RELATION_NOT_FOUND"
    )
    assert await mutate(admin, "setDefaultView", object="customer", roleId=shared, viewId=shared) == refused(
        "roleId", "RELATION_NOT_FOUND"
    )
    assert await refusal(sales, "setDefaultView", object="customer") == ("FORBIDDEN", ["done"])


async def test_nothing_comes_first_where_the_object_is_closed_or_was_never_there(person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    view = await keep(admin, "审计", object_name="auditEntry", sharedWith=EVERYBODY)
    await mutate(admin, "setDefaultView", object="auditEntry", viewId=view)

    assert await first(admin, "auditEntry") == view
    assert (await first(sales, "auditEntry"), await first(sales, "nothing")) == (None, None)


async def test_nothing_comes_first_for_an_object_that_is_none(person: Person) -> None:
    admin = await person("admin")

    refused = await mutate(admin, "setDefaultView", object="custmer")

    assert refused["errors"] == [{"path": ["object"], "code": "UNKNOWN_OBJECT"}]
