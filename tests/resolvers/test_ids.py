from __future__ import annotations

from uuid import UUID

import pytest

from resolvers.ids import record_id, record_number
from tenants.ids import IdMaker


def test_ordinary_form_is_read() -> None:
    made = IdMaker().new(101)

    assert record_id(str(made)) == made
    assert record_number(str(made)) == 101


@pytest.mark.parametrize("raw", ["", "x", "{" + "0" * 34 + "}", "urn:uuid:" + "0" * 27, "g" * 36, None, 7, UUID(int=1)])
def test_everything_else_is_no_id(raw: object) -> None:
    assert record_id(raw) is None
    assert record_number(raw) == 0
