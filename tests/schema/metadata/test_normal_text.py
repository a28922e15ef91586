from __future__ import annotations

import random
import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest

from schema.metadata import normal_text
from schema.metadata.normal_text import normal

if TYPE_CHECKING:
    from schema.metadata.normal_text import Form

FORMS: tuple[Form, ...] = ("NFC", "NFKC")
# Marks of several classes, marks that are two marks, and what is a mark in one of the forms only.
SIGNS = "aé\u1ec7가ﬀ①２中\u0301\u0316\u0327\u0345\u05b0\u0344\u0f71\u0f72\u0f73\u0f75\u0f81\u3099\uff9e\uff9f\u1d165"


@pytest.mark.parametrize("form", FORMS)
def test_is_the_form_of_the_standard_library(form: Form) -> None:
    dice = random.Random(7)  # noqa: S311 - test data

    texts = ["".join(dice.choices(SIGNS, k=dice.randrange(120))) for _ in range(500)]
    texts += ["e" + "".join(dice.choices(SIGNS[8:], k=200)) for _ in range(100)]

    assert [normal(form, text) for text in texts] == [unicodedata.normalize(form, text) for text in texts]


@pytest.mark.parametrize("form", FORMS)
def test_takes_no_square_of_the_length(form: Form) -> None:
    """Sorted by insertion, a text as long as a request may be would take hours."""
    half = 500_000

    found = normal(form, "e" + "\u0301" * half + "\u0316" * half)

    assert found == "é" + "\u0316" * half + "\u0301" * (half - 1)


@pytest.mark.parametrize("form", FORMS)
def test_every_mark_is_known(form: Form) -> None:
    everywhere = normal_text._codes(form, range(sys.maxunicode + 1))

    assert normal_text._codes(form, normal_text._CODES) == everywhere
