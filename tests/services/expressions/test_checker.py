"""[H1] Names, types and limits of an expression, and what is said of those that do not fit."""

from __future__ import annotations

import pytest

from services import expressions
from services.expressions import BOOLEAN, ExpressionRefused, limits
from tests.services.expressions.asking import REGISTRY, tree, wrong


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("industry == 'software' && revenue > money(100000, 'CNY')", "boolean"),
        ("revenue.amount / staff", "number"),
        ("(revenue + revenue * 2).currency", "text"),
        ("revenue - revenue", "money"),
        ("parent.parent.owner", "record of user"),
        ("owner.department.name + '!'", "text"),
        ("foundedOn + days(3)", "date"),
        ("seenAt - now()", "duration"),
        ("(now() - createdAt) / days(1)", "number"),
        ("vip ? null : staff", "number"),
        ("vip ? 'a' : null", "text"),
        ("industry", "choice"),
        ("coalesce(industry, 'food')", "choice"),
        ("tags", "list of text"),
        ("deals.exists(d, d.stage == 'won' && d.company == id)", "boolean"),
        ("parent.children.all(c, c == parent || c.deals.exists(d, d.amount > c.revenue))", "boolean"),
        ("owner == currentUser() || owner.department in [currentDepartment()]", "boolean"),
        ("null == parent", "boolean"),
        ("contains(name, 'x') == name.contains('x')", "boolean"),
    ],
)
def test_what_fits_has_a_type(text: str, type_: str) -> None:
    assert str(tree(text).type) == type_


NAME, FUNCTION, CHOICE, TYPE, LITERAL, LARGE = (
    f"EXPRESSION_{each}"
    for each in ("UNKNOWN_NAME", "UNKNOWN_FUNCTION", "UNKNOWN_CHOICE", "WRONG_TYPE", "BAD_LITERAL", "TOO_LARGE")
)


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("nmae == 'x' && industry == 'sofware' && foo(3)", [(0, NAME), (27, CHOICE), (40, FUNCTION)]),
        ("name.x", [(5, NAME)]),
        ("revenue.value", [(8, NAME)]),
        ("revenue.amount.x", [(8, NAME)]),
        ("(name).x.y", [(7, NAME)]),
        ("parent.nope.name", [(7, NAME)]),
        ("id.name", [(3, NAME)]),
        ("deals", [(0, "EXPRESSION_FIELD_NOT_USABLE")]),
        ("today > date('2026-01-01')", [(0, NAME)]),
        ("name == 1", [(5, TYPE)]),
        ("industry < 'software'", [(9, TYPE)]),
        ("name && vip", [(5, TYPE)]),
        ("vip + 1", [(4, TYPE)]),
        ("foundedOn < now()", [(10, TYPE)]),
        ("foundedOn + 1", [(10, TYPE)]),
        ("owner == parent", [(6, TYPE)]),
        ("owner in [parent]", [(6, TYPE)]),
        ("null", [(0, TYPE)]),
        ("null == null", [(0, TYPE), (8, TYPE)]),
        ("vip ? null : null", [(6, TYPE), (13, TYPE)]),
        ("[]", [(0, TYPE)]),
        ("[1, 'a']", [(0, TYPE)]),
        ("[[1], [2]]", [(0, TYPE)]),
        ("name.contains()", [(5, TYPE)]),
        ("today(1)", [(0, FUNCTION)]),
        ("vip ? revenue : revenue", [(4, TYPE)]),
        ("date('2026-02-30')", [(5, LITERAL)]),
        ("date('二零二六')", [(5, LITERAL)]),
        ("dateTime('2026-02-03T10:00:00')", [(9, LITERAL)]),
        ("id('x')", [(3, LITERAL)]),
        ("money(1, 'XXQ')", [(9, LITERAL)]),
        ("money(1, name)", [(9, LITERAL)]),
        ("industry in ['food', '食品']", [(21, CHOICE)]),
        ("deals.exists(d, d.amount)", [(18, TYPE)]),
        ("deals.exists(d)", [(6, TYPE)]),
        ("deals.exists('d', true)", [(6, TYPE)]),
        ("exists(d, true)", [(0, TYPE)]),
        ("names.exists(d, true)", [(0, NAME)]),
        ("deals.exists(d, d.nope) && d.stage == 'won'", [(18, NAME), (27, NAME)]),
        (
            "deals.exists(d, d.nope) || deals.exists(d, d.nope) || deals.exists(d, d.stage == 'won')",
            [(18, NAME), (45, NAME)],
        ),
        ("deals.exists(d, d.exists(e, true))", [(18, TYPE)]),
        ("name.deals.exists(d, true)", [(5, NAME)]),
        ("parent.parent.parent.parent.name", [(28, LARGE)]),
        ("children.all(a, a.children.all(b, b.children.all(c, true)))", [(45, LARGE)]),
        ("staff in [" + ", ".join(["1"] * 201) + "]", [(9, LARGE)]),
    ],
)
def test_everything_that_is_wrong_is_told_at_its_place(text: str, findings: list[tuple[int, str]]) -> None:
    assert wrong(text) == findings


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (
            "vip &&\n  nmae == 'x'",
            "Line 2, column 3: there is no “nmae” on “company”. Did you mean “name”?",
            "第 2 行第 3 列:“company”上没有“nmae”。您是否想写“name”?",
        ),
        (
            "industry == 'FOOD'",
            "Line 1, column 13: “FOOD” is not a choice of “company.industry”. Did you mean “food”?",
            "第 1 行第 13 列:“FOOD”不是“company.industry”的选项。您是否想写“food”?",
        ),
        (
            "industry == 'retail中'",
            "Line 1, column 13: “retail中” is not a choice of “company.industry”. Did you mean “retail”?",
            "第 1 行第 13 列:“retail中”不是“company.industry”的选项。您是否想写“retail”?",
        ),
        (
            "size(children) > 1",
            (
                "Line 1, column 6: “children” of “company” is there, but expressions cannot use it like this."
                " Ask children.exists(x, …) or children.all(x, …)."
            ),
            "第 1 行第 6 列:“company”有“children”,但表达式不能这样使用它。可写 children.exists(x, …) 或 children.all(x, …)。",
        ),
        (
            "deals.all(d, d.site == null)",
            "Line 1, column 16: “site” of “deal” is there, but expressions cannot use it like this.",
            "第 1 行第 16 列:“deal”有“site”,但表达式不能这样使用它。",
        ),
        (
            "负责人 == currentUser()",
            "Line 1, column 1: there is no “负责人” on “company”. Did you mean “owner”?",
            "第 1 行第 1 列:“company”上没有“负责人”。您是否想写“owner”?",
        ),
        (
            "name.containz('x')",
            "Line 1, column 6: there is no function “containz”. Did you mean “contains”?",
            "第 1 行第 6 列:没有名为“containz”的函数。您是否想写“contains”?",
        ),
        (
            "owner == parent",
            "Line 1, column 7: “==” cannot take record of user, record of company.",
            "第 1 行第 7 列:“==”不能用于 “user”的记录、“company”的记录。",
        ),
        (
            "name ==",
            "Line 1, column 8: “the end” was not expected here; a value, a field or a function was.",
            "第 1 行第 8 列:此处不应为“结尾”,应为一个值、字段或函数。",
        ),
    ],
)
def test_refusals_say_where_and_what_was_meant(text: str, english: str, chinese: str) -> None:
    with pytest.raises(ExpressionRefused) as refusal:
        tree(text)

    (finding,) = refusal.value.findings
    assert (finding.fault.message("en"), finding.fault.message("zh")) == (english, chinese)


def test_a_condition_must_answer_true_or_false() -> None:
    with pytest.raises(ExpressionRefused) as refusal:
        expressions.check(REGISTRY, "company", "staff + 1", wanted=BOOLEAN)

    (finding,) = refusal.value.findings
    assert finding.fault.message("en") == "The expression answers number; boolean is needed."
    assert finding.fault.message("zh") == "表达式的结果类型为数字,此处需要是非值。"


def test_cost_is_limited() -> None:
    """20 for each look at the many side; one inside the other multiplies."""
    inside = "children.all(c, c.deals.exists(d, d.stage == 'won'))"

    assert limits.cost(tree("deals.exists(d, d.stage == 'won')")) == 60
    assert limits.cost(tree(inside)) == 1200
    assert wrong(f"{inside} || {inside}") == [(0, LARGE)]
    assert wrong(" || ".join(["deals.exists(d, d.stage == 'won')"] * 33)) == []
    assert wrong(" || ".join(["deals.exists(d, d.stage == 'won')"] * 34)) == [(0, LARGE)]
