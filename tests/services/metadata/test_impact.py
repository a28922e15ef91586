"""[A2] What retiring or destroying would mean is told before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import ConfirmationNeeded
from schema.metadata.fields import Label
from services import metadata
from services.metadata import FieldChange
from services.metadata.impact import named
from services.pilots import GroupDraft, change_pilot_group
from tenants.errors import Forbidden
from tests.builders import pilots
from tests.builders.metadata import define_equipment
from tests.builders.permissions import restrict_field
from tests.builders.records import create_one
from tests.builders.type_changes import add_value_field, write_customers

if TYPE_CHECKING:
    from services.metadata import Impact
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def told(tenant: Tenant, object_name: str, field_name: str | None = None) -> Impact:
    return await tenant.read(lambda work: metadata.impact_of(work, object_name, field_name), person="admin")


async def test_field_tells_its_values_and_object_who_points_at_it(company: Tenant) -> None:
    await add_value_field(company, "held")
    await write_customers(company, "held_c", ["a", None, "b"])
    await define_equipment(company)

    field, thing = await told(company, "customer", "held_c"), await told(company, "customer")

    assert (field.records, field.values, field.pointing) == (3, 2, ())
    assert (field.retired_at, field.destroyable_from) == (None, None)
    assert (thing.records, thing.values) == (3, None)
    assert {"contact.customer", "sheBei_c.keHu_c"} <= set(thing.pointing)


async def test_retired_field_tells_from_when_it_may_be_destroyed(company: Tenant) -> None:
    await add_value_field(company, "left")
    await company.define(lambda work: metadata.retire_field(work, "customer", "left_c"), person="admin")

    found = await told(company, "customer", "left_c")

    assert found.retired_at is not None
    assert found.destroyable_from == found.retired_at + metadata.GRACE


async def test_values_are_counted_for_nobody_who_may_not_read_them_or_what_they_are_made_of(company: Tenant) -> None:
    await add_value_field(company, "kept")
    options = {"result": "decimal", "expression": "1 / (startsWith(kept_c, 'a') ? 1 : 0)"}
    await add_value_field(company, "asked", "formula", options=options)
    await write_customers(company, "kept_c", ["ab", "b"])
    open_ = [(await told(company, "customer", name)).values for name in ("kept_c", "asked_c")]
    await restrict_field(company, "admin", "customer", "kept_c", "none")

    closed = [await told(company, "customer", name) for name in ("kept_c", "asked_c")]

    assert open_ == [2, 1]
    assert [each.values for each in closed] == [None, None]
    assert closed[0].records >= 2


async def test_records_that_lack_a_value_are_counted_for_nobody_who_may_not_read_it(company: Tenant) -> None:
    await add_value_field(company, "shut")
    await restrict_field(company, "admin", "customer", "shut_c", "none")
    options = {"result": "decimal", "expression": "1 / (startsWith(shut_c, 'a') ? 1 : 0)"}

    guessed = await add_value_field(company, "guessed", "formula", options=options, required=True)
    needed = await company.define(
        lambda work: metadata.update_field(work, "customer", "shut_c", FieldChange(required=True)), person="admin"
    )
    # Others of the module write customers without it.
    await company.define(lambda work: metadata.retire_field(work, "customer", "guessed_c"), person="admin")
    await company.define(lambda work: metadata.retire_field(work, "customer", "shut_c"), person="admin")

    assert (guessed.lacking, needed.lacking) == (None, None)


async def test_values_of_a_pilot_are_told_to_its_group_alone(company: Tenant) -> None:
    await add_value_field(company, "tried")
    started = await pilots.start(company, "customer.tried_c", people=["admin"])
    await write_customers(company, "tried_c", ["a", None])

    inside = await told(company, "customer", "tried_c")
    group = GroupDraft(user_ids=[company.principal("sales").id])
    await company.define(lambda work: change_pilot_group(work, started.id, group), person="admin")
    outside = await told(company, "customer", "tried_c")

    assert inside.values == 1
    assert outside.values is None


async def test_nobody_else_is_told(company: Tenant) -> None:
    with pytest.raises(Forbidden):
        await company.read(lambda work: metadata.impact_of(work, "customer"), person="sales")


async def test_what_nobody_points_at_and_holds_nothing_needs_no_word(company: Tenant) -> None:
    made = await company.define(
        lambda work: metadata.create_object(work, metadata.ObjectDraft(Label("空"), name="empty")), person="admin"
    )
    await company.define(lambda work: metadata.retire_object(work, made.object_name), person="admin")
    await company.define(lambda work: metadata.restore_object(work, made.object_name), person="admin")
    await create_one(company, made.object_name)

    with pytest.raises(ConfirmationNeeded) as refused:
        await company.define(lambda work: metadata.retire_object(work, made.object_name), person="admin")

    assert refused.value.details == {"records": 1, "others": "–", "name": "empty_c"}


def test_places_are_spelled_as_an_administrator_finds_them() -> None:
    assert named(()) == "–"
