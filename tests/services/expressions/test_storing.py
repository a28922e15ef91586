"""What is stored of an expression names fields by number, and is read against the registry at hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from schema.metadata.registry import Registry, Shape
from services import expressions
from services.expressions import BY_NAME, ExpressionOutdated, by_number
from tests.services.expressions.asking import REGISTRY, tree

EVERYTHING = (
    "industry == 'food' && revenue > money(1.5, 'CNY') && (vip ? null : parent) == id('00000000-0000-0000-0000-00000000000b')"
    " && parent.deals.exists(d, d.closeOn >= today() - days(30) && d.stage in ['won', 'lost'])"
)


def kept(text: str) -> Mapping[str, Any]:
    stored: Mapping[str, Any] = json.loads(json.dumps(expressions.stored(tree(text), by_number(REGISTRY))))
    return stored


def renamed(registry: Registry, object_name: str, old: str, new: str) -> Registry:
    """The same registry with another name for a field: its number stays."""
    things = [
        replace(thing, fields=tuple(replace(each, name=new) if each.name == old else each for each in thing.fields))
        if name == object_name
        else thing
        for name, thing in registry.shape.objects.items()
    ]
    fields = {new if name == old else name: each for name, each in registry.names[object_name].fields.items()}
    names = {**registry.names, object_name: replace(registry.names[object_name], fields=MappingProxyType(fields))}
    return Registry(Shape(things), names, registry.version)


def changed(registry: Registry, object_name: str, field: str, **shape: Any) -> Registry:
    """The same registry with a field of another type, or, without one, without the field."""
    thing = registry.shape.objects[object_name]
    fields = (replace(each, **shape) if each.name == field else each for each in thing.fields)
    own = tuple(each for each in fields if shape or each.name != field)
    things = [replace(thing, fields=own) if each == thing else each for each in registry.shape.objects.values()]
    return Registry(Shape(things), registry.names, registry.version)


def test_what_is_stored_is_read_again() -> None:
    node = tree(EVERYTHING)

    assert expressions.restored(kept(EVERYTHING), REGISTRY.shape, "company", by_number(REGISTRY)) == node


def test_fields_are_stored_by_number() -> None:
    assert kept("staff > 5") == {
        "call": {
            "function": ">",
            "arguments": [
                {"field": {"scope": 0, "steps": [[100, 24]]}},
                {"constant": {"kind": "number", "operand": "5"}},
            ],
        }
    }


def test_a_renamed_field_is_still_the_same_field() -> None:
    registry = renamed(REGISTRY, "company", "staff", "headcount")

    node = expressions.restored(kept("staff > 5"), registry.shape, "company", by_number(registry))

    assert expressions.printed(node) == "headcount > 5"


@pytest.mark.parametrize(
    ("text", "registry"),
    [
        ("staff > 5", changed(REGISTRY, "company", "staff")),
        ("staff > 5", changed(REGISTRY, "company", "staff", type_name="text")),
        ("industry == 'food'", changed(REGISTRY, "company", "industry")),
        ("parent.vip", changed(REGISTRY, "company", "parent", relation=None, type_name="text")),
    ],
)
def test_an_expression_that_fits_no_more_is_outdated(text: str, registry: Registry) -> None:
    with pytest.raises(ExpressionOutdated):
        expressions.restored(kept(text), registry.shape, "company", by_number(registry))


@pytest.mark.parametrize("steps", [[[100, 999]], [[999, 20]], [[101, 20]], [[100, 1], [100, 20]]])
def test_what_leads_nowhere_is_outdated(steps: list[list[int]]) -> None:
    with pytest.raises(ExpressionOutdated):
        expressions.restored({"field": {"scope": 0, "steps": steps}}, REGISTRY.shape, "company", by_number(REGISTRY))


def test_the_many_side_must_still_be_there() -> None:
    with pytest.raises(ExpressionOutdated):
        expressions.restored(
            json.loads(json.dumps(kept("deals.exists(d, true)")).replace("[101, 21]", "[101, 20]")),
            REGISTRY.shape,
            "company",
            by_number(REGISTRY),
        )


def test_values_can_travel_beside_the_tree() -> None:
    lifted, values = expressions.lifted(tree("staff in [5, 7] && name == 'x' && vip == true"))

    assert values == ("5", "7", "x", True)
    assert "'" not in expressions.printed(expressions.restored(lifted, REGISTRY.shape, "company", BY_NAME))
    assert expressions.lifted(expressions.restored(lifted, REGISTRY.shape, "company", BY_NAME)) == (lifted, ())
