"""What a question touches, and so whether its caller is refused: objects, fields that are only shown, fields that decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schema.metadata.objects import Inverse
from services.permissions import Level, Verb
from services.query.errors import FieldNotReadable, ObjectNotReadable, TrashNotReadable
from tenants.errors import Fault
from tests.services.query.fuzz.asked import (
    ChildGroups,
    Filter,
    Groups,
    Item,
    Many,
    One,
    Page,
    Path,
    Root,
    Selection,
    Value,
)
from tests.services.query.fuzz.rights import Caller


@dataclass(frozen=True)
class Touched:
    """An object, and the level that one of its fields needs."""

    object_name: str
    field: str = ""
    needs: Level = Level.NONE
    deleted: bool = False


class Touches:
    """Walks an operation for one caller."""

    def __init__(self, caller: Caller, numbers: Mapping[int, str]) -> None:
        self._caller = caller
        self._judge = caller.judge
        self._numbers = numbers

    def refusal(self, roots: Iterable[Root]) -> Fault | None:
        """The first thing that is wrong."""
        touched = sorted(
            {each for root in roots for each in self._root(root)}, key=lambda each: (each.object_name, each.field)
        )
        for each in touched:
            if not self._reads(each.object_name):
                return ObjectNotReadable(object=each.object_name)
        level = self._judge.levels
        closed = dict.fromkeys(
            f"{each.object_name}.{each.field}"
            for each in touched
            if each.field and level(each.object_name, each.field) < each.needs
        )
        if closed:
            return FieldNotReadable(fields=", ".join(closed))
        for each in touched:
            if each.deleted and not self._caller.may(each.object_name, Verb.DELETE):
                return TrashNotReadable(object=each.object_name)
        return None

    def _reads(self, object_name: str) -> bool:
        return self._caller.may(object_name, Verb.READ)

    def _root(self, root: Root) -> Iterator[Touched]:
        match root.what:
            case "records":
                yield from self._page(root.inner)
            case "groups":
                yield from self._groups(root.inner)
            case "record":
                yield from self._selection(root.inner)
            case "node":
                name = self._number_behind(root.arguments["id"])
                for each in root.inner:
                    if each.object_name == name and self._reads(each.object_name):
                        yield from self._selection(each)
            case "search":
                yield from self._hits([each for _, _, selections in root.inner for each in selections or ()])

    def _hits(self, selections: Iterable[Selection]) -> Iterator[Touched]:
        for each in selections:
            if self._reads(each.object_name):
                yield from self._selection(each)

    def _number_behind(self, asked: str) -> str | None:
        return self._numbers.get(int(asked.replace("-", ""), 16) >> 64 & 0xFFF) if len(asked) == 36 else None

    def _selection(self, selection: Selection) -> Iterator[Touched]:
        yield Touched(selection.object_name)
        for item in selection.items:
            yield from self._item(selection.object_name, item)

    def _item(self, name: str, item: Item) -> Iterator[Touched]:
        match item:
            case Value():
                if item.field:
                    yield Touched(name, item.field, Level.MASKED)
                if item.what == "shown":
                    yield from self._behind_lookup(name, item.field)
            case One():
                yield Touched(name, item.field, Level.MASKED)
                yield from self._selection(item.selection)
            case Many():
                yield _followed(item.inverse)
                yield from self._page(item.page)
            case ChildGroups():
                yield _followed(item.inverse)
                yield from self._groups(item.groups)

    def _behind_lookup(self, name: str, lookup: str) -> Iterator[Touched]:
        relation, target, field = self._judge.shown(name, lookup)
        yield Touched(name, relation, Level.MASKED)
        yield Touched(target)
        yield Touched(target, field.name, Level.MASKED)

    def _page(self, page: Page) -> Iterator[Touched]:
        name = page.object_name
        yield Touched(name, deleted=page.deleted)
        for path, _ in page.order:
            yield from self._path(name, path)
            if path == ("id",):
                # Whatever comes behind it decides nothing.
                break
        if page.filter is not None:
            yield from self._filter(name, page.filter)
        for _, part, inner in page.parts:
            for each in [inner] if part == "nodes" else [one for _, _, one in inner] if part == "edges" else []:
                if each is not None:
                    yield from self._selection(each)

    def _groups(self, groups: Groups) -> Iterator[Touched]:
        name = groups.object_name
        yield Touched(name)
        for key in groups.by:
            yield from self._path(name, key.path)
        if groups.filter is not None:
            yield from self._filter(name, groups.filter)
        shown = [
            (function, field)
            for _, function, inner in groups.parts
            if function != "group"
            for _, field, _ in inner or ()
        ]
        used = [
            *shown,
            *((each[0], each[1]) for each in groups.having),
            *(by for by, _ in groups.order if isinstance(by, tuple)),
        ]
        for _, field in used:
            if field and field != "__typename":
                yield from self._path(name, (field,))

    def _path(self, name: str, path: Path) -> Iterator[Touched]:
        *relations, last = path
        for each in relations:
            relation = self._judge.field(name, each).relation
            assert relation is not None
            yield Touched(name, each, Level.READ)
            name = relation.target
            yield Touched(name)
        yield Touched(name, self._judge.field(name, last).name, Level.READ)

    def _filter(self, name: str, given: Filter) -> Iterator[Touched]:
        for member, value in given.items():
            yield from self._member(name, member, value)

    def _member(self, name: str, member: str, value: Any) -> Iterator[Touched]:
        if member in {"and", "or"}:
            for each in value:
                yield from self._filter(name, each)
            return
        if member == "not":
            yield from self._filter(name, value)
            return
        inverse = self._judge.shape.inverse(name, member)
        if inverse is not None:
            yield Touched(inverse.object_name)
            yield _followed(inverse)
            for each in value.values():
                yield from self._filter(inverse.object_name, each)
            return
        field = self._judge.field(name, member)
        yield Touched(name, field.name, Level.READ)
        if field.relation is not None and field.name == member:
            yield Touched(field.relation.target)
            yield from self._filter(field.relation.target, value)


def _followed(inverse: Inverse) -> Touched:
    """Those who may read a field follow it from either side; a field of links is that of one of both objects."""
    if inverse.link is not None:
        return Touched(inverse.link.object_name, inverse.link.field_name, Level.READ)
    return Touched(inverse.object_name, inverse.field_name, Level.READ)
