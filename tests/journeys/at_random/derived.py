"""Rules for fields that nobody enters or that are no column: formulas, roll-ups, lookups, links of many to many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from schema.metadata.fields import Label
from schema.metadata.types import FIELD_TYPES
from services import metadata, records
from services.metadata import FieldDraft
from tests.journeys.at_random.base import DRAWN, one
from tests.journeys.at_random.computing import Condition
from tests.journeys.at_random.definitions import DefinitionRules
from tests.journeys.at_random.things import FieldModel, ThingModel
from tests.journeys.at_random.writing import WritingRules

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject


_NUMBERS = frozenset({"integer", "rating", "decimal", "percent", "currency"})
_ROLLED_UP: Mapping[str, frozenset[str]] = {
    "count": frozenset(),
    "sum": _NUMBERS,
    "avg": _NUMBERS,
    "min": _NUMBERS | {"date", "dateTime"},
    "max": _NUMBERS | {"date", "dateTime"},
}
_BESIDE = ("integer", "decimal", "rating", "currency", "date", "boolean", "choice")


class DerivedRules(DefinitionRules, WritingRules):
    """Fields over other fields."""

    def begin_with_roll_ups(self, drawn: DataObject) -> None:
        """Records of one object that point at those of another, which are counted and reckoned there."""
        types = st.lists(st.sampled_from(_BESIDE), min_size=2, max_size=3, unique=True)
        child = self.create_object(drawn.draw(types), target=self.any_thing(drawn).name)
        self.create_records(drawn, 3, of=child)
        self.roll_up(drawn, one(drawn, list(_ROLLED_UP)), picks=drawn.draw(st.booleans()))

    @precondition(lambda self: self._integers())
    @rule(drawn=DRAWN)
    def adds_formula(self, drawn: DataObject) -> None:
        thing, read = one(drawn, self._integers())
        each = FieldModel(
            f"f{self.number()}_c", "formula", reads={(thing.name, read.name): read.type_name}, of=read.name
        )
        self._derive(thing, each, {"expression": f"{read.name} + 1", "result": "integer"})

    @precondition(lambda self: self._relations())
    @rule(drawn=DRAWN, function=st.sampled_from(("count", "sum", "min", "max", "avg")), picks=st.booleans())
    def adds_roll_up(self, drawn: DataObject, function: str, *, picks: bool) -> None:
        self.roll_up(drawn, function, picks=picks)

    def roll_up(self, drawn: DataObject, function: str, *, picks: bool) -> None:
        """Of any relation, over any field that it may be of."""
        child, relation = one(drawn, self._relations())
        fields = self.model.fields_of(child)
        counted = [each for each in fields if each.type_name in _ROLLED_UP[function]]
        if function != "count" and not counted:
            return
        of = one(drawn, counted) if function != "count" else None
        condition: Condition | None = one(drawn, self.model.conditions_of(child) or [None]) if picks else None
        read = {relation.name, *([of.name] if of else []), *(condition.looks_at if condition else ())}
        each = FieldModel(
            f"f{self.number()}_c",
            "rollUp",
            reads={(child.name, each.name): each.type_name for each in fields if each.name in read},
            along=relation.name,
            child=child.name,
            of=of.name if of is not None else "",
            function=function,
            condition=condition,
        )
        options = {"relation": relation.inverse, "function": function}
        if of is not None:
            options["field"] = of.name
        if condition is not None:
            options["filter"] = condition.text
        self._derive(self.model.things[relation.target], each, options)

    @precondition(lambda self: self._relations())
    @rule(drawn=DRAWN)
    def adds_lookup(self, drawn: DataObject) -> None:
        thing, relation = one(drawn, self._relations())
        shown = [
            each
            for each in self.model.fields_of(self.model.things[relation.target])
            if FIELD_TYPES[each.type_name].columns
            and not (FIELD_TYPES[each.type_name].is_relation or each.type_name == "persons")
        ]
        if shown:
            of = one(drawn, shown).name
            each = FieldModel(f"f{self.number()}_c", "lookup", along=relation.name, of=of, target=relation.target)
            self._derive(thing, each, {"relation": relation.name, "field": of})

    @precondition(lambda self: self.model.live)
    @rule(drawn=DRAWN)
    def adds_links(self, drawn: DataObject) -> None:
        thing, target, number = self.any_thing(drawn), self.any_thing(drawn), self.number()
        each = FieldModel(f"f{number}_c", "relations", target=target.name, inverse=f"m{number}_c")
        self._derive(thing, each, {})
        for record in thing.records.values():
            record.values[each.name] = []

    @precondition(lambda self: self._linked())
    @rule(drawn=DRAWN)
    def links_records(self, drawn: DataObject) -> None:
        thing, each = one(drawn, self._linked())
        key = one(drawn, list(thing.live))
        target = self.model.things[each.target]
        known = [str(record_id) for record_id in target.live]
        chosen = drawn.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
        given = {each.name: {"set": chosen}}
        self.write("link", lambda work: records.update(work, thing.name, [key], given), wrong=())
        record = thing.records[key]
        before = set(record.values[each.name])
        hidden = {one_id for one_id in before if one_id not in known}
        record.version += before != hidden | set(chosen)
        record.values[each.name] = sorted(hidden | set(chosen))

    def _derive(self, thing: ThingModel, each: FieldModel, options: Mapping[str, object]) -> None:
        draft = FieldDraft(
            Label("算", "Derived"),
            each.type_name,
            name=each.name.removesuffix("_c"),
            options=options,
            target=each.target if each.type_name == "relations" else "",
            inverse_name=each.inverse.removesuffix("_c"),
        )
        made = self.define(f"add {each.type_name}", lambda work: metadata.add_field(work, thing.name, draft))
        assert made is not None
        thing.fields[each.name] = each

    def _integers(self) -> list[tuple[ThingModel, FieldModel]]:
        return [(thing, each) for thing, each in self.some_fields() if each.type_name == "integer"]

    def _relations(self) -> list[tuple[ThingModel, FieldModel]]:
        return [(thing, each) for thing, each in self.some_fields() if each.type_name == "relation"]

    def _linked(self) -> list[tuple[ThingModel, FieldModel]]:
        return [(thing, each) for thing, each in self.some_fields() if each.type_name == "relations" and thing.live]
