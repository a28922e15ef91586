"""[A6] Views are kept, changed and forgotten by whom they belong to, and answered by what their parts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from schema.tables.views import saved_view
from tests.builders.mutations import mutate, refusal
from tests.builders.records import create_one
from tests.builders.roles import role_id
from tests.builders.views import MEMBERS, keep, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

MINE = {"owner": {"id": {"eq": "me"}}, "level": {"in": ["a", "b"]}, "createdAt": {"thisYear": True}}
PARTS: dict[str, Any] = {  # JSON
    "filter": MINE,
    "orderBy": [{"lastActivityAt": "DESC"}, {"owner": {"name": "ASC"}}],
    "groupBy": [{"level": True}, {"createdAt": "MONTH"}],
    "columns": [{"field": "name", "width": 240}, {"field": "owner.name"}],
}


async def test_a_view_goes_back_into_list_and_aggregate_as_it_is(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    await create_one(company, "customer", person="sales", name="回环甲", level="a")
    await create_one(company, "customer", person="sales", name="回环乙", level="d")
    await keep(sales, "我的重点客户", **PARTS)

    (view,) = await seen(sales, "我的重点客户")
    found = await sales.data(
        "query ($f: CustomerFilter, $o: [CustomerOrder!], $g: [CustomerGroupBy!]) {"
        " customers(filter: $f, orderBy: $o) { nodes { name } }"
        " customersAggregate(filter: $f, groupBy: $g) { group { level } count } }",
        f=view["filter"], o=view["orderBy"], g=view["groupBy"],
    )  # fmt: skip

    assert view == {"name": "我的重点客户", "objectName": "customer", "kind": "table", **PARTS}
    assert found == {
        "customers": {"nodes": [{"name": "回环甲"}]},
        "customersAggregate": [{"group": {"level": "a"}, "count": 1}],
    }


async def test_what_was_named_is_changed_and_null_is_taken_away(person: Person) -> None:
    sales = await person("sales")
    view = await keep(sales, "改动", kind="kanban", settings={"columns": "status"}, **PARTS)

    changed = await mutate(
        sales, "updateSavedView", f"savedView {{ version {MEMBERS} }}", id=view, ifVersion=1, name="改后", filter=None
    )
    stale = await mutate(sales, "updateSavedView", id=view, ifVersion=1, name="再改")

    kept = {**PARTS, "filter": None, "sharedWith": None, "settings": {"columns": "status"}}
    assert changed == {
        "savedView": {"version": 2, "name": "改后", "objectName": "customer", "kind": "kanban", **kept},
        "errors": [],
    }
    assert stale == {"errors": [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]}


async def test_a_new_kind_needs_its_own_settings(person: Person) -> None:
    sales = await person("sales")
    view = await keep(sales, "换类型", kind="kanban", settings={"columns": "status"})

    refused = await mutate(sales, "updateSavedView", id=view, kind="calendar")
    changed = await mutate(
        sales,
        "updateSavedView",
        "savedView { kind settings }",
        id=view,
        kind="calendar",
        settings={"start": "createdAt"},
    )

    assert refused["errors"] == [
        {"path": ["settings"], "code": "SETTING_MISSING"},
        {"path": ["settings", "columns"], "code": "UNKNOWN_SETTING"},
    ]
    assert changed["savedView"] == {"kind": "calendar", "settings": {"start": "createdAt"}}


async def test_a_private_view_is_its_owners_alone(person: Person) -> None:
    sales, admin = await person("sales"), await person("admin")
    view = await keep(sales, "私有")

    for other in (admin, await person("colleague")):
        assert await seen(other, "私有") == []
        for name in ("updateSavedView", "deleteSavedView"):
            assert await refusal(other, name, id=view) == ("SAVED_VIEW_NOT_FOUND", ["done"])
    assert [each["name"] for each in await seen(sales, "私有")] == ["私有"]


async def test_sharing_needs_the_action_and_changing_what_is_shared_does_too(person: Person) -> None:
    sales, admin, colleague = await person("sales"), await person("admin"), await person("colleague")
    grant = {"roleId": await role_id(admin, "sales"), "action": "savedView.share"}
    mine = await keep(sales, "先私有")
    everybody = {"everybody": True}
    assert await refusal(sales, "updateSavedView", id=mine, sharedWith=everybody) == ("ACTION_NOT_ALLOWED", ["done"])

    await mutate(admin, "grantAction", **grant)
    shared = await mutate(sales, "updateSavedView", "savedView { sharedWith }", id=mine, sharedWith=everybody)
    assert [each["name"] for each in await seen(colleague, "先私有")] == ["先私有"]
    assert await refusal(colleague, "updateSavedView", id=mine, name="别人的") == ("SAVED_VIEW_NOT_FOUND", ["done"])
    await mutate(admin, "revokeAction", **grant)

    assert shared == {"savedView": {"sharedWith": everybody}, "errors": []}
    assert await refusal(sales, "updateSavedView", id=mine, name="改名") == ("ACTION_NOT_ALLOWED", ["done"])
    assert (await mutate(admin, "updateSavedView", "savedView { name }", id=mine, name="公共"))["savedView"] == {
        "name": "公共"
    }
    private = await mutate(admin, "updateSavedView", "savedView { name }", id=mine, sharedWith=None)
    assert private == {"savedView": None, "errors": []}
    assert [each["name"] for each in await seen(sales, "公共")] == ["公共"]


async def test_a_view_that_is_forgotten_is_gone_and_every_deed_is_noted(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    view = await keep(sales, "短命", filter={"phone": {"eq": "13800138000"}})
    await mutate(sales, "updateSavedView", id=view, columns=[{"field": "name"}])

    gone = await mutate(sales, "deleteSavedView", "id", id=view)

    entries = sa.select(audit_entry.c.action, audit_entry.c.body).where(audit_entry.c.record_id == view)
    rows = await company.read(lambda work: work.session.rows(entries.order_by(audit_entry.c.created_at)))
    assert gone == {"id": view, "errors": []}
    assert await seen(sales, "短命") == []
    assert [row["action"] for row in rows] == ["savedView.created", "savedView.updated", "savedView.deleted"]
    assert not any("13800138000" in str(bytes(row["body"])) for row in rows)


async def test_what_is_wrong_is_told_at_once_and_nothing_is_kept(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    rows = sa.select(sa.func.count()).select_from(saved_view)
    before = await company.read(lambda work: work.session.scalar(rows))

    wrong = await mutate(
        sales, "createSavedView", object="customer", name="", kind="pie", filter={"nope": {"eq": 1}},
        orderBy=[{"name": "UP"}], groupBy=[{"website": True}], columns=[{"field": "name.first"}, 7], sharedWith=[1],
    )  # fmt: skip
    unknown = await mutate(sales, "createSavedView", object="custmer", name="x")

    assert wrong["errors"] == [
        {"path": ["name"], "code": "REQUIRED"},
        {"path": ["kind"], "code": "UNKNOWN_CHOICE"},
        {"path": ["sharedWith"], "code": "PART_MALFORMED"},
        {"path": ["filter"], "code": "UNKNOWN_NAME"},
        {"path": ["orderBy", "0"], "code": "PART_MALFORMED"},
        {"path": ["groupBy", "0"], "code": "NOT_GROUPABLE"},
        {"path": ["columns", "0"], "code": "UNKNOWN_NAME"},
        {"path": ["columns", "1"], "code": "PART_MALFORMED"},
    ]
    assert unknown["errors"] == [{"path": ["object"], "code": "UNKNOWN_OBJECT"}]
    assert await company.read(lambda work: work.session.scalar(rows)) == before


async def test_a_view_that_was_sent_twice_is_kept_once(person: Person) -> None:
    sales = await person("sales")
    given = {"object": "customer", "name": "一次", "clientMutationId": "view-1"}

    first, second = [await mutate(sales, "createSavedView", "savedView { id }", **given) for _ in range(2)]

    assert first == second
    assert len(await seen(sales, "一次")) == 1
