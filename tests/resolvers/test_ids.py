from __future__ import annotations

from uuid import UUID

import pytest

from resolvers.ids import input_id, record_number, required_id
from schema.metadata.errors import NotAnId
from tenants.errors import Refused
from tenants.ids import IdMaker


def test_number_is_read_from_the_ordinary_form() -> None:
    assert record_number(str(IdMaker().new(101))) == 101


def test_an_id_of_another_making_has_no_number() -> None:
    assert record_number(str(UUID(int=1))) == 0


@pytest.mark.parametrize("raw", ["", "x", "42", None, 7])
def test_everything_else_is_refused(raw: object) -> None:
    with pytest.raises(NotAnId):
        record_number(raw)


def test_a_text_that_is_no_id_is_refused() -> None:
    made = IdMaker().new(101)

    assert required_id(str(made)) == made
    with pytest.raises(NotAnId):
        required_id("x")


def test_an_input_is_refused_at_its_id() -> None:
    made = IdMaker().new(101)
    with pytest.raises(Refused) as refused:
        input_id("x")

    assert input_id(str(made)) == made
    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("id",), "NOT_AN_ID")]
