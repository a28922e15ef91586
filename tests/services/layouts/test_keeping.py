"""[A6] Layouts are kept by those who may define, one for each object, role and stage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.tables.audit import audit_entry
from tests.builders.layouts import arrange, section
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

KEPT = "query ($object: String!) { layouts(object: $object) { id version roleId stageField stage sections } }"


async def test_what_is_kept_goes_back_into_the_mutation_as_it_is(person: Person) -> None:
    admin = await person("admin")
    role = await role_id(admin, "sales")
    said = section("基本", "name", columns=2, visibleIf="level == 'a'")
    made = await arrange(admin, "customer", said, roleId=role, stageField="status", stage="active")

    (kept,) = (await admin.data(KEPT, object="customer"))["layouts"]
    again = await mutate(admin, "updateLayout", "id", id=made, ifVersion=1, sections=json.loads(kept["sections"]))
    (after,) = (await admin.data(KEPT, object="customer"))["layouts"]

    assert kept == {
        "id": made, "version": 1, "roleId": role, "stageField": "status", "stage": "active", "sections": kept["sections"],
    }  # fmt: skip
    assert json.loads(kept["sections"]) == [{
        "labelZh": "基本", "labelEn": "", "columns": 2, "visibleIf": "level == 'a'",
        "fields": [{"field": "name", "width": 1, "readOnly": False}],
    }]  # fmt: skip
    assert again == {"id": made, "errors": []}
    assert after == {**kept, "version": 2}


async def test_a_second_one_for_the_same_is_refused(person: Person) -> None:
    admin = await person("admin")
    stage = {"stageField": "status", "stage": "lost"}
    await arrange(admin, "customer", section("一", "name"), **stage)

    again = await mutate(admin, "createLayout", object="customer", sections=[section("二", "name")], **stage)

    assert again["errors"] == [{"path": ["object"], "code": "LAYOUT_TAKEN"}]


async def test_what_is_not_there_is_refused_by_its_place(person: Person) -> None:
    admin = await person("admin")
    sections = [section("一", "name")]
    nobody = "0192a000-0000-7001-8000-000000000000"

    async def refused(**given: object) -> list[tuple[str, str]]:
        answer = await mutate(admin, "createLayout", **{"object": "order", "sections": sections, **given})
        return [(".".join(each["path"]), each["code"]) for each in answer["errors"]]

    assert await refused(object="ordr") == [("object", "UNKNOWN_OBJECT")]
    assert await refused(roleId=nobody) == [("roleId", "RELATION_NOT_FOUND")]
    assert await refused(stageField="nope", stage="x") == [("stageField", "NOT_A_STAGE")]
    assert await refused(stageField="status") == [("stage", "NOT_A_STAGE")]
    assert await refused(stageField="status", stage="nope") == [("stage", "NOT_A_STAGE")]
    assert await refusal(admin, "updateLayout", id=nobody, sections=sections) == ("LAYOUT_NOT_FOUND", ["done"])
    assert await refusal(admin, "deleteLayout", id=nobody) == ("LAYOUT_NOT_FOUND", ["done"])


async def test_every_deed_is_noted_and_nobody_else_arranges(company: Tenant, person: Person) -> None:
    admin, sales = await person("admin"), await person("sales")
    made = await arrange(admin, "task", section("一", "subject"))
    wrong: dict[str, dict[str, object]] = {"updateLayout": {"sections": []}, "deleteLayout": {}}
    for name, given in wrong.items():
        assert await refusal(sales, name, id=made, **given) == ("FORBIDDEN", ["done"])
    await mutate(admin, "updateLayout", id=made, sections=[section("二", "subject")])
    stale = await mutate(admin, "deleteLayout", id=made, ifVersion=1)
    await mutate(admin, "deleteLayout", id=made)

    entries = sa.select(audit_entry.c.action).where(audit_entry.c.record_id == made).order_by(audit_entry.c.id)
    rows = await company.read(lambda work: work.session.rows(entries))
    assert stale["errors"] == [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]
    assert [row["action"] for row in rows] == ["layout.created", "layout.updated", "layout.deleted"]
