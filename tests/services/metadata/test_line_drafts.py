"""[A3] What a line table asks to be made, without a database."""

from __future__ import annotations

import pytest

from schema.metadata.errors import LinesNotCascading, LineTableNotAllowed
from schema.metadata.fields import DeleteRule, Label, Relation
from schema.metadata.types import LINE_TABLE
from services import packs
from services.metadata import FieldDraft, ObjectDraft, Snapshot
from services.metadata.drafting import new_field, new_object
from services.metadata.line_drafts import is_line_table, ordered, refuse_unfit, unordered
from tenants.errors import Refused
from tenants.ids import IdMaker

CRM = Snapshot(packs.load("crm").objects, 1)
NEW = IdMaker().new
COST = FieldDraft(Label("费用", "Cost"), "currency")
SERVICES = FieldDraft(Label("维保", "Services"), LINE_TABLE, fields=(COST,))


def test_a_line_table_is_an_object_whose_relation_orders_it() -> None:
    after = new_field(CRM, "customer", SERVICES, NEW)

    lines = after.objects[-1]
    cost, head, position = (each.field for each in lines.fields)
    assert (lines.name, lines.label, cost.name) == ("weiBao_c", Label("维保", "Services"), "feiYong_c")
    assert (head.name, head.required) == ("keHu_c", True)
    assert head.relation == Relation("customer", "weiBaoList_c", DeleteRule.CASCADE, "xuHao_c")
    assert (position.name, position.type_name, position.read_only) == ("xuHao_c", "integer", True)
    (table,) = after.registry.shape.objects["customer"].line_tables
    assert (table.name, table.object_name, table.field_name, table.lines_by) == (
        "weiBaoList_c", "weiBao_c", "keHu_c", "xuHao_c"
    )  # fmt: skip


def test_a_new_object_may_come_with_its_line_tables() -> None:
    after = new_object(CRM, ObjectDraft(Label("设备"), fields=(COST, SERVICES)), NEW)

    made = after.objects[len(CRM.objects)]
    assert (made.name, [each.name for each in made.fields]) == ("sheBei_c", ["feiYong_c"])
    assert [each.name for each in after.registry.shape.objects["sheBei_c"].line_tables] == ["weiBaoList_c"]


def test_the_name_of_the_field_is_that_of_the_lines_on_their_head() -> None:
    draft = FieldDraft(Label("维保"), LINE_TABLE, name="services", fields=(COST,))

    after = new_field(CRM, "customer", draft, NEW)

    assert [each.name for each in after.registry.shape.objects["customer"].line_tables] == ["services_c"]


@pytest.mark.parametrize(
    ("head", "draft"),
    [("quoteLine", SERVICES), ("customer", FieldDraft(Label("维保"), LINE_TABLE, fields=(SERVICES,)))],
)
def test_lines_have_no_lines(head: str, draft: FieldDraft) -> None:
    with pytest.raises(Refused) as caught:
        new_field(CRM, head, draft, NEW)

    assert [type(each.fault) for each in caught.value.violations] == [LineTableNotAllowed]


@pytest.mark.parametrize(
    ("lines", "relation", "fault"),
    [
        # Nobody owns people as lines, heads are no lines, and a line does not outlive its head.
        ("quote", "person_c", LineTableNotAllowed),
        ("quote", "customer", LineTableNotAllowed),
        ("quote", "opportunity", LinesNotCascading),
    ],
)
def test_what_cannot_be_a_line_table_is_refused(lines: str, relation: str, fault: type[Exception]) -> None:
    before = new_field(CRM, "quote", FieldDraft(Label("", "Person"), "person"), NEW)

    with pytest.raises(fault):
        refuse_unfit(before, lines, relation)


def test_a_line_has_one_head() -> None:
    second = FieldDraft(Label("", "Contract"), "relation", target="contract", delete_rule="cascade")
    after = ordered(new_field(CRM, "quoteLine", second, NEW), "quoteLine", "contract_c", "position")

    with pytest.raises(LineTableNotAllowed):
        refuse_unfit(after, "quoteLine", "contract_c")


def test_a_relation_is_a_line_table_while_it_is_ordered() -> None:
    position = FieldDraft(Label("", "Position"), "integer", name="position")
    before = new_field(CRM, "paymentPlan", position, NEW)

    on = ordered(before, "paymentPlan", "contract", "position_c")
    off = unordered(on, "paymentPlan", "contract")

    found = [each.field("paymentPlan", "contract") for each in (before, on, off)]
    assert [is_line_table(each) for each in found] == [False, True, False]
    refuse_unfit(on, "paymentPlan", "contract")
    assert on.field("paymentPlan", "position_c").field.read_only
