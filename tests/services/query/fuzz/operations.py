"""Random operations: records, pages, groups and searches, nested in each other, under keys of their own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.naming import aggregate_member, id_member, ids_member, label_member
from schema.metadata.objects import ObjectKind
from schema.metadata.types import Function, Operators, Output
from schema.sdl.types import ADDRESS_PARTS
from tests.services.query.fuzz.asked import (
    ChildGroups,
    Groups,
    Item,
    Key,
    Many,
    One,
    Page,
    Path,
    Root,
    Selection,
    Value,
)
from tests.services.query.fuzz.files import PARTS as FILE_PARTS
from tests.services.query.fuzz.questions import Questions
from tests.services.query.fuzz.values import ORDERED

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.objects import Inverse, Object
    from schema.metadata.registry import Registry
    from tests.services.query.fuzz.judge import Judge

_OF_LINES = 0.15
_OF_RARE = 0.4
_OF_RARE_ALONE = 0.25
_ZONES = ("Asia/Shanghai", "America/New_York", "UTC", "Asia/Kolkata")
_GRANULARITIES = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_INFO = ("hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "__typename")
PARTS = {Output.POINT: ("latitude", "longitude"), Output.ADDRESS: ADDRESS_PARTS, Output.FILES: FILE_PARTS}
_DATES = frozenset({Output.DATE, Output.DATETIME})


class Operations:
    """One sequence of operations over the records that a judge knows."""

    def __init__(self, rng: random.Random, registry: Registry, judge: Judge) -> None:
        self._rng = rng
        self._registry = registry
        self._judge = judge
        self._questions = Questions(rng, registry, judge)
        self._numbers = count()
        self._objects = [each.name for each in registry.shape.objects.values() if each.kind is not ObjectKind.SYSTEM]

    def operation(self) -> list[Root]:
        tables = [(thing, each) for thing in self._registry.shape.objects.values() for each in thing.line_tables]
        if tables and self._rng.random() < _OF_LINES:
            return [self._heads(*self._rng.choice(tables))]
        links = [
            (thing, each) for thing in self._registry.shape.objects.values() for each in thing.inverses if each.link
        ]
        if links and self._rng.random() < _OF_LINES:
            return [self._heads(*self._rng.choice(links))]
        rare = [(self._registry.shape.objects[name], each) for name in self._objects for each in self._rare(name)]
        if rare and self._rng.random() < _OF_RARE_ALONE:
            thing, field = self._rng.choice(rare)
            item = self._shown(thing.name, field) if field.is_shown else next(self._values(thing.name, field))
            is_asked_of = field.type.operators is not Operators.NONE and self._rng.random() < _OF_RARE
            return [self._records(thing, item, [self._questions.comparison(thing.name, field)] if is_asked_of else ())]
        return [self._root() for _ in range(self._rng.choice((1, 1, 1, 2, 3)))]

    def again(self, page: Page, record: Any, cursor: str, *, backward: bool) -> list[Root]:
        """The same page from a cursor on, or back to it."""
        again = Page(
            page.object_name, page.parts, page.filter, page.search, page.order, self._rng.randint(1, 4), backward,
            (record, cursor), page.deleted,
        )  # fmt: skip
        return [Root("again", self._registry.shape.objects[page.object_name].plural, "records", again)]

    def _root(self) -> Root:
        rng, name = self._rng, self._rng.choice(self._objects)
        thing = self._registry.shape.objects[name]
        match self._questions.pick({"records": 10, "groups": 5, "record": 2, "node": 2, "search": 2, "typename": 1}):
            case "records":
                return Root(self._key(""), thing.plural, "records", self._page(name, 2, root=True))
            case "groups":
                member = aggregate_member(thing.plural)
                return Root(self._key(""), member, "groups", self._groups(name))
            case "record":
                return Root(self._key(""), name, "record", self._selection(name, 2), {"id": self._id(name)})
            case "node":
                # Some of the objects that may stand behind it; the id's own object may be missing.
                names = rng.sample([*self._objects, "user"], rng.randint(1, 3))
                selections = [self._selection(each, 1) for each in names]
                return Root(self._key(""), "node", "node", selections, {"id": self._id(rng.choice([*names, name]))})
            case "search":
                return self._search()
            case _:
                return Root(self._key(""), "__typename", "typename")

    def _heads(self, thing: Object, inverse: Inverse) -> Root:
        """Records with their lines, or what is linked to them, and nothing beside that somebody might not read."""
        lines = Selection(inverse.object_name, [Value(self._key("id"), "id", "value", "id")])
        page = Page(inverse.object_name, [(self._key("nodes"), "nodes", lines)], size=self._rng.choice((None, 1, 3)))
        return self._records(thing, Many(self._key(inverse.name), inverse, page))

    def _records(self, thing: Object, item: Item, asked: Sequence[tuple[str, Any]] = ()) -> Root:
        parts: list[tuple[str, str, Any]] = [
            (self._key("nodes"), "nodes", Selection(thing.name, [item])),
            (self._key(""), "edges", [(self._key(""), "cursor", None)]),
        ]
        return Root(self._key(""), thing.plural, "records", Page(thing.name, parts, dict(asked) or None))

    def _search(self) -> Root:
        names = self._rng.sample(self._objects, self._rng.randint(1, len(self._objects)))
        parts: list[tuple[str, str, Any]] = [
            (self._key(each), each, None) for each in ("object", "title", "field", "match", "score", "__typename")
        ]
        parts.append((self._key("record"), "record", [self._selection(each, 1) for each in names]))
        given: dict[str, Any] = {"text": self._questions.text(), "objects": names}
        if self._rng.random() < 0.6:
            given["first"] = self._rng.randint(0, 6)
        return Root(self._key(""), "search", "search", self._some(parts), given)

    def _id(self, name: str) -> str:
        ids = [str(each.id) for each in self._judge.rows[name]]
        return self._rng.choice([*ids * 3, str(UUID(int=7))])

    def _key(self, name: str) -> str:
        """Its own name where nothing else has it, else an alias."""
        return name if name and self._rng.random() < 0.3 else f"k{next(self._numbers)}"

    def _some(self, offered: Sequence[Any], least: int = 1) -> list[Any]:
        return self._rng.sample(list(offered), self._rng.randint(min(least, len(offered)), len(offered)))

    # --- records ------------------------------------------------------------------------------------------------------

    def _selection(self, name: str, depth: int) -> Selection:
        values = [item for field in self._questions.fields(name) for item in self._values(name, field)]
        values += [self._shown(name, each) for each in self._lookups(name)]
        values += [
            Value(self._key("__typename"), "__typename", "typename"),
            Value(self._key("maskedFields"), "maskedFields", "masked"),
        ]
        items: list[Item] = self._rng.sample(values, min(len(values), self._rng.choice((1, 2, 4, 8))))
        rare = [each for each in values if each not in items and self._questions.is_rare(name, each.field)]
        if rare and self._rng.random() < _OF_RARE:
            items.append(self._rng.choice(rare))
        if depth:
            nested = list(self._nested(name, depth - 1))
            items += [make() for make in self._rng.sample(nested, min(len(nested), self._rng.choice((0, 1, 1, 2))))]
            linked = [each for each in self._questions.inverses(name) if each.link is not None]
            if linked and self._rng.random() < _OF_RARE:
                # It may be there by its own name already, asked otherwise.
                items.append(replace(self._many(self._rng.choice(linked), depth - 1), key=self._key("")))
        self._rng.shuffle(items)
        return Selection(name, items)

    def _values(self, name: str, field: Field) -> Iterator[Value]:
        if field.relation is not None:
            yield Value(self._key(id_member(field.name)), id_member(field.name), "id", field.name)
        elif field.type.has_several:
            yield Value(self._key(ids_member(field.name)), ids_member(field.name), "ids", field.name)
        elif field.type.output in PARTS:
            parts = [(self._key(each), each) for each in self._some((*PARTS[field.type.output], "__typename"))]
            yield Value(self._key(field.name), field.name, "parts", field.name, parts)
        elif field.type.output is Output.MONEY:
            parts = [(self._key(each), each) for each in self._some(("amount", "currency", "__typename"))]
            yield Value(self._key(field.name), field.name, "money", field.name, parts)
        else:
            yield Value(self._key(field.name), field.name, "value", field.name)
            if field.type.has_choices and field.type.output is Output.TEXT and name != "user":
                locale = self._rng.choice((None, "zh", "en", "zh-CN"))
                yield Value(self._key(""), label_member(field.name), "label", field.name, locale=locale)

    def _lookups(self, name: str) -> list[Field]:
        """Those that show something: what they show may be retired."""
        shape = self._registry.shape
        return [each for each in shape.objects[name].lookups if shape.shown(name, each.name) is not None]

    def _rare(self, name: str) -> list[Field]:
        fields = self._registry.shape.objects[name].fields
        return [*self._lookups(name), *(each for each in fields if self._questions.is_rare(name, each.name))]

    def _shown(self, name: str, lookup: Field) -> Value:
        shown = self._registry.shape.shown(name, lookup.name)
        assert shown is not None
        output = shown[2].type.output
        offered = ("amount", "currency") if output is Output.MONEY else PARTS.get(output, ())
        parts = [(self._key(each), each) for each in self._some((*offered, "__typename"))] if offered else []
        return Value(self._key(lookup.name), lookup.name, "shown", lookup.name, parts)

    def _nested(self, name: str, depth: int) -> Iterator[Callable[[], Item]]:
        for field in self._questions.fields(name):
            if field.relation is not None:
                yield partial(self._one, field.name, field.relation.target, depth)
            elif field.type.has_several:
                yield partial(self._one, field.name, "user", depth, several=True)
        for inverse in self._questions.inverses(name):
            yield partial(self._many, inverse, depth)
            yield partial(self._child_groups, inverse)

    def _one(self, name: str, target: str, depth: int, *, several: bool = False) -> One:
        return One(self._key(name), name, self._selection(target, depth), several)

    def _many(self, inverse: Inverse, depth: int) -> Many:
        page = self._page(inverse.object_name, depth)
        if inverse.lines_by and self._rng.random() < 0.6:
            page = replace(page, order=(), search=None)
        return Many(self._key(inverse.name), inverse, page)

    def _child_groups(self, inverse: Inverse) -> ChildGroups:
        name = aggregate_member(inverse.name)
        return ChildGroups(self._key(name), inverse, self._groups(inverse.object_name))

    def _page(self, name: str, depth: int, *, root: bool = False) -> Page:
        rng, questions = self._rng, self._questions
        size = rng.randint(0, 9) if rng.random() < 0.8 else None
        shows = rng.choice(("nodes", "nodes", "edges", "both"))
        parts: list[tuple[str, str, Any]] = [
            (self._key("nodes"), "nodes", self._selection(name, depth) if shows != "edges" else None),
            (self._key("edges"), "edges", self._edge(name, depth) if shows != "nodes" else None),
            (self._key("pageInfo"), "pageInfo", [(self._key(each), each) for each in self._some(_INFO)]),
            *((self._key(each), each, None) for each in ("totalCount", "totalCountIsExact", "__typename")),
        ]
        chosen = self._some([each for each in parts if each[2] is not None or each[1] not in {"nodes", "edges"}])
        if root:
            # Something to follow pages by.
            chosen.append((self._key(""), "edges", [(self._key(""), "cursor", None)]))
        return Page(
            name,
            chosen,
            questions.filter(name, 2) if rng.random() < 0.5 else None,
            questions.text() if rng.random() < 0.15 else None,
            questions.order(name),
            size,
            # Without a size or a cursor nothing says that a page is read from its end.
            size is not None and rng.random() < 0.3,
            deleted=rng.random() < 0.1,
        )

    def _edge(self, name: str, depth: int) -> Sequence[tuple[str, str, Selection | None]]:
        parts = [(self._key("cursor"), "cursor", None), (self._key("node"), "node", self._selection(name, depth)),
                 (self._key("__typename"), "__typename", None)]  # fmt: skip
        return self._some(parts)

    # --- groups -------------------------------------------------------------------------------------------------------

    def _groups(self, name: str) -> Groups:
        rng, questions = self._rng, self._questions
        paths = dict.fromkeys(questions.group_path(name) for _ in range(rng.choice((0, 0, 1, 1, 2, 3))))
        by = [self._group_key(name, path) for path in paths]
        measures = list(self._measures(name))
        compared = [(function, field) for function, field in measures if not self._is_money(name, function, field)]
        order: dict[Any, str] = {
            place: rng.choice(("ASC", "DESC"))
            for place, each in enumerate(by)
            if rng.random() < 0.3 and self._is_sorted(name, each)
        } | {
            each: rng.choice(("ASC", "DESC"))
            for each in rng.sample(compared, min(len(compared), rng.choice((0, 0, 1))))
        }
        ways = list(order.items())
        rng.shuffle(ways)
        return Groups(
            name,
            self._group_parts(name, by, measures),
            questions.filter(name, 1) if rng.random() < 0.4 else None,
            questions.text() if rng.random() < 0.1 else None,
            by,
            [self._having(name, *rng.choice(compared))] if rng.random() < 0.25 else (),
            ways,
            rng.randint(0, 5) if rng.random() < 0.3 else None,
            rng.choice(_ZONES) if rng.random() < 0.5 else None,
        )

    def _is_sorted(self, name: str, key: Key) -> bool:
        """Groups have no order by the id of a relation."""
        end = self._judge.field(self._owner(name, key.path), key.path[-1])
        return end.relation is None

    def _owner(self, name: str, path: Path) -> str:
        for each in path[:-1]:
            relation = self._judge.field(name, each).relation
            assert relation is not None
            name = relation.target
        return name

    def _group_key(self, name: str, path: Path) -> Key:
        is_date = self._judge.field(self._owner(name, path), path[-1]).type.output in _DATES
        return Key(path, self._rng.choice(_GRANULARITIES) if is_date else "")

    def _measures(self, name: str) -> Iterator[tuple[str, str]]:
        yield "count", ""
        for field in self._questions.fields(name):
            for function in field.type.functions:
                yield function.value, field.name

    def _is_money(self, name: str, function: str, field: str) -> bool:
        if not field or function == Function.COUNT_DISTINCT:
            return False
        return self._judge.field(name, field).type.output is Output.MONEY

    def _having(self, name: str, function: str, field: str) -> tuple[str, str, str, Any]:
        word = self._rng.choice(ORDERED)
        operand: Any = self._rng.randint(0, 4)
        if field and function != "countDistinct":
            own = self._judge.field(name, field)
            operand = self._questions.one(name, own)
        if word in {"in", "notIn"}:
            return function, field, word, [operand]
        return function, field, word, [operand, operand] if word == "between" else operand

    def _group_parts(
        self, name: str, by: Sequence[Key], measures: Sequence[tuple[str, str]]
    ) -> list[tuple[str, str, Any]]:
        chosen = self._some(measures)
        parts: list[tuple[str, str, Any]] = [(self._key("__typename"), "__typename", None)]
        for function in dict.fromkeys(each for each, _ in chosen):
            if function == "count":
                parts.append((self._key("count"), "count", None))
                continue
            inner = [
                (self._key(field), field, self._parts(name, each, field)) for each, field in chosen if each == function
            ]
            parts.append((self._key(function), function, [*inner, *self._maybe_typename()]))
        if by:
            tree = self._tree([(each.path, place) for place, each in enumerate(by) if self._rng.random() < 0.9])
            if tree:
                parts.append((self._key("group"), "group", [*tree, *self._maybe_typename()]))
        self._rng.shuffle(parts)
        return parts

    def _parts(self, name: str, function: str, field: str) -> Any:
        if not self._is_money(name, function, field):
            return None
        return [(self._key(each), each) for each in self._some(("amount", "currency", "__typename"))]

    def _maybe_typename(self) -> list[tuple[str, str, Any]]:
        return [(self._key("__typename"), "__typename", None)] if self._rng.random() < 0.2 else []

    def _tree(self, paths: Sequence[tuple[Path, int]]) -> list[tuple[str, str, Any]]:
        """Paths put into each other: a position at an end, or what is behind a relation."""
        found: list[tuple[str, str, Any]] = []
        for first in dict.fromkeys(path[0] for path, _ in paths):
            mine = [(path, place) for path, place in paths if path[0] == first]
            deeper = [(path[1:], place) for path, place in mine if len(path) > 1]
            found += [(self._key(first), first, place) for path, place in mine if len(path) == 1]
            if deeper:
                found.append((self._key(first), first, self._tree(deeper)))
        return found
