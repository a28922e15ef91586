"""A field with choices never keeps a default that is not offered: no record could begin with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.fields import Label
from services import metadata
from services.metadata import ChoiceDraft, FieldChange, FieldDraft
from services.metadata.errors import ChoiceIsDefault
from tests.builders.metadata import registry_of
from tests.builders.records import create_one, stored

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

CHOICES = (ChoiceDraft(Label("甲", "P"), "p"), ChoiceDraft(Label("乙", "Q"), "q"))


async def add(tenant: Tenant, type_name: str = "choice", default: str = "p") -> str:
    draft = FieldDraft(Label("阶段", ""), type_name, choices=CHOICES, options={"default": default})
    made = await tenant.define(lambda work: metadata.add_field(work, "customer", draft), person="admin")
    assert made.field_name is not None
    return made.field_name


async def retire(tenant: Tenant, field: str, key: str) -> None:
    await tenant.define(lambda work: metadata.retire_choice(work, "customer", field, key), person="admin")


async def default_in(tenant: Tenant, name: str) -> object:
    field = (await registry_of(tenant)).shape.field("customer", name)
    assert field is not None
    return field.option("default")


@pytest.mark.parametrize(("type_name", "default"), [("choice", "p"), ("multiChoice", "p,q")])
async def test_the_default_is_not_retired(company: Tenant, type_name: str, default: str) -> None:
    field = await add(company, type_name, default)

    with pytest.raises(ChoiceIsDefault) as caught:
        await retire(company, field, "p")

    assert caught.value.details == {"fields": f"customer.{field}"}


async def test_what_is_no_default_any_more_is_retired(company: Tenant) -> None:
    field = await add(company)
    changes = FieldChange(options={"default": "q"})
    await company.define(lambda work: metadata.update_field(work, "customer", field, changes), person="admin")

    await retire(company, field, "p")

    made = await create_one(company, "customer", name="新")
    registry = await registry_of(company)
    assert (await stored(company, "customer", made))[registry.names["customer"].fields[field].column] == "q"


async def test_a_field_comes_back_without_a_default_that_is_retired(company: Tenant) -> None:
    field = await add(company, "multiChoice", "p,q")
    await company.define(lambda work: metadata.retire_field(work, "customer", field), person="admin")
    await retire(company, field, "p")

    await company.define(lambda work: metadata.restore_field(work, "customer", field), person="admin")

    assert await default_in(company, field) == ("q",)
    await company.define(lambda work: metadata.retire_field(work, "customer", field), person="admin")
    await retire(company, field, "q")
    await company.define(lambda work: metadata.restore_field(work, "customer", field), person="admin")
    assert await default_in(company, field) is None
    await create_one(company, "customer", name="无")
