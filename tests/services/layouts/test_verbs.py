"""[A6] Layouts are part of the definitions."""

from __future__ import annotations

import pytest

from services import verbs
from services.verbs import Access


@pytest.mark.parametrize("name", ["createLayout", "updateLayout", "deleteLayout"])
def test_layouts_are_kept_by_those_who_may_define(name: str) -> None:
    found = verbs.definition(name)

    assert found is not None
    assert (found.defines, found.asks.access) == (True, Access.DEFINER)
