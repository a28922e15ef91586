"""Errors: one code, one sentence in two languages, and a message that never raises."""

from __future__ import annotations

from tenants.claims import SlugTaken
from tenants.errors import Conflict, Family, Fault, NotFound, Refused, Violation


class TooLong(Conflict):
    """At most {limit} characters."""

    code = "TOO_LONG_IN_TEST"
    zh = "最多 {limit} 个字符。"


def test_details_are_filled_in() -> None:
    fault = TooLong(limit=5)

    assert (fault.message(), fault.message("zh")) == ("At most 5 characters.", "最多 5 个字符。")


def test_missing_detail_prints_as_nothing() -> None:
    assert TooLong().message() == "At most  characters."


def test_error_without_a_text_says_its_code() -> None:
    class Silent(Fault):
        family = Family.INVALID
        code = "SILENT"

    Silent.__doc__ = None

    assert Silent().message() == "SILENT"


def test_exception_shows_its_code_and_nothing_else() -> None:
    assert str(SlugTaken(slug="secret")) == "SLUG_TAKEN"


def test_refusal_carries_all_violations() -> None:
    violations = (Violation(("a",), NotFound()), Violation((1, "b"), TooLong(limit=1)))

    refused = Refused(violations)

    assert (refused.violations, refused.duplicates, refused.code) == (violations, (), "REFUSED")
