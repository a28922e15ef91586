"""Which derived fields read which fields, over all objects: their order, their depth, and who depends on what. Pure.

A derived field says in its option `reads` what it is computed from, so that nobody has to read its expression to know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema.metadata.fields import Coordinate
    from schema.metadata.objects import Object

# Of derived fields that read derived fields; queryable as `formulaDepth`.
DEEPEST = 5


class Circular(Exception):
    """Some derived fields depend on themselves; they are named in the order in which each reads the next."""

    def __init__(self, circle: Iterable[Coordinate]) -> None:
        self.circle = tuple(circle)
        super().__init__(self.circle)


class Derivations:
    """Derived fields, each with what it reads itself."""

    def __init__(self, reads: Mapping[Coordinate, tuple[Coordinate, ...]]) -> None:
        self.reads = reads

    @classmethod
    def of(cls, objects: Iterable[Object]) -> Derivations:
        """Those of some objects."""
        return cls({
            (thing.name, field.name): field.reads for thing in objects for field in thing.fields if field.reads
        })

    @cached_property
    def order(self) -> tuple[Coordinate, ...]:
        """Every derived field after those that it reads; otherwise by name. `Circular` where there is no such order."""
        done: dict[Coordinate, None] = {}
        path: list[Coordinate] = []

        def visit(at: Coordinate) -> None:
            if at in done or at not in self.reads:
                return
            if at in path:
                raise Circular((*path[path.index(at) :], at))
            path.append(at)
            for each in self.reads[at]:
                visit(each)
            path.pop()
            done[at] = None

        for each in sorted(self.reads):
            visit(each)
        return tuple(done)

    @cached_property
    def sources(self) -> Mapping[Coordinate, frozenset[Coordinate]]:
        """Everything that each derived field depends on, over other derived fields too."""
        found: dict[Coordinate, frozenset[Coordinate]] = {}
        for at in self.order:
            direct = frozenset(self.reads[at])
            found[at] = direct.union(*(found.get(each, frozenset()) for each in direct))
        return found

    @cached_property
    def depths(self) -> Mapping[Coordinate, int]:
        """How many derived fields stand one upon the other, itself included."""
        found: dict[Coordinate, int] = {}
        for at in self.order:
            found[at] = 1 + max((found.get(each, 0) for each in self.reads[at]), default=0)
        return found

    def direct_readers(self, at: Coordinate) -> tuple[Coordinate, ...]:
        """The derived fields that read a field themselves."""
        return self._readers[at]

    def readers(self, changed: Collection[Coordinate]) -> tuple[Coordinate, ...]:
        """The derived fields that depend on any of these, in their order."""
        touched = frozenset(changed)
        return tuple(at for at in self.order if not touched.isdisjoint(self.sources[at]))

    @cached_property
    def _readers(self) -> Mapping[Coordinate, tuple[Coordinate, ...]]:
        found: defaultdict[Coordinate, tuple[Coordinate, ...]] = defaultdict(tuple)
        for at in self.order:
            for each in self.reads[at]:
                found[each] += (at,)
        return found
