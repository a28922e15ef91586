"""Members of pack files are of the kind that is expected, or refused with their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schema.metadata.fields import Label
from services.packs import BadPack, Place
from services.packs import reading as r
from services.packs.documents import Body, parsed
from services.packs.errors import PackMalformed


def body(text: str) -> Body:
    found = parsed(text, Place("x.yaml"))
    assert isinstance(found, Body)
    return found


def refuse(fault: PackMalformed) -> None:
    raise fault


def test_members_are_read() -> None:
    given = body("a: text\nb: 7\nc: true\nd: [x, y]\ne: {zh: 词, en: word}\nf:")

    assert (r.text(given, "a"), r.text(given, "b"), r.text(given, "z", "none")) == ("text", "7", "none")
    assert (r.whole(given, "b", least=1, most=9), r.flag(given, "c"), r.flag(given, "z")) == (7, True, False)
    assert (r.texts(given["d"], given.at("d")), r.sequence(given["f"], given.at("f"))) == (("x", "y"), ())
    assert (r.label(given, "e"), r.optional_label(given, "z")) == (Label("词", "word"), Label())


@pytest.mark.parametrize(
    "asked",
    [
        lambda given: r.text(given, "z"),
        lambda given: r.text(given, "d"),
        lambda given: r.whole(given, "b", least=8, most=9),
        lambda given: r.flag(given, "b"),
        lambda given: r.texts([True], given.at("d")),
        lambda given: r.sequence(given["b"], given.at("b")),
        lambda given: r.mapping(given["b"], given.at("b")),
        lambda given: r.only(given, frozenset({"b"})),
        lambda given: r.label(given, "z"),
    ],
)
def test_other_kinds_are_refused_with_their_line(asked: Callable[[Body], object]) -> None:
    with pytest.raises(BadPack, match=r"x\.yaml:\d"):
        asked(body("b: 7\nd: [x]"))


def test_findings_are_gathered_and_told_once() -> None:
    found, place = r.Findings(), Place("x.yaml", line=3)
    fault = PackMalformed(wanted="this")
    with found.at(place):
        refuse(fault)
    found.note(place, fault)

    with pytest.raises(BadPack) as refused:
        found.settle()
    assert str(refused.value) == "x.yaml:3: PACK_MALFORMED: Here this is expected."
