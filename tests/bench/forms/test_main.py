"""The benchmark in small: fields come, a rule is built beside writes, sums are kept under many writers, changes are published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.forms.__main__ import Sizes, grow, measure

if TYPE_CHECKING:
    from tenants.settings import Settings

SMALL = Sizes(records=500, fields=1, rounds=1, heads=20, seconds=2.0, publications=1)


async def test_it_runs_in_small_and_nothing_is_wrong(settings: Settings) -> None:
    run = await measure(settings, SMALL, 0.5, await grow(settings, SMALL))

    assert (len(run.grown.empty), len(run.grown.filled), len(run.grown.before)) == (1, 1, 200)
    assert [(each.fields, len(each.worked), len(each.took)) for each in run.pages] == [(25, 1, 1), (300, 1, 1)]
    deeds = ("changed", "made", "deleted", "changed with 49 others")
    assert [(each.deed, len(each.took)) for each in run.costs] == [(deed, 1) for deed in deeds for _ in range(3)]
    assert (run.crowd.wrong, run.crowd.refused, len(run.crowd.took) >= 50) == (0, 0, True)
    # The sum of each head, and the formula over it.
    assert (run.anew.wrong, run.anew.progress, run.anew.records) == (0, 40, 20)
    assert len(run.published) == 1
