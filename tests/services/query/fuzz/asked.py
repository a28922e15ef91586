"""What is asked, as values: the generator makes them, the writer turns them into GraphQL, the judge answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from schema.metadata.objects import Inverse
from tests.services.query.fuzz.rows import Record

Path: TypeAlias = tuple[str, ...]
Filter: TypeAlias = Mapping[str, Any]
# A path and ASC or DESC.
Order: TypeAlias = Sequence[tuple[Path, str]]


@dataclass(frozen=True)
class Value:
    """Something of a record under a key: `what` is value, money, parts, label, id, ids, shown, typename or masked."""

    key: str
    name: str
    what: str
    field: str = ""
    parts: Sequence[tuple[str, str]] = ()
    locale: str | None = None


@dataclass(frozen=True)
class One:
    """The record behind a relation, or the records of several persons."""

    key: str
    field: str
    selection: Selection
    several: bool = False


@dataclass(frozen=True)
class Many:
    """The records that point here, or that links lead to."""

    key: str
    inverse: Inverse
    page: Page


@dataclass(frozen=True)
class ChildGroups:
    """Groups of the same."""

    key: str
    inverse: Inverse
    groups: Groups


Item: TypeAlias = "Value | One | Many | ChildGroups"


@dataclass(frozen=True)
class Selection:
    """What is read of a record."""

    object_name: str
    items: Sequence[Item]


@dataclass(frozen=True)
class Page:
    """A connection. Parts are (key, name, what): a selection, (key, name, selection) of edges, or names of pageInfo."""

    object_name: str
    parts: Sequence[tuple[str, str, Any]]
    filter: Filter | None = None
    search: str | None = None
    order: Order = ()
    size: int | None = None
    backward: bool = False
    # The record whose cursor is given, and the text of that cursor.
    cursor: tuple[Record, str] | None = None
    deleted: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        """As they are written; without the cursor, whose text nobody makes up."""
        found: dict[str, Any] = {}
        if self.filter is not None:
            found["filter"] = self.filter
        if self.search is not None:
            found["search"] = self.search
        if self.order:
            found["orderBy"] = [nested(path, way) for path, way in self.order]
        if self.size is not None:
            found["last" if self.backward else "first"] = self.size
        if self.cursor is not None:
            found["before" if self.backward else "after"] = self.cursor[1]
        if self.deleted:
            found["deleted"] = True
        return found


@dataclass(frozen=True)
class Key:
    """One key of a group; dates have a granularity."""

    path: Path
    granularity: str = ""


@dataclass(frozen=True)
class Groups:
    """An aggregate. Parts are (key, name, inner): of `group` (path parts, position), of measures (key, field, money parts)."""

    object_name: str
    parts: Sequence[tuple[str, str, Any]]
    filter: Filter | None = None
    search: str | None = None
    by: Sequence[Key] = ()
    # Each is a function, a field, an operator and its operand.
    having: Sequence[tuple[str, str, str, Any]] = ()
    # Each is the position of a key, or a function and a field, and which way.
    order: Sequence[tuple[int | tuple[str, str], str]] = ()
    size: int | None = None
    zone: str | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.filter is not None:
            found["filter"] = self.filter
        if self.search is not None:
            found["search"] = self.search
        if self.by:
            found["groupBy"] = [nested(each.path, each.granularity or True) for each in self.by]
        if self.having:
            having: dict[str, Any] = {}
            for function, name, operator, operand in self.having:
                inner = having.setdefault(function, {})
                (inner.setdefault(name, {}) if name else inner)[operator] = operand
            found["having"] = having
        if self.order:
            found["orderBy"] = [self._order(by, way) for by, way in self.order]
        if self.size is not None:
            found["first"] = self.size
        if self.zone is not None:
            found["zone"] = self.zone
        return found

    def _order(self, by: int | tuple[str, str], way: str) -> dict[str, Any]:
        if isinstance(by, int):
            return {"group": nested(self.by[by].path, way)}
        function, name = by
        return {function: {name: way} if name else way}


@dataclass(frozen=True)
class Root:
    """One root: `what` is record, node, records, groups, search or typename."""

    key: str
    name: str
    what: str
    inner: Any = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


def nested(path: Path, end: Any) -> Any:
    """`{customer: {name: ASC}}` of a path and its end."""
    for name in reversed(path):
        end = {name: end}
    return end
