"""[A2] The part of a field that a change of type exchanges is kept as JSON and comes back as it was."""

from __future__ import annotations

import json
from dataclasses import replace

from schema.metadata.fields import Label
from services.type_changes import sides
from tests.builders.type_changes import CHOICES, field_of


def test_side_comes_back_as_it_was() -> None:
    was = field_of("choice", {"default": "inUse"})
    now = replace(field_of("text", {"maxLength": 20}, choices=(), column="f_new"), label=Label("新"), position=7)
    side = json.loads(json.dumps(sides.kept(was)))

    back = sides.restored(now, side)

    assert back.field == was.field
    assert (back.column, back.choices) == ("f_old", CHOICES)
    assert (back.label, back.position) == (Label("新"), 7)


def test_choices_have_the_words_of_then_or_of_now() -> None:
    side = json.loads(json.dumps(sides.kept(field_of("choice"))))
    renamed = (replace(CHOICES[0], label=Label("使用中")), CHOICES[1])
    now = field_of("text", choices=renamed)

    assert sides.restored(now, side).choices == CHOICES
    assert sides.as_it_was(now, side).choices == renamed


def test_lists_of_options_are_tuples_again() -> None:
    side = json.loads(json.dumps(sides.kept(field_of("multiChoice", {"default": ("inUse",)}))))

    assert sides.restored(field_of("text"), side).field.options == (("default", ("inUse",)),)
