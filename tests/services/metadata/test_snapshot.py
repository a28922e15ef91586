"""Definitions at one moment, and the next moment made from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schema.metadata.errors import KeptByRelation, NotChangeable, UnknownField, UnknownObject
from schema.metadata.fields import FieldState
from schema.metadata.objects import ObjectState
from services import packs
from services.metadata import Snapshot
from tenants.ids import IdMaker

CRM = Snapshot(packs.load("crm").objects, 1)


def test_object_takes_the_place_of_the_one_with_its_id() -> None:
    lead = replace(CRM.by_name["lead"], title_field="company")

    after = CRM.with_object(lead)

    assert [each.name for each in after.objects] == [each.name for each in CRM.objects]
    assert after.object("lead").title_field == "company"
    assert CRM.object("lead").title_field == "name"


def test_object_with_a_new_id_comes_last() -> None:
    other = replace(CRM.by_name["lead"], id=IdMaker().new(9), name="other")

    assert CRM.with_object(other).objects[-1] is other


def test_field_takes_the_place_of_the_one_with_its_id() -> None:
    phone = CRM.field("lead", "phone").in_state(FieldState.RETIRED)

    after = CRM.with_field("lead", phone)

    assert after.field("lead", "phone").is_retired
    assert len(after.object("lead").fields) == len(CRM.object("lead").fields)


def test_retired_object_is_found_but_not_live() -> None:
    after = CRM.with_object(replace(CRM.by_name["lead"], state=ObjectState.RETIRED))

    assert after.object("lead").is_retired
    with pytest.raises(UnknownObject):
        after.live("lead")
    with pytest.raises(UnknownObject):
        after.field("lead", "name")


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(UnknownObject):
        CRM.object("nothing")
    with pytest.raises(UnknownField):
        CRM.field("lead", "nothing")


def test_platform_is_not_changed() -> None:
    with pytest.raises(NotChangeable):
        CRM.object("user")
    with pytest.raises(NotChangeable):
        CRM.field("lead", "owner")


def test_another_end_of_a_relation_names_that_relation() -> None:
    with pytest.raises(KeptByRelation) as caught:
        CRM.field("quote", "lines")

    assert caught.value.details == {"object": "quote", "name": "lines", "relation": "quoteLine.quote"}
