"""Text becomes tokens; what is none is named with its place."""

from __future__ import annotations

import pytest

from services.expressions.lexer import Kind, tokens
from services.expressions.places import ExpressionRefused


def test_tokens_keep_kind_text_and_place() -> None:
    found = [(each.kind, each.text, each.at) for each in tokens("名称 != 'it\\'s' && 12.5>=x_c")]

    assert found == [
        (Kind.NAME, "名称", 0),
        (Kind.SIGN, "!=", 3),
        (Kind.TEXT, "it's", 6),
        (Kind.SIGN, "&&", 14),
        (Kind.NUMBER, "12.5", 17),
        (Kind.SIGN, ">=", 21),
        (Kind.NAME, "x_c", 23),
        (Kind.END, "", 26),
    ]


def test_escapes_say_what_cannot_be_written() -> None:
    assert next(tokens(r"'a\n\t\r\\\"\u534e'")).text == 'a\n\t\r\\"华'


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("a # b", 2),
        ("'open", 0),
        ("'line\nend'", 0),
        ("'a\\q'", 2),
        ("'\\u0000'", 1),
        ("'\\ud800'", 1),
        ("'a\0'", 2),
        ("'\ud800'", 1),
        ("a & b", 2),
        ("a = b", 2),
        ("٣ < 4", 0),
        ("`a`", 0),
    ],
)
def test_what_is_no_token_is_refused_at_its_place(text: str, position: int) -> None:
    with pytest.raises(ExpressionRefused) as refusal:
        list(tokens(text))

    assert [(each.position, each.fault.code) for each in refusal.value.findings] == [(position, "EXPRESSION_MALFORMED")]
