"""Names and types of a plan checked against a registry's shape; the answer lists every coordinate that the plan touches.

What a caller may read of them is the guard's question, not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from schema.metadata.objects import ObjectKind
from schema.metadata.record_fields import TO_USER
from schema.metadata.types import Operators, Output
from services.permissions import TELLING
from services.query import plan as p
from services.query.errors import FilterTooLarge, NotGroupable, NotMeasurable, OperatorNotOffered, UnknownName
from services.query.measures import COUNT, HAVING_FAMILIES, answer_of, measures
from services.query.names import (
    HISTORY,
    MASKED_FIELDS,
    field_of,
    inverse_of,
    is_trace,
    object_of,
    path_end,
    relation_by_id,
    relation_of,
)
from services.query.operators import OFFERED
from services.query.ordering import cursor_use, sort_keys
from services.query.searching import searched_fields
from services.query.views import SAVED_VIEW

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.registry import Shape
    from services.query.cursors import CursorUse

GRANULARITIES = frozenset({"", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"})
_OF_PARTS = {
    (Operators.MONEY, "currency"): Operators.KEY,
    (Operators.ADDRESS, "code"): Operators.AREA,
    (Operators.ADDRESS, "text"): Operators.TEXT,
}
_PARTED: Mapping[type[p.Item], frozenset[Output]] = {
    p.MoneyLeaf: frozenset({Output.MONEY}),
    p.PartsLeaf: frozenset({Output.POINT, Output.ADDRESS, Output.FILES}),
}
QUANTIFIERS = frozenset({"some", "none", "every"})
# Of one filter. Statements grow with their conditions, and variables are not counted by the limits of a document.
MOST_CONDITIONS = 300
DEEPEST_CONDITION = 20


class Use(StrEnum):
    """How a coordinate is touched; only a selected one may be masked."""

    SELECT = "select"
    COMPARE = "compare"
    # Only whether the record behind a relation is visible; where its object may not be read, it never is.
    LINK = "link"
    # Searched if it may be read as it is, and else left out.
    SEARCH = "search"
    # Stands as title of a hit as far as it may be read, and else is left out.
    TITLE = "title"
    # Kept by a trace of its record, which shows of it what the caller may see.
    TRACE = "trace"
    # Only the names of an object and its fields are told, as far as they are open.
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Touch:
    """One coordinate of a plan. Without a field the object itself is read."""

    object_name: str
    field_name: str = ""
    use: Use = Use.SELECT


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class BoundPlan:
    """A plan whose names all exist in the shape. Two are the same only if they are one."""

    plan: p.Plan
    shape: Shape
    touches: frozenset[Touch]
    # Every object touched.
    objects: frozenset[str]
    # Objects whose deleted records are read.
    trashed: frozenset[str]
    cursors: tuple[CursorUse, ...]
    # Positions of page sizes.
    sizes: tuple[int, ...]
    # Positions of texts that are searched for.
    texts: tuple[int, ...]
    # What is touched of objects and fields whose reading leaves an audit entry: (object, its fields).
    audited: tuple[tuple[str, tuple[str, ...]], ...]


def bind(shape: Shape, plan: p.Plan) -> BoundPlan:
    """Check a whole plan."""
    binder = _Binder(shape)
    touches = frozenset(touch for root in plan.roots for touch in binder.root(root))
    touches |= frozenset(recorded(shape, touches))
    return BoundPlan(
        plan,
        shape,
        touches,
        objects=frozenset(touch.object_name for touch in touches),
        trashed=frozenset(binder.trashed),
        cursors=tuple(dict.fromkeys(binder.cursors)),
        sizes=tuple(dict.fromkeys(binder.sizes)),
        texts=tuple(dict.fromkeys(binder.texts)),
        audited=audited(shape, touches),
    )


def recorded(shape: Shape, touches: Iterable[Touch]) -> Iterator[Touch]:
    """What traces of records are about, and views of: their rights decide, and any object may be meant."""
    coordinates = {(touch.object_name, touch.field_name) for touch in touches}
    if any(name == HISTORY or is_trace(name, field_name) for name, field_name in coordinates):
        kept = tuple(_kept(shape, shows_values=(HISTORY, "changes") in coordinates))
        yield from kept
        # A relation may point at views: the ids that a trace keeps ask for their rights as well.
        coordinates |= {(touch.object_name, touch.field_name) for touch in kept}
    if (SAVED_VIEW, "") in coordinates or any(name in TELLING.get(of, ()) for of, name in coordinates):
        yield from (Touch(name, use=Use.NAMES) for name in shape.objects)


def _kept(shape: Shape, *, shows_values: bool) -> Iterator[Touch]:
    for thing in shape.objects.values():
        if thing.kind is not ObjectKind.SYSTEM:
            yield Touch(thing.name, use=Use.TRACE)
            # The ids that a trace keeps show where the records behind them do.
            yield from (Touch(each.relation.target, use=Use.LINK) for each in thing.fields if each.relation is not None)
            yield from (Touch(each.object_name, use=Use.LINK) for each in thing.link_fields)
            if shows_values:
                yield from (Touch(thing.name, field.name, Use.TRACE) for field in thing.fields if field.audit_reads)


def bind_condition(shape: Shape, object_name: str, condition: p.Condition | None) -> frozenset[Touch]:
    """Check a filter that stands alone: the one of a set verb."""
    object_of(shape, object_name)
    inner = () if condition is None else _Binder(shape).filter(object_name, condition)
    return frozenset({Touch(object_name), *inner})


def bind_order(shape: Shape, object_name: str, order: p.OrderBy) -> frozenset[Touch]:
    """Check one key of an order that stands alone: that of a saved view."""
    sort_keys(shape, object_name, (order,))
    return frozenset(_Binder(shape).path(object_name, order.path))


def bind_group(shape: Shape, object_name: str, key: p.GroupKey) -> frozenset[Touch]:
    """The same for one key of a grouping."""
    return frozenset(_Binder(shape).group(object_name, key))


def audited(shape: Shape, touches: Iterable[Touch]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is touched of objects and fields whose reading leaves an audit entry: (object, its fields)."""
    marked: dict[str, set[str]] = {}
    for touch in touches:
        if touch.use is Use.NAMES:
            continue
        if shape.audits(touch.object_name, touch.field_name):
            marked.setdefault(touch.object_name, set()).update(filter(None, (touch.field_name,)))
    return tuple((name, tuple(sorted(marked[name]))) for name in sorted(marked))


class _Binder:
    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.trashed: list[str] = []
        self.cursors: list[CursorUse] = []
        self.sizes: list[int] = []
        self.texts: list[int] = []

    def root(self, root: p.Root) -> Iterator[Touch]:
        match root:
            case p.RecordRoot() | p.WrittenRoot():
                yield from self._selection(root.selection)
            case p.NodeRoot():
                for selection in root.selections:
                    yield from self._selection(selection)
            case p.ConnectionRoot():
                yield from self._connection(root.connection)
            case p.AggregateRoot():
                yield from self._aggregate(root.aggregate)
            case p.RootIfPermitted():
                yield from self.root(root.root)
            case p.SearchRoot():
                self.sizes.append(root.size.position)
                for hits in root.hits:
                    yield from self._hits(hits, root.text)

    def _hits(self, hits: p.Hits, text: p.Parameter) -> Iterator[Touch]:
        yield from self._search(hits.object_name, text)
        for _, name, selection in hits.items:
            if selection is None:
                yield from self._title(hits.object_name) if name == "title" else ()
            else:
                self._must_be(selection.object_name, hits.object_name)
                yield from self._selection(selection)

    def _title(self, object_name: str) -> Iterator[Touch]:
        field = self._shape.field(object_name, self._shape.objects[object_name].title_field)
        if field is not None:
            yield Touch(object_name, field.name, Use.TITLE)

    def _search(self, object_name: str, text: p.Parameter) -> Iterator[Touch]:
        self.texts.append(text.position)
        thing = object_of(self._shape, object_name)
        yield Touch(object_name)
        for field in searched_fields(thing):
            yield Touch(object_name, field.name, Use.SEARCH)

    def _selection(self, selection: p.Selection) -> Iterator[Touch]:
        object_of(self._shape, selection.object_name)
        yield Touch(selection.object_name)
        for item in selection.items:
            yield from self._item(selection.object_name, item)

    def _item(self, object_name: str, item: p.Item) -> Iterator[Touch]:  # noqa: C901 - one case for each kind of item
        match item:
            case p.Leaf():
                if item.field != MASKED_FIELDS:
                    yield from self._leaf(object_name, item.field)
            case p.MoneyLeaf() | p.PartsLeaf():
                if self._selected(object_name, item.field).type.output not in _PARTED[type(item)]:
                    raise UnknownName(object=object_name, name=item.field)
                yield Touch(object_name, item.field)
            case p.ToSeveral():
                yield from self._several(object_name, item)
            case p.ChoiceLabel():
                if not self._selected(object_name, item.field).type.has_choices:
                    raise UnknownName(object=object_name, name=item.field)
                yield Touch(object_name, item.field)
            case p.IfPermitted():
                yield from self._item(object_name, item.item)
            case p.Lookup():
                yield from self._lookup(object_name, item)
            case p.ToOne():
                _, relation = relation_of(self._shape, object_name, item.field)
                self._must_be(item.selection.object_name, relation.target)
                yield Touch(object_name, item.field)
                yield from self._selection(item.selection)
            case p.ToMany():
                yield from self._inverse(object_name, item.inverse, item.connection.object_name)
                yield from self._connection(item.connection)
            case p.ChildAggregate():
                yield from self._inverse(object_name, item.inverse, item.aggregate.object_name)
                yield from self._aggregate(item.aggregate)

    def _leaf(self, object_name: str, name: str) -> Iterator[Touch]:
        field = self._selected(object_name, name)
        yield Touch(object_name, field.name)
        yield from _linked(field)

    def _several(self, object_name: str, item: p.ToSeveral) -> Iterator[Touch]:
        if not self._selected(object_name, item.field).type.has_several:
            raise UnknownName(object=object_name, name=item.field)
        self._must_be(item.selection.object_name, TO_USER.target)
        yield Touch(object_name, item.field)
        yield from self._selection(item.selection)

    def _lookup(self, object_name: str, item: p.Lookup) -> Iterator[Touch]:
        """Whoever sees a lookup reads it, its relation and what it shows, each by its own rights."""
        shown = self._shape.shown(object_name, item.name)
        if shown is None or (shown[0].name, shown[1].name, shown[2].name) != (
            item.relation, item.object_name, item.item.field
        ):  # fmt: skip
            raise UnknownName(object=object_name, name=item.name)
        yield Touch(object_name, item.name)
        yield Touch(object_name, item.relation)
        yield Touch(item.object_name)
        yield from self._item(item.object_name, item.item)

    def _selected(self, object_name: str, name: str) -> Field:
        return field_of(self._shape, object_name, name)

    def _inverse(self, object_name: str, name: str, child: str) -> Iterator[Touch]:
        inverse = inverse_of(self._shape, object_name, name)
        self._must_be(child, inverse.object_name)
        yield Touch(*inverse.decided_by, Use.COMPARE)

    def _must_be(self, object_name: str, expected: str) -> None:
        if object_name != expected:
            raise UnknownName(object=expected, name=object_name)

    def _connection(self, connection: p.Connection) -> Iterator[Touch]:
        name = connection.object_name
        object_of(self._shape, name)
        yield Touch(name)
        self.sizes.append(connection.page.size.position)
        if connection.trashed:
            self.trashed.append(name)
        for key in sort_keys(self._shape, name, connection.order):
            yield from self._path(name, key.path)
        if connection.search is not None:
            yield from self._search(name, connection.search)
        if (use := cursor_use(self._shape, connection)) is not None:
            self.cursors.append(use)
        if connection.filter is not None:
            yield from self.filter(name, connection.filter)
        for selection in _selections(connection):
            yield from self._selection(selection)

    def path(self, object_name: str, path: tuple[str, ...]) -> Iterator[Touch]:
        yield from self._path(object_name, path)

    def group(self, object_name: str, key: p.GroupKey) -> Iterator[Touch]:
        self._groupable(object_name, key)
        yield from self._path(object_name, key.path)

    def _path(self, object_name: str, path: tuple[str, ...]) -> Iterator[Touch]:
        *relations, last = path
        for name in relations:
            field, relation = relation_of(self._shape, object_name, name)
            yield Touch(object_name, field.name, Use.COMPARE)
            yield Touch(relation.target)
            object_name = relation.target
        field = field_of(self._shape, object_name, last)
        yield Touch(object_name, field.name, Use.COMPARE)
        yield from _linked(field)

    def filter(self, object_name: str, condition: p.Condition) -> Iterator[Touch]:
        if _size(condition) > MOST_CONDITIONS:
            raise FilterTooLarge(max=MOST_CONDITIONS, depth=DEEPEST_CONDITION)
        yield from self._condition(object_name, condition)

    def _condition(self, object_name: str, condition: p.Condition) -> Iterator[Touch]:
        match condition:
            case p.Compare():
                self._offered(object_name, condition)
                yield from self._path(object_name, (condition.field,))
            case p.IsEmpty():
                yield from self._path(object_name, (condition.field,))
            case p.Follows():
                field, relation = relation_of(self._shape, object_name, condition.field)
                yield Touch(object_name, field.name, Use.COMPARE)
                yield Touch(relation.target)
                yield from self._condition(relation.target, condition.condition)
            case p.Quantified():
                inverse = inverse_of(self._shape, object_name, condition.inverse)
                if condition.quantifier not in QUANTIFIERS:
                    raise OperatorNotOffered(field=condition.inverse, operator=condition.quantifier)
                yield Touch(inverse.object_name)
                yield Touch(*inverse.decided_by, Use.COMPARE)
                yield from self._condition(inverse.object_name, condition.condition)
            case p.And() | p.Or():
                for each in condition.conditions:
                    yield from self._condition(object_name, each)
            case p.Not():
                yield from self._condition(object_name, condition.condition)

    def _offered(self, object_name: str, compare: p.Compare) -> None:
        field = field_of(self._shape, object_name, compare.field)
        if compare.operator not in OFFERED[family_of(field, compare.part)]:
            raise OperatorNotOffered(field=compare.field, operator=compare.operator)

    def _aggregate(self, aggregate: p.Aggregate) -> Iterator[Touch]:
        name = aggregate.object_name
        object_of(self._shape, name)
        yield Touch(name)
        for key in aggregate.group_by:
            self._groupable(name, key)
            yield from self._path(name, key.path)
        if aggregate.filter is not None:
            yield from self.filter(name, aggregate.filter)
        if aggregate.search is not None:
            yield from self._search(name, aggregate.search)
        for measure in measures(aggregate):
            if measure.function != COUNT:
                self._measurable(name, measure)
                yield from self._path(name, (measure.field,))
        for compared in [each.measure for each in aggregate.having] + [each.by for each in aggregate.order]:
            if isinstance(compared, p.Measure):
                self._comparable(name, compared)
        for having in aggregate.having:
            if having.operator not in OFFERED[HAVING_FAMILIES[answer_of(self._shape, name, having.measure)]]:
                raise OperatorNotOffered(field=having.measure.field or COUNT, operator=having.operator)

    def _comparable(self, object_name: str, measure: p.Measure) -> None:
        if answer_of(self._shape, object_name, measure) not in HAVING_FAMILIES:
            raise NotMeasurable(field=measure.field, function=measure.function)

    def _groupable(self, object_name: str, key: p.GroupKey) -> None:
        owner, field = path_end(self._shape, object_name, key.path)
        by_time = field.type.output in {Output.DATE, Output.DATETIME}
        groupable = field.type.groupable or relation_by_id(self._shape, owner, key.path[-1]) is not None
        if not groupable or key.granularity not in GRANULARITIES or (key.granularity and not by_time):
            raise NotGroupable(field=".".join(key.path))

    def _measurable(self, object_name: str, measure: p.Measure) -> None:
        field = field_of(self._shape, object_name, measure.field)
        if measure.function not in {function.value for function in field.type.functions}:
            raise NotMeasurable(field=measure.field, function=measure.function)


def _linked(field: Field) -> Iterator[Touch]:
    """The object whose records decide whether the ids of a field show."""
    if field.relation is not None:
        yield Touch(field.relation.target, use=Use.LINK)
    elif field.type.output is Output.RECORDS:
        yield Touch(TO_USER.target, use=Use.LINK)


def _size(condition: p.Condition, depth: int = 1) -> int:
    """How many conditions there are; more than allowed as soon as one is nested too deep."""
    if depth > DEEPEST_CONDITION:
        return MOST_CONDITIONS + 1
    match condition:
        case p.And() | p.Or():
            return 1 + sum(_size(each, depth + 1) for each in condition.conditions)
        case p.Not() | p.Follows() | p.Quantified():
            return 1 + _size(condition.condition, depth + 1)
        case _:
            return 1


def _selections(connection: p.Connection) -> Iterator[p.Selection]:
    for part in connection.parts:
        if isinstance(part, p.Nodes):
            yield part.selection
        elif isinstance(part, p.Edges):
            yield from (selection for _, _, selection in part.items if selection is not None)


def family_of(field: Field, part: str) -> Operators:
    """The operators of a field, or of one part of its value."""
    return _OF_PARTS.get((field.type.operators, part), field.type.operators)
