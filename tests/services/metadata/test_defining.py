from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.metadata import add_field, columns_of, define_equipment, registry_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_created_object_stands_in_the_registry_and_in_the_database(tenant: Tenant) -> None:
    """[A1]"""
    made = await define_equipment(tenant)

    registry = await registry_of(tenant)
    thing, names = registry.shape.objects[made.object_name], registry.names[made.object_name]
    assert (thing.name, thing.plural, thing.title_field) == ("sheBei_c", "sheBeiList_c", "sheBeiXingHao_c")
    assert names.number == 1000
    own = {field.name: names.fields[field.name].column for field in thing.fields if field.name.endswith("_c")}
    assert sorted(own) == ["keHu_c", "sheBeiXingHao_c", "zhuangTai_c"]
    assert set(own.values()) <= (await columns_of(tenant, names.table)).keys()
    assert [choice.key for choice in registry.shape.field("sheBei_c", "zhuangTai_c").choices] == ["inUse", "baoFei"]
    assert registry.shape.inverse("customer", "sheBeiList_c") is not None


async def test_added_field_takes_the_next_number_and_an_opaque_column(tenant: Tenant) -> None:
    """[A2]"""
    made = await add_field(tenant)

    registry = await registry_of(tenant)
    names = registry.names["customer"].fields
    assert made.field_name == "sheBeiXingHao_c"
    assert names[made.field_name].column.startswith("f_")
    assert names[made.field_name].number == max(each.number for each in names.values())
    assert (await columns_of(tenant, "customer"))[names[made.field_name].column] == "text"
