"""Small shapes for tests that need no pack: objects with the fields that every record has."""

from __future__ import annotations

from schema.metadata.fields import Field, Relation
from schema.metadata.objects import Inverse, Object, ObjectKind
from schema.metadata.registry import Shape

_OF_EVERY_OBJECT = (
    Field("createdAt", "dateTime", read_only=True),
    Field("id", "id"),
    Field("updatedAt", "dateTime", read_only=True),
    Field("version", "int"),
)


def thing(
    name: str,
    plural: str,
    *fields: Field,
    inverses: tuple[Inverse, ...] = (),
    kind: ObjectKind = ObjectKind.TENANT,
    owner_field: str = "",
) -> Object:
    """An object with these fields beside those of every object."""
    every = sorted((*_OF_EVERY_OBJECT, *fields), key=lambda field: field.name)
    return Object(name, plural, kind, tuple(every), inverses, owner_field=owner_field)


def workshop() -> Shape:
    """A plant with machines, named as a tenant would have them named."""
    plant = Relation("gongChang_c", "sheBeiList_c")
    return Shape([
        thing(
            "gongChang_c",
            "gongChangList_c",
            Field("mingCheng_c", "text", is_unique=True),
            inverses=(Inverse("sheBeiList_c", "sheBei_c", "gongChang_c"),),
        ),
        thing(
            "sheBei_c", "sheBeiList_c", Field("jiaGe_c", "currency"), Field("gongChang_c", "relation", relation=plant)
        ),
        thing("job", "jobs", Field("state", "text"), kind=ObjectKind.SYSTEM),
    ])
