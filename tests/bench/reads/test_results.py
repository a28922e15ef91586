"""A part that is run alone replaces its own section of the page and leaves the others."""

from __future__ import annotations

from bench.reads.results import Section, page_of, sections_of, table
from bench.verdicts import Result

ORDER = ["one", "two"]


def section(name: str, value: float) -> str:
    return str(Section(name, name.title(), f"Text of {name}.", [Result(f"measure of {name}", value, 0.5)]))


def test_page_gathers_what_every_part_judged() -> None:
    page = page_of({"two": section("two", 0.2), "one": section("one", 1)}, ORDER)

    head, _, rest = page.partition("<!-- part: one -->")
    assert head.splitlines()[-3:-1] == [
        "| ok | measure of one | 1.00 | ≥ 0.5 |",
        "| short | measure of two | 0.20 | ≥ 0.5 |",
    ]
    assert rest.index("## One") < rest.index("## Two")


def test_part_run_alone_replaces_only_its_own_section() -> None:
    before = page_of({"one": section("one", 1), "two": section("two", 0.2)}, ORDER)

    after = page_of(sections_of(before) | {"two": section("two", 0.9)}, ORDER)

    assert after == before.replace("| short | measure of two | 0.20 |", "| ok | measure of two | 0.90 |")


def test_table_has_a_head_and_its_rows() -> None:
    assert table(["", "a"], [["x", "1"], ["y", "2"]]) == "|  | a |\n|---|---|\n| x | 1 |\n| y | 2 |"
