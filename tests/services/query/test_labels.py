"""[H1] The words of a choice are parameters of a statement; its key stands where there are none."""

from __future__ import annotations

from services.query import plan as p
from services.query.arguments import ChoiceKeys, ChoiceWords
from services.query.labels import label_text
from tenants.sql import render, sql


def test_words_travel_as_parameters() -> None:
    template = render(label_text("deal", p.ChoiceLabel("label", "stage", p.Parameter(3)), sql("g0")))

    assert {*template.parameters} == {ChoiceWords("deal", "stage", 3), ChoiceKeys("deal", "stage")}


def test_language_is_that_of_the_caller_where_none_is_asked_for() -> None:
    template = render(label_text("deal", p.ChoiceLabel("label", "stage"), sql("g0")))

    assert ChoiceWords("deal", "stage", None) in template.parameters
