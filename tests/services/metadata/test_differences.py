"""[A11] What differs between two snapshots, to read and to lead back, without a database."""

from __future__ import annotations

from dataclasses import replace

from schema.metadata.fields import FieldState, Label
from services import packs
from services.metadata import ChoiceDraft, FieldDraft, ObjectDraft, Snapshot
from services.metadata.differences import RowChange, between, differences, row_changes
from services.metadata.drafting import new_field, new_object
from tenants.ids import IdMaker

CRM = Snapshot(packs.load("crm").objects, 1)
NEW = IdMaker().new
WORDS = Label("字", "Word")


def test_equal_snapshots_do_not_differ() -> None:
    assert between(CRM, Snapshot(CRM.objects, 2)) == ()


def test_new_object_is_told_with_its_fields() -> None:
    after = new_object(CRM, ObjectDraft(WORDS, name="device", fields=(FieldDraft(WORDS, "text", "code"),)), NEW)

    found = [(each.kind, each.action, each.coordinate) for each in between(CRM, after)]

    assert found == [("object", "added", "device_c"), ("field", "added", "device_c.code_c")]


def test_new_choice_is_named_by_its_key() -> None:
    draft = FieldDraft(WORDS, "choice", "grade", choices=(ChoiceDraft(WORDS, "high"),))
    found = between(CRM, new_field(CRM, "customer", draft, NEW))

    assert [(each.kind, each.coordinate) for each in found] == [
        ("field", "customer.grade_c"), ("choice", "customer.grade_c.high"),
    ]  # fmt: skip


def test_changed_property_stands_with_both_values_and_no_physical_name() -> None:
    before = new_field(CRM, "customer", FieldDraft(WORDS, "text", "code"), NEW)
    field = before.field("customer", "code_c")
    renamed = replace(field, label=Label("码", "Word"), column="f_other")
    (only,) = between(before, before.with_field("customer", renamed))

    assert (only.action, [(each.name, each.before, each.after) for each in only.properties]) == (
        "changed", [("labelZh", "字", "码")],
    )  # fmt: skip


def test_retired_and_restored_are_told_as_such() -> None:
    live = new_field(CRM, "customer", FieldDraft(WORDS, "text", "code"), NEW)
    retired = live.with_field("customer", live.field("customer", "code_c").in_state(FieldState.RETIRED))

    assert [each.action for each in between(live, retired)] == ["retired"]
    assert [each.action for each in between(retired, live)] == ["restored"]


def test_index_that_is_being_built_is_no_difference() -> None:
    live = new_field(CRM, "customer", FieldDraft(WORDS, "text", "code"), NEW)
    building = live.with_field("customer", live.field("customer", "code_c").in_state(FieldState.BUILDING))

    assert row_changes(building, live) == ()


def test_row_that_is_gone_is_told_with_what_it_held() -> None:
    row = RowChange("layout", NEW(0), {"object_name": "customer", "sections": [1]}, None, "customer")
    (only,) = differences([row])

    assert (only.kind, only.action) == ("layout", "removed")
    assert [(each.name, each.before, each.after) for each in only.properties] == [
        ("objectName", "customer", None), ("sections", [1], None),
    ]  # fmt: skip
