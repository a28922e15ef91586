"""Random filters, orders and texts to look for, over the fields and the records of a random shape."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.metadata.naming import id_member, ids_member
from schema.metadata.types import Operators, Output
from schema.metadata.values import Money
from tests.services.query.fuzz.days import NAMED, UNITS
from tests.services.query.fuzz.values import AREAS, CURRENCIES, OPERATORS, POINTS, STAFF, WIDE_WORDS, WORDS, make

if TYPE_CHECKING:
    from schema.metadata.fields import Field
    from schema.metadata.registry import Registry
    from tests.services.query.fuzz.asked import Filter, Path
    from tests.services.query.fuzz.judge import Judge
    from tests.services.query.fuzz.shapes import RandomShape

# What the judge knows of people.
_OF_USERS = frozenset({"id", "version", "createdAt", "updatedAt", "email", "name", "title", "state"})
_LOOKED_FOR = (
    "acme",
    "hx",
    "huaxia",
    "华夏",
    "hl",
    "科技",
    "8000",
    "qq.com",
    "n-0003",
    "13800138000",
    "zeta",
    "a",
    "",
    "·",
    "shanxiong",
)
_RARE = frozenset({Output.SEALED, Output.FILES})
_OF_RARE = 0.2
_DEEPEST_PATH = 2


class Questions:
    """One sequence of questions."""

    def __init__(self, rng: random.Random, registry: Registry, judge: Judge) -> None:
        self._rng = rng
        self._shape = registry.shape
        self._judge = judge
        self._shown = {
            (found[1].name, found[2].name)
            for thing in self._shape.objects.values()
            for each in thing.lookups
            if (found := self._shape.shown(thing.name, each.name)) is not None
        }

    def fields(self, name: str) -> list[Field]:
        found = self._shape.objects[name].fields
        return [each for each in found if name != "user" or each.name in _OF_USERS]

    def is_rare(self, name: str, field: str) -> bool:
        """Whether few questions would meet a field by chance alone."""
        own = self._shape.closable(name, field)
        if (name, field) in self._shown:
            return True
        return own is not None and (own.is_linked or own.is_shown or own.type.output in _RARE)

    def text(self) -> str:
        return self._rng.choice(_LOOKED_FOR)

    # --- filters ------------------------------------------------------------------------------------------------------

    def filter(self, name: str, depth: int) -> Filter:
        return dict(self._member(name, depth) for _ in range(self._rng.choice((1, 1, 2))))

    def _member(self, name: str, depth: int) -> tuple[str, Any]:
        roll, rng = self._rng.random() if depth else 1.0, self._rng
        if roll < 0.12:
            return "not", self.filter(name, depth - 1)
        if roll < 0.25:
            count = rng.randint(0, 3)
            return rng.choice(("and", "or")), [self.filter(name, depth - 1) for _ in range(count)]
        relations = [each for each in self.fields(name) if each.relation is not None]
        if roll < 0.38 and relations:
            field = rng.choice(relations)
            assert field.relation is not None
            return field.name, self.filter(field.relation.target, depth - 1)
        inverses = self.inverses(name)
        if roll < 0.55 and inverses:
            inverse = rng.choice(inverses)
            words = rng.sample(("some", "none", "every"), rng.choice((1, 1, 2)))
            return inverse.name, {each: self.filter(inverse.object_name, depth - 1) for each in words}
        return self._comparison(name)

    def inverses(self, name: str) -> Sequence[Any]:
        return self._shape.objects[name].inverses if name != "user" else ()

    def _comparison(self, name: str) -> tuple[str, Any]:
        offered = [each for each in self.fields(name) if each.type.operators is not Operators.NONE]
        rare = [each for each in offered if self.is_rare(name, each.name)]
        return self.comparison(name, self._rng.choice(rare if rare and self._rng.random() < _OF_RARE else offered))

    def comparison(self, name: str, field: Field) -> tuple[str, Any]:
        """A member of a filter that asks something of a field."""
        member = id_member(field.name) if field.relation is not None else field.name
        member = ids_member(field.name) if field.type.has_several else member
        if field.type.operators is Operators.MONEY:
            return member, self._of_money(name, field)
        if self._rng.random() < 0.12:
            return member, {"isEmpty": self._rng.random() < 0.5}
        if field.type.operators is Operators.ADDRESS:
            return member, self._of_address()
        if field.type.operators is Operators.POINT:
            return member, self._on_earth()
        return member, self._operators(name, field, field.type.operators)

    def _of_money(self, name: str, field: Field) -> dict[str, Any]:
        match self._rng.randint(0, 4):
            case 0:
                return {"isEmpty": self._rng.random() < 0.5}
            case 1 | 2:
                word = self._rng.choice(OPERATORS[Operators.KEY])
                one = self._rng.choice(CURRENCIES)
                return {"currency": {word: [one] if word in {"in", "notIn"} else one}}
            case _:
                return {"amount": self._operators(name, field, Operators.DECIMAL)}

    def _of_address(self) -> dict[str, Any]:
        rng = self._rng
        if rng.random() < 0.5:
            return {
                "text": {
                    rng.choice(("contains", "startsWith", "endsWith")): rng.choice(("浙江省", "acme", "号", "_", ""))
                }
            }
        word = rng.choice(OPERATORS[Operators.AREA])
        if word == "startsWith":
            return {"code": {word: rng.choice(AREAS)[: rng.choice((2, 4, 6))]}}
        codes = rng.sample(AREAS, rng.randint(0, 3))
        return {"code": {word: codes if word in {"in", "notIn"} else rng.choice(AREAS)}}

    def _on_earth(self) -> dict[str, Any]:
        rng, (north, east) = self._rng, self._rng.choice(POINTS)
        if rng.random() < 0.6:
            metres = rng.choice((1, 3000, 20_000, 1_100_000, 10_100_000, 20_100_000))
            return {"near": {"latitude": float(north), "longitude": float(east), "metres": metres}}
        other = rng.choice(POINTS)
        south, top = sorted((float(north), float(other[0])))
        return {"inBox": {"south": south, "north": top, "west": float(east), "east": float(other[1])}}

    def _operators(self, name: str, field: Field, family: Operators) -> dict[str, Any]:
        offered = self._offered(family)
        words = self._rng.sample(offered, min(len(offered), self._rng.choice((1, 1, 1, 2))))
        return {word: self._operand(name, field, word) for word in words}

    def _offered(self, family: Operators) -> Sequence[str]:
        offered = OPERATORS[family]
        if family not in {Operators.DATE, Operators.DATETIME} or self._rng.random() < 0.5:
            return offered
        counted = [f"{word}N{unit.capitalize()}s" for unit in UNITS for word in ("last", "next")]
        return (*NAMED, *counted, "within", "within")

    def _operand(  # noqa: PLR0911 - one return for each kind of operand
        self, name: str, field: Field, word: str
    ) -> Any:
        rng = self._rng
        if word in NAMED:
            return True
        match word:
            case "countAtLeast":
                return rng.randint(0, 3)
            case "within":
                start = rng.randint(-5, 3)
                return {"unit": rng.choice(UNITS), "from": start, "to": start + rng.randint(0, 4)}
            case "in" | "notIn" | "hasAny" | "hasAll":
                return [self.one(name, field) for _ in range(rng.randint(0, 3))]
            case "between":
                return sorted((self.one(name, field), self.one(name, field)))
            case "contains" | "startsWith" | "endsWith":
                text = str(self.one(name, field))
                start = rng.randint(0, len(text))
                return rng.choice((text[start : start + 3], "%", "_", "\\", rng.choice((*WORDS, *WIDE_WORDS))))
            case _:
                return rng.randint(1, 40) if word[:5] in {"lastN", "nextN"} else self.one(name, field)

    def one(self, name: str, field: Field) -> Any:
        """An operand: mostly a value that stands somewhere."""
        rng = self._rng
        if field.relation is not None:
            return rng.choice([each.id for each in self._judge.rows[field.relation.target]] or [UUID(int=5)])
        stored = [each.values[field.name] for each in self._judge.rows[name] if each.values.get(field.name) is not None]
        value = rng.choice(stored) if stored and (rng.random() < 0.8 or name == "user") else self._new(field)
        if isinstance(value, Money):
            return value.amount
        known: list[Any] = [each.key for each in field.choices] or [STAFF[0] if field.type.has_several else "none"]
        return rng.choice(value or known) if isinstance(value, list) else value

    def _new(self, field: Field) -> Any:
        match field.type.output:
            case Output.ID:
                return UUID(int=5)
            case Output.INT:
                return self._rng.randint(0, 4)
            case _:
                return make(self._rng, field, self._rng.randint(0, 30))

    def names_retired(self, shape: RandomShape, name: str, given: Filter) -> bool:
        """Whether a filter names anything that is not there any more."""
        now = shape.registry.shape
        return any(self._is_gone(shape, name, member, value, now) for member, value in given.items())

    def _is_gone(self, shape: RandomShape, name: str, member: str, value: Any, now: Any) -> bool:
        if member in {"and", "or"}:
            return any(self.names_retired(shape, name, each) for each in value)
        if member == "not":
            return self.names_retired(shape, name, value)
        inverse = shape.before.shape.inverse(name, member)
        if inverse is not None:
            is_there = now.inverse(name, member) is not None
            return not is_there or any(self.names_retired(shape, inverse.object_name, each) for each in value.values())
        field = self._judge.field(name, member)
        if now.field(name, field.name) is None:
            return True
        if field.relation is None or member != field.name:
            return False
        return self.names_retired(shape, field.relation.target, value)

    # --- paths --------------------------------------------------------------------------------------------------------

    def order(self, name: str) -> list[tuple[Path, str]]:
        count = self._rng.choice((0, 0, 1, 1, 2, 3))
        paths = [self._path(name, lambda each: each.relation is None and each.type.sortable) for _ in range(count)]
        return [(path, self._rng.choice(("ASC", "DESC"))) for path in dict.fromkeys(paths)]

    def _path(self, name: str, is_end: Any, depth: int = 0) -> Path:
        relations = [each for each in self.fields(name) if each.relation is not None]
        if relations and depth < _DEEPEST_PATH and self._rng.random() < 0.2:
            field = self._rng.choice(relations)
            assert field.relation is not None
            return (field.name, *self._path(field.relation.target, is_end, depth + 1))
        return (self._rng.choice([each for each in self.fields(name) if is_end(each)]).name,)

    def group_path(self, name: str) -> Path:
        """A path to something that can be grouped by; a relation by its id."""
        *before, last = self._path(name, lambda each: each.type.groupable)
        for each in before:
            relation = self._judge.field(name, each).relation
            assert relation is not None
            name = relation.target
        field = self._judge.field(name, last)
        return (*before, id_member(last) if field.relation is not None else last)

    def pick(self, offered: Mapping[str, int]) -> str:
        """One word by weight."""
        return self._rng.choices(list(offered), weights=list(offered.values()))[0]
