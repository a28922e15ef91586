"""[A1 A2] Objects and fields come, change, go and come back, while records of them are there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.errors import ConfirmationNeeded, NotChangeable, UnknownField, UnknownObject, ValuesNotUnique
from schema.metadata.fields import Label
from schema.tables.audit import audit_entry
from services import metadata, records
from services.metadata import ChoiceDraft, FieldChange, FieldDraft, ObjectChange
from tenants.errors import Forbidden, Refused
from tests.builders.metadata import EQUIPMENT, add_field, columns_of, define_equipment, indexes_of, registry_of
from tests.builders.records import create_one, refused, stored

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def update_field(tenant: Tenant, object_name: str, name: str, changes: FieldChange) -> metadata.Defined:
    return await tenant.define(lambda work: metadata.update_field(work, object_name, name, changes), person="admin")


async def test_created_object_stands_in_the_registry_and_in_the_database(tenant: Tenant) -> None:
    made = await define_equipment(tenant)

    registry = await registry_of(tenant)
    thing, names = registry.shape.objects[made.object_name], registry.names[made.object_name]
    assert (thing.name, thing.plural, thing.title_field) == ("sheBei_c", "sheBeiList_c", "sheBeiXingHao_c")
    assert names.number == 1000
    own = {field.name: names.fields[field.name].column for field in thing.fields if field.name.endswith("_c")}
    assert sorted(own) == ["keHu_c", "sheBeiXingHao_c", "zhuangTai_c"]
    assert set(own.values()) <= (await columns_of(tenant, names.table)).keys()
    status = next(field for field in thing.fields if field.name == "zhuangTai_c")
    assert [choice.key for choice in status.choices] == ["inUse", "baoFei"]
    assert [each.name for each in registry.shape.objects["customer"].inverses if each.object_name == "sheBei_c"] == [
        "sheBeiList_c"
    ]


async def test_second_object_of_a_label_gets_another_name(tenant: Tenant) -> None:
    await define_equipment(tenant)

    again = await define_equipment(tenant)

    assert again.object_name == "sheBei2_c"
    assert (await registry_of(tenant)).names["sheBei2_c"].number == 1001


async def test_added_field_takes_the_next_number_and_an_opaque_column(company: Tenant) -> None:
    made = await add_field(company)

    names = (await registry_of(company)).names["customer"].fields
    assert made.field_name == "sheBeiXingHao_c"
    assert names[made.field_name].column.startswith("f_")
    assert names[made.field_name].number == max(each.number for each in names.values())
    assert (await columns_of(company, "customer"))[names[made.field_name].column] == "text"


async def test_renaming_changes_words_only(company: Tenant) -> None:
    await define_equipment(company)
    before = await registry_of(company)

    changes = ObjectChange(label=Label("仪器", ""), plural_label=Label("", "Instruments"))
    await company.define(lambda work: metadata.update_object(work, "sheBei_c", changes), person="admin")

    after = await registry_of(company)
    assert after.names["sheBei_c"].label == Label("仪器", "Equipment")
    assert after.names["sheBei_c"].plural_label == Label("设备", "Instruments")
    assert (after.version, after.shape) == (before.version + 1, before.shape)


async def test_retired_field_is_gone_and_comes_back_with_its_values_and_its_rule(company: Tenant) -> None:
    made = await add_field(company, label=Label("序列号", "Serial"), is_unique=True)
    customer = await create_one(company, "customer", name="云启一", xuLieHao_c="X1")
    index = f"ux_customer_{(await registry_of(company)).names['customer'].fields[made.field_name].column}"

    await company.define(lambda work: metadata.retire_field(work, "customer", made.field_name), person="admin")
    hidden, indexes = await registry_of(company), await indexes_of(company, "customer")
    await company.define(lambda work: metadata.restore_field(work, "customer", made.field_name), person="admin")

    registry = await registry_of(company)
    column = registry.names["customer"].fields[made.field_name].column
    assert hidden.shape.field("customer", made.field_name) is None
    assert index not in indexes
    assert index in await indexes_of(company, "customer")
    assert (await stored(company, "customer", customer))[column] == "X1"


async def test_retired_object_hides_relations_to_it_and_comes_back_whole(company: Tenant) -> None:
    campaign = await create_one(company, "campaign", name="Spring")
    lead = await create_one(company, "lead", name="Li", campaignId=campaign)
    before = await registry_of(company)

    await company.define(lambda work: metadata.retire_object(work, "campaign", confirm="campaign"), person="admin")
    hidden = await registry_of(company)
    await company.define(lambda work: metadata.restore_object(work, "campaign"), person="admin")

    assert "campaign" not in hidden.shape.objects
    assert hidden.shape.field("lead", "campaign") is None
    assert (await registry_of(company)).shape.hash == before.shape.hash
    assert "ix_lead_campaign_id" in await indexes_of(company, "lead")
    assert (await stored(company, "lead", lead))["campaign_id"] == campaign


async def test_object_that_was_away_while_its_target_came_back_has_its_indexes(company: Tenant) -> None:
    for name in ("campaign", "lead"):
        await company.define(partial(metadata.retire_object, name=name, confirm=name), person="admin")

    for name in ("campaign", "lead"):
        await company.define(partial(metadata.restore_object, name=name), person="admin")

    assert "ix_lead_campaign_id" in await indexes_of(company, "lead")


async def test_link_to_a_record_destroyed_meanwhile_is_empty_after_the_return(company: Tenant) -> None:
    campaign = await create_one(company, "campaign", name="Summer")
    lead = await create_one(company, "lead", name="Li", campaignId=campaign)
    await company.define(lambda work: metadata.retire_field(work, "lead", "campaign"), person="admin")

    await company.write(lambda work: records.delete(work, "campaign", [campaign]))
    await company.write(lambda work: records.destroy(work, "campaign", [campaign]))
    await company.define(lambda work: metadata.restore_field(work, "lead", "campaign"), person="admin")

    assert (await stored(company, "lead", lead))["campaign_id"] is None


async def test_field_made_unique_gets_normal_forms_for_old_records(tenant: Tenant) -> None:
    first = await create_one(tenant, "customer", name="云启", shortName="Cloud A")

    await update_field(tenant, "customer", "shortName", FieldChange(is_unique=True))

    assert (await stored(tenant, "customer", first))["short_name_norm"] == "cloud a"
    assert "ux_customer_short_name" in await indexes_of(tenant, "customer")


async def test_field_whose_values_repeat_cannot_become_unique(company: Tenant) -> None:
    first = await create_one(company, "customer", name="One", shortName="Cloud")
    second = await create_one(company, "customer", name="Two", shortName="cloud")
    version = (await registry_of(company)).version

    with pytest.raises(ValuesNotUnique) as caught:
        await update_field(company, "customer", "shortName", FieldChange(is_unique=True))

    assert caught.value.details == {"count": 1, "examples": f"{first}, {second}"}
    assert (await registry_of(company)).version == version
    assert "short_name_norm" not in await columns_of(company, "customer")


async def test_new_field_gives_its_default_to_old_records_on_request(company: Tenant) -> None:
    customer = await create_one(company, "customer", name="云启二")

    amount = await add_field(
        company, label=Label("额度", "Limit"), type="currency", options={"default": "100.5"}, fill_existing=True
    )
    plain = await add_field(company, label=Label("备注二", "Note"), options={"default": "x"})

    names, row = (await registry_of(company)).names["customer"].fields, await stored(company, "customer", customer)
    column = names[amount.field_name].column
    assert (str(row[column]), row[f"{column}_currency"]) == ("100.5000", "CNY")
    assert row[names[plain.field_name].column] is None


async def test_new_auto_number_numbers_old_records(tenant: Tenant) -> None:
    customer = await create_one(tenant, "customer", name="云启")

    made = await add_field(
        tenant, label=Label("编码", "Code"), type="autoNumber", is_unique=True, options={"format": "KH-{0000}"}
    )
    next_one = await create_one(tenant, "customer", name="海纳")

    column = (await registry_of(tenant)).names["customer"].fields[made.field_name].column
    assert (await stored(tenant, "customer", customer))[column] == "KH-0001"
    assert (await stored(tenant, "customer", next_one))[column] == "KH-0002"


async def test_options_are_exchanged_one_by_one(tenant: Tenant) -> None:
    await update_field(
        tenant, "customer", "name", FieldChange(options={"maxLength": None, "minLength": 2}, required=False)
    )

    field = (await registry_of(tenant)).shape.field("customer", "name")
    assert field is not None
    assert field.options == (("minLength", 2), ("normalForm", "company"), ("search", True), ("sortKey", "pinyin"))
    assert field.required is False


async def test_bad_field_is_refused_with_its_place_in_the_input(shared_tenant: Tenant) -> None:
    draft = FieldDraft(Label("x", "x"), "boolean", is_unique=True, options={"maxLength": 3})

    with pytest.raises(Refused) as refused:
        await shared_tenant.define(lambda work: metadata.add_field(work, "customer", draft), person="admin")

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [
        (("field", "unique"), "CANNOT_BE_UNIQUE"),
        (("field", "options", "maxLength"), "UNKNOWN_OPTION"),
    ]


async def test_name_of_the_platform_is_kept_apart_by_the_ending(company: Tenant) -> None:
    assert (await add_field(company, name="owner")).field_name == "owner_c"


async def test_format_of_numbers_that_were_given_out_stays(shared_tenant: Tenant) -> None:
    with pytest.raises(Refused):
        await update_field(shared_tenant, "quote", "number", FieldChange(options={"format": "Q{0000}"}))


async def test_taken_name_is_refused(company: Tenant) -> None:
    await add_field(company, name="model")

    with pytest.raises(Refused) as refused:
        await add_field(company, name="model")

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("field", "name"), "NAME_TAKEN")]


@pytest.mark.parametrize(("object_name", "field"), [("user", "name"), ("customer", "owner"), ("customer", "createdAt")])
async def test_what_belongs_to_the_platform_is_not_changed(shared_tenant: Tenant, object_name: str, field: str) -> None:
    with pytest.raises(NotChangeable):
        await update_field(shared_tenant, object_name, field, FieldChange(required=True))


async def test_unknown_names_are_told(shared_tenant: Tenant) -> None:
    with pytest.raises(UnknownObject):
        await update_field(shared_tenant, "nothing", "name", FieldChange())
    with pytest.raises(UnknownField):
        await update_field(shared_tenant, "customer", "nothing", FieldChange())


@pytest.mark.parametrize("person", ["director", "manager", "sales", "service", "finance"])
async def test_only_an_administrator_defines(shared_tenant: Tenant, person: str) -> None:
    with pytest.raises(Forbidden):
        await shared_tenant.define(lambda work: metadata.create_object(work, EQUIPMENT), person=person)

    assert "sheBei_c" not in (await registry_of(shared_tenant)).shape.objects


async def test_every_change_is_audited(company: Tenant) -> None:
    made = await add_field(company, label=Label("颜色", "Color"))
    await company.define(lambda work: metadata.retire_field(work, "customer", made.field_name), person="admin")

    rows = await company.read(
        lambda work: work.session.rows(
            sa
            .select(audit_entry.c.action, audit_entry.c.principal_id)
            .where(audit_entry.c.record_id == made.id)
            .order_by(audit_entry.c.id)
        )
    )
    assert [tuple(row) for row in rows] == [
        ("field.created", company.user_id("admin")),
        ("field.retired", company.user_id("admin")),
    ]


async def test_choice_of_a_new_field_is_offered_at_once(company: Tenant) -> None:
    made = await add_field(
        company, label=Label("等级", "Grade"), type="choice", choices=(ChoiceDraft(Label("高", "High"), "high"),)
    )

    customer = await create_one(company, "customer", name="云启三", dengJi_c="high")

    column = (await registry_of(company)).names["customer"].fields[made.field_name].column
    assert (await stored(company, "customer", customer))[column] == "high"


async def test_object_that_others_point_at_is_hidden_only_by_its_name(company: Tenant) -> None:
    pointing = (await company.read(lambda work: metadata.impact_of(work, "product"))).pointing

    with pytest.raises(ConfirmationNeeded) as refused:
        await company.define(lambda work: metadata.retire_object(work, "product"), person="admin")

    assert refused.value.details == {"records": 0, "others": ", ".join(pointing), "name": "product"}
    assert "quoteLine.product" in pointing
    assert "product" in (await registry_of(company)).shape.objects


async def test_field_that_becomes_required_tells_how_many_records_lack_it(company: Tenant) -> None:
    await create_one(company, "campaign", name="Autumn")
    made = await add_field(company, "campaign", label=Label("预算", "Budget"), name="budget", required=True)
    filled = await add_field(
        company,
        "campaign",
        label=Label("币种"),
        name="coin",
        required=True,
        options={"default": "CNY"},
        fill_existing=True,
    )
    plain = await add_field(company, "campaign", label=Label("备注"), name="remark")
    later = await company.define(
        lambda work: metadata.update_field(work, "campaign", "remark_c", FieldChange(required=True)), person="admin"
    )

    live = made.lacking
    assert live is not None
    assert (filled.lacking, plain.lacking, later.lacking) == (0, None, live)
    assert live >= 1


@pytest.mark.parametrize("position", [-5, 99_999])
async def test_a_field_stands_where_fields_may_stand(shared_tenant: Tenant, position: int) -> None:
    changes = FieldChange(position=position)

    attempt = shared_tenant.define(
        lambda work: metadata.update_field(work, "customer", "level", changes), person="admin"
    )

    assert await refused(attempt) == [(("position",), "OUT_OF_RANGE")]
