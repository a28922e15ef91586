"""One object of a pack out of its file: shape, words, fields, rules; what its expressions mean is settled in a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.metadata import naming
from schema.metadata.definitions import FieldDefinition, IndexDefinition, ObjectDefinition
from schema.metadata.errors import LabelMissing, NameReserved
from schema.metadata.field_rules import Condition, ValidationRule
from schema.metadata.fields import Field, Label
from schema.metadata.objects import Index
from schema.metadata.record_fields import FIRST_FIELD_NUMBER, RECORD_FIELD_NAMES
from schema.metadata.system_objects import FIRST_PACK_NUMBER, FIRST_TENANT_NUMBER, SYSTEM_OBJECTS, column
from schema.metadata.values import text as read_text
from services import field_rules, metadata
from services.packs import arrangements, shapes
from services.packs.errors import PackTooLarge, bad
from services.packs.model import derived_id
from services.packs.reading import (
    Findings,
    flag,
    label,
    malformed,
    mapping,
    named,
    only,
    optional_label,
    sequence,
    text,
    texts,
    whole,
)
from services.packs.rules import UNSETTLED, field_rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.packs.documents import Body
    from services.packs.errors import Place
    from services.packs.model import LayoutDefinition, ViewDefinition

OBJECT, FIELD, INDEX, RULE = (
    SYSTEM_OBJECTS[each][1].number
    for each in ("objectDefinition", "fieldDefinition", "indexDefinition", "validationRule")
)
_OF_OBJECT: Final = frozenset({
    "name", "plural", "number", "label", "pluralLabel", "title", "auditReads", "fields", "indexes", "rules", "layouts",
    "views",
})  # fmt: skip
_OF_INDEX: Final = frozenset({"fields", "unique"})
_OF_RULE: Final = frozenset({"expression", "message", "fields", "retired"})
_MESSAGE: Final = Field("message", "text", options=(("maxLength", 255),))
_LONGEST_RULE_NAME: Final = 80


class ObjectReader:
    """Reads the objects of one pack; what is wrong is gathered in `found`, where each node stands in `places`."""

    def __init__(self, pack: str, found: Findings) -> None:
        self.pack = pack
        self.found = found
        self.places: dict[tuple[str, ...], Place] = {}
        self.layouts: list[LayoutDefinition] = []
        self.views: list[ViewDefinition] = []

    def objects(self, document: object, place: Place) -> Iterator[ObjectDefinition]:
        """One object with everything around it; nothing where its own members are wrong."""
        with self.found.at(place):
            body = mapping(document, place)
            only(body, _OF_OBJECT)
            name = named(text(body, "name"), body.at("name"))
            self.places[name,] = place.below(line=body.lines.get("name", 0))
            yield self._object(name, body)

    def _object(self, name: str, body: Body) -> ObjectDefinition:
        is_own = naming.base_of(name) == name
        object_id = derived_id(self.pack, OBJECT, name)
        given = mapping(body.get("fields"), body.at("fields"))
        if len(given) > metadata.MOST_FIELDS:
            raise bad(
                body.at("fields"), PackTooLarge(what="fields of an object", what_zh="字段", max=metadata.MOST_FIELDS)
            )
        fields: list[FieldDefinition] = []
        for position, key in enumerate(given):
            self.places[name, key] = given.at(key)
            with self.found.at(given.at(key)):
                fields.append(self._field(name, key, mapping(given[key], given.at(key)), position))
        self.layouts += arrangements.layouts(self.pack, name, body, self.found)
        self.views += arrangements.views(self.pack, name, body, self.found)
        return ObjectDefinition(
            id=object_id,
            number=_number(body, is_own=is_own),
            name=name,
            plural=text(body, "plural"),
            table=naming.snake(name) if is_own else naming.opaque("x", object_id),
            label=label(body, "label"),
            plural_label=label(body, "pluralLabel"),
            fields=tuple(fields),
            indexes=self._indexes(name, body),
            title_field=text(body, "title", ""),
            audit_reads=flag(body, "auditReads"),
            pack=self.pack,
            validation=self._rules(name, body),
        )

    def _field(self, object_name: str, name: str, body: Body, position: int) -> FieldDefinition:
        named(name, body.place)
        if naming.base_of(object_name) != object_name and naming.base_of(name) == name:
            raise malformed(body.place, "a name that ends in _c, like that of its object", "与对象一样以 _c 结尾的名称")
        if name in RECORD_FIELD_NAMES:
            raise bad(body.place, NameReserved(name=name))
        shape, choices = shapes.field(self.pack, object_name, name, body)
        field_id = derived_id(self.pack, FIELD, object_name, name)
        inverse = mapping(body.get("inverse"), body.at("inverse"))
        if naming.base_of(name) != name:
            physical = naming.opaque("l" if shape.is_linked else "f", field_id)
        elif shape.is_linked:
            physical = f"{naming.snake(naming.base_of(object_name))}_{naming.snake(name)}"
        else:
            physical = column(shape)
        return FieldDefinition(
            id=field_id,
            field=shape,
            number=FIRST_FIELD_NUMBER + position,
            column=physical,
            label=label(body, "label"),
            position=(position + 1) * 10,
            inverse_label=optional_label(inverse, "label"),
            choices=choices,
            pack=self.pack,
            rules=field_rules_of(body),
        )

    def _indexes(self, object_name: str, body: Body) -> tuple[IndexDefinition, ...]:
        found = []
        for at, given in enumerate(sequence(body.get("indexes"), body.at("indexes"))):
            one = mapping(given, body.at("indexes").below(at))
            only(one, _OF_INDEX)
            fields = texts(one.get("fields"), one.at("fields"))
            if not 1 <= len(fields) <= field_rules.MOST_TOGETHER:
                most = field_rules.MOST_TOGETHER
                raise malformed(one.at("fields"), f"1 to {most} fields", f"1 到 {most} 个字段")
            self.places[object_name, "indexes", ",".join(fields)] = one.place
            index_id = derived_id(self.pack, INDEX, object_name, *fields)
            found.append(IndexDefinition(index_id, Index(fields, flag(one, "unique")), pack=self.pack))
        return tuple(found)

    def _rules(self, object_name: str, body: Body) -> tuple[ValidationRule, ...]:
        given = mapping(body.get("rules"), body.at("rules"))
        if len(given) > field_rules.MOST_RULES:
            most = field_rules.MOST_RULES
            raise bad(body.at("rules"), PackTooLarge(what="rules of an object", what_zh="校验规则", max=most))
        found = []
        for name in given:
            one = mapping(given[name], given.at(name))
            only(one, _OF_RULE)
            if not 0 < len(name) <= _LONGEST_RULE_NAME:
                raise malformed(given.at(name), "a name of 1 to 80 characters", "1 到 80 个字符的名称")
            self.places[object_name, "rules", name] = given.at(name)
            found.append(
                ValidationRule(
                    derived_id(self.pack, RULE, object_name, name),
                    name,
                    Condition(text(one, "expression"), UNSETTLED),
                    _message(one),
                    texts(one.get("fields"), one.at("fields")),
                    pack=self.pack,
                )
            )
        return tuple(found)


def _number(body: Body, *, is_own: bool) -> int:
    """Objects of solution packs have theirs for ever; those with the ending of tenants get one where they come."""
    if is_own:
        return whole(body, "number", least=FIRST_PACK_NUMBER, most=FIRST_TENANT_NUMBER - 1)
    if "number" in body:
        raise malformed(body.at("number"), "no number for a name that ends in _c", "以 _c 结尾的名称不带编号")
    return 0


def _message(body: Body) -> Label:
    given = mapping(body.get("message"), body.at("message"))
    only(given, frozenset({"zh", "en"}))
    zh, en = (str(read_text(text(given, each, ""), _MESSAGE) or "") for each in ("zh", "en"))
    if not zh and not en:
        raise bad(body.at("message"), LabelMissing())
    return Label(zh, en)
