"""The benchmark in small: fields come, a rule is built beside writes, pages of both objects are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.forms.__main__ import measure

if TYPE_CHECKING:
    from tenants.settings import Settings


async def test_it_runs_in_small(settings: Settings) -> None:
    grown, pages = await measure(settings, 500, 1, 1)

    assert (len(grown.empty), len(grown.filled), len(grown.before)) == (1, 1, 200)
    assert [(each.fields, len(each.worked), len(each.took)) for each in pages] == [(25, 1, 1), (300, 1, 1)]
