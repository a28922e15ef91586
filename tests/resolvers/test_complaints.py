"""Complaints of graphql-core and of our scalars reach who reads Chinese in Chinese."""

from __future__ import annotations

import pytest
from graphql import GraphQLError, build_schema, get_variable_values, parse, validate
from graphql.language import OperationDefinitionNode

from resolvers.complaints import in_chinese
from schema.sdl import scalars

SCHEMA = build_schema(
    "input I { name: String! n: Int e: E } enum E { A B } type Q { c: Int } type Query { a(i: I, n: Int): Int b: Q d(r: Int!): Int }"
)
OPERATION = parse("query ($i: I!, $n: Int) { a(i: $i, n: $n) }").definitions[0]


@pytest.mark.parametrize(
    "document",
    [
        "{ x }", '{ a(n: "x") }', '{ a(i: {nme: "x"}) }', "{ a(z: 1) }", "{ b }", "{ a { c } }", "{ a(i: {name: 5}) }",
        "query ($i: I) { a(i: $j) }", "query ($i: I, $i: I) { a }", '{ a(i: {name: "s", e: C}) }', "query ($x: Nix) { a }",
        "fragment F on Q { c } { a }", "{ a @nix }", "query ($n: String) { a(n: $n) }", "{ ...F }", "{ d }",
        "{ a(n: 99999999999) }",
    ],
)  # fmt: skip
def test_what_a_document_is_refused_for_is_known(document: str) -> None:
    found = [in_chinese(each.message) for each in validate(SCHEMA, parse(document), hide_suggestions=True)]

    assert found
    assert not [each for each in found if each.startswith("请求与接口定义不符")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "变量 $i 的值无效:必须提供类型 I! 的值。"),
        ({"i": None}, "变量 $i 的值无效:类型 I! 的值不能为 null。"),
        ({"i": {}}, "变量 $i 的值无效:类型 I 缺少必填的输入字段 name。"),
        ({"i": {"name": 5}}, "变量 $i.name 的值无效:5 不是有效的 String。"),
        ({"i": {"name": "a", "x": 1}}, "变量 $i 的值无效:类型 I 没有输入字段 x。"),
        ({"i": "s"}, "变量 $i 的值无效:类型 I 须为对象,而不是 's'。"),
        ({"i": {"name": "a", "n": 2**40}}, "变量 $i.n 的值无效:1099511627776 超出 Int 的 32 位范围。"),
    ],
)
def test_values_of_variables(given: dict[str, object], said: str) -> None:
    assert isinstance(OPERATION, OperationDefinitionNode)
    errors = get_variable_values(SCHEMA, OPERATION.variable_definitions or (), given, hide_suggestions=True)

    assert isinstance(errors, list)
    assert [in_chinese(each.message) for each in errors] == [said]


@pytest.mark.parametrize("name", ["decimal", "long", "date", "date_time", "time_of_day", "duration"])
def test_every_scalar_has_its_words(name: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        getattr(scalars, f"read_{name}")("nothing of the kind")

    assert in_chinese(refused.value.message).startswith("须为")


def test_ways_hints_and_what_is_not_known() -> None:
    placed = 'input.record.on_c: "x" does not fit. A date like "2026-03-31" is expected.'

    assert in_chinese(placed) == 'input.record.on_c 的值 "x" 不合适:须为日期,如 "2026-03-31"。'
    assert in_chinese("Cannot query field 'nmae' on type 'Q'. Did you mean “name” or “names”?") == (
        "类型 Q 没有字段 nmae。您是否想写“name”、“names”?"
    )
    assert in_chinese("Something else.") == "请求与接口定义不符:Something else."
