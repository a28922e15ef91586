"""The named types of one schema while it is being built: each is made once, whoever asks for it first.

It also knows which GraphQL type a field is read and written as, from the field's row in the type table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import ParamSpec, Protocol, TypeVar, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLNullableType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
    GraphQLUnionType,
)

from schema.metadata.fields import Field, FieldState
from schema.metadata.objects import Inverse, Object
from schema.metadata.registry import Shape
from schema.metadata.types import Output
from schema.sdl.coordinates import Coordinate, Role
from schema.sdl.projections import WHOLE, Projection
from schema.sdl.scalars import JSON, SCALARS
from schema.sdl.slim import InputField, InputType, ObjectType, OutputField

T = TypeVar("T", bound=GraphQLNamedType)
M = TypeVar("M")
F = TypeVar("F", bound=GraphQLField | GraphQLInputField)
N = TypeVar("N", bound=GraphQLNullableType)
P = ParamSpec("P")

_DEGREES = "Degrees to the north and to the east (WGS 84), to six decimals."
ADDRESS_PARTS = ("code", "provinceCode", "cityCode", "districtCode", "province", "city", "district", "street", "text")
_SURE = frozenset({"code", "provinceCode", "province", "text"})
# Members that are alike stand in types that are made one after the other; what is kept here is some ten kilobytes.
_ALIKE = 256
# As so many members more counts what one asks of its caller.
_ASKING = 4
# Types that name others.
_NAMING = (GraphQLObjectType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLUnionType)
_BUILT_IN: Mapping[str, GraphQLScalarType] = {
    each.name: each for each in (GraphQLString, GraphQLInt, GraphQLFloat, GraphQLBoolean, GraphQLID)
}


class Words(Protocol):
    """Descriptions for one caller's language; they are no part of the shape, so a shared schema has none."""

    def object(self, name: str) -> str | None:
        """The label of an object."""

    def field(self, object_name: str, name: str, *, is_asked: bool = False) -> str | None:
        """The label of a field, with its choices."""


class NoWords:
    """The words of a schema that tenants share."""

    def object(self, name: str) -> str | None:  # noqa: ARG002 - the protocol's shape
        """None."""
        return None

    def field(self, object_name: str, name: str, *, is_asked: bool = False) -> str | None:  # noqa: ARG002 - the protocol's shape
        """None."""
        return None


class Types:
    """All named types made so far, starting with those of the static schema."""

    def __init__(
        self, shape: Shape, static: Mapping[str, GraphQLNamedType], words: Words, projection: Projection = WHOLE
    ) -> None:
        self.shape = shape
        self.words = words
        self.projection = projection
        self._made: dict[str, GraphQLNamedType] = {
            name: each for name, each in static.items() if name not in {"Query", "Mutation"}
        }
        self._given = frozenset(self._made)
        self._members = 0
        self._alike = lru_cache(maxsize=_ALIKE)(_make)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all types made."""
        return tuple(self._made)

    @property
    def all(self) -> tuple[GraphQLNamedType, ...]:
        """Every type made."""
        return tuple(self._made.values())

    def once(self, name: str, make: Callable[[], T]) -> T:
        """The type of this name, made now if nobody asked before."""
        found = self._made.get(name)
        if found is None:
            # Two threads may make it at once; both get the one that came first.
            found = self._made.setdefault(name, make())
        return cast("T", found)

    def made(self, name: str) -> GraphQLNamedType | None:
        """The type of this name, if somebody asked for it before."""
        return self._made.get(name)

    def alike(self, make: Callable[P, M], *args: P.args, **kwargs: P.kwargs) -> M:
        """A member, or a wrapped type, that is made of equal parts a dozen times: the one made last, if it is recent."""
        return cast("Callable[P, M]", partial(self._alike, make))(*args, **kwargs)

    def not_null(self, type_: N) -> GraphQLNonNull[N]:
        """The type without null."""
        return self.alike(GraphQLNonNull, type_)

    def list_of(self, type_: N) -> GraphQLList[GraphQLNonNull[N]]:
        """A list of the type in which nothing is null."""
        return self.alike(GraphQLList, self.not_null(type_))

    def counted(self, members: Iterable[tuple[str, F]]) -> dict[str, F]:
        """The members of a type, which are most of the memory that it takes."""
        found = dict(members)
        # What a member asks of its caller stands in a dictionary of its own.
        asking = sum(type(each.extensions) is dict for each in found.values())
        self._members += len(found) + _ASKING * asking
        return found

    @property
    def size(self) -> tuple[int, int]:
        """How many types were made, and how many members, as far as they are counted; one that asks counts as several."""
        return len(self._made) - len(self._given), self._members

    def take_apart(self) -> None:
        """Nobody has the schema any more. Its types name each other, so only the collector of garbage would find them.

        Scalars name nothing, and may be everybody's.
        """
        own = [each for name, each in self._made.items() if name not in self._given and isinstance(each, _NAMING)]
        self._made.clear()
        self._alike.cache_clear()
        for each in own:
            vars(each).clear()

    def target(self, name: str) -> Object:
        """An object of the shape."""
        return self.shape.objects[name]

    @property
    def node(self) -> GraphQLInterfaceType:
        """The interface of everything that has an id."""
        return self.once("Node", _node)

    @property
    def page_info(self) -> GraphQLObjectType:
        """Relay's page information."""
        return self.once("PageInfo", _page_info)

    @property
    def money(self) -> GraphQLObjectType:
        """An amount with its currency."""
        return self.once(
            "Money",
            lambda: ObjectType(
                "Money",
                {
                    "amount": OutputField(GraphQLNonNull(self.scalar("Decimal")), extensions=_part("amount")),
                    "currency": OutputField(GraphQLNonNull(GraphQLString), extensions=_part("currency")),
                },
            ),
        )

    @property
    def money_input(self) -> GraphQLInputObjectType:
        """An amount; without a currency the tenant's."""
        return self.once(
            "MoneyInput",
            lambda: InputType(
                "MoneyInput",
                {"amount": InputField(GraphQLNonNull(self.scalar("Decimal"))), "currency": InputField(GraphQLString)},
            ),
        )

    @property
    def geolocation(self) -> GraphQLObjectType:
        """A point on the earth."""
        return self.once(
            "Geolocation",
            lambda: ObjectType(
                "Geolocation",
                {
                    name: OutputField(GraphQLNonNull(GraphQLFloat), extensions=_part(name))
                    for name in ("latitude", "longitude")
                },
                description=_DEGREES,
            ),
        )

    def of_floats(self, name: str, *members: str, description: str) -> GraphQLInputObjectType:
        """An input of numbers that must all be given."""
        return self.once(
            name,
            lambda: InputType(
                name, {each: InputField(GraphQLNonNull(GraphQLFloat)) for each in members}, description=description
            ),
        )

    @property
    def address(self) -> GraphQLObjectType:
        """An address by its area."""
        return self.once(
            "Address",
            lambda: ObjectType(
                "Address",
                {
                    name: OutputField(GraphQLNonNull(GraphQLString) if name in _SURE else GraphQLString,
                                       extensions=_part(name))
                    for name in ADDRESS_PARTS
                },
                description="An address in China. Areas have codes of GB/T 2260 and the names that they had when it was "
                "written; what is not known of it is null.",
            ),
        )  # fmt: skip

    @property
    def address_input(self) -> GraphQLInputObjectType:
        """The code of an area as small as is known, and the line below it."""
        return self.once(
            "AddressInput",
            lambda: InputType(
                "AddressInput",
                {
                    "code": InputField(
                        GraphQLNonNull(GraphQLString), description="A province, city or district by GB/T 2260."
                    ),
                    "street": InputField(GraphQLString),
                },
            ),
        )

    @property
    def file(self) -> GraphQLObjectType:
        """A file of an attachment or image field."""
        return self.once("File", self._file)

    def _file(self) -> GraphQLObjectType:
        members: dict[str, GraphQLOutputType] = {
            "id": GraphQLNonNull(GraphQLID),
            "name": GraphQLNonNull(GraphQLString),
            "size": self.scalar("Long"),
            "mediaType": GraphQLString,
            "state": GraphQLString,
            "url": GraphQLString,
            "thumbnailUrl": GraphQLString,
            "uploadedById": GraphQLID,
            "attachedAt": self.scalar("DateTime"),
        }
        return ObjectType(
            "File",
            {name: OutputField(type_, extensions=_part(name)) for name, type_ in members.items()},
            description="A file. Its addresses are for the caller alone and good for ten minutes; there are none as long "
            "as it is being scanned.",
        )

    @property
    def direction(self) -> GraphQLEnumType:
        """Ascending or descending."""
        return self.once(
            "Direction",
            lambda: GraphQLEnumType(
                "Direction",
                {name: GraphQLEnumValue(name) for name in ("ASC", "DESC")},
                description="Empty values are last in both directions.",
            ),
        )

    @property
    def granularity(self) -> GraphQLEnumType:
        """The length of a bucket of dates."""
        return self.once(
            "DateGranularity",
            lambda: GraphQLEnumType(
                "DateGranularity",
                {name: GraphQLEnumValue(name) for name in ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")},
                description="Weeks begin on Monday.",
            ),
        )

    def fields(self, thing: Object) -> tuple[Field, ...]:
        """The live fields of an object that the caller may select."""
        return tuple(
            field
            for field in thing.fields
            if field.state is not FieldState.RETIRED and self.projection.selects(thing.name, field.name)
        )

    def compared(self, thing: Object) -> tuple[Field, ...]:
        """The live fields of an object that the caller may filter, sort, group and measure by."""
        return tuple(
            field
            for field in thing.fields
            if field.state is not FieldState.RETIRED and self.projection.compares(thing.name, field.name)
        )

    def inverses(self, thing: Object) -> tuple[Inverse, ...]:
        """The relations of other objects to this one that the caller may follow."""
        return tuple(each for each in thing.inverses if self.projection.reads(each.object_name)
                     and self.projection.compares(*each.decided_by))  # fmt: skip

    def scalar(self, name: str) -> GraphQLScalarType:
        """A scalar by name: built in, ours, or JSON."""
        if name in _BUILT_IN:
            return _BUILT_IN[name]
        return self.once(name, lambda: JSON if name == "JSON" else SCALARS[name].graphql())

    def output(
        self, output: Output
    ) -> (
        GraphQLScalarType
        | GraphQLObjectType
        | GraphQLList[GraphQLNonNull[GraphQLScalarType]]
        | GraphQLList[GraphQLNonNull[GraphQLObjectType]]
    ):
        """The type a plain value is read as."""
        if output is Output.MONEY:
            return self.money
        if output is Output.POINT:
            return self.geolocation
        if output is Output.ADDRESS:
            return self.address
        if output is Output.FILES:
            return self.list_of(self.file)
        if output in {Output.TEXT_LIST, Output.RECORDS}:
            return self.list_of(GraphQLString if output is Output.TEXT_LIST else GraphQLID)
        return GraphQLString if output is Output.SEALED else self.scalar(output.value)

    def input(
        self, output: Output
    ) -> GraphQLScalarType | GraphQLInputObjectType | GraphQLList[GraphQLNonNull[GraphQLScalarType]]:
        """The type the same value is written as."""
        match output:
            case Output.MONEY:
                return self.money_input
            case Output.POINT:
                return self.of_floats("GeolocationInput", "latitude", "longitude", description=_DEGREES)
            case Output.ADDRESS:
                return self.address_input
            case Output.TEXT_LIST | Output.RECORDS | Output.FILES:
                return self.list_of(GraphQLString if output is Output.TEXT_LIST else GraphQLID)
            case Output.SEALED:
                return GraphQLString
            case _:
                return GraphQLID if output is Output.RECORD else self.scalar(output.value)


def _make(make: Callable[P, M], *args: P.args, **kwargs: P.kwargs) -> M:
    return make(*args, **kwargs)


def _part(name: str) -> dict[str, Coordinate]:
    return Coordinate(Role.PART, name).extension()


def _node() -> GraphQLInterfaceType:
    return GraphQLInterfaceType(
        "Node", {"id": OutputField(GraphQLNonNull(GraphQLID))}, description="Everything that has an id."
    )


def _page_info() -> GraphQLObjectType:
    flags = {
        name: OutputField(GraphQLNonNull(GraphQLBoolean), extensions=_part(name))
        for name in ("hasNextPage", "hasPreviousPage")
    }
    cursors = {name: OutputField(GraphQLString, extensions=_part(name)) for name in ("startCursor", "endCursor")}
    return ObjectType("PageInfo", {**flags, **cursors})
