"""[A6 G2] A view shows each caller what he may read of it; what is closed or gone looks as if it had never been said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import metadata
from services.query.views import is_part, need, place_of
from tests.builders.metadata import add_field
from tests.builders.mutations import mutate
from tests.builders.permissions import limit_field
from tests.builders.views import keep, seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

EVERYBODY = {"everybody": True}


def test_needs_tell_what_is_shown_from_what_decides() -> None:
    assert (need("customer"), need("customer", "phone"), need("customer", "phone", decides=True)) == (
        "customer",
        "customer.phone",
        "customer.phone=",
    )
    assert [place_of(each) for each in ("customer", "customer.phone", "customer.phone=")] == [
        ("customer", "", False), ("customer", "phone", False), ("customer", "phone", True),
    ]  # fmt: skip
    assert (is_part("savedView", "columns"), is_part("savedView", "name"), is_part("user", "columns")) == (
        True,
        False,
        False,
    )


async def test_closed_and_masked_fields_are_left_out_of_what_they_decide(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    await keep(
        admin, "全部", sharedWith=EVERYBODY, kind="kanban", settings={"columns": "source"},
        filter={"or": [{"level": {"eq": "a"}}, {"contacts": {"some": {"phone": {"isEmpty": False}}}}]},
        orderBy=[{"email": "ASC"}, {"name": "ASC"}], groupBy=[{"source": True}, {"status": True}],
        columns=[{"field": "name"}, {"field": "email"}, {"field": "source"}, {"field": "owner.department.name"}],
    )  # fmt: skip
    await keep(admin, "空白", sharedWith=EVERYBODY, kind="kanban", settings={"columns": "source"})
    await limit_field(company, "service", "customer", "source", "none")
    await limit_field(company, "service", "customer", "email", "masked")
    await limit_field(company, "service", "contact", "phone", "none")

    (whole,), (some,), (none,) = (
        await seen(admin, "全部"), await seen(await person("service"), "全部"), await seen(await person("service"), "空白")
    )  # fmt: skip

    assert len(whole) == len(some) + 2
    assert some == {
        "name": "全部", "objectName": "customer", "kind": "kanban", "sharedWith": EVERYBODY,
        "orderBy": [{"name": "ASC"}], "groupBy": [{"status": True}],
        "columns": [{"field": "name"}, {"field": "email"}, {"field": "owner.department.name"}],
    }  # fmt: skip
    assert none == {"name": "空白", "objectName": "customer", "kind": "kanban", "sharedWith": EVERYBODY}


async def test_a_view_of_an_object_that_is_closed_is_not_there(person: Person) -> None:
    admin = await person("admin")
    view = await keep(admin, "审计", object_name="auditEntry", sharedWith=EVERYBODY)
    node = "query ($id: ID!) { node(id: $id) { id } savedView(id: $id) { name } savedViewsAggregate { count } }"

    found = [await (await person(who)).data(node, id=view) for who in ("admin", "service")]

    assert [each["savedView"] for each in found] == [{"name": "审计"}, None]
    assert [each["node"] for each in found] == [{"id": view}, None]
    assert found[0]["savedViewsAggregate"][0]["count"] == found[1]["savedViewsAggregate"][0]["count"] + 1


async def test_a_retired_field_is_left_out_and_comes_back_with_it(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    made = await add_field(company, name="grade")
    name = made.field_name
    await keep(admin, "退役", filter={name: {"eq": "x"}}, columns=[{"field": name}, {"field": "name"}])

    await company.define(lambda work: metadata.retire_field(work, "customer", name), person="admin")
    retired = await seen(admin, "退役")
    await company.define(lambda work: metadata.restore_field(work, "customer", name), person="admin")

    assert [(each.get("filter"), each["columns"]) for each in retired] == [(None, [{"field": "name"}])]
    assert [(each["filter"], each["columns"]) for each in await seen(admin, "退役")] == [
        ({name: {"eq": "x"}}, [{"field": name}, {"field": "name"}])
    ]


async def test_me_is_whoever_asks(person: Person) -> None:
    for who in ("sales", "colleague"):
        await mutate(await person(who), "createCustomer", record={"name": f"我的 {who}"})
    text = '{ customers(filter: {ownerId: {in: ["me"]}, name: {startsWith: "我的"}}) { nodes { name } } }'

    found = [(await (await person(who)).data(text))["customers"]["nodes"] for who in ("sales", "colleague")]

    assert found == [[{"name": "我的 sales"}], [{"name": "我的 colleague"}]]
