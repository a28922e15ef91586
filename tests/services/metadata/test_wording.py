"""Labels as they are stored."""

from __future__ import annotations

import pytest

from schema.metadata.errors import LabelMissing, TooLong
from schema.metadata.fields import Label
from services.metadata import wording


def test_words_are_trimmed_to_one_line() -> None:
    assert wording.label(Label(" 设备\n型号 ", "  Ｍodel")) == Label("设备 型号", "Model")


def test_one_language_is_enough() -> None:
    assert wording.label(Label("", "Model")) == Label("", "Model")


@pytest.mark.parametrize("given", [Label(), Label(" ", "\t"), Label("\u200b", "\ufeff")])
def test_no_words_at_all_are_refused(given: Label) -> None:
    with pytest.raises(LabelMissing):
        wording.label(given)


def test_long_words_are_refused() -> None:
    with pytest.raises(TooLong):
        wording.label(Label("字" * 81, ""))


def test_language_that_is_not_given_keeps_its_words() -> None:
    assert wording.changed(Label("设备", "Device"), Label("仪器", "")) == Label("仪器", "Device")
