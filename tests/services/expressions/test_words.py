"""An expression read back in words, with the tenant's labels."""

from __future__ import annotations

import pytest

from services.expressions import words
from tests.services.expressions.asking import REGISTRY, tree


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("industry == 'food'", "industry等于“food中”", "industry is “FOOD”"),
        (
            "vip && (staff > 5 || name.contains('科'))",
            "vip,且(staff大于5,或name包含'科')",
            "vip and (staff is more than 5 or name contains '科')",
        ),
        ("owner == currentUser()", "负责人等于当前用户", "Owner is the current user"),
        ("owner.department.name == null", "负责人的部门的名称为空", "Name of Department of Owner is empty"),
        ("revenue > money(1000, 'CNY')", "revenue大于1000 CNY", "revenue is more than 1000 CNY"),
        ("seenAt < now() - days(7)", "seenAt小于(现在减7天)", "seenAt is less than (now minus 7 days)"),
        (
            "parent.deals.exists(d, d.stage in ['won', 'lost'])",
            "有parent的deals满足:(stage属于“won中”、“lost中”)",
            "some of deals of parent where (stage is one of “WON”, “LOST”)",
        ),
        ("children.all(c, c.vip)", "每个children都满足:vip", "all of children are such that vip"),
        ("vip ? true : null", "若vip则为是,否则为空", "true if vip, else nothing"),
        (
            "coalesce(score, staff, 0)",
            "score、staff、0中第一个非空的值",
            "the first of score, staff, 0 that is not empty",
        ),
        ("!vip", "并非vip", "not vip"),
        ("foundedOn < date('2026-01-02')", "foundedOn小于2026-01-02", "foundedOn is less than 2026-01-02"),
    ],
)
def test_an_expression_is_said_in_both_languages(text: str, chinese: str, english: str) -> None:
    assert (words(tree(text), REGISTRY, "zh"), words(tree(text), REGISTRY, "en")) == (chinese, english)
