"""What is kept of a shape is bounded, and goes with the shape."""

from __future__ import annotations

import gc
from functools import partial

from schema.metadata.by_shape import ByShape
from schema.metadata.registry import Shape


def test_value_is_made_once_for_a_shape() -> None:
    kept, one, other = ByShape[str](), Shape([]), Shape([])
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return f"value {len(made)}"

    assert [kept.get(each, "a", make) for each in (one, one, other)] == ["value 1", "value 1", "value 2"]


def test_of_each_shape_so_much_is_kept_and_the_first_makes_room() -> None:
    kept, shape, other = ByShape[int](most=2), Shape([]), Shape([])
    kept.get(other, 0, lambda: 9)
    for key in range(3):
        kept.get(shape, key, partial(abs, key))

    assert [kept.get(shape, key, lambda: -1) for key in (1, 2)] == [1, 2]
    assert (kept.get(other, 0, lambda: -1), kept.get(shape, 0, lambda: -1)) == (9, -1)


def test_nothing_is_kept_of_a_shape_that_is_gone() -> None:
    kept, shape = ByShape[int](), Shape([])
    kept.get(shape, 0, lambda: 1)

    del shape
    gc.collect()

    assert len(kept._kept) == 0
