from __future__ import annotations

from uuid import UUID

import pytest

from resolvers.ids import record_number, required_id
from schema.metadata.errors import NotAnId
from tenants.ids import IdMaker


def test_number_is_read_from_the_ordinary_form() -> None:
    assert record_number(str(IdMaker().new(101))) == 101


@pytest.mark.parametrize("raw", ["", "x", str(UUID(int=1)), None, 7])
def test_everything_else_has_no_number(raw: object) -> None:
    assert record_number(raw) == 0


def test_a_text_that_is_no_id_is_refused() -> None:
    made = IdMaker().new(101)

    assert required_id(str(made)) == made
    with pytest.raises(NotAnId):
        required_id("x")
