"""[A10] What a pilot asks of records is asked of its group, and of nobody who does not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import pilots
from tests.builders import pilots as building
from tests.builders.derived import define, field
from tests.builders.field_rules import choices, offer, require, set_rules
from tests.builders.metadata import add_field
from tests.builders.records import create_one, refused, update

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def said(
    tenant: Tenant, object_name: str, person: str, **record: object
) -> list[tuple[tuple[str | int, ...], str]]:
    """What a new record of somebody is refused for."""
    return await refused(create_one(tenant, object_name, person=person, **record))


async def release(tenant: Tenant, started: pilots.Piloted) -> None:
    await tenant.define(lambda work: pilots.release_pilot(work, started.id), person="admin")


async def test_required_field_is_asked_of_the_group(company: Tenant) -> None:
    name = await define(company, "pump", field("code", "text"))
    await add_field(company, name, name="seal", required=True)
    started = await building.start(company, f"{name}.seal_c", people=["director"])

    assert await said(company, name, "director", code_c="a") == [((0, "seal_c"), "REQUIRED")]
    made = [await create_one(company, name, person=each, code_c="a") for each in ("admin", "")]
    await update(company, name, made[0], person="admin", code_c="b")
    await release(company, started)
    assert await said(company, name, "admin", code_c="a") == [((0, "seal_c"), "REQUIRED")]


async def test_rules_and_conditions_of_a_pilot_bind_the_group(company: Tenant) -> None:
    name = await define(
        company,
        "valve",
        field("code", "integer"),
        field("kind", "choice", choices=choices("a", "b")),
        field("size", "choice", choices=choices("s", "l")),
    )
    await set_rules(company, name, "size_c", requiredIf="code_c > 1")
    await offer(company, name, "size_c", "kind_c", {"a": ["s"]})
    rule = (await require(company, name, "code_c < 9")).id
    started = await building.start(company, f"{name}.size_c", rules=[rule], people=["director"], is_new=True)

    assert await said(company, name, "director", code_c=10) == [
        ((0, "size_c"), "REQUIRED"),
        ((0, "code_c"), "RULE_BROKEN"),
    ]
    assert await said(company, name, "director", size_c="l", kind_c="a") == [((0, "size_c"), "CHOICE_NOT_OFFERED")]
    await create_one(company, name, person="admin", code_c=10)
    await release(company, started)
    assert [code for _, code in await said(company, name, "admin", code_c=10)] == ["REQUIRED", "RULE_BROKEN"]


async def test_rule_that_looks_at_a_pilot_binds_the_group(company: Tenant) -> None:
    name = await define(company, "hose", field("code", "text"), field("length", "integer"))
    await require(company, name, "length_c > 1 && code_c != 'x'")
    await building.start(company, f"{name}.length_c", people=["director"])

    assert [code for _, code in await said(company, name, "director", code_c="x", length_c=2)] == ["RULE_BROKEN"] * 2
    await create_one(company, name, person="admin", code_c="x")


async def test_required_relation_to_a_pilot_is_asked_of_the_group(company: Tenant) -> None:
    target = await define(company, "plant", field("code", "text"))
    name = await define(company, "shift", field("code", "text"))
    await add_field(company, name, name="plant", type="relation", target=target, required=True)
    await building.start(company, target, people=["director"])

    assert await said(company, name, "director", code_c="a") == [((0, "plantId_c"), "REQUIRED")]
    await create_one(company, name, person="admin", code_c="a")
