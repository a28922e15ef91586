"""[A3] Which many sides of an object are its lines."""

from __future__ import annotations

from schema.metadata.objects import Inverse, Link
from tenants.sql import Slot
from tests.builders.workshop import thing


def test_lines_are_the_many_sides_that_have_an_order() -> None:
    lines, others = Inverse("lines", "line", "head", "position"), Inverse("others", "other", "head")

    assert thing("head", "heads", inverses=(lines, others)).line_tables == (lines,)


def test_links_of_its_own_are_told_from_those_of_others_and_decided_by_the_field_that_has_them() -> None:
    child = Inverse("others", "other", "head")
    own = Inverse("tags", "tag", "", link=Link("head", "tags"))
    back = Inverse("heads", "head", "", link=Link("head", "partners", is_backward=True))

    assert thing("head", "heads", inverses=(child, own, back)).link_fields == (own,)
    assert [each.decided_by for each in (child, own, back)] == [
        ("other", "head"),
        ("head", "tags"),
        ("head", "partners"),
    ]
    assert Link("head", "tags").table == Slot("head", "tags")
