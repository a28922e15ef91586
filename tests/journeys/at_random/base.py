"""The ground that all rules stand on: one sequence in one tenant, and what is looked at after each of its steps."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from services import metadata
from tests.journeys.at_random.model import Model
from tests.journeys.at_random.reading import bin_of, read_all
from tests.journeys.at_random.shape import require_as_defined
from tests.journeys.at_random.stage import NEVER
from tests.journeys.at_random.things import FieldModel, ThingModel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
    from uuid import UUID

    from hypothesis.strategies import DataObject

    from schema.metadata.definitions import FieldDefinition, ObjectDefinition
    from tenants.context import DefinitionWork, ReadWork, Work
    from tests.journeys.at_random.reading import Answers
    from tests.journeys.at_random.stage import Stage

T = TypeVar("T")
# What a rule draws depends on what is there, so it draws while it runs.
DRAWN = st.data()


@dataclass(frozen=True)
class Look:
    """Definitions, and what every record answers."""

    definitions: Mapping[str, ObjectDefinition]
    answers: Answers


class Ground(RuleBasedStateMachine):
    """One sequence."""

    # Of the tenant that it happens in; whoever runs it says which.
    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.count = 0
        self.is_reshaped = self.is_written = False
        self._look: Look | None = None

    def teardown(self) -> None:
        """The last look at everything, unless something is wrong already."""
        try:
            if sys.exc_info()[0] is None:
                self.require_values()
        finally:
            self.stage.sweep()

    def number(self) -> int:
        """A number that this sequence gave to nothing yet."""
        self.count += 1
        return self.count

    # --- doing --------------------------------------------------------------------------------------------------------

    def define(
        self,
        name: str,
        verb: Callable[[DefinitionWork], Awaitable[T]],
        *,
        may: Collection[str] = NEVER,
        later: bool = False,
    ) -> T | None:
        """A change of definitions; `may` are the reasons for which it may be refused."""
        self._look = None
        made = (self.stage.define_later if later else self.stage.define)(name, verb, may=may)
        self.is_reshaped = self.is_reshaped or made is not None
        return made

    def write(self, name: str, verb: Callable[[Work], Awaitable[T]], *, wrong: Collection[str]) -> T | None:
        """A write, which is refused exactly where something is wrong with it."""
        self._look = None
        self.is_written = True
        made = self.stage.write(name, verb, may=wrong)
        assert (made is None) is bool(wrong), wrong
        return made

    # --- choosing -----------------------------------------------------------------------------------------------------

    def entered_fields(self) -> list[tuple[ThingModel, FieldModel]]:
        """Those that records are written with."""
        return [(thing, each) for thing, each in self.some_fields() if each.is_entered]

    def any_thing(self, drawn: DataObject) -> ThingModel:
        return one(drawn, list(self.model.live.values()))

    def some_fields(self, *, retired: bool = False) -> list[tuple[ThingModel, FieldModel]]:
        """Fields of live objects with their objects."""
        return [
            (thing, each)
            for thing in self.model.live.values()
            for each in (thing.fields.values() if retired else self.model.fields_of(thing))
            if each.is_retired is retired
        ]

    def ids_for(self, each: FieldModel) -> Sequence[str]:
        """Whom a field may point at."""
        if each.type_name == "department":
            return self.stage.departments
        if each.type_name == "relation":
            return [str(record_id) for record_id in self.model.things[each.target].live]
        return self.stage.people

    def forget_destroyed(self, thing: ThingModel, each: FieldModel) -> None:
        """While a relation was out of sight nothing kept its targets from being destroyed."""
        if each.type_name != "relation" or each.target not in self.model.live:
            return
        there = {str(record_id) for record_id in self.model.things[each.target].records}
        for record in thing.records.values():
            if record.values.get(each.name) not in there:
                record.values[each.name] = None

    def require_followed(self, each: FieldModel) -> None:
        """A field of a dictionary that is there has no choice that is none of its entries, or is offered when they are not."""
        if each.dictionary:
            kept = next(found for found in self.model.dictionaries.values() if found.name == each.dictionary)
            assert each.choices.items() <= kept.entries.items()
            assert {*each.offered} == {key for key, is_offered in kept.entries.items() if is_offered}

    # --- looking ------------------------------------------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """What is there since the last change, looked at once."""
        if self._look is None:
            self._look = self.stage.read(lambda work: _look(work, sorted(self.model.live)))
        return self._look

    def definition(self, object_name: str, name: str) -> FieldDefinition:
        found = self.look.definitions[object_name].field(name)
        assert found is not None, name
        return found

    def held(self, thing: ThingModel, name: str) -> dict[UUID, Any]:
        """What the records of an object hold in a field now."""
        answers = self.look.answers
        return {each: told[name] for key in (thing.name, bin_of(thing.name)) for each, told in answers[key].items()}

    @invariant()
    def everything_is_as_it_must_be(self) -> None:
        """Tables as definitions say, at once; what a change of definitions did to values is seen at the next write or the end."""
        if self.is_reshaped:
            self.is_reshaped = False
            self.stage.read(require_as_defined)
        if self.is_written:
            self.require_values()

    def require_values(self) -> None:
        """Every value as it was written."""
        self.is_written, answers = False, self.look.answers
        for name, thing in self.model.live.items():
            for key, records in ((name, thing.live), (bin_of(name), thing.deleted)):
                # What is computed of a record is right again when it comes back out of the bin.
                idle = {each.name for each in thing.fields.values() if each.reads and key != name}
                told = {each: _without(answer, idle) for each, answer in answers[key].items()}
                assert told == {each: _without(self.model.answer(thing, each), idle) for each in records}, key


def one(drawn: DataObject, of: Sequence[T]) -> T:
    return drawn.draw(st.sampled_from(of))


async def _look(work: ReadWork, names: Sequence[str]) -> Look:
    definitions = {each.name: each for each in await metadata.definitions(work)}
    answers = await read_all(work, names)
    told = {key: {each: _told(answer) for each, answer in found.items()} for key, found in answers.items()}
    return Look(definitions, told)


def _without(told: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """The many sides of relations as ids in an order of their own."""
    return {
        name: sorted(each["id"] for each in value["nodes"]) if isinstance(value, dict) and "nodes" in value else value
        for name, value in found.items()
    }
