"""The shape of one field of a pack: its type, options, choices and relation, as far as its own lines decide them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from schema.metadata import naming
from schema.metadata.definitions import ChoiceDefinition, with_choices
from schema.metadata.errors import (
    CannotBeRequired,
    ChoicesMissing,
    ChoicesNotAllowed,
    LinesNotCascading,
    TargetMissing,
    TargetNotAllowed,
    TooManyChoices,
    UnknownDeleteRule,
    UnknownType,
)
from schema.metadata.fields import DeleteRule, Field, Relation
from schema.metadata.near_names import LONGEST
from schema.metadata.options import keys_of
from schema.metadata.record_fields import TARGETS
from schema.metadata.system_objects import SYSTEM_OBJECTS
from schema.metadata.types import FIELD_TYPES, LINKED, SETTLED, SYSTEM_ONLY
from services import metadata
from services.packs.documents import Body
from services.packs.errors import PackKeyUnknown, bad
from services.packs.model import derived_id
from services.packs.reading import flag, malformed, mapping, named, only, text, words
from services.packs.rules import OF_RULES

if TYPE_CHECKING:
    from schema.metadata.fields import OptionValue
    from services.packs.errors import Place

CHOICE: Final = SYSTEM_OBJECTS["choiceOption"][1].number
_OF_FIELD: Final = OF_RULES | {
    "label", "type", "required", "unique", "indexed", "readOnly", "auditReads", "choices", "target", "inverse",
    "onDelete", "linesBy",
}  # fmt: skip
_DEFAULT: Final = "default"
_OF_INVERSE: Final = frozenset({"name", "label"})


def field(pack: str, object_name: str, name: str, body: Body) -> tuple[Field, tuple[ChoiceDefinition, ...]]:
    """The shape and the choices of a field."""
    type_name = text(body, "type")
    if type_name not in FIELD_TYPES or type_name in SYSTEM_ONLY:
        offered = ", ".join(each for each in FIELD_TYPES if each not in SYSTEM_ONLY)
        raise bad(body.at("type"), UnknownType(type=type_name[:LONGEST], types=offered))
    options = {key: _option(each, body.at(key)) for key, each in body.items() if key not in _OF_FIELD}
    _refuse_settled(body)
    choices = _choices((pack, object_name, name), type_name, body)
    relation = _relation(type_name, body)
    shape = Field(
        name=name,
        type_name=type_name,
        required=flag(body, "required"),
        is_unique=flag(body, "unique"),
        is_indexed=flag(body, "indexed"),
        read_only=flag(body, "readOnly") or FIELD_TYPES[type_name].computed,
        audit_reads=flag(body, "auditReads"),
        relation=relation,
    )
    if shape.required and type_name in LINKED:
        raise bad(body.at("required"), CannotBeRequired(type=type_name))
    # A default out of a dictionary is checked when its entries are known.
    listed = options.pop(_DEFAULT, None) if options.get(metadata.DICTIONARY) is not None else None
    made = metadata.checked(with_choices(shape, choices), options)
    return replace(made, options=_with_default(made, listed)), choices


def _with_default(field: Field, listed: object) -> tuple[tuple[str, OptionValue], ...]:
    if listed is None:
        return field.options
    keys = [str(each).strip() for each in listed] if isinstance(listed, list) else keys_of(str(listed))
    default = tuple(keys) if field.type_name == "multiChoice" else str(listed)
    return tuple(sorted({**dict(field.options), _DEFAULT: default}.items()))


def _option(value: object, place: Place) -> object:
    listed = value if isinstance(value, list) else [value]
    if any(isinstance(each, list | dict) for each in listed):
        raise malformed(
            place, "a text, a number, true, false, or a list of texts", "文本、数字、true、false 或文本列表"
        )
    return value


def _refuse_settled(body: Body) -> None:
    for key in SETTLED & body.keys():
        raise bad(body.at(key), PackKeyUnknown(key=key, known=", ".join(sorted(_OF_FIELD))))


def _relation(type_name: str, body: Body) -> Relation | None:
    if type_name != "relation" and type_name not in LINKED:
        if body.get("target") is not None:
            raise bad(body.at("target"), TargetNotAllowed(type=type_name, target=str(body["target"])[:LONGEST]))
        return TARGETS.get(type_name)
    inverse = mapping(body.get("inverse"), body.at("inverse"))
    only(inverse, _OF_INVERSE)
    if body.get("target") is None:
        raise bad(body.at("target"), TargetMissing())
    name = named(text(inverse, "name"), inverse.at("name"))
    given = text(body, "onDelete", DeleteRule.UNLINK.value)
    if given not in {each.value for each in DeleteRule} or (type_name in LINKED and given != DeleteRule.UNLINK):
        raise bad(body.at("onDelete"), UnknownDeleteRule(rule=given[:LONGEST]))
    lines_by = text(body, "linesBy", "")
    if lines_by and given != DeleteRule.CASCADE:
        raise bad(body.at("linesBy"), LinesNotCascading())
    return Relation(text(body, "target"), name, DeleteRule(given), lines_by)


def _choices(names: tuple[str, str, str], type_name: str, body: Body) -> tuple[ChoiceDefinition, ...]:
    kind, given = FIELD_TYPES[type_name], body.get("choices")
    is_of_dictionary = body.get(metadata.DICTIONARY) is not None
    if given is None or is_of_dictionary:
        if kind.has_choices and not is_of_dictionary:
            raise bad(body.at("choices"), ChoicesMissing(type=type_name))
        if given is not None:
            raise bad(body.at("choices"), ChoicesNotAllowed(type=type_name))
        return ()
    if not kind.has_choices:
        raise bad(body.at("choices"), ChoicesNotAllowed(type=type_name))
    listed = mapping(given, body.at("choices"))
    if len(listed) > metadata.MOST_CHOICES:
        raise bad(body.at("choices"), TooManyChoices(max=metadata.MOST_CHOICES))
    return tuple(_choice(names, key, listed) for key in listed)


def _choice(names: tuple[str, str, str], key: str, listed: Body) -> ChoiceDefinition:
    pack, *place = names
    said = words(listed[key], listed.at(key), "retired")
    given = mapping(listed[key], listed.at(key))
    return ChoiceDefinition(
        derived_id(pack, CHOICE, *place, key), naming.choice_key(key), said, flag(given, "retired"), pack
    )
