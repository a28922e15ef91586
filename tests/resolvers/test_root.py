from __future__ import annotations

from graphql import print_schema, validate_schema

from resolvers.root import static_schema, verb_shapes
from schema.sdl.mutations import InputShape, OutputShape
from services import capabilities, packs


def test_static_schema_is_valid_and_uses_our_scalars() -> None:
    made = static_schema()

    assert validate_schema(made) == []
    assert "A moment in UTC with microseconds" in print_schema(made)


def test_verb_is_there_where_its_objects_are() -> None:
    assert capabilities.CAPABILITIES
    every = packs.registry_of_pack("crm").shape.objects

    shapes = {shape.name: shape for shape in verb_shapes(every)}

    assert {"convertLead", "createUser"} <= set(shapes)
    assert shapes["convertLead"].inputs[0] == InputShape("id", "ID", required=True, many=False)
    assert OutputShape("contact", "contact", many=False) in shapes["convertLead"].outputs
    assert "convertLead" not in {shape.name for shape in verb_shapes({"user": 1})}
