"""What is searched of a value, and the n-grams that lead to it: every text that holds a question has its n-grams."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.metadata.search_keys import (
    EDGE,
    code_lines,
    folded,
    grams,
    keys,
    leading,
    mail_lines,
    pattern,
    phone_lines,
    search_text,
    spoken_lines,
    whole,
)

WRITTEN = st.text(alphabet="云启科技海蓝单曾重庆abcdeABC019 .-@·ａ", max_size=30)


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("云启（杭州） 科技", ["云启杭州科技", "yunqihangzhoukeji", "yqhzkj"]),
        ("ABC Café", ["abccafé"]),
        ("重庆3D", ["重庆3d", "chongqing3d", "cq3"]),
        ("单小明", ["单小明", "danxiaoming", "dxm", "shanxiaoming", "sxm"]),
        ("尉迟恭", ["尉迟恭", "yuchigong", "ycg"]),
        ("单位宿舍管理处", ["单位宿舍管理处", "danweisusheguanlichu", "dwssglc"]),
    ],
)
def test_name_is_searched_as_written_and_as_spoken(written: str, lines: list[str]) -> None:
    assert search_text(spoken_lines, written) == EDGE + EDGE.join(lines) + EDGE


@given(st.lists(WRITTEN | st.text(max_size=8), max_size=4))
def test_pairs_hold_a_wide_character_and_threes_hold_none(lines: list[str]) -> None:
    text = EDGE + EDGE.join(lines) + EDGE
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    threes = {text[at : at + 3] for at in range(len(text) - 2)}
    wanted = {each for each in pairs if max(each) >= "\u2e80"}
    wanted |= {each for each in threes if max(each) < "\u2e80" and each[1] != EDGE}

    assert grams(text) == sorted(zlib.crc32(each.encode()) - 2**31 for each in wanted)


def test_phone_is_searched_with_and_without_its_country_and_by_its_tail() -> None:
    assert search_text(phone_lines, "+8613800138000") == "\n13800138000\n8613800138000\n8000\n"
    assert search_text(phone_lines, "+85221234567") == "\n85221234567\n4567\n"


def test_mail_is_searched_by_its_domain_too() -> None:
    assert search_text(mail_lines, "Zhang.San@Hailan.com") == "\nzhangsanhailancom\nhailancom\n"


def test_code_is_searched_without_its_marks() -> None:
    assert search_text(code_lines, "KH-2024-0001") == "\nkh20240001\n"


def test_marks_alone_are_not_searched() -> None:
    assert search_text(code_lines, "--·") is None


@pytest.mark.parametrize(
    ("asked", "sought"),
    [
        ("海蓝", "海蓝"), ("海", "\n海"), ("hl", "\nhl"), ("HLK", "hlk"), ("hai lan", "hailan"), ("138-0013", "1380013"),
        ("@hailan.com", "hailancom"), ("a", None), ("", None), ("·", None), ("云A", "云a"),
    ],
)  # fmt: skip
def test_question_too_short_for_more_looks_at_the_head_of_a_line(asked: str, sought: str | None) -> None:
    assert pattern(asked) == sought


def test_no_gram_reaches_over_an_edge() -> None:
    assert set(grams("\nab\ncd\n")) == set(grams("\nab\n")) | set(grams("\ncd\n"))


def test_index_holds_every_line_as_a_whole_beside_the_grams() -> None:
    text = "\n海蓝\nhailan\nhl\n"

    assert set(keys(text)) == {*grams(text), *map(whole, ("\n海蓝\n", "\nhailan\n", "\nhl\n"))}
    assert whole("\nhl\n") in keys(text)
    assert whole("\nhail\n") not in keys(text)


@pytest.mark.parametrize(
    ("sought", "threes"),
    [
        ("shengxin", ("she", "hen", "ngx", "gxi", "xin")),
        ("\nshengxin", ("\nsh", "she", "hen", "ngx", "gxi", "xin")),
        ("haitianhai", ("hai", "ait", "iti", "tia", "anh", "nha")),
        ("hailan", ("hai", "ail", "ila", "lan")),
        ("138001380", ("138", "380", "800", "001", "013")),
    ],
)
def test_ends_of_syllables_are_not_looked_for_where_more_is_known(sought: str, threes: tuple[str, ...]) -> None:
    assert leading(sought) == sorted(zlib.crc32(each.encode()) - 2**31 for each in threes)


@given(WRITTEN, WRITTEN, WRITTEN)
def test_whoever_holds_a_question_has_its_grams(before: str, asked: str, after: str) -> None:
    text, sought = search_text(code_lines, before + asked + after), pattern(asked)

    if text is not None and sought is not None and sought in text:
        assert set(grams(sought)) <= set(grams(text))


@given(st.text(max_size=40))
def test_folding_is_final_and_leaves_letters_and_digits(written: str) -> None:
    once = folded(written)

    assert (folded(once), once.isalnum() or not once) == (once, True)


@given(st.text(max_size=300))
def test_grams_are_integers_of_postgresql(written: str) -> None:
    text = search_text(spoken_lines, written)

    assert all(-(2**31) <= each < 2**31 for each in grams(text or ""))


def test_question_of_a_million_marks_is_folded_at_once() -> None:
    """Sorted by insertion they would take hours."""
    assert folded("a" + "\u0301" * 500_000 + "\u0316" * 500_000) == "á"
