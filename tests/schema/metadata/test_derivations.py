"""Derived fields in their order, what they depend on, and the circles that they must not make."""

from __future__ import annotations

import pytest

from schema.metadata.derivations import Circular, Derivations
from tests.builders.workshop import workshop

A, B, C, TOTAL, PRICE = ("line", "a"), ("line", "b"), ("line", "c"), ("head", "total"), ("line", "price")
CHAIN = Derivations({TOTAL: (C, ("line", "head")), C: (B,), B: (A, PRICE), A: (PRICE,)})


def test_each_comes_after_what_it_reads() -> None:
    assert CHAIN.order == (A, B, C, TOTAL)


def test_sources_are_known_over_other_derived_fields() -> None:
    assert CHAIN.sources[B] == {A, PRICE}
    assert CHAIN.sources[TOTAL] == {A, B, C, PRICE, ("line", "head")}


def test_depth_counts_the_derived_fields_that_stand_one_upon_the_other() -> None:
    assert CHAIN.depths == {A: 1, B: 2, C: 3, TOTAL: 4}


def test_readers_are_told_in_their_order() -> None:
    assert CHAIN.readers([B]) == (C, TOTAL)
    assert CHAIN.readers([PRICE]) == (A, B, C, TOTAL)
    assert CHAIN.readers([TOTAL]) == ()
    assert CHAIN.direct_readers(PRICE) == (A, B)


@pytest.mark.parametrize(
    ("reads", "circle"),
    [({A: (A,)}, (A, A)), ({A: (B,), B: (C,), C: (A,)}, (A, B, C, A)), ({TOTAL: (A,), A: (TOTAL,)}, (TOTAL, A, TOTAL))],
)
def test_circle_is_named(reads: dict[tuple[str, str], tuple[tuple[str, str], ...]], circle: object) -> None:
    with pytest.raises(Circular) as caught:
        Derivations(reads).order  # noqa: B018 - asked for what it raises

    assert caught.value.circle == circle


def test_shape_without_derived_fields_has_none() -> None:
    assert workshop().derivations.order == ()
