"""Random but repeatable expressions of every row of the table of functions, as checked trees."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata.objects import Inverse
from services.expressions.functions import FUNCTIONS, QUANTIFIERS, VARIABLES, Overload
from services.expressions.tree import Call, Constant, ListOf, Node, Path, Quantified, Step, Variable
from services.expressions.types import BOOLEAN, NUMBER, TEXT, Kind, Type, type_of
from tests.services.query.world import ALICE, BOB, COMPANY, record_id

if TYPE_CHECKING:
    from schema.metadata.registry import Registry

_HOPS = ("parent", "company", "owner", "department")
_TEXTS = ("", "a", "acme", "Acme", "Zeta %", "华夏", "科技", "B\\\\C", 'say "hi"', " x\t", "b'c", "vip", "old", "CNY")
_NUMBERS = ("0", "1", "-1", "2", "3", "0.5", "-2.5", "10", "0.0000000001", "12.345", "100", "9999999999999999999999999999",
            "-9999999999999999999999999999.9999999999", "7", "1000000", "0.05", "0.00000000005"[:12])  # fmt: skip
_CURRENCIES = ("CNY", "USD")
_FARTHEST = (date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(2026, 1, 31))

_ROWS: dict[Kind, list[tuple[str, Overload]]] = {kind: [] for kind in Kind}
for _function in FUNCTIONS.values():
    for _row in _function.overloads:
        _answer = _row.answers if isinstance(_row.answers, Type) else _row.takes[-1]
        _ROWS[_answer.kind].append((_function.name, _row))
ROWS = [row for rows in _ROWS.values() for row in rows]


class Sentences:
    """Expressions on the records of one object."""

    def __init__(self, registry: Registry, rng: random.Random, object_name: str) -> None:
        self._registry = registry
        self._rng = rng
        self._scopes = [object_name]

    def any(self, depth: int) -> Node:
        kinds = [each for each in Kind if each is not Kind.LIST] + [Kind.BOOLEAN] * 3
        return self.of(self._rng.choice(kinds), depth)

    def of(self, kind: Kind, depth: int) -> Node:
        roll = self._rng.random()
        if depth <= 0 or roll < 0.12:
            return self._leaf(kind)
        if kind is Kind.BOOLEAN and roll > 0.93 and len(self._scopes) < 3:
            many = self._many(depth)
            if many is not None:
                return many
        name, row = self._rng.choice(_ROWS[kind])
        return self._call(name, row, depth - 1)

    def _call(self, name: str, row: Overload, depth: int) -> Node:
        takes = row.takes
        if row.variadic:
            takes += (takes[-1],) * self._rng.choice((0, 0, 1, 2))
        of_choices = any(Kind.CHOICE in {each.kind, each.item} for each in takes)
        if of_choices:
            given = self._with_choices(name, takes, depth)
        elif name == "money":
            given = (self.of(Kind.NUMBER, depth), Constant(self._rng.choice(_CURRENCIES), TEXT))
        elif name in {"==", "!=", "in"} and takes[0].kind is Kind.RECORD:
            given = self._same_record(name)
        else:
            given = tuple(self._argument(each, depth) for each in takes)
        if name == "negate" and isinstance(given[0], Constant):
            given = (self._path(given[0].type.kind),)
        if name == "?:" and self._rng.random() < 0.15:
            given = (given[0], given[1], Constant(None, given[1].type))
        types = [each.type for each in given]
        overload = FUNCTIONS[name].overload(types)
        assert overload is not None, (name, types)
        return Call(name, given, overload.answer(types))

    def _same_record(self, name: str) -> tuple[Node, ...]:
        """Records of different objects are not compared."""
        one = self._path(Kind.RECORD)
        others = [self._constant(Kind.RECORD), one, self._constant(Kind.RECORD)][: self._rng.randint(1, 3)]
        return (one, self._list(others)) if name == "in" else (one, others[-1])

    def _argument(self, wanted: Type, depth: int) -> Node:
        if wanted.kind is not Kind.LIST:
            return self.of(wanted.kind, depth)
        if wanted.item in {None, Kind.TEXT} and self._rng.random() < 0.5:
            return self._path(Kind.LIST)
        item = wanted.item or Kind.NUMBER
        return self._list([self.of(item, min(depth, 1)) for _ in range(self._rng.randint(1, 4))])

    def _list(self, items: Sequence[Node]) -> Node:
        first = items[0].type
        return ListOf(tuple(items), Type(Kind.LIST, first.of, first.kind))

    def _with_choices(self, name: str, takes: Sequence[Type], depth: int) -> tuple[Node, ...]:
        """A choice field, and keys of it where keys may stand; a text beside it is never written out."""
        field = self._path(Kind.CHOICE)
        given: list[Node] = []
        for wanted in takes:
            match wanted.kind:
                case Kind.CHOICE:
                    is_first = all(each.type.kind is not Kind.CHOICE for each in given)
                    given.append(field if is_first else self._key(field) if self._rng.random() < 0.7 else field)
                case Kind.TEXT:
                    given.append(self._path(Kind.TEXT))
                case Kind.LIST if wanted.item is Kind.CHOICE:
                    given.append(self._list([field, *[self._key(field) for _ in range(self._rng.randint(1, 2))]]))
                case Kind.LIST:
                    given.append(self._path(Kind.LIST))
                case _:
                    given.append(self.of(wanted.kind, depth))
        assert name in FUNCTIONS
        return tuple(given)

    def _key(self, field: Node) -> Node:
        object_name, _, name = field.type.of.partition(".")
        found = self._registry.shape.field(object_name, name)
        assert found is not None
        return Constant(self._rng.choice([each.key for each in found.choices]), field.type)

    def _leaf(self, kind: Kind) -> Node:
        if self._rng.random() < 0.6 or kind in {Kind.CHOICE, Kind.MONEY, Kind.LIST}:
            return self._path(kind)
        variables = [name for name, (type_, _, _) in VARIABLES.items() if type_.kind is kind]
        if variables and self._rng.random() < 0.5:
            name = self._rng.choice(variables)
            return Variable(name, VARIABLES[name][0])
        return self._constant(kind)

    def _constant(self, kind: Kind) -> Node:  # noqa: PLR0911 - one return for each kind
        rng = self._rng
        match kind:
            case Kind.BOOLEAN:
                return Constant(rng.random() < 0.5, BOOLEAN)
            case Kind.NUMBER:
                return Constant(Decimal(rng.choice(_NUMBERS)), NUMBER)
            case Kind.TEXT:
                return Constant(rng.choice(_TEXTS), TEXT)
            case Kind.DATE:
                near = date(2026, 3, 31) + timedelta(days=rng.randint(-40, 40))
                return Constant(rng.choice((near, near, *_FARTHEST)), Type(Kind.DATE))
            case Kind.DATETIME:
                moment = datetime(2026, 3, 31, 16, tzinfo=UTC) + timedelta(
                    hours=rng.randint(-90, 90), microseconds=rng.randint(0, 9)
                )
                far = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
                return Constant(rng.choice((moment, moment, moment, far)), Type(Kind.DATETIME))
            case Kind.RECORD:
                return Constant(rng.choice((ALICE, BOB, record_id(COMPANY, 1), UUID(int=7))), Type(Kind.RECORD))
            case _:
                return Call(
                    "days", (Constant(Decimal(rng.choice(("0", "1", "-3", "0.5", "365"))), NUMBER),), Type(kind)
                )

    def _path(self, kind: Kind) -> Node:
        """A field of the kind, of some record in sight; of durations there are none."""
        if kind is Kind.DURATION:
            return Call("days", (self._path(Kind.NUMBER),), Type(kind))
        while True:
            scope = self._rng.randrange(len(self._scopes))
            found = self._from(scope, kind)
            if found is not None:
                return found

    def _from(self, scope: int, kind: Kind) -> Path | None:
        object_name = self._scopes[scope]
        steps: list[Step] = []
        while self._rng.random() < 0.25 and len(steps) < 3:
            hops = [each for each in self._registry.shape.objects[object_name].fields if each.name in _HOPS]
            if not hops:
                break
            hop = self._rng.choice(hops)
            assert hop.relation is not None
            steps.append(Step(object_name, hop.name))
            object_name = hop.relation.target
        thing = self._registry.shape.objects[object_name]
        fitting = [
            each for each in thing.fields if (type_ := type_of(object_name, each)) is not None and type_.kind is kind
        ]
        if not fitting:
            return None
        field = self._rng.choice(fitting)
        type_ = type_of(object_name, field)
        assert type_ is not None
        return Path((*steps, Step(object_name, field.name)), type_, scope)

    def _many(self, depth: int) -> Node | None:
        outer = self._rng.randrange(len(self._scopes))
        object_name, owner = self._scopes[outer], []
        if self._rng.random() < 0.3:
            hop = "parent" if object_name == "company" else "company"
            owner.append(Step(object_name, hop))
            object_name = "company"
        inverses = [
            each for each in self._registry.shape.objects[object_name].inverses if each.name in {"deals", "children"}
        ]
        if not inverses:
            return None
        inverse: Inverse = self._rng.choice(inverses)
        scope = len(self._scopes)
        self._scopes.append(inverse.object_name)
        condition = self.of(Kind.BOOLEAN, min(depth - 1, 2))
        self._scopes.pop()
        child = Step(inverse.object_name, inverse.field_name)
        return Quantified(
            self._rng.choice(QUANTIFIERS), tuple(owner), object_name, inverse.name, child, f"x{scope}", scope, condition,
            BOOLEAN, outer=outer,
        )  # fmt: skip
