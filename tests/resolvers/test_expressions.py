"""[G2] `validateExpression` over HTTP: meaning, mistakes with their places, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

VALIDATE = """query ($object: String!, $text: String!) {
  validateExpression(object: $object, text: $text) {
    text type words dependencies { object field } errors { code message position line column } } }"""


async def test_a_text_is_told_in_words(person: Callable[[str], Awaitable[Client]]) -> None:
    admin = await person("admin")
    text = "opportunities.exists(o, o.stage=='won') && owner.department == currentDepartment()"

    answer = await admin.ask(VALIDATE, {"object": "customer", "text": text}, headers={"Accept-Language": "zh-CN"})

    assert answer == {
        "data": {
            "validateExpression": {
                "text": "opportunities.exists(o, o.stage == 'won') && owner.department == currentDepartment()",
                "type": "boolean",
                "words": "有商机满足:(阶段等于“赢单”),且负责人的部门等于当前用户的部门",
                "dependencies": [
                    {"object": "customer", "field": "owner"},
                    {"object": "opportunity", "field": "customer"},
                    {"object": "opportunity", "field": "stage"},
                    {"object": "user", "field": "department"},
                ],
                "errors": [],
            }
        }
    }


async def test_mistakes_are_told_with_their_places(person: Callable[[str], Awaitable[Client]]) -> None:
    admin = await person("admin")

    answer = await admin.data(VALIDATE, object="customer", text="nmae == 'x' &&\n  size(name) > 1")

    assert answer["validateExpression"] == {
        "text": None,
        "type": None,
        "words": None,
        "dependencies": None,
        "errors": [
            {
                "code": "EXPRESSION_UNKNOWN_NAME",
                "message": "Line 1, column 1: there is no “nmae” on “customer”. Did you mean “name”?",
                "position": 0,
                "line": 1,
                "column": 1,
            },
            {
                "code": "EXPRESSION_UNKNOWN_FUNCTION",
                "message": "Line 2, column 3: there is no function “size”.",
                "position": 17,
                "line": 2,
                "column": 3,
            },
        ],
    }


@pytest.mark.parametrize(
    ("who", "object_name", "code"),
    [("sales", "customer", "FORBIDDEN"), ("", "customer", "FORBIDDEN"), ("admin", "nope", "UNKNOWN_OBJECT")],
)
async def test_expressions_are_asked_about_by_administrators(
    person: Callable[[str], Awaitable[Client]], who: str, object_name: str, code: str
) -> None:
    client = await person(who)

    errors = await client.errors(VALIDATE, object=object_name, text="name == 'x'")

    assert [each["extensions"]["code"] for each in errors] == [code]
