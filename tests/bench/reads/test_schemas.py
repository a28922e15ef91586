"""The definitions whose schema is measured are as large as they say, and made by the product's own functions."""

from __future__ import annotations

from bench.reads.schemas import definitions


def test_definitions_have_so_many_objects_and_fields() -> None:
    made = definitions(3, 12)

    assert [each.name for each in made.objects] == ["thing0_c", "thing1_c", "thing2_c"]
    assert {len(each.fields) for each in made.objects} == {12}
    assert [each.fields[-1].field.relation for each in made.objects if each.fields[-1].field.relation is None] == []


def test_they_make_a_registry() -> None:
    shape = definitions(2, 12).registry.shape

    assert {"thing0_c", "thing1_c"} <= shape.objects.keys()
