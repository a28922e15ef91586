"""[A6] The layout of a role and a stage applies, with what the caller may read of it; without any, one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import metadata
from tests.builders.layouts import arrange, arranged, placed, section
from tests.builders.metadata import add_field
from tests.builders.mutations import mutate
from tests.builders.permissions import limit_field
from tests.builders.roles import role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_without_any_layout_one_is_made_of_the_definitions(person: Person) -> None:
    sales = await person("sales")

    made = await arranged(sales, "ticket")

    assert made is not None
    assert (made["id"], made["stage"], [each["label"] for each in made["sections"]]) == (
        None,
        None,
        ["Basics", "System"],
    )
    basics = {each["field"]: each for each in made["sections"][0]["fields"]}
    system = [each["field"] for each in made["sections"][1]["fields"]]
    assert next(iter(basics)) == "number"
    assert (basics["number"]["writable"], basics["description"]["width"], basics["subject"]["width"]) == (False, 2, 1)
    assert {"owner", "createdAt", "updatedAt"} <= set(system)
    assert not {"id", "version", "deletedAt"} & set(system)


async def test_role_comes_before_stage_and_stage_before_all(person: Person) -> None:
    admin, sales, service = await person("admin"), await person("sales"), await person("service")
    role = await role_id(admin, "sales")
    stage = {"stageField": "stage", "stage": "proposal"}
    common = await arrange(admin, "opportunity", section("公共", "name"))
    await arrange(admin, "opportunity", section("公共报价", "name", "amount"), **stage)
    await arrange(admin, "opportunity", section("销售", "name", "stage"), roleId=role)
    special = await arrange(admin, "opportunity", section("销售报价", "amount"), roleId=role, **stage)

    async def shown() -> list[list[str]]:
        return [list(await placed(who, "opportunity", at)) for who in (sales, service) for at in ("proposal", None)]

    assert await shown() == [["销售报价"], ["销售"], ["公共报价"], ["公共"]]
    await mutate(admin, "deleteLayout", "id", id=special)
    assert await shown() == [["销售"], ["销售"], ["公共报价"], ["公共"]]
    await mutate(admin, "updateLayout", "id", id=common, sections=[section("改后", "name")])
    assert (await shown())[3] == ["改后"]


async def test_what_is_closed_looks_as_if_it_had_never_been_placed(company: Tenant, person: Person) -> None:
    admin, finance = await person("admin"), await person("finance")
    role = await role_id(admin, "finance")
    fields = [
        {"field": "name", "visibleIf": "region == 'x'"}, {"field": "phone"}, {"field": "source", "readOnly": True},
        {"field": "level", "visibleIf": "status == 'active'"},
    ]  # fmt: skip
    await arrange(
        admin, "customer", {"labelZh": "一", "columns": 2, "fields": fields, "visibleIf": "region != null"},
        section("空", "email"), roleId=role,
    )  # fmt: skip
    for name, level in (("email", "none"), ("phone", "masked"), ("region", "masked")):
        await limit_field(company, "finance", "customer", name, level)

    found = await arranged(finance, "customer")

    assert found is not None
    (one,) = found["sections"]
    assert (one["label"], one["visibleIf"]) == ("一", None)
    told = [(each["field"], each["level"], each["writable"], each["visibleIf"]) for each in one["fields"]]
    assert told == [
        ("name", "write", False, None), ("phone", "masked", False, None), ("source", "write", False, None),
        ("level", "write", False, {"text": "status == 'active'"}),
    ]  # fmt: skip


async def test_an_object_that_is_closed_has_no_layout(person: Person) -> None:
    sales = await person("sales")

    assert (await arranged(sales, "auditEntry"), await arranged(sales, "nothing")) == (None, None)


async def test_a_retired_field_is_left_out_and_conditions_over_it_too(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    name = (await add_field(company, "lead", name="grade")).field_name
    given = {"field": "company", "visibleIf": f"{name} == 'x'"}
    await arrange(admin, "lead", {"labelZh": "线索", "fields": [{"field": name}, given]})

    await company.define(lambda work: metadata.retire_field(work, "lead", name), person="admin")
    found = await arranged(admin, "lead")
    await company.define(lambda work: metadata.restore_field(work, "lead", name), person="admin")

    assert found is not None
    assert [(each["field"], each["visibleIf"]) for each in found["sections"][0]["fields"]] == [("company", None)]
    assert (await placed(admin, "lead"))["线索"] == [name, "company"]


async def test_line_tables_and_related_lists_stand_in_a_form(person: Person) -> None:
    admin = await person("admin")
    (lines,) = [
        each for each in (await arranged(admin, "quote") or {})["sections"][0]["fields"] if each["field"] == "lines"
    ]

    await arrange(admin, "quote", section("报价", "number", "lines"), section("订单", "orders"))
    shown = await arranged(admin, "quote")

    assert (lines["width"], lines["level"], lines["writable"]) == (2, "write", True)
    assert shown is not None
    assert [[(each["field"], each["writable"]) for each in one["fields"]] for one in shown["sections"]] == [
        [("number", False), ("lines", True)], [("orders", False)],
    ]  # fmt: skip


async def test_what_may_be_written_follows_rights_and_layout(person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    await arrange(
        admin, "contact", {"labelZh": "联系人", "fields": [{"field": "name"}, {"field": "phone", "readOnly": True}, {"field": "createdAt"}]}
    )  # fmt: skip

    found = await arranged(sales, "contact")

    assert found is not None
    assert [each["writable"] for each in found["sections"][0]["fields"]] == [True, False, False]
