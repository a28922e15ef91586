from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.query.errors import UnknownName
from services.query.names import field_of, inverse_of, object_of, path_end, relation_by_id, relation_of

if TYPE_CHECKING:
    from schema.metadata.registry import Registry


def test_a_relation_is_found_by_the_name_of_its_id(world_registry: Registry) -> None:
    shape = world_registry.shape

    assert field_of(shape, "deal", "companyId") == field_of(shape, "deal", "company")
    assert relation_by_id(shape, "deal", "company") is None
    assert relation_by_id(shape, "deal", "titleId") is None


def test_a_path_ends_at_an_object_and_a_field(world_registry: Registry) -> None:
    owner, field = path_end(world_registry.shape, "deal", ("company", "parent", "name"))

    assert (owner, field.name) == ("company", "name")


def test_names_that_are_not_there_are_refused(world_registry: Registry) -> None:
    shape = world_registry.shape

    for look in (
        lambda: object_of(shape, "ghost"),
        lambda: field_of(shape, "deal", "ghost"),
        lambda: relation_of(shape, "deal", "title"),
        lambda: inverse_of(shape, "deal", "ghosts"),
        lambda: path_end(shape, "deal", ("title", "name")),
    ):
        with pytest.raises(UnknownName):
            look()


def test_an_inverse_names_the_children(world_registry: Registry) -> None:
    inverse = inverse_of(world_registry.shape, "company", "deals")

    assert (inverse.object_name, inverse.field_name) == ("deal", "company")
