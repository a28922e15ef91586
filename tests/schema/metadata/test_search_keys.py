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
    telling,
    whole,
    words,
)

DIGITS = frozenset("0123456789")
WRITTEN = st.text(alphabet="云启科技海蓝单曾重庆abcdeABC019 .-@·ａ", max_size=30)


def number(gram: str) -> int:
    return zlib.crc32(gram.encode()) - 2**31


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
def test_pairs_hold_a_wide_character_and_longer_grams_hold_none(lines: list[str]) -> None:
    text = EDGE + EDGE.join(lines) + EDGE

    def runs(length: int) -> set[str]:
        return {text[at : at + length] for at in range(len(text) - length + 1)}

    wanted = {each for each in runs(2) if max(each) >= "\u2e80" and not each.endswith(EDGE)}
    wanted |= {each for each in runs(3) | runs(5) if max(each) < "\u2e80" and EDGE not in each[1:]}
    wanted -= {each for each in wanted if len(each) > 3 and (each[0] in "aeiou" or DIGITS.issuperset(each[:4]))}
    wanted |= {each for each in runs(4) if DIGITS.issuperset(each)}
    assert grams(text) == sorted(map(number, wanted))


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
    ("sought", "leads"),
    [
        ("shengxin", ("sheng", "hengx", "ngxin")),
        ("\nhaix", ("\nhaix",)),
        ("haix", ("hai", "aix")),
        ("aixin", ("aix", "ixi", "xin")),
        ("haixina", ("haixi", "xin", "ina")),
        ("1380013", ("1380", "3800", "8001", "0013")),
        ("\n138", ("\n13", "138")),
        ("云启yq", ("云启", "启y", "\nyq")[:2]),
        ("8000云", ("8000", "0云")),
    ],
)
def test_short_grams_are_not_looked_for_where_a_long_one_holds_them(sought: str, leads: tuple[str, ...]) -> None:
    assert leading(sought) == sorted(map(number, leads))


@given(WRITTEN)
def test_what_leads_to_a_question_is_among_its_grams(asked: str) -> None:
    sought = pattern(asked)

    if sought is not None:
        assert set() < set(leading(sought)) <= set(grams(sought))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("li ming 上海", ["li", "ming", "上海"]),
        ("上海\u3000ＬＩ", ["上海", "li"]),
        ("李 王", ["\n李", "\n王"]),
        ("李 上海", ["李", "上海"]),
        ("a 上海", ["a", "上海"]),
        ("a b", []),
        ("a bc", ["\na", "\nbc"]),
        ("上海", []),
        ("上海 · ", []),
        ("上海 上海", []),
        ("", []),
        ("1 2 3 4 5 6 7 80 900", ["\n1", "\n2", "\n3", "\n4", "\n5", "\n6", "\n7", "\n80"]),
    ],
)
def test_words_stand_apart_and_short_ones_at_the_head_if_no_long_one_leads(asked: str, found: list[str]) -> None:
    assert words(asked) == found


def test_words_that_tell_most_come_first() -> None:
    assert telling(["li", "keji", "云启", "\n海", "liming"]) == ["云启", "liming", "keji", "\n海"]


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
