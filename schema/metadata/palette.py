"""The palette of a designer: every type of field that a tenant may choose, in words, with its properties as JSON Schema.

Made of the table of types and of what `options` checks; a schema says what the input of a new field may hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from schema.metadata import codes, files
from schema.metadata.companions import NORMAL_FORMS, SORT_KEYS
from schema.metadata.fields import DeleteRule, Field, Label
from schema.metadata.options import LARGEST_FILE, LARGEST_LENGTH, LARGEST_SCALE, MOST_STARS
from schema.metadata.types import COUNT, FIELD_TYPES, LINE_TABLE, OFFERED, ROLLED_UP, SETTLED, Derivation

if TYPE_CHECKING:
    from schema.metadata.types import FieldType

Schema = dict[str, Any]  # Any: JSON
LONGEST_EXPRESSION = 4_000

_WORDS: Mapping[str, Label] = MappingProxyType({
    "text": Label("单行文本", "Text"),
    "longText": Label("多行文本", "Long text"),
    "richText": Label("富文本", "Rich text"),
    "integer": Label("整数", "Whole number"),
    "rating": Label("评分", "Rating"),
    "decimal": Label("小数", "Decimal"),
    "percent": Label("百分比", "Percent"),
    "currency": Label("金额", "Money"),
    "boolean": Label("是否", "Yes or no"),
    "date": Label("日期", "Date"),
    "dateTime": Label("日期时间", "Date and time"),
    "time": Label("时间", "Time"),
    "duration": Label("时长", "Duration"),
    "choice": Label("单选", "Choice"),
    "multiChoice": Label("多选", "Several choices"),
    "tags": Label("标签", "Tags"),
    "phone": Label("电话", "Phone"),
    "email": Label("邮箱", "Email"),
    "url": Label("网址", "Web address"),
    "creditCode": Label("统一社会信用代码", "Unified social credit code"),
    "barcode": Label("条码", "Barcode"),
    "person": Label("人员", "Person"),
    "persons": Label("多个人员", "Several persons"),
    "department": Label("部门", "Department"),
    "relation": Label("关联", "Relation"),
    "relations": Label("多对多关联", "Several relations"),
    "lookup": Label("引用字段", "Lookup"),
    "autoNumber": Label("自动编号", "Auto-number"),
    "geolocation": Label("定位", "Geolocation"),
    "address": Label("地址", "Address"),
    "attachment": Label("附件", "Attachments"),
    "image": Label("图片", "Images"),
    "signature": Label("手写签名", "Signature"),
    "json": Label("JSON", "JSON"),
    "encryptedText": Label("加密文本", "Encrypted text"),
    "formula": Label("公式", "Formula"),
    "rollUp": Label("汇总", "Roll-up"),
    LINE_TABLE: Label("子表", "Line table"),
})
_NAMED: Schema = {
    "type": "object",
    "properties": {"zh": {"type": "string", "maxLength": 80}, "en": {"type": "string", "maxLength": 80}},
    "minProperties": 1,
    "additionalProperties": False,
}
_CHOICE: Schema = {
    "type": "object",
    "required": ["label"],
    "properties": {"key": {"type": "string"}, "label": _NAMED},
    "additionalProperties": False,
}
_TEXT: Schema = {"type": "string"}
_EXPRESSION: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_EXPRESSION}
_YES_OR_NO: Schema = {"type": "boolean"}
_SINGLE: Mapping[str, Schema] = MappingProxyType({
    "scale": {"type": "integer", "minimum": 0, "maximum": LARGEST_SCALE},
    "stars": {"type": "integer", "minimum": 1, "maximum": MOST_STARS},
    "sortKey": {"enum": sorted(SORT_KEYS)},
    "normalForm": {"enum": sorted(NORMAL_FORMS)},
    "symbology": {"enum": list(codes.SYMBOLOGIES)},
    "search": _YES_OR_NO,
    "expression": {**_EXPRESSION, "format": "expression", "description": "In the language of expressions."},
    "function": {"enum": list(ROLLED_UP)},
    "relation": {
        **_TEXT,
        "minLength": 1,
        "format": "relation",
        "description": "A relation of this object to one record.",
    },
    "field": {**_TEXT, "minLength": 1, "format": "field", "description": "A field behind the relation."},
    "dictionary": {**_TEXT, "minLength": 1, "format": "dictionary", "description": "The name of a dictionary."},
    "maxFiles": {"type": "integer", "minimum": 1, "maximum": files.MOST_FILES},
    "maxBytes": {"type": "integer", "minimum": 1, "maximum": LARGEST_FILE},
})
_ROLLED_UP: Mapping[str, Schema] = MappingProxyType({
    "relation": {**_TEXT, "minLength": 1, "format": "inverse", "description": "What this object calls the many side."},
    "field": {**_TEXT, "minLength": 1, "format": "field", "description": "The field on the many side."},
    "filter": {**_EXPRESSION, "format": "condition", "description": "Which records of the many side count."},
})
# Counting takes no field, everything else one.
_COUNTED: Schema = {
    "if": {"properties": {"function": {"const": COUNT}}},
    "then": {"not": {"required": ["field"]}},
    "else": {"required": ["field"]},
}
_NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "formula": ("expression",),
    "rollUp": ("relation", "function"),
    "lookup": ("relation", "field"),
})
_LENGTHS = frozenset({"minLength", "maxLength"})


@dataclass(frozen=True, slots=True)
class Tool:
    """One type to choose; the row of the table is missing where it is no type of a column."""

    name: str
    label: Label
    kind: FieldType | None
    schema: Schema


@cache
def palette() -> tuple[Tool, ...]:
    """Every type in the order of the table."""
    return tuple(map(_tool, OFFERED))


def _tool(name: str) -> Tool:
    kind = FIELD_TYPES.get(name)
    return Tool(name, words_of(name), kind, _of_lines() if kind is None else schema_of(kind))


def words_of(name: str) -> Label:
    """What people call a type; one without words of its own goes by its name."""
    return _WORDS.get(name, Label(name, name))


def schema_of(kind: FieldType) -> Schema:
    """The properties of a new field of a type, as the API takes them."""
    properties = {**_common(kind.name), "options": _options(kind)}
    needed = ["label", "type", *(["options"] if kind.name in _NEEDED else [])]
    if kind.may_be_unique:
        properties["unique"] = _YES_OR_NO
    if kind.has_choices:
        properties["choices"] = {"type": "array", "items": _CHOICE, "minItems": 1}
    if kind.name in {"relation", "relations"}:
        needed.append("target")
        properties |= {"target": _TEXT, "inverseName": _TEXT, "inverseLabel": _NAMED}
    if kind.name == "relation":
        properties["deleteRule"] = {"enum": [each.value for each in DeleteRule]}
    if kind.computed:
        del properties["required"]
    return _object(properties, needed)


def _of_lines() -> Schema:
    properties = {**_common(LINE_TABLE), "fields": {"type": "array", "items": {"type": "object"}, "minItems": 1}}
    return _object(properties, ["label", "type", "fields"])


def _common(name: str) -> Schema:
    return {
        "type": {"const": name},
        "label": _NAMED,
        "name": {"type": "string", "maxLength": 40},
        "required": _YES_OR_NO,
        "indexed": _YES_OR_NO,
    }


def _options(kind: FieldType) -> Schema:
    # What the platform works out, nobody gives.
    own = kind.options - SETTLED - ({"result"} if kind.derivation is Derivation.ROLL_UP else set())
    found = _object({name: _option(kind, name) for name in sorted(own)}, list(_NEEDED.get(kind.name, ())))
    return {**found, **_COUNTED} if kind.derivation is Derivation.ROLL_UP else found


def _option(kind: FieldType, name: str) -> Schema:
    if name in _LENGTHS:
        return {"type": "integer", "minimum": 0, "maximum": LARGEST_LENGTH[kind.name]}
    if name == "mediaTypes":
        return {"type": "array", "items": {"enum": list(files.offered(Field("", kind.name)))}, "minItems": 1}
    if name == "result":
        return {
            "enum": list(kind.results),
            "description": "The type that it is kept as; that of its expression if left out.",
        }
    if kind.derivation is Derivation.ROLL_UP and name in _ROLLED_UP:
        return _ROLLED_UP[name]
    return _SINGLE.get(name, _TEXT)


def _object(properties: Schema, needed: list[str]) -> Schema:
    return {"type": "object", "required": needed, "properties": properties, "additionalProperties": False}
