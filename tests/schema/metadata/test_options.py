"""[A4] Options are checked by the type of their field and kept in one canonical form."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from schema.metadata import options
from schema.metadata.errors import BadOption, OutOfRange, UnknownOption
from schema.metadata.fields import Choice, Field, OptionValue
from schema.metadata.values import Money

CHOICES = (Choice("a"), Choice("b"))
# In Shanghai the day after has begun.
NOW = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type_name", "given", "expected"),
    [
        ("text", {"maxLength": 20, "minLength": 1}, (("maxLength", 20), ("minLength", 1))),
        ("text", {"maxLength": None}, ()),
        ("text", {"sortKey": "pinyin", "normalForm": "company"}, (("normalForm", "company"), ("sortKey", "pinyin"))),
        ("integer", {"min": "007", "max": 10.0}, (("max", "10"), ("min", "7"))),
        ("currency", {"min": 0, "default": "12.50"}, (("default", "12.5"), ("min", "0"))),
        ("decimal", {"scale": 2, "default": "1.25"}, (("default", "1.25"), ("scale", 2))),
        ("date", {"min": "2026-01-01", "default": "2026-02-01"}, (("default", "2026-02-01"), ("min", "2026-01-01"))),
        ("date", {"default": "now"}, (("default", "now"),)),
        (
            "dateTime",
            {"default": "now", "min": "2026-01-01T00:00:00Z"},
            (("default", "now"), ("min", "2026-01-01T00:00:00+00:00")),
        ),
        ("text", {"default": "now"}, (("default", "now"),)),
        ("boolean", {"default": "true"}, (("default", True),)),
        ("choice", {"default": "a"}, (("default", "a"),)),
        ("multiChoice", {"default": "b, a"}, (("default", ("a", "b")),)),
        ("rating", {"stars": 3, "default": "2"}, (("default", 2), ("stars", 3))),
        ("barcode", {"symbology": "gtin"}, (("symbology", "gtin"),)),
        ("autoNumber", {"format": "HT{yyyy}-{0000}"}, (("format", "HT{yyyy}-{0000}"),)),
    ],
)
def test_options_have_one_form(
    type_name: str, given: dict[str, object], expected: tuple[tuple[str, OptionValue], ...]
) -> None:
    assert options.checked(Field("f", type_name, choices=CHOICES), given).options == expected


@pytest.mark.parametrize(
    ("type_name", "given"),
    [
        ("text", {"maxLength": -1}),
        ("text", {"maxLength": 10**6}),
        ("text", {"maxLength": True}),
        ("text", {"minLength": 5, "maxLength": 4}),
        ("text", {"maxLength": 3, "default": "abcd"}),
        ("text", {"pattern": "(a+)+"}),
        ("text", {"sortKey": "stroke"}),
        ("text", {"normalForm": "person"}),
        ("integer", {"min": "x"}),
        ("integer", {"min": True}),
        ("decimal", {"min": "1e999999999"}),
        ("decimal", {"max": "1e-999999999"}),
        ("integer", {"min": 3, "max": 2}),
        ("decimal", {"scale": 11}),
        ("date", {"min": "yesterday"}),
        ("date", {"min": "2026-02-01", "max": "2026-01-01"}),
        ("boolean", {"default": "maybe"}),
        ("rating", {"stars": 11}),
        ("rating", {"stars": 0}),
        ("rating", {"stars": True}),
        ("rating", {"default": "6"}),
        ("barcode", {"symbology": "qr"}),
        ("choice", {"default": "c"}),
        ("autoNumber", {"format": "no counter"}),
    ],
)
def test_bad_option_is_refused(type_name: str, given: dict[str, object]) -> None:
    with pytest.raises(BadOption) as refused:
        options.checked(Field("f", type_name, choices=CHOICES), given)

    # Each says why, in both languages.
    assert all(refused.value.details[name] for name in ("why", "why_zh"))


@pytest.mark.parametrize(
    ("type_name", "given", "said"),
    [
        (
            "text",
            {"minLength": 5, "maxLength": 4},
            "The option minLength cannot have this value: it is more than maxLength.",
        ),
        (
            "integer",
            {"max": "1e99"},
            "The option max cannot have this value: a number of at most 40 digits is expected.",
        ),
        ("decimal", {"max": "much"}, "The option max cannot have this value: a number is expected."),
        (
            "text",
            {"minLength": -1},
            "The option minLength cannot have this value: a whole number from 0 to 2000 is expected.",
        ),
        ("decimal", {"scale": 11}, "The option scale cannot have this value: a whole number from 0 to 10 is expected."),
        (
            "choice",
            {"default": "aa"},
            "The option default cannot have this value: aa is not one of the choices of this field. Did you mean “a”?.",
        ),
    ],
)
def test_bad_option_says_why(type_name: str, given: dict[str, object], said: str) -> None:
    with pytest.raises(BadOption) as refused:
        options.checked(Field("f", type_name, choices=CHOICES), given)

    assert refused.value.message("en") == said


def test_option_of_another_type_is_refused() -> None:
    with pytest.raises(UnknownOption) as caught:
        options.checked(Field("f", "boolean"), {"maxLength": 3})

    assert caught.value.message("en") == "A field of type boolean has no option maxLength."


@pytest.mark.parametrize(
    ("type_name", "given", "expected"),
    [
        ("text", {}, None),
        ("text", {"default": "now"}, "now"),
        ("date", {"default": "now"}, date(2026, 4, 1)),
        ("date", {"default": "2026-02-01"}, date(2026, 2, 1)),
        ("dateTime", {"default": "now"}, NOW),
        ("multiChoice", {"default": "b, a"}, ["a", "b"]),
        ("currency", {"default": "5"}, Money(Decimal(5), "EUR")),
    ],
)
def test_default_is_the_value_of_a_record_that_says_nothing(
    type_name: str, given: dict[str, object], expected: object
) -> None:
    field = options.checked(Field("f", type_name, choices=CHOICES), given)

    assert options.default_of(field, now=NOW.astimezone(ZoneInfo("Asia/Shanghai")), currency="EUR") == expected


@pytest.mark.parametrize(
    ("type_name", "default", "retired", "expected"),
    [("choice", "a", "a", None), ("multiChoice", "b, a", "a", ["b"]), ("multiChoice", "a", "a", None)],
)
def test_what_is_offered_no_longer_is_no_default(type_name: str, default: str, retired: str, expected: object) -> None:
    field = options.checked(Field("f", type_name, choices=CHOICES), {"default": default})
    choices = tuple(replace(each, retired=each.key == retired) for each in CHOICES)

    assert options.default_of(replace(field, choices=choices), now=NOW, currency="CNY") == expected


def test_present_moment_keeps_to_the_limits_of_the_field() -> None:
    field = options.checked(Field("f", "date"), {"default": "now", "max": "2026-03-31"})

    with pytest.raises(OutOfRange):
        options.default_of(field, now=NOW.astimezone(ZoneInfo("Asia/Shanghai")), currency="CNY")


@pytest.mark.parametrize("field", [Field("f", "text", is_indexed=True), Field("f", "text", is_unique=True)])
def test_text_in_an_index_has_a_limit(field: Field) -> None:
    assert options.checked(field, {"maxLength": 500}).option("maxLength") == 500
    with pytest.raises(BadOption):
        options.checked(field, {"maxLength": 501})


@pytest.mark.parametrize(
    ("type_name", "given", "expected"),
    [
        ("time", {"min": "09:00", "max": "18:00"}, (("max", "18:00:00"), ("min", "09:00:00"))),
        ("duration", {"min": "PT9M", "max": "PT10H"}, (("max", "PT10H"), ("min", "PT9M"))),
        ("duration", {"default": "PT90M"}, (("default", "PT1H30M"),)),
        ("richText", {"maxLength": 10, "default": "<b onclick=x>a</b>"}, (("default", "<b>a</b>"), ("maxLength", 10))),
    ],
)
def test_options_of_time_and_rich_text_have_one_form(
    type_name: str, given: dict[str, object], expected: tuple[tuple[str, OptionValue], ...]
) -> None:
    assert options.checked(Field("f", type_name), given).options == expected


def test_least_and_most_of_a_length_are_compared_as_lengths() -> None:
    with pytest.raises(BadOption):
        options.checked(Field("f", "duration"), {"min": "PT10H", "max": "PT9M"})
