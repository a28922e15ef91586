"""[A3] A relation that is there becomes a line table, and a relation again; its records stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schema.metadata.errors import KeptByRelation, LineTableNotAllowed
from schema.metadata.fields import Label
from schema.metadata.types import LINE_TABLE
from services import metadata
from services.metadata import FieldChange, FieldDraft, ObjectDraft, UsedElsewhere
from tests.builders.metadata import add_field, registry_of
from tests.builders.records import create_one, refused, stored, update

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def changed(tenant: Tenant, object_name: str, name: str, changes: FieldChange) -> metadata.Defined:
    return await tenant.define(lambda work: metadata.update_field(work, object_name, name, changes), person="admin")


async def tables_of(tenant: Tenant, head: str) -> list[str]:
    return [each.name for each in (await registry_of(tenant)).shape.objects[head].line_tables]


async def test_a_relation_with_records_becomes_a_line_table(company: Tenant) -> None:
    contract = await create_one(company, "contract", name="a")
    plan: dict[str, Any] = {"name": "1", "amount": {"amount": "1"}, "dueOn": "2026-03-01"}  # Any: as a client writes it
    there = await create_one(company, "paymentPlan", contractId=str(contract), **plan)

    await changed(company, "paymentPlan", "contract", FieldChange(is_line_table=True))
    await update(company, "contract", contract, paymentPlans=[plan, {"id": str(there)}])

    column = (await registry_of(company)).names["paymentPlan"].fields["xuHao_c"].column
    assert await tables_of(company, "contract") == ["paymentPlans"]
    assert (await stored(company, "payment_plan", there))[column] == 2
    # A second time there is nothing to do.
    await changed(company, "paymentPlan", "contract", FieldChange(is_line_table=True))
    assert "xuHao2_c" not in (await registry_of(company)).names["paymentPlan"].fields
    await changed(company, "paymentPlan", "contract", FieldChange(is_line_table=False))
    assert await tables_of(company, "contract") == []


async def test_lines_do_not_cease_to_go_with_their_head(shared_tenant: Tenant) -> None:
    attempt = changed(shared_tenant, "quoteLine", "quote", FieldChange(delete_rule="unlink"))

    assert await refused(attempt) == [(("lineTable",), "LINES_NOT_CASCADING")]


async def test_a_line_table_comes_with_its_object_and_is_told_by_its_relation(company: Tenant) -> None:
    lines = (FieldDraft(Label("费用"), "currency"),)

    made = await add_field(company, "customer", label=Label("维保"), type=LINE_TABLE, fields=lines)
    again = await company.define(lambda work: metadata.recall(work, made.id), person="admin")

    assert (made.object_name, made.field_name, again) == ("weiBao_c", "keHu_c", made)


async def test_an_object_is_told_although_its_line_tables_came_with_it(company: Tenant) -> None:
    lines = FieldDraft(Label("费用"), LINE_TABLE, fields=(FieldDraft(Label("金额"), "currency"),))

    made = await company.define(
        lambda work: metadata.create_object(work, ObjectDraft(Label("差旅"), fields=(lines,))), person="admin"
    )

    assert made.object_name == "chaLv_c"
    assert await tables_of(company, "chaLv_c") == ["feiYongList_c"]


async def test_a_relation_that_comes_back_gives_lines_no_second_head(company: Tenant) -> None:
    first, lines, relation = await lines_of_a_form(company, "春")
    second = await add_object(company, "乙")
    await retire(company, lines, relation)
    other = await add_field(
        company, lines, label=Label("乙"), type="relation", target=second, required=True, delete_rule="cascade"
    )
    await changed(company, lines, other.field_name, FieldChange(is_line_table=True))

    with pytest.raises(LineTableNotAllowed):
        await restore(company, lines, relation)
    await changed(company, lines, other.field_name, FieldChange(is_line_table=False))
    await restore(company, lines, relation)

    assert [len(await tables_of(company, each)) for each in (first, second)] == [1, 0]


async def test_what_has_lines_of_its_own_meanwhile_is_no_line_again(company: Tenant) -> None:
    _, lines, relation = await lines_of_a_form(company, "夏")
    await retire(company, lines, relation)
    await add_field(company, lines, label=Label("明细"), type=LINE_TABLE, fields=(FieldDraft(Label("数"), "integer"),))

    with pytest.raises(LineTableNotAllowed):
        await restore(company, lines, relation)


async def test_what_orders_lines_goes_when_they_are_lines_no_more(company: Tenant) -> None:
    _, lines, relation = await lines_of_a_form(company, "秋")

    with pytest.raises(UsedElsewhere) as refusal:
        await retire(company, lines, "xuHao_c")
    await changed(company, lines, relation, FieldChange(is_line_table=False))
    await retire(company, lines, "xuHao_c")

    assert refusal.value.details == {"users": f"{lines}.{relation}"}


async def test_what_orders_lines_goes_and_comes_with_their_relation(company: Tenant) -> None:
    head, lines, relation = await lines_of_a_form(company, "冬")

    for verb in (retire, restore):
        for name in (relation, "xuHao_c"):
            await verb(company, lines, name)

    assert len(await tables_of(company, head)) == 1


async def add_object(tenant: Tenant, word: str) -> str:
    draft = ObjectDraft(Label(word))
    return (await tenant.define(lambda work: metadata.create_object(work, draft), person="admin")).object_name


async def lines_of_a_form(tenant: Tenant, word: str) -> tuple[str, str, str]:
    """A form, the object of its lines, and their relation to it."""
    head = await add_object(tenant, word)
    fields = (FieldDraft(Label("数"), "integer"),)
    made = await add_field(tenant, head, label=Label(f"{word}行"), type=LINE_TABLE, fields=fields)
    return head, made.object_name, made.field_name


async def retire(tenant: Tenant, object_name: str, name: str) -> None:
    await tenant.define(lambda work: metadata.retire_field(work, object_name, name), person="admin")


async def restore(tenant: Tenant, object_name: str, name: str) -> None:
    await tenant.define(lambda work: metadata.restore_field(work, object_name, name), person="admin")


async def test_a_line_table_is_renamed_and_retired_by_its_relation(company: Tenant) -> None:
    parts = FieldDraft(Label("零件", "Parts"), LINE_TABLE, name="parts", fields=(FieldDraft(Label("名", "N"), "text"),))
    made = await company.define(lambda work: metadata.add_field(work, "product", parts), person="admin")
    lines, relation = made.object_name, made.field_name
    assert lines is not None
    assert relation is not None

    with pytest.raises(KeptByRelation) as caught:
        await changed(company, "product", "parts_c", FieldChange(label=Label("件", "")))
    await changed(company, lines, relation, FieldChange(inverse_label=Label("件", "Pieces")))
    impact = await company.read(lambda work: metadata.impact_of(work, lines, relation), person="admin")
    await company.define(lambda work: metadata.retire_field(work, lines, relation), person="admin")

    assert caught.value.details["relation"] == f"{lines}.{relation}"
    assert impact.records == 0
    assert await tables_of(company, "product") == []
    await company.define(lambda work: metadata.restore_field(work, lines, relation), person="admin")
    assert await tables_of(company, "product") == ["parts_c"]
