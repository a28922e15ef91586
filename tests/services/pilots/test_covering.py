"""[A10] Only what is an addition can be kept to a group."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import sqlalchemy as sa

from schema.tables.pilots import pilot
from services import field_rules, metadata, records
from services.metadata import ObjectChange
from services.permissions import pilot_of
from tests.builders import pilots as building
from tests.builders.derived import add, define, field
from tests.builders.field_rules import require
from tests.builders.layouts import arrange, section
from tests.builders.metadata import add_field
from tests.builders.records import create_one, refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from services.pilots import Piloted
    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def covered(tenant: Tenant, started: Piloted) -> list[tuple[str, str, str]]:
    """Kinds, objects and fields of what a pilot covers."""
    row = await tenant.read(lambda work: work.session.row(sa.select(pilot).where(pilot.c.id == started.id)))
    assert row is not None
    return [(each.kind.value, each.object_name, each.field_name) for each in pilot_of(row).coordinates]


async def unique(tenant: Tenant, object_name: str, *names: str) -> UUID:
    made = await tenant.define(lambda work: field_rules.create_unique_rule(work, object_name, names), person="admin")
    return made.id


async def test_each_kind_of_thing_is_covered_once(company: Tenant) -> None:
    name = await define(company, "gauge", field("code", "text"), field("place", "text"))
    other = (await add_field(company, name="gauged")).field_name
    rule, together = (
        (await require(company, name, "code_c != place_c")).id,
        await unique(company, name, "code_c", "place_c"),
    )

    started = await building.start(company, name, f"customer.{other}", f"customer.{other}", rules=[rule, together])

    assert await covered(company, started) == [
        ("object", name, ""),
        ("field", "customer", other),
        ("validationRule", name, ""),
        ("uniqueRule", name, ""),
    ]


async def test_what_holds_data_is_refused_with_how_much(company: Tenant) -> None:
    name = await define(company, "used", field("code", "text"), field("note", "text"))
    first, second = [await create_one(company, name, code_c=each) for each in ("a", "b")]
    await company.write(lambda work: records.delete(work, name, [first]), person="admin")
    await company.write(lambda work: records.update(work, name, [second], {"note_c": "x"}), person="admin")

    assert await refused(building.start(company, name, f"{name}.code_c", f"{name}.note_c")) == [
        (("coordinates", 0), "PILOT_HOLDS_DATA"),
        (("coordinates", 1), "PILOT_HOLDS_DATA"),
        (("coordinates", 2), "PILOT_HOLDS_DATA"),
    ]
    started = await building.start(company, f"{name}.note_c", is_new=True)
    assert await covered(company, started) == [("field", name, "note_c")]


async def test_what_is_computed_holds_nothing_of_its_own(company: Tenant) -> None:
    name = await define(company, "summed", field("price", "integer"))
    await create_one(company, name, price_c=2)
    await add(company, name, "twice", "formula", expression="price_c * 2", result="integer")

    started = await building.start(company, f"{name}.twice_c")

    assert await covered(company, started) == [("field", name, "twice_c")]


async def test_unique_rule_binds_everybody_unless_a_field_of_it_is_covered(company: Tenant) -> None:
    name = await define(company, "rack", field("row", "text"), field("shelf", "text"))
    rule = await unique(company, name, "row_c", "shelf_c")

    assert await refused(building.start(company, rules=[rule])) == [(("coordinates", 0), "PILOT_NOT_ADDITIVE")]
    started = await building.start(company, f"{name}.shelf_c", rules=[rule])
    assert await covered(company, started) == [("field", name, "shelf_c"), ("uniqueRule", name, "")]


async def test_rule_that_binds_everybody_stays_unless_it_looks_at_what_is_covered(company: Tenant) -> None:
    name = await define(company, "scale", field("code", "text"), field("size", "integer"))
    old, over = [(await require(company, name, text, name=text)).id for text in ("code_c != 'x'", "size_c < 9")]

    assert await refused(building.start(company, f"{name}.size_c", rules=[over, old])) == [
        (("coordinates", 2), "PILOT_NOT_ADDITIVE")
    ]
    started = await building.start(company, f"{name}.size_c", rules=[over])
    assert await covered(company, started) == [("field", name, "size_c"), ("validationRule", name, "")]


async def test_layout_that_applies_stays_unless_its_object_is_covered(
    company: Tenant, person: Callable[[str], Awaitable[Client]]
) -> None:
    name = await define(company, "bench", field("code", "text"))
    layout = UUID(await arrange(await person("admin"), name, section("表", "code_c")))

    assert await refused(building.start(company, layouts=[layout])) == [(("coordinates", 0), "PILOT_NOT_ADDITIVE")]
    started = await building.start(company, name, layouts=[layout])
    assert await covered(company, started) == [("object", name, ""), ("layout", name, "")]


async def test_title_goes_with_its_object_alone(company: Tenant) -> None:
    name = await define(company, "titled", field("code", "text"), field("note", "text"))

    assert await refused(building.start(company, f"{name}.code_c")) == [(("coordinates", 0), "PILOT_NOT_ADDITIVE")]
    await building.start(company, f"{name}.note_c")
    change = ObjectChange(title_field="note")
    assert await refused(company.define(lambda work: metadata.update_object(work, name, change), person="admin")) == [
        (("titleField",), "ALREADY_PILOTED")
    ]


async def test_what_packs_and_the_platform_made_is_no_addition(company: Tenant) -> None:
    assert await refused(building.start(company, "customer", "customer.name", "user", "customer.owner")) == [
        (("coordinates", 0), "PILOT_NOT_ADDITIVE"),
        (("coordinates", 1), "PILOT_NOT_ADDITIVE"),
        (("coordinates", 2), "NOT_CHANGEABLE"),
        (("coordinates", 3), "NOT_CHANGEABLE"),
    ]
