"""Layouts and shared views of a pack's object out of its file, as JSON that the verbs on them take; they check it in a tenant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from schema.metadata.system_objects import SYSTEM_OBJECTS
from services.packs.errors import PackTooLarge, bad
from services.packs.model import EVERYBODY, ROLES, LayoutDefinition, ViewDefinition, derived_id
from services.packs.reading import Findings, flag, malformed, mapping, only, sequence, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.packs.documents import Body

MOST: Final = 200
# Layouts are no system object and have no number.
LAYOUT: Final = 0
VIEW: Final = SYSTEM_OBJECTS["savedView"][1].number
_OF_LAYOUT: Final = frozenset({"role", "stageField", "stage", "sections"})
PARTS: Final = ("kind", "filter", "orderBy", "groupBy", "columns", "settings")
_OF_VIEW: Final = frozenset({*PARTS, "sharedWith"})
_OF_AUDIENCE: Final = frozenset({EVERYBODY, ROLES})


def document(value: object) -> str:
    """A value as JSON; equal values are equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def layouts(pack: str, object_name: str, body: Body, found: Findings) -> Iterator[LayoutDefinition]:
    """The layouts of an object, each for a role or everybody and a stage or all."""
    given = sequence(body.get("layouts"), body.at("layouts"))
    if len(given) > MOST:
        raise bad(body.at("layouts"), PackTooLarge(what="layouts of an object", what_zh="布局", max=MOST))
    for at, each in enumerate(given):
        with found.at(body.at("layouts").below(at)):
            one = mapping(each, body.at("layouts").below(at))
            only(one, _OF_LAYOUT)
            names = (text(one, "role", ""), text(one, "stageField", ""), text(one, "stage", ""))
            sections = document(sequence(one.get("sections"), one.at("sections")))
            layout_id = derived_id(pack, LAYOUT, object_name, "layouts", *names)
            yield LayoutDefinition(layout_id, object_name, sections, *names)


def views(pack: str, object_name: str, body: Body, found: Findings) -> Iterator[ViewDefinition]:
    """The shared views of an object by name."""
    given = mapping(body.get("views"), body.at("views"))
    if len(given) > MOST:
        raise bad(body.at("views"), PackTooLarge(what="views of an object", what_zh="视图", max=MOST))
    for name in given:
        with found.at(given.at(name)):
            one = mapping(given[name], given.at(name))
            only(one, _OF_VIEW)
            parts = {each: one[each] for each in PARTS if one.get(each) is not None}
            shared = {**parts, "sharedWith": _audience(one)}
            yield ViewDefinition(
                derived_id(pack, VIEW, object_name, "views", name), object_name, name, document(shared)
            )


def _audience(body: Body) -> dict[str, object]:
    """Everybody where nothing is said: a pack has no views of its own."""
    if body.get("sharedWith") is None:
        return {EVERYBODY: True}
    given = mapping(body["sharedWith"], body.at("sharedWith"))
    only(given, _OF_AUDIENCE)
    if flag(given, EVERYBODY):
        return {EVERYBODY: True}
    roles = texts(given.get(ROLES), given.at(ROLES))
    if not roles:
        raise malformed(body.at("sharedWith"), "everybody, or names of roles", "everybody 或角色名称")
    return {ROLES: sorted(roles)}
