"""What a plan costs: the values that it asks for at most, pages multiplied by what is read of each of their records.

A price is made once for a plan; the sizes of its pages are looked up for each request. It measures what is asked, not
what is found, so that a client can know it before anybody else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.query import plan as p
from services.query.arguments import LARGEST_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

# Records are looked at without being shown: a total stops at 10,000, an aggregate reads what its filter leaves.
COUNTING = 20
# Groups of an aggregate that names no number.
USUAL_GROUPS = 100
USUAL_PERSONS = 10


@dataclass(frozen=True, slots=True)
class Price:
    """A fixed part, and pages."""

    fixed: int = 0
    pages: tuple[PagePrice, ...] = ()

    def of(self, values: p.Values) -> int:
        """The cost with the values of one request."""
        cost = self.fixed
        for page in self.pages:
            cost += page.rows(values) * page.row.of(values)
        return cost


@dataclass(frozen=True, slots=True)
class PagePrice:
    """As many rows as the value at a position says, or `usual` without one."""

    position: int | None
    usual: int
    row: Price

    def rows(self, values: p.Values) -> int:
        """How many rows are asked for; a size that will be refused counts as one that would not."""
        size = None if self.position is None else values[self.position]
        if isinstance(size, list | tuple):
            return len(size)
        return min(max(size, 0), LARGEST_PAGE) if isinstance(size, int) else self.usual


def price(roots: Iterable[p.Root]) -> Price:
    """The price of everything that one operation reads."""
    return _sum([_root(root) for root in roots])


def _root(root: p.Root) -> Price:  # noqa: PLR0911 - one return for each kind of root
    match root:
        case p.RecordRoot():
            return _selection(root.selection)
        case p.ConnectionRoot():
            return _connection(root.connection)
        case p.AggregateRoot():
            return _aggregate(root.aggregate)
        case p.WrittenRoot():
            return Price(0, (PagePrice(root.ids.position, 1, _selection(root.selection)),))
        case p.NodeRoot():
            return _sum([_selection(each) for each in root.selections])
        case p.RootIfPermitted():
            return _root(root.root)
        case p.SearchRoot():
            return _sum([_hits(root, each) for each in root.hits])


def _hits(root: p.SearchRoot, hits: p.Hits) -> Price:
    """Every object is looked through and gives a page, of which the best stay."""
    row = _sum([Price(1) if selection is None else _selection(selection) for _, _, selection in hits.items])
    return Price(COUNTING, (PagePrice(root.size.position, LARGEST_PAGE, row),))


def _selection(selection: p.Selection) -> Price:
    return _sum([Price(1), *(_item(item) for item in selection.items)])


def _item(item: p.Item) -> Price:  # noqa: PLR0911 - one return for each kind of item
    match item:
        case p.IfPermitted() | p.Lookup():
            return _item(item.item)
        case p.ToOne():
            return _selection(item.selection)
        case p.ToMany():
            return _connection(item.connection)
        case p.ChildAggregate():
            return _aggregate(item.aggregate)
        case p.ToSeveral():
            return Price(1, (PagePrice(None, USUAL_PERSONS, _selection(item.selection)),))
        case p.MoneyLeaf() | p.PartsLeaf():
            return Price(len(item.parts))
        case p.Typename():
            return Price(0)
        case _:
            return Price(1)


def _connection(connection: p.Connection) -> Price:
    found = [Price(1 + _conditions(connection.filter) + len(connection.order) + _looking(connection.search))]
    size = connection.page.size.position
    for part in connection.parts:
        match part:
            case p.Nodes():
                found.append(Price(0, (PagePrice(size, LARGEST_PAGE, _selection(part.selection)),)))
            case p.Edges():
                row = _sum([Price(1) if selection is None else _selection(selection) for _, _, selection in part.items])
                found.append(Price(0, (PagePrice(size, LARGEST_PAGE, row),)))
            case p.Simple(part=p.ConnectionPart.TOTAL_COUNT | p.ConnectionPart.TOTAL_COUNT_IS_EXACT):
                found.append(Price(COUNTING))
            case p.Simple():
                found.append(Price(len(part.members)))
    return _sum(found)


def _aggregate(aggregate: p.Aggregate) -> Price:
    looking = Price(
        COUNTING
        + _looking(aggregate.search)
        + _conditions(aggregate.filter)
        + len(aggregate.having)
        + len(aggregate.order)
    )
    group = Price(1 + _leaves(aggregate.nodes))
    if not aggregate.group_by:
        return _sum([looking, group])
    position = None if aggregate.size is None else aggregate.size.position
    return _sum([looking, Price(0, (PagePrice(position, USUAL_GROUPS, group),))])


def _looking(search: p.Parameter | None) -> int:
    return 0 if search is None else COUNTING


def _leaves(nodes: Iterable[p.AggregateNode]) -> int:
    return sum(_leaves(node.children) if node.children else 1 for node in nodes)


def _conditions(condition: p.Condition | None) -> int:
    match condition:
        case None:
            return 0
        case p.And() | p.Or():
            return sum(_conditions(each) for each in condition.conditions)
        case p.Not() | p.Follows():
            return 1 + _conditions(condition.condition)
        case p.Quantified():
            # Another set of records is looked through.
            return COUNTING + _conditions(condition.condition)
        case _:
            return 1


def _sum(prices: Sequence[Price]) -> Price:
    return Price(sum(each.fixed for each in prices), tuple(page for each in prices for page in each.pages))
