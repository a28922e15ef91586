"""Random values of every field type: as they are stored, as the API shows them, and as operands of filters."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from schema.metadata import durations
from schema.metadata.addresses import Address
from schema.metadata.places import Point
from schema.metadata.types import Operators, Output
from schema.metadata.values import Money
from tests.services.query.fuzz.files import some_files
from tests.services.query.world import ALICE, BOB, CAROL

if TYPE_CHECKING:
    from schema.metadata.fields import Field

WORDS = (
    "acme",
    "Acme",
    "ACME 2",
    "华夏",
    "华夏科技",
    "a%b",
    "a_b",
    'q"uote',
    "back\\slash",
    "été",
    "zeta",
    "海蓝",
    "单雄",
    "😀",
    "a",
)
# Kept as they were written where a field has a normal form of its own.
WIDE_WORDS = ("Ａcme", "华夏（中国）")
LINES = ("first\nsecond", *WORDS)
TAGS = ("vip", "old", "华", "a b", 'q"')
PHONES = ("+8613800138000", "+8613900008000", "+862155556666", "+14155550100")
MAILS = ("info@acme.cn", "li.lei@qq.com", "hanmeimei@qq.com", "a_b@x.example")
PAGES = ("https://acme.cn", "https://x.example/a_b?c=%20", "http://华夏.cn/")
CREDIT_CODES = ("91350100M000100Y43", "91110108551385082Q", "91440300708461136T")
BARCODES = ("6901234567892", "A-1 100%", "a_b")
RICH_TEXTS = ("<p>Acme <b>华夏</b></p>", "<ul><li>a%b</li><li>acme</li></ul>", "q&amp;a &lt;b&gt;", "été<br>zeta")
STAFF = (ALICE, BOB, CAROL)
AREAS = ("330106", "330100", "330000", "310115", "110101", "429004", "441900")
STREETS = ("", "文三路90号", "Acme Road 1", "a_b%")
# Two in Shanghai, one in Beijing, both sides of the line of date, and a pole.
POINTS = (("31.240018", "121.490317"), ("31.224361", "121.469170"), ("39.905489", "116.397632"),
          ("-17.8", "179.99"), ("-17.8", "-179.9"), ("90", "0"), ("0", "0"))  # fmt: skip
SECRETS = ("110101199003078515", "acme", 'q"uote\\', "华夏 😀")
JSONS: Sequence[Any] = ({"a": [1, "二"]}, [], 0, "text", False, {"b": {"c": 1.5}})
CURRENCIES = ("CNY", "EUR", "USD")
_NOON = datetime(2026, 3, 31, 18, 30, 15, 123456, tzinfo=UTC)
_DAYS = (-36500, -12345, -400, -90, -31, -8, -7, -1, 0, 1, 6, 29, 92, 366, 20000)


def make(rng: random.Random, field: Field, number: int) -> Any:  # the type of the field
    """A stored value; the number makes it one of its kind where it must be."""
    return _MADE[field.type_name](rng, field, number)


def shown(output: Output, value: Any) -> Any:
    """A stored value in JSON."""
    return None if value is None else _SHOWN.get(output, lambda each: each)(value)


def plain_number(value: Decimal) -> str:
    """Without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short in {"-0", ""} else short


def moment_text(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def as_json(given: Any) -> Any:  # noqa: PLR0911 - one return for each kind of operand
    """An operand as a caller sends it."""
    match given:
        case Mapping():
            return {name: as_json(each) for name, each in given.items()}
        case list() | tuple():
            return [as_json(each) for each in given]
        case Decimal():
            return plain_number(given)
        case datetime() | date() | time():
            return given.isoformat()
        case timedelta():
            return durations.written(given)
        case bool() | int() | float() | str() | None:
            return given
        case _:
            return str(given)


def normal_text(field: Field, text: str) -> str:
    """What a text is brought into before it is compared."""
    return unicodedata.normalize("NFC" if field.option("normalForm") else "NFKC", text)


def _some_text(rng: random.Random, field: Field, _: int) -> str:
    return rng.choice((*WORDS, *WIDE_WORDS) if field.option("normalForm") else WORDS)


def _keys(field: Field) -> list[str]:
    return [each.key for each in field.choices]


def _moment(rng: random.Random) -> datetime:
    return _NOON + timedelta(days=rng.choice(_DAYS), minutes=rng.randint(-900, 900), microseconds=rng.choice((0, 0, 7)))


_MADE: Mapping[str, Callable[[random.Random, Field, int], Any]] = {
    "text": _some_text,
    "longText": lambda rng, *_: rng.choice(LINES),
    "integer": lambda rng, *_: rng.choice((0, 1, 2, 3, -5, 10**6 + 1, 2**53 + 1, -(2**62), 9 * 10**18)),
    "rating": lambda rng, *_: rng.randint(1, 5),
    "decimal": lambda rng, *_: Decimal(rng.choice(("0", "0.5", "-1.25", "3.1400", "1e3", "99999999999.0000000001", "0.3"))),
    "percent": lambda rng, *_: Decimal(rng.choice(("0", "12.5", "100", "33.3333"))),
    "currency": lambda rng, *_: Money(Decimal(rng.randint(-40, 400)) / 4, rng.choice(CURRENCIES)),
    "boolean": lambda rng, *_: rng.random() < 0.5,
    "date": lambda rng, *_: rng.choice((date(1, 1, 1), date(9999, 12, 31), *[_moment(rng).date() for _ in range(12)])),
    "dateTime": lambda rng, *_: _moment(rng),
    "choice": lambda rng, field, _: rng.choice(_keys(field)),
    "multiChoice": lambda rng, field, _: rng.sample(_keys(field), rng.randint(0, 2)),
    "tags": lambda rng, *_: rng.sample(TAGS, rng.randint(0, 3)),
    "phone": lambda rng, *_: rng.choice(PHONES),
    "email": lambda rng, *_: rng.choice(MAILS),
    "url": lambda rng, *_: rng.choice(PAGES),
    "richText": lambda rng, *_: rng.choice(RICH_TEXTS),
    "time": lambda rng, *_: rng.choice((time(0), time(9, 30), time(23, 59, 59), time(rng.randint(0, 23), 15))),
    "duration": lambda rng, *_: timedelta(seconds=rng.choice((0, 1, 59, 3600, 5400, -90, 10**9)),
                                          microseconds=rng.choice((0, 0, 1, 500_000))),
    "persons": lambda rng, *_: rng.sample(STAFF, rng.randint(1, 3)),
    "geolocation": lambda rng, *_: Point(*map(Decimal, rng.choice(POINTS))),
    "address": lambda rng, *_: Address(rng.choice(AREAS), rng.choice(STREETS)),
    "json": lambda rng, *_: rng.choice(JSONS),
    "attachment": lambda rng, *_: some_files(rng, 1, 3),
    "image": lambda rng, *_: some_files(rng, 1, 2),
    "signature": lambda rng, *_: some_files(rng, 1, 1),
    "encryptedText": lambda rng, *_: rng.choice(SECRETS),
    "creditCode": lambda rng, *_: rng.choice(CREDIT_CODES),
    "barcode": lambda rng, *_: rng.choice(BARCODES),
    "autoNumber": lambda _, __, number: f"N-{number:04}",
}  # fmt: skip
_SHOWN: Mapping[Output, Callable[[Any], Any]] = {
    Output.ID: str,
    Output.RECORD: str,
    Output.LONG: lambda value: plain_number(Decimal(value)),
    Output.DECIMAL: plain_number,
    Output.DATE: lambda value: f"{value.year:04}-{value.month:02}-{value.day:02}",
    Output.DATETIME: moment_text,
    Output.TIME: time.isoformat,
    Output.DURATION: durations.written,
}
# What may be asked of each kind of value, beside `isEmpty` and the words for days.
EQUALITY = ("eq", "ne", "in", "notIn")
ORDERED = (*EQUALITY, "lt", "lte", "gt", "gte", "between")
OPERATORS: Mapping[Operators, Sequence[str]] = {
    Operators.TEXT: (*ORDERED, "contains", "startsWith", "endsWith"),
    Operators.KEY: EQUALITY,
    Operators.ID: EQUALITY,
    Operators.INT: ORDERED,
    Operators.LONG: ORDERED,
    Operators.DECIMAL: ORDERED,
    Operators.BOOLEAN: ("eq", "ne"),
    Operators.DATE: ORDERED,
    Operators.DATETIME: ORDERED,
    Operators.TIME: ORDERED,
    Operators.DURATION: ORDERED,
    Operators.WORDS: ("contains",),
    Operators.POINT: ("near", "inBox"),
    Operators.AREA: (*EQUALITY, "startsWith"),
    Operators.LIST: ("has", "hasAny", "hasAll"),
    Operators.ID_LIST: ("has", "hasAny", "hasAll"),
    Operators.FILES: ("countAtLeast",),
}
