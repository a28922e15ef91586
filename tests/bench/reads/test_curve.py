"""Curves are told by what they look like, how steep they are, and whether they have levelled off."""

from __future__ import annotations

import pytest

from bench.reads.curve import growth, slope, sparkline, thinned


def test_sparkline_goes_from_nothing_to_the_largest() -> None:
    assert sparkline([0, 50, 100]) == "▁▅█"
    assert sparkline([]) == ""


def test_long_curve_keeps_its_ends() -> None:
    assert thinned(list(range(101)), 5) == [0, 25, 50, 75, 100]
    assert len(sparkline([float(each) for each in range(1, 1000)], width=12)) == 12


def test_growth_compares_the_last_quarter_with_the_one_before() -> None:
    assert growth([10, 10, 20, 20, 30, 30, 33, 33]) == pytest.approx(1.1)
    assert growth([1, 5, 7, 7]) == 1
    assert growth([4]) == growth([0, 0, 0, 5]) == 1


def test_slope_is_what_one_more_adds() -> None:
    assert slope([1, 2, 3], [10, 12, 14]) == pytest.approx(2)
    assert slope([7], [10]) == 0
