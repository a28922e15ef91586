"""[A3] Formulas of a shape as functions of a record, in the order in which they look at each other."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from services import metadata
from services.expressions import Circumstance
from tests.builders.derived import add, define, field
from tests.builders.metadata import registry_of

if TYPE_CHECKING:
    from schema.metadata.registry import Shape
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
AROUND = Circumstance(datetime(2026, 3, 1, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


async def chain(tenant: Tenant, name: str) -> tuple[str, Shape]:
    """`z` reads the price, `a` reads `z`, `other` reads neither."""
    thing = await define(tenant, name, field("price", "decimal"), field("note", "text"))
    await add(tenant, thing, "z", "formula", expression="price_c + 1")
    await add(tenant, thing, "a", "formula", expression="z_c * 2")
    await add(tenant, thing, "other", "formula", expression="note_c + '!'")
    return thing, (await registry_of(tenant)).shape


async def test_formula_comes_after_what_it_looks_at(company: Tenant) -> None:
    thing, shape = await chain(company, "ordered")

    found = [(each.field.name, sorted(each.inputs)) for each in metadata.formulas_of(shape, thing)]

    assert found == [("z_c", ["price_c"]), ("a_c", ["z_c"]), ("other_c", ["note_c"])]
    assert metadata.formulas_of(shape, thing) is metadata.formulas_of(shape, thing)


async def test_only_what_moves_is_computed_anew(company: Tenant) -> None:
    thing, shape = await chain(company, "moving")

    assert [each.field.name for each in metadata.formulas_moved_by(shape, thing, {"price_c"})] == ["z_c", "a_c"]
    assert [each.field.name for each in metadata.formulas_moved_by(shape, thing, {"note_c"})] == ["other_c"]
    assert metadata.formulas_moved_by(shape, thing, {"owner"}) == ()


async def test_value_is_what_the_field_keeps(company: Tenant) -> None:
    thing, shape = await chain(company, "valued")
    first, _, last = metadata.formulas_of(shape, thing)

    assert (first.value({"price_c": Decimal("1.5")}, AROUND), first.value({}, AROUND)) == (Decimal("2.5"), None)
    assert last.value({"note_c": "长" * 300}, AROUND) == "长" * 255


async def test_retired_formula_is_not_computed(company: Tenant) -> None:
    thing, _ = await chain(company, "retiring")

    await company.define(lambda work: metadata.retire_field(work, thing, "other_c"), person="admin")
    shape = (await registry_of(company)).shape

    assert [each.field.name for each in metadata.formulas_of(shape, thing)] == ["z_c", "a_c"]
