"""What is stored of an expression names fields, and is read against the registry at hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from schema.metadata.registry import Registry, Shape
from services import expressions
from services.expressions import ExpressionOutdated
from tests.services.expressions.asking import REGISTRY, tree

EVERYTHING = (
    "industry == 'food' && revenue > money(1.5, 'CNY') && (vip ? null : parent) == id('00000000-0000-0000-0000-00000000000b')"
    " && parent.deals.exists(d, d.closeOn >= today() - days(30) && d.stage in ['won', 'lost'])"
)


def kept(text: str) -> Mapping[str, Any]:
    stored: Mapping[str, Any] = json.loads(json.dumps(expressions.stored(tree(text))))
    return stored


def changed(registry: Registry, object_name: str, field: str, **shape: Any) -> Registry:
    """The same registry with a field of another type, or, without one, without the field."""
    thing = registry.shape.objects[object_name]
    fields = (replace(each, **shape) if each.name == field else each for each in thing.fields)
    own = tuple(each for each in fields if shape or each.name != field)
    things = [replace(thing, fields=own) if each == thing else each for each in registry.shape.objects.values()]
    return Registry(Shape(things), registry.names, registry.version)


def test_what_is_stored_is_read_again() -> None:
    node = tree(EVERYTHING)

    assert expressions.restored(kept(EVERYTHING), REGISTRY.shape, "company") == node


def test_fields_are_stored_by_name() -> None:
    assert kept("staff > 5") == {
        "call": {
            "function": ">",
            "arguments": [
                {"field": {"scope": 0, "steps": [["company", "staff"]]}},
                {"constant": {"kind": "number", "operand": "5"}},
            ],
        }
    }


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
        expressions.restored(kept(text), registry.shape, "company")


@pytest.mark.parametrize(
    "steps", [[["company", "x"]], [["x", "name"]], [["deal", "title"]], [["company", "id"], ["company", "name"]]]
)
def test_what_leads_nowhere_is_outdated(steps: list[list[str]]) -> None:
    with pytest.raises(ExpressionOutdated):
        expressions.restored({"field": {"scope": 0, "steps": steps}}, REGISTRY.shape, "company")


def test_the_many_side_must_still_be_there() -> None:
    with pytest.raises(ExpressionOutdated):
        expressions.restored(
            json.loads(json.dumps(kept("deals.exists(d, true)")).replace('["deal", "company"]', '["deal", "title"]')),
            REGISTRY.shape,
            "company",
        )


def test_values_can_travel_beside_the_tree() -> None:
    lifted, values = expressions.lifted(tree("staff in [5, 7] && name == 'x' && vip == true"))

    assert values == ("5", "7", "x", True)
    assert "'" not in expressions.printed(expressions.restored(lifted, REGISTRY.shape, "company"))
    assert expressions.lifted(expressions.restored(lifted, REGISTRY.shape, "company")) == (lifted, ())
