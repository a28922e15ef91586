"""[A3] Which many sides of an object are its lines."""

from __future__ import annotations

from schema.metadata.objects import Inverse
from tests.builders.workshop import thing


def test_lines_are_the_many_sides_that_have_an_order() -> None:
    lines, others = Inverse("lines", "line", "head", "position"), Inverse("others", "other", "head")

    assert thing("head", "heads", inverses=(lines, others)).line_tables == (lines,)
