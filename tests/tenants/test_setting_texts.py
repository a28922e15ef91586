"""Texts of settings become values; what each refuses, and in which words, is told by `test_settings`."""

from __future__ import annotations

import re

import pytest

from tenants.setting_texts import SettingsError, flag, integer, matching, networks, required

WORD = re.compile(r"[a-z]+\Z")


def test_text_is_there_and_of_its_form() -> None:
    assert required({"A": "x"}, "A") == "x"
    assert [matching(env, "A", WORD, "be a word") for env in ({"A": "x"}, {"A": ""}, {})] == ["x", "", ""]
    with pytest.raises(SettingsError, match=r"^A must be a word\.$"):
        matching({"A": "1"}, "A", WORD, "be a word")


def test_what_is_left_out_or_empty_has_its_default() -> None:
    assert [integer(env, "A", 7) for env in ({"A": "12"}, {"A": ""}, {})] == [12, 7, 7]
    assert [networks(env, "A") for env in ({"A": "10.0.0.0/8, ::1,"}, {})] == [("10.0.0.0/8", "::1"), ()]
    assert [flag({"A": each}, "A") for each in ("1", "YES", "0", "off", "")] == [True, True, False, False, False]
