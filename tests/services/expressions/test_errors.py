"""A message has the details of its language."""

from __future__ import annotations

from services.expressions.errors import ExpressionWrongResult, ExpressionWrongType


def test_details_of_the_chinese_message_are_chinese() -> None:
    fault = ExpressionWrongResult(given="number", given_zh="数字", wanted="boolean", wanted_zh="是非值")

    assert fault.message() == "The expression answers number; boolean is needed."
    assert fault.message("zh") == "表达式的结果类型为数字,此处需要是非值。"
    assert fault.details["given"] == "number"


def test_a_detail_without_chinese_words_stands_in_both() -> None:
    fault = ExpressionWrongType(line=1, column=2, name="==", given="(x, …)")

    assert fault.message("en") == "Line 1, column 2: “==” cannot take (x, …)."
    assert fault.message("zh") == "第 1 行第 2 列:“==”不能用于 (x, …)。"
