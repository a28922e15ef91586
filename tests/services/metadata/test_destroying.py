"""[A2] What was retired is destroyed after the time of grace, and its name never means anything else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.errors import (
    ConfirmationNeeded,
    NameTaken,
    NotChangeable,
    NotRetired,
    StillInGrace,
    UnknownField,
    UnknownObject,
)
from schema.metadata.fields import Label
from schema.tables.metadata import field_definition, object_definition
from services import metadata
from services.metadata import FieldDraft, ObjectDraft
from tenants.errors import Refused
from tests.builders.metadata import add_field, columns_of, registry_of
from tests.builders.records import create_one
from tests.builders.type_changes import add_value_field, change_type, definition_of, write_customers

if TYPE_CHECKING:
    from services.metadata import Defined
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def retire(tenant: Tenant, field: str) -> None:
    await tenant.define(lambda work: metadata.retire_field(work, "customer", field), person="admin")


async def destroy(tenant: Tenant, field: str, confirm: str | None = None) -> Defined:
    said = field if confirm is None else confirm
    return await tenant.define(
        lambda work: metadata.destroy_field(work, "customer", field, confirm=said), person="admin"
    )


async def let_grace_pass(tenant: Tenant, table: sa.Table, name: str) -> None:
    """As if it had been retired long ago."""
    await tenant.define(
        lambda work: work.session.execute(
            sa.update(table).where(table.c.name == name).values(retired_at=work.now - timedelta(days=30))
        )
    )


async def make(tenant: Tenant, name: str, *fields: FieldDraft) -> Defined:
    draft = ObjectDraft(Label(name, name), name=name, fields=fields)
    return await tenant.define(lambda work: metadata.create_object(work, draft), person="admin")


async def test_field_goes_with_its_values_and_what_was_kept_of_it(company: Tenant) -> None:
    await add_value_field(company, "gone", options={"search": True})
    await write_customers(company, "gone_c", ["5", None, "6"])
    before = await columns_of(company, "customer")
    old = (await definition_of(company, "gone_c")).column
    await change_type(company, "gone_c", "integer")
    new = (await definition_of(company, "gone_c")).column
    await retire(company, "gone_c")
    await let_grace_pass(company, field_definition, "gone_c")

    with pytest.raises(ConfirmationNeeded) as refused:
        await destroy(company, "gone_c", confirm="")
    await destroy(company, "gone_c")

    after = await columns_of(company, "customer")
    assert refused.value.details == {"records": 2, "others": "–", "name": "gone_c"}
    assert before.keys() - after.keys() == {old, f"{old}_search", f"{old}_grams"}
    assert new not in after


async def test_name_and_number_are_never_given_again(company: Tenant) -> None:
    made = await add_value_field(company, "once", "choice", choices=(metadata.ChoiceDraft(Label("甲"), "a"),))
    number = (await definition_of(company, "once_c")).number
    await retire(company, "once_c")
    await let_grace_pass(company, field_definition, "once_c")
    await destroy(company, "once_c")

    with pytest.raises(Refused) as refused:
        await add_value_field(company, "once")
    await add_value_field(company, "twice")

    assert [type(each.fault) for each in refused.value.violations] == [NameTaken]
    assert (await definition_of(company, "twice_c")).number == number + 1
    left = await definition_of(company, "once_c")
    assert (left.id, left.is_destroyed, left.choices) == (made.id, True, ())
    with pytest.raises(UnknownField):
        await company.define(lambda work: metadata.restore_field(work, "customer", "once_c"), person="admin")


async def test_field_is_kept_for_thirty_days_from_when_it_was_retired(company: Tenant) -> None:
    await add_value_field(company, "early")

    with pytest.raises(NotRetired):
        await destroy(company, "early_c")
    await retire(company, "early_c")
    await let_grace_pass(company, field_definition, "early_c")
    await company.define(lambda work: metadata.restore_field(work, "customer", "early_c"), person="admin")
    await retire(company, "early_c")
    with pytest.raises(StillInGrace) as refused:
        await destroy(company, "early_c")

    told = await company.read(lambda work: metadata.impact_of(work, "customer", "early_c"))
    assert told.destroyable_from is not None
    assert refused.value.details["days"] == 30
    assert str(refused.value.details["date"]) >= told.destroyable_from.date().isoformat()


async def test_what_a_pack_brought_stays(company: Tenant) -> None:
    await retire(company, "shortName")
    await let_grace_pass(company, field_definition, "shortName")

    with pytest.raises(NotChangeable):
        await destroy(company, "shortName")
    await company.define(lambda work: metadata.restore_field(work, "customer", "shortName"), person="admin")


async def test_object_goes_with_its_records_and_the_relations_to_it(company: Tenant) -> None:
    await make(company, "machine", FieldDraft(Label("编号", "Number"), "autoNumber", name="number"))
    await add_field(company, label=Label("机器"), name="machine", type="relation", target="machine_c")
    table = (await registry_of(company)).names["machine_c"].table
    column = (await definition_of(company, "machine_c")).column
    one = await create_one(company, "machine_c")
    await create_one(company, "customer", name="With a machine", machineId_c=one)
    await company.define(lambda work: metadata.retire_object(work, "machine_c", confirm="machine_c"), person="admin")

    async def destroy_machine(confirm: str) -> Defined:
        return await company.define(
            lambda work: metadata.destroy_object(work, "machine_c", confirm=confirm), person="admin"
        )

    with pytest.raises(StillInGrace):
        await destroy_machine("machine_c")
    await let_grace_pass(company, object_definition, "machine_c")
    with pytest.raises(ConfirmationNeeded) as refused:
        await destroy_machine("machine")
    await destroy_machine("machine_c")

    assert refused.value.details == {"records": 1, "others": "customer.machine_c", "name": "machine_c"}
    assert column not in await columns_of(company, "customer")
    gone = await company.read(
        lambda work: work.session.scalar(sa.select(sa.func.to_regclass(f"{work.session.schema}.{table}")))
    )
    assert gone is None
    with pytest.raises(UnknownObject):
        await company.define(lambda work: metadata.restore_object(work, "machine_c"), person="admin")
    with pytest.raises(Refused):
        await make(company, "machine")
    assert (await make(company, "tool")).object_name == "tool_c"
