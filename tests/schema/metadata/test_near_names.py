"""Near names stand at the end of a refusal; comparing them has an end too."""

from __future__ import annotations

from schema.metadata.errors import UnknownField
from schema.metadata.near_names import hints, suggestion


def test_hints_are_near_whatever_their_capitals() -> None:
    assert hints("STAF", ("staff", "stage", "name"))["hint"] == " Did you mean “staff” or “stage”?"
    assert hints("zzz", ("staff",)) == {"hint": "", "hint_zh": ""}
    assert suggestion(["a", "b"])["hint_zh"] == "您是否想写“a”、“b”?"


def test_only_so_many_names_and_letters_are_compared() -> None:
    assert hints("x500", (f"x{number}" for number in range(501)))["hint"] != " Did you mean “x500”?"
    assert hints("staff" + "f" * 10_000, ["staff" + "f" * 55])["hint"] == f" Did you mean “staff{'f' * 55}”?"


def test_a_message_ends_with_the_hint_of_its_language() -> None:
    fault = UnknownField(object="customer", name="nmae", **hints("nmae", ["name"]))

    assert (fault.message("en"), fault.message("zh")) == (
        "The object customer has no field nmae. Did you mean “name”?",
        "对象 customer 没有字段 nmae。您是否想写“name”?",
    )
    assert UnknownField(object="customer", name="x").message("en") == "The object customer has no field x."
