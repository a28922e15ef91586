from __future__ import annotations

import pytest

from resolvers import media
from resolvers.media import GRAPHQL, JSON, accepted, is_json, prefers_html
from resolvers.refusals import NotAcceptable


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, application/json;q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/json", JSON),
        ("text/html, application/json;q=0.1", JSON),
        (f"application/json;q=0, {GRAPHQL}", GRAPHQL),
        ("application/json;q=nonsense, */*;q=0.1", GRAPHQL),
        (f"{'text/html, ' * 100}{GRAPHQL}", GRAPHQL),
    ],
)
def test_best_of_what_we_offer(accept: str, expected: str) -> None:
    assert accepted(accept) == expected


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0", "image/*, " * 100])
def test_neither_is_refused(accept: str) -> None:
    for _ in range(2):
        with pytest.raises(NotAcceptable):
            accepted(accept)


def test_browser_names_html_itself() -> None:
    assert prefers_html("text/html,application/xhtml+xml,*/*;q=0.8")
    assert not prefers_html("*/*")
    assert not prefers_html("text/html;q=0")


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=UTF-8", True),
        ('application/json; charset="utf8"', True),
        ("application/json; charset=gb18030", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("", False),
    ],
)
def test_only_json_is_read(content_type: str, expected: bool) -> None:
    assert is_json(content_type) is expected


def test_what_no_program_sends_is_not_kept() -> None:
    short, long = ("text/x-unheard, application/json" + " " * spaces for spaces in (1, 300))
    accepted(short)
    kept = media._best.cache_info().currsize

    assert accepted(long) == accepted(short) == "application/json"

    assert media._best.cache_info().currsize == kept
