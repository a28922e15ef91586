"""The joined schema of a shape whose types are made when a document names them.

It is equal to what `builder.build` makes, without the cost: of 60 objects there are over 3,000 types, and a document names
a few dozen. Only introspection needs all of them. Safe in several threads: whoever makes a type second gets the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TypeAlias
from weakref import finalize

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    specified_scalar_types,
)
from graphql.type.schema import InterfaceImplementations

from schema.metadata.naming import TENANT_SUFFIX, compose_type
from schema.metadata.objects import Object
from schema.metadata.registry import Shape
from schema.metadata.types import Operators
from schema.sdl.aggregates import TITLES, Use
from schema.sdl.builder import all_directives, has_generated_writes
from schema.sdl.filters import filter_type
from schema.sdl.mutations import VerbShape, Write, verb_field, write_fields, write_names
from schema.sdl.outputs import node_field, query_fields, query_names, record_type
from schema.sdl.projections import WHOLE, Projection, static_part
from schema.sdl.scalars import SCALARS
from schema.sdl.search import search_field
from schema.sdl.types import NoWords, Types

# Types that are named after no object: whatever object needs one makes it.
_SHARED = frozenset({
    *(family.value for family in Operators),
    *SCALARS,
    *("Direction", "DateGranularity", "RelativeDates", "InputError", "JSON", "LinksInput", "Money", "MoneyInput"),
    *("Geolocation", "GeolocationInput", "GeolocationNear", "GeolocationBox", "Address", "AddressInput", "File"),
    *("OnDuplicate", "OnError", "PageInfo"),
})

# What stands before and after the name of an object in the name of a type.
_BEFORE = frozenset({"", *(verb.value.capitalize() for verb in Write)})
_AFTER = frozenset({
    *(
        "",
        "Connection",
        "Edge",
        "Filter",
        "ListFilter",
        "Order",
        "Create",
        "Set",
        "Key",
        "Duplicate",
        "Input",
        "Payload",
    ),
    *("Aggregate", "AggregateOrder", "Group", "GroupBy", "GroupOrder", "Having"),
    *(f"{title}{use.value}" for title in TITLES.values() for use in Use),
})

# Measured with `tracemalloc` at shapes of 44 to 326 objects, whole and as tokens see them: a schema takes so many kibibytes
# before anybody looks into it, one for each object, one for each type, and one for so many members with what they mean.
# Members of records take more, those of measures less.
_BEGUN = 20
_MEMBERS_IN_A_KIBIBYTE = 10

Maker: TypeAlias = Callable[[], Mapping[str, GraphQLField] | Iterable[tuple[str, GraphQLField]]]


def build_on_demand(
    shape: Shape, static: GraphQLSchema, *, verbs: Iterable[VerbShape] = (), projection: Projection = WHOLE
) -> SchemaOnDemand:
    """The schema of every tenant with this shape, or of one caller, with hardly a type made yet.

    Whoever uses a type of it keeps the schema: the types are taken apart when nobody has it any more.
    """
    if projection is WHOLE:
        return SchemaOnDemand(shape, static, tuple(verbs), projection)
    seen = tuple(verb for verb in verbs if projection.runs(verb.name))
    return SchemaOnDemand(shape, static_part(static, projection), seen, projection)


class _Members(Mapping[str, GraphQLField]):
    """Fields by name, made when they are asked for; iterating makes none until a field is looked at."""

    def __init__(self, makers: Mapping[str, Maker]) -> None:
        self._makers = makers
        self._made: dict[str, GraphQLField] = {}

    def __getitem__(self, name: str) -> GraphQLField:
        found = self._made.get(name)
        if found is None:
            for each, field in dict(self._makers[name]()).items():
                self._made.setdefault(each, field)
            found = self._made[name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class _Root(GraphQLObjectType):
    """A root type with such fields."""

    def __init__(self, name: str, members: _Members) -> None:
        super().__init__(name, {})
        self._members = members

    @property
    def fields(self) -> Mapping[str, GraphQLField]:
        """The root fields."""
        return self._members


class SchemaOnDemand(GraphQLSchema):
    """A schema that looks for a type where its name says that it is."""

    def __init__(
        self, shape: Shape, static: GraphQLSchema, verbs: tuple[VerbShape, ...], projection: Projection
    ) -> None:
        # The shape was made of names that were checked, by code whose whole output is checked where all of it is made.
        super().__init__(
            directives=all_directives(static),
            description=static.description,
            extensions=static.extensions,
            assume_valid=True,
        )
        types = Types(shape, static.type_map, NoWords(), projection)
        queries = _Members(_static_fields(static.query_type) | _query_makers(types))
        mutations = _Members(_static_fields(static.mutation_type) | _mutation_makers(types, verbs))
        self.query_type = _Root("Query", queries)
        self.mutation_type = _Root("Mutation", mutations)
        roots = (self.query_type, self.mutation_type)
        self.type_map = _TypeMap(types, roots, verbs)  # type: ignore[assignment]  # a dictionary that fills itself
        self._types = types
        self._weighed = types.size
        self._static = static
        # None of them names the schema, so it is gone with the last who uses it, and they with it.
        finalize(self, types.take_apart).atexit = False

    @property
    def kibibytes(self) -> int:
        """About the memory that it takes by now, within a quarter of what is measured."""
        types, members = self._types.size
        return _BEGUN + len(self._types.shape.objects) + types + members // _MEMBERS_IN_A_KIBIBYTE

    @property
    def has_grown(self) -> bool:
        """Whether anything was made since it was weighed."""
        return self._types.size != self._weighed

    def weigh(self) -> int:
        """Its kibibytes, noted as what it has grown to."""
        self._weighed = self._types.size
        return self.kibibytes

    def get_implementations(self, interface_type: GraphQLInterfaceType) -> InterfaceImplementations:
        """Every record has an id, so every record type is a node."""
        if interface_type.name != "Node":
            return self._static.get_implementations(interface_type)
        records = [
            record_type(self._types, thing)
            for thing in self._types.shape.objects.values()
            if self._types.projection.reads(thing.name)
        ]
        return InterfaceImplementations(objects=records, interfaces=[])


class _TypeMap(Mapping[str, GraphQLNamedType]):
    """Types by name. Looking for one makes those of the objects that it may be named after, iterating makes all."""

    def __init__(self, types: Types, roots: tuple[_Root, ...], verbs: Iterable[VerbShape]) -> None:
        self._types = types
        self._roots = roots
        # What is there without being made: every list of types begins with it.
        self._given: dict[str, GraphQLNamedType] = {**specified_scalar_types, **{root.name: root for root in roots}}
        self._verbs = tuple(verb.name for verb in verbs)

    def __getitem__(self, name: str) -> GraphQLNamedType:
        found = self._given.get(name) or self._types.made(name) or self._sought(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        self._make_all()
        return iter({**self._given, **dict.fromkeys(self._types.names)})

    def __len__(self) -> int:
        self._make_all()
        return len({*self._given, *self._types.names})

    def _sought(self, name: str) -> GraphQLNamedType | None:
        objects = self._types.shape.objects.values()
        named = [each for each in objects if name in _SHARED or _is_named_after(name, each)]
        # What documents name most, filters and orders of a list, is there after the first step.
        self._make_fields([field for thing in named for field in query_names(thing)])
        if self._types.made(name) is None:
            self._make_fields(("node", "search", *self._verbs))
        for thing in named:
            if self._types.made(name) is not None:
                break
            self._make_types_of(thing)
        return self._types.made(name)

    def _make_types_of(self, thing: Object) -> None:
        """Everything that is named after the object; what filters by its lists is made by those that it belongs to.

        So is the input of a line, by what its head is written with.
        """
        self._make_fields((*query_names(thing), *write_names(self._types, thing)))
        targets = (field.relation.target for field in thing.fields if field.relation is not None)
        seen = (name for name in targets if self._types.projection.reads(name))
        self._look_into(*(filter_type(self._types, self._types.target(name)).name for name in seen))
        heads = [each.relation.target for each in thing.fields if each.relation is not None and each.relation.lines_by]
        self._make_fields(name for head in heads for name in write_names(self._types, self._types.target(head)))
        self._look_into(*(compose_type(head, part) for head in heads for part in ("Create", "Set")))
        bases = _bases(thing)
        self._look_into_all(lambda name: any(base in name for base in bases))

    def _make_all(self) -> None:
        self._make_fields([name for root in self._roots for name in root.fields])
        self._look_into_all(lambda _: True)

    def _make_fields(self, names: Iterable[str]) -> None:
        for name in names:
            for root in self._roots:
                # A name may be none of the caller's.
                if name in root.fields:
                    _ = root.fields[name]

    def _look_into_all(self, chosen: Callable[[str], bool]) -> None:
        seen: set[str] = set()
        while new := [name for name in self._types.names if name not in seen and chosen(name)]:
            seen.update(new)
            self._look_into(*new)

    def _look_into(self, *names: str) -> None:
        """Make what these types name in their members."""
        for name in names:
            made = self._types.made(name)
            if isinstance(made, GraphQLObjectType | GraphQLInputObjectType | GraphQLInterfaceType):
                _ = made.fields


def _is_named_after(name: str, thing: Object) -> bool:
    """Whether a type of this name would be one of the object's; decided without making any."""
    plain, ending = name.removesuffix(TENANT_SUFFIX), name.endswith(TENANT_SUFFIX)
    if ending != thing.name.endswith(TENANT_SUFFIX):
        return False
    parts = (plain.partition(base) for base in _bases(thing))
    return any(found and before in _BEFORE and after in _AFTER for before, found, after in parts)


def _bases(thing: Object) -> tuple[str, ...]:
    """What the names of an object's types are composed of: `SheBei` of `sheBei_c`."""
    return tuple(compose_type(name).removesuffix(TENANT_SUFFIX) for name in (thing.name, thing.plural))


def _static_fields(root: GraphQLObjectType | None) -> dict[str, Maker]:
    fields = root.fields if root is not None else {}
    return dict.fromkeys(fields, lambda: fields)


def _query_makers(types: Types) -> dict[str, Maker]:
    makers: dict[str, Maker] = {
        "node": lambda: {"node": node_field(types)},
        "search": lambda: {"search": search_field(types)},
    }
    for thing in types.shape.objects.values():
        if types.projection.reads(thing.name):
            makers.update(dict.fromkeys(query_names(thing), partial(query_fields, types, thing)))
    return makers


def _mutation_makers(types: Types, verbs: Iterable[VerbShape]) -> dict[str, Maker]:
    makers: dict[str, Maker] = {}
    for thing in types.shape.objects.values():
        if has_generated_writes(thing):
            makers.update(dict.fromkeys(write_names(types, thing), partial(write_fields, types, thing)))
    makers.update({verb.name: partial(_verb_fields, types, verb) for verb in verbs})
    return makers


def _verb_fields(types: Types, verb: VerbShape) -> dict[str, GraphQLField]:
    return {verb.name: verb_field(types, verb)}
