"""Everything that is wrong with one input is told at once."""

from __future__ import annotations

import pytest

from schema.metadata.errors import LabelMissing, NameTaken, TooManyFields, UnknownType
from services.metadata.findings import Findings
from tenants.errors import Fault, Refused


def refuse(fault: Fault) -> None:
    raise fault


def test_nothing_found_goes_on() -> None:
    found = Findings()

    with found.at("label"):
        pass

    found.settle()


def test_places_are_put_together_in_order() -> None:
    inner, outer = Findings(), Findings()
    inner.note(UnknownType(type="x"), "type")

    with outer.at("label"):
        refuse(LabelMissing())
    with outer.at("name"):
        refuse(NameTaken(name="x"))
    with outer.at("fields", 3):
        inner.settle()

    with pytest.raises(Refused) as refused:
        outer.settle()
    assert [(each.path, each.fault.code) for each in refused.value.violations] == [
        (("label",), "LABEL_MISSING"),
        (("name",), "NAME_TAKEN"),
        (("fields", 3, "type"), "UNKNOWN_TYPE"),
    ]


def test_what_is_no_matter_of_the_input_ends_it_at_once() -> None:
    with pytest.raises(TooManyFields), Findings().at("fields"):
        raise TooManyFields(max=1)
