"""[A3] What a lookup may show, without a database."""

from __future__ import annotations

import pytest

from schema.metadata.fields import FieldState, Label
from services import packs
from services.metadata import FieldDraft, Snapshot
from services.metadata.drafting import new_field
from services.metadata.lookup_drafts import resettled, settled
from tenants.errors import Refused
from tenants.ids import IdMaker

CRM = Snapshot(packs.load("crm").objects, 1)
NEW = IdMaker().new
NICKNAME = FieldDraft(Label("", "Nickname"), "text")


def lookup(before: Snapshot, **options: str) -> Snapshot:
    return new_field(before, "contact", FieldDraft(Label("", "Shown"), "lookup", options=options), NEW)


@pytest.mark.parametrize("field", ["nickname", "nickname_c"])
def test_names_are_taken_with_and_without_their_ending(field: str) -> None:
    before = new_field(CRM, "customer", NICKNAME, NEW)

    made = lookup(before, relation="customer", field=field).by_name["contact"].fields[-1].field

    assert made.options == (("field", "nickname_c"), ("relation", "customer"))
    assert (made.read_only, made.is_shown, made.parts) == (True, True, ())


def test_a_lookup_is_no_field_of_the_shape_and_shows_one() -> None:
    shape = lookup(CRM, relation="customer", field="region").registry.shape

    shown = shape.shown("contact", "shown_c")
    assert shown is not None
    assert [each.name for each in shown] == ["customer", "customer", "region"]
    assert (shape.field("contact", "shown_c"), shape.shown("contact", "name")) == (None, None)
    assert [each.name for each in shape.objects["contact"].lookups] == ["shown_c"]


def test_what_is_gone_is_not_shown() -> None:
    after = lookup(CRM, relation="customer", field="region")
    region = after.field("customer", "region")

    gone = after.with_field("customer", region.in_state(FieldState.RETIRED))

    assert gone.registry.shape.shown("contact", "shown_c") is None
    with pytest.raises(Refused):
        resettled(gone, "contact", "shown_c")
    assert resettled(after, "contact", "shown_c") == after


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({}, "relation"),
        ({"relation": "name", "field": "region"}, "relation"),
        ({"relation": "customer"}, "field"),
        ({"relation": "customer", "field": "owner"}, "field"),
    ],
)
def test_what_is_no_field_behind_a_relation_is_refused(options: dict[str, str], path: str) -> None:
    with pytest.raises(Refused) as caught:
        lookup(CRM, **options)

    assert [(each.path, each.fault.code) for each in caught.value.violations] == [(("options", path), "BAD_OPTION")]


def test_other_fields_stay_as_they_are() -> None:
    name = CRM.field("customer", "name").field

    assert settled(CRM, "customer", name) is name
