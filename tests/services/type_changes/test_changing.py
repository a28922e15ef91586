"""[A2] Changing a type in one transaction: all of it or nothing, with its trace, its rights and its way back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.metadata.errors import ValuesNotUnique, VersionConflict
from schema.metadata.fields import Label
from schema.tables.change_sets import publication
from schema.tables.permissions import field_permission, role
from schema.tables.records import record_history
from services import metadata, records, type_changes
from services.metadata import ChoiceDraft, FieldChange, UsedElsewhere
from services.type_changes.errors import InUse, NothingToUndo
from tenants.errors import Refused
from tests.builders.metadata import add_field, columns_of, indexes_of, registry_of
from tests.builders.type_changes import (
    add_value_field,
    change_type,
    definition_of,
    stored_values,
    undo,
    write_customers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.metadata import Subject, Usage
    from tenants.context import ReadWork
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def in_the_way(_: ReadWork, subject: Subject) -> Iterable[Usage]:
    return [metadata.Usage("layout", "Card", breaks=True)] if subject.field_name == "used_c" else []


metadata.provide_usages("test of type changes", in_the_way)


async def test_column_index_and_search_keys_are_those_of_the_new_type(company: Tenant) -> None:
    await add_value_field(company, "reach", is_unique=True, is_indexed=True, options={"search": True})
    ids = await write_customers(company, "reach_c", ["138 0013 8000", "13900139000", None])
    before = await definition_of(company, "reach_c")

    await change_type(company, "reach_c", "phone")

    after = await definition_of(company, "reach_c")
    columns, indexes = await columns_of(company, "customer"), await indexes_of(company, "customer")
    assert await stored_values(company, "reach_c", ids) == ["+8613800138000", "+8613900139000", None]
    assert {f"{after.column}", f"{after.column}_search", f"{after.column}_grams", before.column} <= columns.keys()
    assert f"ux_customer_{after.column}" in indexes
    assert not any(before.column in each for each in indexes)


async def test_values_that_become_equal_keep_a_unique_field_what_it_is(company: Tenant) -> None:
    await add_value_field(company, "serial", is_unique=True)
    ids = await write_customers(company, "serial_c", ["1", "01", "2"])

    with pytest.raises(ValuesNotUnique) as refused:
        await change_type(company, "serial_c", "integer")

    assert refused.value.details == {"count": 1, "examples": f"{ids[0]}, {ids[1]}"}
    assert await stored_values(company, "serial_c", ids) == ["1", "01", "2"]


async def test_decimal_becomes_money_of_the_tenant_and_back(company: Tenant) -> None:
    await add_value_field(company, "price", "decimal")
    ids = await write_customers(company, "price_c", ["12.5", None, "0.0001"])

    await change_type(company, "price_c", "currency")
    money = await stored_values(company, "price_c", ids)
    await company.write(
        lambda work: records.update(work, "customer", ids[:1], {"price_c": {"amount": "7", "currency": "USD"}})
    )
    with pytest.raises(Refused) as refused:
        await undo(company, "price_c")
    undone = await undo(company, "price_c", clears=True)

    assert money == [Decimal("12.5"), None, Decimal("0.0001")]
    assert [each.fault.details for each in refused.value.violations] == [{"count": 1}]
    assert undone.cleared == 1
    assert await stored_values(company, "price_c", ids) == [None, None, Decimal("0.0001")]


async def test_choices_keep_their_words_on_the_way_back(company: Tenant) -> None:
    choices = (ChoiceDraft(Label("在用"), "inUse"), ChoiceDraft(Label("报废"), "scrapped"))
    await add_value_field(company, "status", "choice", choices=choices)
    ids = await write_customers(company, "status_c", ["inUse", "scrapped"])
    await company.define(lambda work: metadata.retire_choice(work, "customer", "status_c", "scrapped"), person="admin")

    await change_type(company, "status_c", "text")
    words = await stored_values(company, "status_c", ids)
    shape = (await registry_of(company)).shape.field("customer", "status_c")
    await undo(company, "status_c")

    assert words == ["在用", "报废"]
    assert shape is not None
    assert shape.choices == ()
    assert await stored_values(company, "status_c", ids) == ["inUse", "scrapped"]
    assert [(each.key, each.retired) for each in (await definition_of(company, "status_c")).choices] == [
        ("inUse", False), ("scrapped", True),
    ]  # fmt: skip


async def test_what_breaks_stands_in_the_way_until_it_is_confirmed(company: Tenant) -> None:
    await add_value_field(company, "used")

    with pytest.raises(InUse) as refused:
        await change_type(company, "used_c", "longText")
    done = await change_type(company, "used_c", "longText", confirms=True)

    assert refused.value.details == {"names": "layout Card"}
    assert done.field_name == "used_c"


async def test_change_goes_by_the_version_that_was_read(company: Tenant) -> None:
    await add_value_field(company, "aged")

    with pytest.raises(VersionConflict):
        await change_type(company, "aged_c", "longText", if_version=7)
    await change_type(company, "aged_c", "longText", if_version=1)


async def test_values_of_a_field_closed_to_some_become_choices_only_by_name(company: Tenant) -> None:
    await add_value_field(company, "secret")
    ids = await write_customers(company, "secret_c", ["甲"])
    await close_to_sales(company, "secret_c", "none")

    with pytest.raises(Refused) as refused:
        await change_type(company, "secret_c", "choice")
    await change_type(company, "secret_c", "choice", choices=(ChoiceDraft(Label("甲"), "a"),))

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("choices",), "CHOICES_WOULD_TELL")]
    assert await stored_values(company, "secret_c", ids) == ["a"]


async def test_undo_is_offered_only_where_the_last_change_is_that_of_the_field(company: Tenant) -> None:
    await add_value_field(company, "fresh")

    with pytest.raises(NothingToUndo):
        await undo(company, "fresh_c")


async def test_history_stays_and_labels_stay_as_they_are_now(company: Tenant) -> None:
    made = await add_value_field(company, "told")
    ids = await write_customers(company, "told_c", ["5"])
    await change_type(company, "told_c", "integer")
    await company.write(lambda work: records.update(work, "customer", ids, {"told_c": 6}))
    await company.define(
        lambda work: metadata.update_field(work, "customer", "told_c", FieldChange(label=Label("新"))), person="admin"
    )

    await undo(company, "told_c")

    after = await definition_of(company, "told_c")
    rows = await company.read(
        lambda work: work.session.rows(
            sa.select(record_history.c.changes).where(record_history.c.record_id == ids[0]).order_by("version")
        )
    )
    assert (after.id, after.label, after.field.type_name) == (made.id, Label("新"), "text")
    assert [row[0].get(str(after.number)) for row in rows] == [[None, "5"], [5, 6]]
    assert await stored_values(company, "told_c", ids) == ["6"]


async def test_publications_say_what_was_done_in_the_spelling_of_the_api(company: Tenant) -> None:
    await add_value_field(company, "spelt")
    await change_type(company, "spelt_c", "integer")
    await undo(company, "spelt_c")

    asked = sa.select(publication.c.actions).order_by(publication.c.number.desc()).limit(2)
    rows = await company.read(lambda work: work.session.rows(asked))

    assert [[each["action"] for each in row["actions"]] for row in rows] == [
        ["field.typeRestored"],
        ["field.typeChanged"],
    ]


async def close_to_sales(tenant: Tenant, field: str, level: str) -> None:
    async def close(work: Any) -> None:  # Any: the work of a definition
        role_id = await work.session.scalar(sa.select(role.c.id).where(role.c.name == "sales"))
        row = {"role_id": role_id, "object_name": "customer", "field_name": field, "level": level}
        await work.session.execute(sa.insert(field_permission).values(row))

    await tenant.define(close)


async def test_a_change_is_found_again_by_its_id(company: Tenant) -> None:
    await add_value_field(company, "found")
    done = await change_type(company, "found_c", "longText")

    assert await company.read(lambda work: type_changes.find(work, done.id)) == done


async def test_field_that_a_formula_is_computed_from_keeps_its_type(company: Tenant) -> None:
    await add_value_field(company, "basis", "integer")
    await add_field(company, label=Label("两倍"), name="double", type="formula", options={"expression": "basis_c * 2"})

    with pytest.raises(UsedElsewhere) as refused:
        await change_type(company, "basis_c", "text", confirms=True)

    assert refused.value.details == {"users": "customer.double_c"}
