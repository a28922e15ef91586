"""What people and programs send that is wrong for a field, and what each type of field says to it: every pair has its verdict.

A type that is new stands in `OF_TEXT` and `OF_OTHERS`, or the test says that it has no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# Taken as it was written; anything else that is taken is told by what is read then, and a refusal by its code.
TAKEN: Final = "taken as written"
_UNREAD = "VARIABLES_INVALID"
CODES: Final = frozenset({
    _UNREAD, "NOT_AN_ID", "UNKNOWN_CHOICE", "NOT_A_PHONE", "NOT_AN_EMAIL", "NOT_A_URL", "NOT_A_CREDIT_CODE",
    "NOT_A_BARCODE", "PATTERN_MISMATCH", "BAD_CHARACTERS", "TOO_LONG", "OUT_OF_RANGE", "WRONG_TYPE",
})  # fmt: skip

TEXTS: Mapping[str, str] = {
    "Chinese digits": "一二三",
    "full width": "１２３",
    "not a number": "NaN",
    "infinity": "-Infinity",
    "a number of a billion digits": "1e999999999",
    "year 0": "0000-01-01",
    "year 10000": "10000-01-01",
    "30 February": "2026-02-30",
    "moment of year 0": "0000-01-01T00:00:00Z",
    "moment of year 10000": "10000-01-01T00:00:00Z",
    "an hour too late": "24:00",
    "a length in years": "P1Y",
    "half of a surrogate pair": "a\ud83d",
    "NUL": "a\0b",
    "a megabyte": "x" * 1_000_000,
    "SQL": "'); DROP TABLE x; --",
    "script": "<script>alert(1)</script>",
    "turned around": "\u202egnp.exe",
    "JSON": "{}",
    "the word null": "null",
    "nothing": "",
    "nothing but spaces": " \u3000 ",
}
# What a text says that is none of the type's values.
OF_TEXT: Mapping[str, str] = {
    **dict.fromkeys(("text", "longText", "richText", "tags", "json", "barcode"), TAKEN),
    **dict.fromkeys(("integer", "rating", "decimal", "percent", "currency", "boolean"), _UNREAD),
    **dict.fromkeys(("date", "dateTime", "time", "duration", "geolocation", "address"), _UNREAD),
    **dict.fromkeys(("person", "department", "persons", "relation"), "NOT_AN_ID"),
    **dict.fromkeys(("choice", "multiChoice"), "UNKNOWN_CHOICE"),
    "phone": "NOT_A_PHONE",
    "email": "NOT_AN_EMAIL",
    "url": "NOT_A_URL",
    "creditCode": "NOT_A_CREDIT_CODE",
    "encryptedText": "PATTERN_MISMATCH",
}
_LISTED = ("multiChoice", "tags")
_WORDS = ("text", "longText", "richText", "choice", "phone", "email", "url", "creditCode", "barcode", "encryptedText")
_LONG = ("text", "longText", "richText", "tags", "json", "encryptedText")
_BAD = dict.fromkeys((*_WORDS, *_LISTED, "json"), "BAD_CHARACTERS")
_EMPTY: Mapping[str, Any] = dict.fromkeys((*_WORDS, *_LISTED), None)
# Where a type says something else to one of them.
BUT_OF_TEXT: Mapping[str, Mapping[str, Any]] = {
    "Chinese digits": {"barcode": "NOT_A_BARCODE"},
    "full width": dict.fromkeys(("text", "longText", "barcode", "encryptedText"), "123") | {"tags": ["123"]},
    "half of a surrogate pair": _BAD,
    "NUL": _BAD,
    "a megabyte": dict.fromkeys(_LONG, "TOO_LONG") | {"barcode": "NOT_A_BARCODE"},
    "script": {"richText": None},
    "a length in years": {"encryptedText": TAKEN},
    "turned around": {"barcode": "NOT_A_BARCODE"},
    "nothing": _EMPTY,
    "nothing but spaces": _EMPTY,
}

OTHERS: Mapping[str, Any] = {
    "a number": 12_345,
    "a negative number": -1,
    "a fraction": 1.5,
    "a number without end": 10**40,
    "a number beyond numbers": 1e308,
    "truth": True,
    "a list": ["x"],
    "a list of NUL": ["a\0"],
    "a list of nothing": [None],
    "an empty list": [],
    "lists in lists": [[[["x"]]]],
    "a map": {"__proto__": 1},
    "an amount that is none": {"amount": "NaN"},
    "a place beyond the earth": {"latitude": 1e300, "longitude": 0},
    "an area of digits": {"code": 110_101},
    "an area in halves": {"code": "\ud800"},
}
# What a value says that is no text.
OF_OTHERS: Mapping[str, str] = {**dict.fromkeys(OF_TEXT, _UNREAD), "json": TAKEN}
_IDS = dict.fromkeys(("person", "department", "persons", "relation"), "NOT_AN_ID")
_COUNTS = ("integer", "decimal", "percent")
BUT_OF_OTHERS: Mapping[str, Mapping[str, Any]] = {
    "a number": {**_IDS, **dict.fromkeys(_COUNTS, "12345"), "rating": "OUT_OF_RANGE"},
    "a negative number": {**_IDS, **dict.fromkeys(_COUNTS, "-1"), "rating": "OUT_OF_RANGE"},
    "a fraction": {"decimal": "1.5", "percent": "1.5"},
    "a number without end": {**_IDS, "json": "WRONG_TYPE"},
    "a number beyond numbers": {**_IDS, "json": "WRONG_TYPE"},
    "truth": {"boolean": TAKEN},
    "a list": {"tags": TAKEN, "multiChoice": "UNKNOWN_CHOICE", "persons": "NOT_AN_ID"},
    "a list of NUL": {**dict.fromkeys((*_LISTED, "json"), "BAD_CHARACTERS"), "persons": "NOT_AN_ID"},
    "an empty list": {**dict.fromkeys(_LISTED), "persons": None},
    "a place beyond the earth": {"geolocation": "OUT_OF_RANGE", "json": "WRONG_TYPE"},
    "an area in halves": dict.fromkeys(("address", "json"), "BAD_CHARACTERS"),
}


def verdicts(type_name: str) -> list[tuple[str, Any, Any, bool]]:  # Any: JSON
    """Of a type: what is sent, what is said to it or read then, and whether it is taken."""
    found = []
    for values, usual, but in ((TEXTS, OF_TEXT, BUT_OF_TEXT), (OTHERS, OF_OTHERS, BUT_OF_OTHERS)):
        for name, raw in values.items():
            said = but.get(name, {}).get(type_name, usual[type_name])
            taken = said not in CODES if isinstance(said, str) else True
            if said == TAKEN:
                said = [raw] if type_name == "tags" and isinstance(raw, str) else raw
            found.append((name, raw, said, taken))
    return found
