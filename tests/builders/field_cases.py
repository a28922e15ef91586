"""A case for each field type that somebody enters: two values as callers write them, and everything that must be so of them.

`docs/fields.md` shows them, and `tests/journeys/test_field_types.py` looks behind every cell. A type without its case is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from schema.metadata.naming import compose
from schema.metadata.types import FIELD_TYPES, LINKED, SYSTEM_ONLY, Output

# Who is named by links; the test puts in their ids.
ALICE, BOB = "<id>", "<another id>"
SAME: Final = "as written"
# What is uploaded first has tests of its own: one file is in one record.
FILED = tuple(name for name, row in FIELD_TYPES.items() if row.output is Output.FILES)
ENTERED = tuple(
    name for name, row in FIELD_TYPES.items() if name not in SYSTEM_ONLY | LINKED | {*FILED} and not row.computed
)
COMPUTED = tuple(name for name, row in FIELD_TYPES.items() if name not in SYSTEM_ONLY and row.computed)


@dataclass(frozen=True)
class Case:
    """`low` comes before `high` in every order. A filter names which of low (l), high (h) and empty (e) it finds."""

    # Any: values of every type in JSON.
    low: Any
    high: Any
    # How they are answered, and kept in history.
    low_read: Any = SAME
    high_read: Any = SAME
    low_kept: Any = SAME
    parts: str = ""
    ending: str = ""
    definition: Mapping[str, Any] = field(default_factory=dict)
    # As definitions take it, and what becomes of it.
    default: tuple[str, Any] | None = None
    filters: Sequence[tuple[Mapping[str, Any], str]] = ()
    total: Any = None
    mean: Any = None
    sought: str = ""
    # What a caller reads to whom it is masked.
    masked: Any = None
    wrong: Sequence[tuple[Any, str]] = ()

    def read(self, *, low: bool) -> Any:
        """The answer for one of the two."""
        written, answer = (self.low, self.low_read) if low else (self.high, self.high_read)
        return written if answer == SAME else answer

    @property
    def kept(self) -> Any:
        """What history has of the low one."""
        return self.read(low=True) if self.low_kept == SAME else self.low_kept


def member(type_name: str) -> str:
    """What inputs call a field of the type."""
    return compose("", name(type_name), CASES[type_name].ending)


def name(type_name: str) -> str:
    """What a field of the type is called."""
    return f"{type_name}Field_c"


_CHOICES = {"choices": [{"label": {"zh": key}, "key": key} for key in ("a", "b", "c")]}
CASES: Mapping[str, Case] = {
    "text": Case(
        "Ａｌｐｈａ 一", "Zeta", low_read="Alpha 一", default=("Ｎｅｗ", "New"), sought="alpha", masked="A***",
        filters=(({"contains": "lph"}, "l"), ({"startsWith": "alp"}, "l"), ({"endsWith": "ETA"}, "h")),
        wrong=[("a\0b", "BAD_CHARACTERS"), ("\ud800", "BAD_CHARACTERS"), ("x" * 256, "TOO_LONG"), ("x" * 10**6, "TOO_LONG")],
    ),
    "longText": Case(
        "first\r\nsecond", "zeta", low_read="first\nsecond", default=("line", "line"), masked="f***",
        filters=(({"contains": "second"}, "l"), ({"startsWith": "first"}, "l"), ({"endsWith": "eta"}, "h")),
        wrong=[("a\0b", "BAD_CHARACTERS"), ("x" * 20_001, "TOO_LONG"), ("x" * 10**6, "TOO_LONG")],
    ),
    "richText": Case(
        "<p onclick='x()'>Hello <b>一</b></p><script>alert(1)</script>", "<p>zeta</p>",
        low_read="<p>Hello <b>一</b></p>", default=("<i>new</i>", "<i>new</i>"), masked="H***",
        filters=(({"contains": "hello 一"}, "l"), ({"contains": "<b>"}, "")),
        wrong=[("a\0b", "BAD_CHARACTERS"), ("\ud800", "BAD_CHARACTERS"), ("x" * 20_001, "TOO_LONG"), ("<b>" * 10**5, "TOO_LONG")],
    ),
    "integer": Case(
        "-7", "12", low_kept=-7, default=("３", "3"), total="5", mean="2.5",
        wrong=[("-9223372036854775808", "OUT_OF_RANGE")],
    ),
    "rating": Case(1, 5, default=("３", 3), total="6", mean="3", wrong=[(0, "OUT_OF_RANGE"), (6, "OUT_OF_RANGE")]),
    "decimal": Case(
        "0.5", "1200.25", default=("１．５", "1.5"), total="1200.75", mean="600.375",
        wrong=[("1" * 30, "OUT_OF_RANGE"), ("0.00000000001", "TOO_PRECISE")],
    ),
    "percent": Case("12.5", "100", default=("50", "50"), total="112.5", mean="56.25", wrong=[("100000", "OUT_OF_RANGE")]),
    "currency": Case(
        {"amount": "10.5", "currency": "cny"}, {"amount": "99", "currency": "CNY"}, parts="{ amount currency }",
        low_read={"amount": "10.5", "currency": "CNY"}, default=("7", {"amount": "7", "currency": "CNY"}),
        total=[{"amount": "109.5", "currency": "CNY"}], mean=[{"amount": "54.75", "currency": "CNY"}],
        filters=(({"amount": {"eq": "10.5"}}, "l"), ({"amount": {"gt": "10.5"}}, "h"), ({"currency": {"eq": "cny"}}, "lh"),
                 ({"currency": {"ne": "CNY"}}, "e")),
        wrong=[({"amount": "1", "currency": "RMB"}, "UNKNOWN_CURRENCY"), ({"amount": "1.00001"}, "TOO_PRECISE")],
    ),
    "boolean": Case(False, True, default=("true", True)),
    "date": Case("2026-03-01", "2026-12-31", default=("2026-05-01", "2026-05-01")),
    "dateTime": Case(
        "2026-03-01T08:00:00+08:00", "2026-12-31T00:00:00.000001Z", low_read="2026-03-01T00:00:00.000000Z",
        default=("2026-05-01T00:00:00Z", "2026-05-01T00:00:00.000000Z"),
    ),
    "time": Case("09:30", "18:00:01", low_read="09:30:00", default=("０８：００", "08:00:00")),
    "duration": Case(
        "PT90M", "P1DT0.5S", low_read="PT1H30M", high_read="PT24H0.5S", default=("PT1H", "PT1H"),
        total="PT25H30M0.5S", mean="PT12H45M0.25S",
    ),
    "choice": Case("a", "b", definition=_CHOICES, default=("c", "c"), masked="a***",
                   wrong=[("z", "UNKNOWN_CHOICE"), ("a\0", "BAD_CHARACTERS")]),
    "multiChoice": Case(
        ["b", "a", "b"], ["c"], low_read=["a", "b"], definition=_CHOICES, default=("c,a", ["a", "c"]),
        filters=(({"has": "a"}, "l"), ({"hasAny": ["b", "c"]}, "lh"), ({"hasAll": ["a", "b"]}, "l")),
        wrong=[(["z"], "UNKNOWN_CHOICE"), (["a"] * 101, "TOO_MANY_ITEMS")],
    ),
    "tags": Case(
        [" vip ", "VIP"], ["老"], low_read=["vip", "VIP"],
        filters=(({"has": "vip"}, "l"), ({"hasAny": ["vip", "老"]}, "lh"), ({"hasAll": ["vip", "老"]}, "")),
        wrong=[(["x" * 51], "TOO_LONG"), (["x"] * 101, "TOO_MANY_ITEMS"), (["a\0"], "BAD_CHARACTERS")],
    ),
    "phone": Case(
        "138 0013 8000", "+8613900139000", low_read="+8613800138000", default=("13700137000", "+8613700137000"),
        sought="8000", masked="138****8000",
        filters=(({"contains": "00138"}, "l"), ({"startsWith": "+86138"}, "l"), ({"endsWith": "9000"}, "h")),
        wrong=[("12345", "NOT_A_PHONE"), ("一三八零零", "NOT_A_PHONE"), ("1" * 10**6, "NOT_A_PHONE")],
    ),
    "email": Case(
        "An.Na@Demo.EXAMPLE", "zoe@demo.example", low_read="an.na@demo.example", default=("n@demo.example", "n@demo.example"),
        sought="an.na", masked="a***@demo.example",
        filters=(({"contains": "n.n"}, "l"), ({"startsWith": "an"}, "l"), ({"endsWith": "e@demo.example"}, "h")),
        wrong=[("nobody", "NOT_AN_EMAIL"), ("a" * 10**6 + "@b.cn", "NOT_AN_EMAIL")],
    ),
    "url": Case(
        "ABC.example/x", "https://zzz.example/", low_read="https://abc.example/x", default=("n.example", "https://n.example"),
        sought="abc.example", masked="h***",
        filters=(({"contains": "abc"}, "l"), ({"startsWith": "https://a"}, "l"), ({"endsWith": "e/"}, "h")),
        wrong=[("javascript://x", "NOT_A_URL"), ("nowhere", "NOT_A_URL"), ("http://a." + "b" * 10**6, "NOT_A_URL")],
    ),
    "creditCode": Case(
        "９１１１０１０８５５１３８５０８２Ｑ", "91440300708461136T", low_read="91110108551385082Q",
        default=("91350100M000100Y43", "91350100M000100Y43"), sought="91110108", masked="9***",
        filters=(({"contains": "551385"}, "l"), ({"startsWith": "9111"}, "l"), ({"endsWith": "T"}, "h")),
        wrong=[("91110108551385082R", "NOT_A_CREDIT_CODE"), ("1" * 10**6, "NOT_A_CREDIT_CODE")],
    ),
    "barcode": Case(
        "690-X1", "7", default=("8", "8"), sought="690x1", masked="6***",
        filters=(({"contains": "-X"}, "l"), ({"startsWith": "69"}, "l"), ({"endsWith": "7"}, "h")),
        wrong=[("条码", "NOT_A_BARCODE"), ("1" * 81, "NOT_A_BARCODE")],
    ),
    "person": Case(ALICE, BOB, ending="Id", wrong=[("nobody", "NOT_AN_ID")]),
    "department": Case(ALICE, BOB, ending="Id", wrong=[("nowhere", "NOT_AN_ID")]),
    "persons": Case(
        [ALICE, ALICE], [BOB], low_read=[ALICE], ending="Ids",
        filters=(({"has": ALICE}, "l"), ({"hasAny": [ALICE, BOB]}, "lh"), ({"hasAll": [ALICE, BOB]}, "")),
        wrong=[(["nobody"], "NOT_AN_ID"), ([ALICE] * 101, "TOO_MANY_ITEMS")],
    ),
    "relation": Case(ALICE, BOB, ending="Id", definition={"target": "customer"}, wrong=[("nothing", "NOT_AN_ID")]),
    "geolocation": Case(
        {"latitude": 31.2400181, "longitude": 121.490317}, {"latitude": -90, "longitude": -180}, parts="{ latitude longitude }",
        low_read={"latitude": 31.240018, "longitude": 121.490317}, high_read={"latitude": -90, "longitude": 180},
        filters=(({"near": {"latitude": 31.24, "longitude": 121.49, "metres": 100}}, "l"),
                 ({"inBox": {"south": -90, "north": 0, "west": -180, "east": 180}}, "h")),
        wrong=[({"latitude": 90.5, "longitude": 0}, "OUT_OF_RANGE"), ({"latitude": 0, "longitude": 1e300}, "OUT_OF_RANGE")],
    ),
    "address": Case(
        {"code": "１１０１０１", "street": " 长安街  1 号 "}, {"code": "330100"}, parts="{ code street text }",
        low_read={"code": "110101", "street": "长安街 1 号", "text": "北京市东城区长安街 1 号"},
        high_read={"code": "330100", "street": None, "text": "浙江省杭州市"}, low_kept={"code": "110101", "street": "长安街 1 号"},
        filters=(({"code": {"eq": "330100"}}, "h"), ({"code": {"startsWith": "33"}}, "h"), ({"code": {"notIn": ["110101"]}}, "he"),
                 ({"text": {"contains": "东城区长安"}}, "l")),
        wrong=[({"code": "330199"}, "NOT_AN_AREA"), ({"code": "三三零"}, "NOT_AN_AREA"), ({"code": "110101", "street": "a\0"}, "BAD_CHARACTERS"),
               ({"code": "110101", "street": "x" * 10**6}, "TOO_LONG")],
    ),
    "json": Case(
        {"b": [1, 2.5, None], "a": "一"}, ["z"],
        wrong=[("x" * 10**6, "TOO_LONG"), ({"a": "\0"}, "BAD_CHARACTERS"), ([[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]], "JSON_TOO_DEEP")],
    ),
    "encryptedText": Case(
        "１１０１０１１９９００３０７８５１５", 'B"\\2', low_read="110101199003078515", low_kept="***", masked="***",
        definition={"options": {"pattern": '[0-9A-Z"\\\\]*'}},
        wrong=[("a\0b", "BAD_CHARACTERS"), ("\ud800", "BAD_CHARACTERS"), ("X" * 256, "TOO_LONG"), ("x", "PATTERN_MISMATCH")],
    ),
}  # fmt: skip
