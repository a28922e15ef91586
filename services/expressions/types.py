"""The types of expressions: what a field, a function and a whole expression answer, and what each is in PostgreSQL.

There is one type of number. A relation to one record is that record's id until a dot follows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, LiteralString

from schema.metadata.types import Output

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from tenants.errors import Language


class Kind(StrEnum):
    """What sort of value it is."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    DATETIME = "dateTime"
    DURATION = "duration"
    MONEY = "money"
    RECORD = "record"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Type:
    """A kind; `of` names the field of a choice (`deal.stage`) or the object of a record, `item` the kind in a list."""

    kind: Kind
    of: str = ""
    item: Kind | None = None

    def words(self, language: Language) -> str:
        """The type for people."""
        if language == "en":
            return str(self)
        if self.kind is Kind.LIST and self.item is not None:
            return f"{_ZH[self.item]}列表"
        return f"“{self.of}”的{_ZH[self.kind]}" if self.kind is Kind.RECORD and self.of else _ZH[self.kind]

    def __str__(self) -> str:
        if self.kind is Kind.LIST:
            return f"list of {self.item}"
        return f"record of {self.of}" if self.kind is Kind.RECORD and self.of else str(self.kind)


_ZH: Mapping[Kind, str] = {
    Kind.BOOLEAN: "是非值",
    Kind.NUMBER: "数字",
    Kind.TEXT: "文本",
    Kind.CHOICE: "选项",
    Kind.DATE: "日期",
    Kind.DATETIME: "日期时间",
    Kind.DURATION: "时长",
    Kind.MONEY: "金额",
    Kind.RECORD: "记录",
    Kind.LIST: "列表",
}
BOOLEAN = Type(Kind.BOOLEAN)
NUMBER = Type(Kind.NUMBER)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)
DATETIME = Type(Kind.DATETIME)
DURATION = Type(Kind.DURATION)
MONEY = Type(Kind.MONEY)
# The id of a record of any object.
ID = Type(Kind.RECORD)

SQL_TYPES: Mapping[Kind, LiteralString] = {
    Kind.BOOLEAN: "boolean",
    Kind.NUMBER: "numeric",
    Kind.TEXT: "text",
    Kind.CHOICE: "text",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
    # Seconds, to the microsecond.
    Kind.DURATION: "numeric",
    Kind.RECORD: "uuid",
}
SQL_LIST_TYPES: Mapping[Kind, LiteralString] = {
    Kind.BOOLEAN: "boolean[]",
    Kind.NUMBER: "numeric[]",
    Kind.TEXT: "text[]",
    Kind.CHOICE: "text[]",
    Kind.DATE: "date[]",
    Kind.DATETIME: "timestamptz[]",
    Kind.DURATION: "numeric[]",
    Kind.RECORD: "uuid[]",
}
# Answers the record that it is of; it leads nowhere.
OWN_ID = "id"
_PLAIN: Mapping[Output, Type] = {
    Output.TEXT: TEXT,
    Output.ID: ID,
    Output.INT: NUMBER,
    Output.LONG: NUMBER,
    Output.DECIMAL: NUMBER,
    Output.BOOLEAN: BOOLEAN,
    Output.DATE: DATE,
    Output.DATETIME: DATETIME,
    Output.MONEY: MONEY,
    Output.DURATION: DURATION,
}


def type_of(object_name: str, field: Field) -> Type | None:
    """What a field answers; nothing for types that expressions cannot use."""
    if field.name == OWN_ID:
        return Type(Kind.RECORD, object_name)
    if field.relation is not None:
        return Type(Kind.RECORD, field.relation.target)
    if field.type.output is Output.TEXT_LIST:
        kind = Kind.CHOICE if field.type.has_choices else Kind.TEXT
        return Type(Kind.LIST, f"{object_name}.{field.name}" if field.type.has_choices else "", kind)
    if field.type.has_choices:
        return Type(Kind.CHOICE, f"{object_name}.{field.name}")
    # The source of rich text is no text to compare.
    return None if field.type.compared else _PLAIN.get(field.type.output)


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value may stand where a type is wanted; a type without `of` takes any."""
    if given.kind is not wanted.kind:
        return False
    if given.kind is Kind.LIST:
        return wanted.item is None or given.item is wanted.item
    return not (given.of and wanted.of) or given.of == wanted.of
