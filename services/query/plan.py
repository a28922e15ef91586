"""A selection turned into data. A plan holds no value: literals and variables are parameters, so a plan is the key of
its compiled statement. Names are GraphQL names; nothing here has been checked against a registry or a policy yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Parameter:
    """The position of a value in the list that travels beside the plan. Values are already coerced by their scalar."""

    position: int


# --- what is selected of a record -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar field under its response key. Also `id version createdAt updatedAt deletedAt maskedFields`."""

    key: str
    field: str


@dataclass(frozen=True, slots=True)
class Typename:
    """`__typename`; the name is known when the plan is made."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class MoneyLeaf:
    """`Money { amount currency }`: response keys in selection order, `part` is amount, currency or __typename."""

    key: str
    field: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PartsLeaf:
    """A value of several parts, like `Geolocation { latitude longitude }`: response keys in selection order."""

    key: str
    field: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChoiceLabel:
    """`stageLabel(locale)`: the words of a choice; without a locale the caller's language."""

    key: str
    field: str
    locale: Parameter | None = None


@dataclass(frozen=True, slots=True)
class ToOne:
    """A relation followed to its one record; null when absent, deleted or invisible."""

    key: str
    field: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class ToSeveral:
    """The records of the several persons that a field names; null where none is left to be seen."""

    key: str
    field: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class ToMany:
    """An inverse relation as a connection."""

    key: str
    inverse: str
    connection: Connection


@dataclass(frozen=True, slots=True)
class ChildAggregate:
    """`opportunitiesAggregate` inside a record."""

    key: str
    inverse: str
    aggregate: Aggregate


@dataclass(frozen=True, slots=True)
class Lookup:
    """A value of the one record behind a relation, under a name of its own; null when that record is absent or invisible."""

    key: str
    name: str
    relation: str
    object_name: str
    item: Leaf | MoneyLeaf | PartsLeaf


@dataclass(frozen=True, slots=True)
class IfPermitted:
    """An item that is null where the caller may not read all that it names, instead of being refused."""

    key: str
    item: Item


@dataclass(frozen=True, slots=True)
class Nothing:
    """What becomes of such an item then."""

    key: str


Item: TypeAlias = (
    Leaf
    | Typename
    | MoneyLeaf
    | PartsLeaf
    | ChoiceLabel
    | ToOne
    | Lookup
    | ToSeveral
    | ToMany
    | ChildAggregate
    | IfPermitted
    | Nothing
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is read of one record of an object, in response order."""

    object_name: str
    items: tuple[Item, ...]


# --- filter, order, page ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare:
    """`field: {operator: value}`. `part` names amount or currency of money. Operators are those of the contract."""

    field: str
    operator: str
    operand: Parameter
    part: str = ""


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """`field: {isEmpty: true}`; false is `Not(IsEmpty)` made by the selection, so the value is shape, not parameter."""

    field: str


@dataclass(frozen=True, slots=True)
class Follows:
    """A condition on the one record behind a relation: `customer: {name: {eq: "…"}}`."""

    field: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some`, `none`, `every` over an inverse relation, ranging over the records the caller may see."""

    inverse: str
    quantifier: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class And:
    """All hold; empty is true."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One holds; empty is false."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition is not true: false or unknown."""

    condition: Condition


Condition: TypeAlias = Compare | IsEmpty | Follows | Quantified | And | Or | Not


class Direction(StrEnum):
    """Empty values are last in both."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class OrderBy:
    """One key of an order; `path` leads over to-one relations to the field."""

    path: tuple[str, ...]
    direction: Direction


@dataclass(frozen=True, slots=True)
class Page:
    """Relay paging. `size` is a parameter already checked against the limit; `cursor` an opaque text or nothing."""

    size: Parameter
    cursor: Parameter | None = None
    backward: bool = False


class ConnectionPart(StrEnum):
    """The members of a connection."""

    EDGES = "edges"
    NODES = "nodes"
    PAGE_INFO = "pageInfo"
    TOTAL_COUNT = "totalCount"
    TOTAL_COUNT_IS_EXACT = "totalCountIsExact"
    TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class Edges:
    """`edges { cursor node {…} }`; each item is (response key, "cursor" | "node" | "__typename", selection of node)."""

    key: str
    items: tuple[tuple[str, str, Selection | None], ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """`nodes {…}`."""

    key: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class Simple:
    """`totalCount`, `totalCountIsExact`, `__typename` (then `name` holds it), or `pageInfo` with its (key, name) pairs."""

    key: str
    part: ConnectionPart
    name: str = ""
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of records. `trashed` reads deleted records instead of live ones."""

    object_name: str
    parts: tuple[Edges | Nodes | Simple, ...]
    page: Page
    filter: Condition | None = None
    order: tuple[OrderBy, ...] = ()
    trashed: bool = False
    # A text that is looked for; without an order the best are first.
    search: Parameter | None = None
    # The field by which lines stand in their places, for who may read it and asked for no order.
    placed_by: str = ""


# --- aggregates -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A field to group by; `granularity` (DAY WEEK MONTH QUARTER YEAR, in the zone) for dates, "" otherwise."""

    path: tuple[str, ...]
    granularity: str = ""
    zone: Parameter | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """`sum { amount }` and kin; `function` is count for the number of records, then `field` is empty."""

    function: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class AggregateNode:
    """One node of the response of a group, in response order: exactly one of the three is set, or `name` (typename).

    `children` nest (`sum { amount }`, `group { stage }`), `measure` is a value, `group` the position of a group key, with
    `label` the words of the choice that it is.
    A measure of money is a list of amounts: its children name the parts, `name` being amount, currency or __typename.
    """

    key: str
    children: tuple[AggregateNode, ...] = ()
    measure: Measure | None = None
    group: int | None = None
    name: str = ""
    label: ChoiceLabel | None = None


@dataclass(frozen=True, slots=True)
class Having:
    """A comparison on a measure; groups that do not hold it are left out."""

    measure: Measure
    operator: str
    operand: Parameter


@dataclass(frozen=True, slots=True)
class AggregateOrder:
    """Order of groups, by a group key (its position) or by a measure."""

    by: int | Measure
    direction: Direction


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Groups of records with their measures; without group keys exactly one group."""

    object_name: str
    nodes: tuple[AggregateNode, ...]
    group_by: tuple[GroupKey, ...] = ()
    filter: Condition | None = None
    having: tuple[Having, ...] = ()
    order: tuple[AggregateOrder, ...] = ()
    size: Parameter | None = None
    search: Parameter | None = None


# --- roots ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordRoot:
    """`customer(id)`; null when absent or invisible."""

    key: str
    selection: Selection
    id: Parameter


@dataclass(frozen=True, slots=True)
class NodeRoot:
    """`node(id)`: one selection per object that the fragments name; the number inside the id decides which."""

    key: str
    id: Parameter
    selections: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class ConnectionRoot:
    """`customers(…)`."""

    key: str
    connection: Connection


@dataclass(frozen=True, slots=True)
class AggregateRoot:
    """`customersAggregate(…)`, a list of groups."""

    key: str
    aggregate: Aggregate


@dataclass(frozen=True, slots=True)
class WrittenRoot:
    """The records a verb has just written, in the order of the given ids; `many` makes a list."""

    key: str
    selection: Selection
    ids: Parameter
    many: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """What is answered of the records of one object that a search finds: (response key, name, selection of `record`)."""

    object_name: str
    items: tuple[tuple[str, str, Selection | None], ...]


@dataclass(frozen=True, slots=True)
class SearchRoot:
    """`search(text)` over several objects, the best first; objects that the caller may not read have no hits."""

    key: str
    text: Parameter
    size: Parameter
    hits: tuple[Hits, ...]


@dataclass(frozen=True, slots=True)
class RootIfPermitted:
    """A root that is null where the caller may not read all that it names, instead of being refused."""

    key: str
    root: RecordRoot | NodeRoot | ConnectionRoot | AggregateRoot


Root: TypeAlias = RecordRoot | NodeRoot | ConnectionRoot | AggregateRoot | WrittenRoot | SearchRoot | RootIfPermitted


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one operation reads, compiled into one statement whose answer is the JSON object of `data`."""

    roots: tuple[Root, ...]
    # Whether anything in it is answered only if it is permitted.
    is_conditional: bool = False


Values: TypeAlias = tuple[object, ...]
