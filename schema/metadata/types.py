"""The table of field types: one row says everything the engine must know of a type.

A new type is a new row here and its tests; no other module asks `if type == …`. How a raw input becomes a stored value
is `schema.metadata.values`, which the rows point at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from schema.metadata import addresses, files, json_values, places, rich_text, search_keys, secrets, times, values

if TYPE_CHECKING:
    from schema.metadata.fields import Field


class Output(StrEnum):
    """How a stored value is written into the response; the compiler has one SQL expression for each."""

    TEXT = "String"
    ID = "ID"
    INT = "Int"
    LONG = "Long"
    DECIMAL = "Decimal"
    BOOLEAN = "Boolean"
    DATE = "Date"
    DATETIME = "DateTime"
    TIME = "Time"
    DURATION = "Duration"
    TEXT_LIST = "[String!]"
    MONEY = "Money"
    JSON = "JSON"
    POINT = "Geolocation"
    ADDRESS = "Address"
    RECORD = "record"
    RECORDS = "records"
    FILES = "[File!]"
    # A text that is kept encrypted: the statement answers it sealed, and it is opened on its way out.
    SEALED = "sealed"


class Operators(StrEnum):
    """The family of filter operators that a type offers; each family is one GraphQL input object."""

    TEXT = "TextFilter"
    KEY = "KeyFilter"
    ID = "IdFilter"
    INT = "IntFilter"
    LONG = "LongFilter"
    DECIMAL = "DecimalFilter"
    MONEY = "MoneyFilter"
    BOOLEAN = "BooleanFilter"
    DATE = "DateFilter"
    DATETIME = "DateTimeFilter"
    TIME = "TimeFilter"
    DURATION = "DurationFilter"
    WORDS = "RichTextFilter"
    POINT = "GeolocationFilter"
    ADDRESS = "AddressFilter"
    AREA = "AreaFilter"
    LIST = "ListFilter"
    ID_LIST = "IdListFilter"
    FILES = "FileFilter"
    NONE = ""


class Function(StrEnum):
    """Aggregate functions."""

    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    COUNT_DISTINCT = "countDistinct"


class Derivation(StrEnum):
    """How the platform comes by a value that nobody enters."""

    # From other fields of the same record.
    FORMULA = "formula"
    # From the records on the many side.
    ROLL_UP = "rollUp"


@dataclass(frozen=True, slots=True)
class FieldType:
    """One row of the table.

    `columns` maps the part of a value to its SQL type: `""` is the value itself, or the first part of it; the others are
    parts of it, or companion columns that the write path keeps. `normalise` takes a raw input of the API and the field, and answers
    the stored value or raises an `Invalid` fault.
    """

    name: str
    columns: Mapping[str, str]
    output: Output
    operators: Operators
    normalise: Callable[[object, Field], object]
    functions: tuple[Function, ...] = ()
    sortable: bool = True
    groupable: bool = False
    may_be_unique: bool = False
    # Whether its values are short enough for an index.
    may_be_indexed: bool = True
    has_choices: bool = False
    is_relation: bool = False
    # Names several records of one object.
    has_several: bool = False
    # Written by the platform only; no input names it.
    computed: bool = False
    # A value is cleared, and never changed into another.
    is_final: bool = False
    # The part that filters look at.
    compared: str = ""
    # The lines of a value that search looks through; without them the type cannot be searched.
    lines: search_keys.Lines | None = None
    # The keys that `Field.options` may hold.
    options: frozenset[str] = frozenset()
    derivation: Derivation | None = None
    # Of a derived value: the types that it may be kept and asked for as; its option `result` names one of them.
    results: tuple[str, ...] = ()

    def as_result(self, name: object) -> FieldType:
        """The row of a derived value that is kept like a value of the type of that name."""
        kept = FIELD_TYPES[str(name)]
        return replace(
            kept,
            name=self.name,
            may_be_unique=False,
            computed=True,
            lines=None,
            options=self.options,
            derivation=self.derivation,
            results=self.results,
        )


_ORDERED = (Function.MIN, Function.MAX)
_SUMMED = (Function.SUM, Function.AVG, Function.MIN, Function.MAX)
_COUNTED = (Function.COUNT_DISTINCT,)
_TEXT = 'text COLLATE "C"'
_SEARCHED = {"search": _TEXT, "grams": "integer[]"}
_LENGTH = frozenset({"minLength", "maxLength", "default"})
_RANGE = frozenset({"min", "max", "default"})
# Options that follow from the others: nobody says them, no file holds them and no merge compares them.
SETTLED = frozenset({"tree", "reads"})
# What a roll-up makes of the records of the many side.
COUNT: Final = "count"
ROLLED_UP: Final = (COUNT, Function.SUM.value, Function.MIN.value, Function.MAX.value, Function.AVG.value)
_NUMBERS = ("decimal", "integer", "percent")
_MOMENTS = ("date", "dateTime")

# fmt: off
_ROWS = (
    FieldType("text", {"": _TEXT, "sort": _TEXT, "norm": _TEXT} | _SEARCHED, Output.TEXT, Operators.TEXT, values.text,
              functions=_COUNTED, groupable=True, may_be_unique=True, lines=search_keys.spoken_lines,
              options=_LENGTH | {"sortKey", "normalForm", "pattern", "search"}),
    FieldType("longText", {"": _TEXT}, Output.TEXT, Operators.TEXT, values.long_text, sortable=False,
              may_be_indexed=False, options=_LENGTH),
    FieldType("richText", {"": _TEXT, "plain": _TEXT}, Output.TEXT, Operators.WORDS, rich_text.rich_text, sortable=False,
              may_be_indexed=False, compared="plain", options=frozenset({"default", "maxLength"})),
    FieldType("integer", {"": "bigint"}, Output.LONG, Operators.LONG, values.integer,
              functions=_SUMMED + _COUNTED, groupable=True, may_be_unique=True, options=_RANGE),
    FieldType("rating", {"": "smallint"}, Output.INT, Operators.INT, values.rating, functions=_SUMMED, groupable=True,
              options=frozenset({"default", "stars"})),
    FieldType("decimal", {"": "numeric"}, Output.DECIMAL, Operators.DECIMAL, values.decimal,
              functions=_SUMMED, options=_RANGE | {"scale"}),
    FieldType("percent", {"": "numeric(9,4)"}, Output.DECIMAL, Operators.DECIMAL, values.percent,
              functions=_SUMMED, options=_RANGE),
    FieldType("currency", {"": "numeric(20,4)", "currency": "char(3)"}, Output.MONEY, Operators.MONEY,
              values.money, functions=_SUMMED, options=_RANGE),
    FieldType("boolean", {"": "boolean"}, Output.BOOLEAN, Operators.BOOLEAN, values.boolean, groupable=True,
              options=frozenset({"default"})),
    FieldType("date", {"": "date"}, Output.DATE, Operators.DATE, values.date, functions=_ORDERED, groupable=True,
              options=_RANGE),
    FieldType("dateTime", {"": "timestamptz"}, Output.DATETIME, Operators.DATETIME, values.date_time,
              functions=_ORDERED, groupable=True, options=_RANGE),
    FieldType("time", {"": "time(0)"}, Output.TIME, Operators.TIME, times.time_of_day, functions=_ORDERED,
              groupable=True, options=_RANGE),
    FieldType("duration", {"": "numeric(18,6)"}, Output.DURATION, Operators.DURATION, times.duration,
              functions=_SUMMED, options=_RANGE),
    FieldType("choice", {"": _TEXT}, Output.TEXT, Operators.KEY, values.choice, functions=_COUNTED, groupable=True,
              has_choices=True, options=frozenset({"default", "dictionary"})),
    FieldType("multiChoice", {"": "text[]"}, Output.TEXT_LIST, Operators.LIST, values.multi_choice, sortable=False,
              has_choices=True, options=frozenset({"default", "dictionary"})),
    FieldType("tags", {"": "text[]"}, Output.TEXT_LIST, Operators.LIST, values.tags, sortable=False),
    FieldType("phone", {"": _TEXT} | _SEARCHED, Output.TEXT, Operators.TEXT, values.phone, may_be_unique=True,
              lines=search_keys.phone_lines, options=frozenset({"default", "search"})),
    FieldType("email", {"": _TEXT} | _SEARCHED, Output.TEXT, Operators.TEXT, values.email, may_be_unique=True,
              lines=search_keys.mail_lines, options=frozenset({"default", "search"})),
    FieldType("url", {"": _TEXT} | _SEARCHED, Output.TEXT, Operators.TEXT, values.url, may_be_unique=True,
              lines=search_keys.code_lines, options=frozenset({"default", "search"})),
    FieldType("creditCode", {"": _TEXT} | _SEARCHED, Output.TEXT, Operators.TEXT, values.credit_code,
              functions=_COUNTED, may_be_unique=True, lines=search_keys.code_lines,
              options=frozenset({"default", "search"})),
    FieldType("barcode", {"": _TEXT} | _SEARCHED, Output.TEXT, Operators.TEXT, values.barcode, functions=_COUNTED,
              may_be_unique=True, lines=search_keys.code_lines, options=frozenset({"default", "search", "symbology"})),
    FieldType("person", {"": "uuid"}, Output.RECORD, Operators.ID, values.record_id, groupable=True,
              sortable=False, functions=_COUNTED, is_relation=True),
    FieldType("department", {"": "uuid"}, Output.RECORD, Operators.ID, values.record_id, groupable=True,
              sortable=False, functions=_COUNTED, is_relation=True),
    FieldType("persons", {"": "uuid[]"}, Output.RECORDS, Operators.ID_LIST, values.record_ids, sortable=False,
              has_several=True),
    FieldType("relation", {"": "uuid"}, Output.RECORD, Operators.ID, values.record_id, groupable=True,
              sortable=False, functions=_COUNTED, is_relation=True),
    # Many-to-many: its values are the rows of a table of links, and no column of the record.
    FieldType("relations", {}, Output.RECORD, Operators.NONE, values.refuse, sortable=False),
    # Shows a field of the record behind a relation; nothing is kept of it.
    FieldType("lookup", {}, Output.TEXT, Operators.NONE, values.refuse, sortable=False, computed=True,
              options=frozenset({"relation", "field"})),
    FieldType("autoNumber", {"": _TEXT} | _SEARCHED, Output.TEXT, Operators.TEXT, values.text, may_be_unique=True,
              computed=True, lines=search_keys.code_lines, options=frozenset({"format", "search"})),
    # Derived: a field of these is kept and asked for as its option `result` says.
    FieldType("formula", {"": _TEXT, "sort": _TEXT}, Output.TEXT, Operators.TEXT, values.refuse, computed=True,
              derivation=Derivation.FORMULA, results=("text", *_NUMBERS, "currency", "boolean", *_MOMENTS),
              options=SETTLED | {"expression", "result", "scale", "sortKey"}),
    FieldType("rollUp", {"": "bigint"}, Output.LONG, Operators.LONG, values.refuse, computed=True,
              derivation=Derivation.ROLL_UP, results=("integer", "decimal", "percent", "currency", *_MOMENTS),
              options=SETTLED | {"relation", "function", "field", "filter", "result", "scale"}),
    FieldType("geolocation", {"": "numeric(8,6)", "longitude": "numeric(9,6)"}, Output.POINT, Operators.POINT,
              places.geolocation, sortable=False),
    FieldType("address", {"": _TEXT, "names": "text[]", "street": _TEXT, "text": _TEXT}, Output.ADDRESS, Operators.ADDRESS,
              addresses.address),
    FieldType("attachment", {"": "uuid[]"}, Output.FILES, Operators.FILES, files.file_ids, sortable=False,
              may_be_indexed=False, options=frozenset({"maxBytes", "maxFiles", "mediaTypes"})),
    FieldType("image", {"": "uuid[]"}, Output.FILES, Operators.FILES, files.file_ids, sortable=False,
              may_be_indexed=False, options=frozenset({"maxBytes", "maxFiles", "mediaTypes"})),
    # Drawn by hand: one image, which is not changed once it is there.
    FieldType("signature", {"": "uuid[]"}, Output.FILES, Operators.FILES, files.file_ids, sortable=False,
              may_be_indexed=False, is_final=True, options=frozenset({"maxBytes"})),
    FieldType("json", {"": "jsonb"}, Output.JSON, Operators.NONE, json_values.json_value, sortable=False,
              may_be_indexed=False),
    FieldType("encryptedText", {"": _TEXT}, Output.SEALED, Operators.NONE, secrets.secret, sortable=False,
              may_be_indexed=False, options=frozenset({"maxLength", "minLength", "pattern"})),
    # Types of system columns only; a tenant cannot choose them.
    FieldType("id", {"": "uuid"}, Output.ID, Operators.ID, values.record_id, computed=True),
    FieldType("int", {"": "integer"}, Output.INT, Operators.INT, values.integer, functions=_SUMMED, computed=True,
              groupable=True),
)
# fmt: on

FIELD_TYPES: Mapping[str, FieldType] = {row.name: row for row in _ROWS}
SYSTEM_ONLY = frozenset({"id", "int"})
# No type of values: what is asked for as a field of it becomes an object of lines and the relation to their head.
LINE_TABLE = "lineTable"
# What a field of a form can be asked to be.
OFFERED = (*(name for name in FIELD_TYPES if name not in SYSTEM_ONLY), LINE_TABLE)
LINKED = frozenset({"relations"})
SHOWN = frozenset({"lookup"})
DERIVED = frozenset(row.name for row in _ROWS if row.derivation is not None)
