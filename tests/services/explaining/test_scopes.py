"""[G2] Arms, levels and grants in the words of the API."""

from __future__ import annotations

import pytest

from services.explaining.scopes import grants_on, level_of, scope_of
from services.permissions import Arm, Criteria, Everyone, Grant, Level, OwnedBy, Scope, Shared, Verb


@pytest.mark.parametrize(
    ("arm", "word"),
    [
        (Everyone(), "all"),
        (OwnedBy(Scope.TREE), "tree"),
        (Shared(Verb.READ), "shared"),
        (Criteria(0, "{}"), "criteria"),
    ],
)
def test_words_of_arms(arm: Arm, word: str) -> None:
    assert scope_of(arm) == word


def test_words_of_levels() -> None:
    assert [level_of(each) for each in Level] == ["none", "masked", "read", "write"]


def test_the_grant_of_its_own_counts_and_else_that_on_every_object() -> None:
    wide, own, other = (Grant(*each) for each in (("sales", "*"), ("sales", "lead"), ("service", "*")))

    assert grants_on([wide, own, other], ["sales", "service", "finance"], "lead") == [own, other]
    assert grants_on([wide, own, other], ["sales"], "ticket") == [wide]
