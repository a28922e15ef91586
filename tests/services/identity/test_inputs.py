"""Inputs of the declared verbs: ids, versions and texts taken from what a door handed over."""

from __future__ import annotations

from uuid import UUID

import pytest

from schema.metadata.objects import Object, ObjectKind
from schema.metadata.registry import Shape
from services.identity import inputs
from services.identity.inputs import Draft
from tenants.clock import UnknownZone
from tenants.errors import Refused

ID = UUID("01890000-0000-7000-8000-000000000001")


@pytest.mark.parametrize("given", [ID, str(ID), str(ID).upper()])
def test_id_is_read_however_it_is_written(given: object) -> None:
    assert inputs.id_({"userId": given}, "userId") == ID


@pytest.mark.parametrize("given", [None, "", "x", 7, "01890000-0000-7000-8000-00000000000"])
def test_anything_else_is_refused_by_name(given: object) -> None:
    with pytest.raises(Refused) as refused:
        inputs.id_({"userId": given}, "userId")

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("userId",), "NOT_AN_ID")]


def test_text_and_version_are_taken_as_they_are() -> None:
    assert inputs.text({"password": " x "}, "password") == " x "
    assert inputs.text({"password": None}, "password") is None
    assert inputs.version({"ifVersion": 3}) == 3
    assert inputs.version({}) is None


def test_object_is_there_or_answered_with_what_may_have_been_meant() -> None:
    shape = Shape([Object("customer", "customers", ObjectKind.PACK, ())])
    assert inputs.object_(shape, {"object": "customer"}) == "customer"

    with pytest.raises(Refused) as refused:
        inputs.object_(shape, {"object": "custmer"})

    (violation,) = refused.value.violations
    assert (violation.path, violation.fault.code) == (("object",), "UNKNOWN_OBJECT")
    assert violation.fault.details["hint"] == " Did you mean “customer”?"


def test_draft_answers_its_values_only_when_nothing_is_wrong() -> None:
    draft = Draft({"name": "A"}, [])
    assert draft.accepted() == {"name": "A"}

    draft.refuse("zone", UnknownZone())

    with pytest.raises(Refused) as refused:
        draft.accepted()
    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("zone",), "UNKNOWN_ZONE")]
