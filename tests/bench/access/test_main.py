"""The benchmark in small: people see what they should while it is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.access.__main__ import measure
from bench.access.tenant import ADMIN, NARROW, WIDE

if TYPE_CHECKING:
    from tenants.settings import Settings


async def test_it_runs_in_small(settings: Settings) -> None:
    listed, changed = await measure(settings, 500, 1, 1)

    assert {(each.who, each.records) for each in listed} == {(ADMIN, 50), (WIDE, 50), (NARROW, 10)}
    assert [len(each) for each in (changed.change, changed.first, changed.worked, changed.second)] == [1] * 4
