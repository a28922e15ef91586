"""Rules that publish several changes together and go back to what was: shape and data are those of that moment again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services import change_sets, metadata
from tests.journeys.at_random.base import DRAWN, Ground, one
from tests.journeys.at_random.things import FieldModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from hypothesis.strategies import DataObject

    from services.change_sets import Step
    from tenants.context import DefinitionWork
    from tests.journeys.at_random.asked import Asked
    from tests.journeys.at_random.model import Model
    from tests.journeys.at_random.things import ThingModel

# What stands in the way of going back.
_IN_THE_WAY = (
    "DESTROYED", "TYPE_NOT_KEPT", "VALUES_NOT_CONVERTIBLE", "VALUES_NOT_UNIQUE", "FIELD_IN_USE", "USED_ELSEWHERE", "CHOICE_IS_DEFAULT",
    "NOTHING_TO_ROLL_BACK", "CANNOT_BE_UNIQUE", "BAD_OPTION", "RESULT_NOT_CHANGEABLE", "COMBINATIONS_NOT_UNIQUE",
    "LINE_TABLE_NOT_ALLOWED",
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """What was live after a publication, and what records of which version held."""

    number: int
    # Whether an object was retired, and its fields.
    things: Mapping[str, tuple[bool, Mapping[str, FieldModel]]]
    held: Mapping[tuple[str, str], Mapping[UUID, tuple[int, Any]]]
    asked: Mapping[str, Sequence[Asked]]


class PublishingRules(Ground):
    """Change sets, and the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[Moment] = []

    def remember(self) -> Moment:
        """This moment, to come back to."""
        moment = _moment(self.stage.read(metadata.last_number), self.model)
        self.moments.append(moment)
        return moment

    @precondition(lambda self: self.model.live)
    @rule(drawn=DRAWN, count=st.integers(1, 3))
    def publishes(self, drawn: DataObject, count: int) -> None:
        thing = self.any_thing(drawn)
        self.remember()
        fields = [FieldModel(f"f{self.number()}_c", "text") for _ in range(count)]
        steps: list[Step] = [_adding(thing.name, each) for each in fields]
        going = [
            each
            for each in self.model.fields_of(thing)
            if not (self.model.readers(thing.name, each.name) or self.model.keepers(thing, each.name))
            if not self.model.orders_lines(thing, each.name)
        ]
        gone = one(drawn, [None, *going])
        if gone is not None:
            steps.append({"retireField": {"object": thing.name, "field": gone.name}})

        async def publish(work: DefinitionWork) -> object:
            made = await change_sets.create_change_set(work, "Together", steps)
            return await change_sets.publish_change_set(work, made.id)

        assert self.define("publish", publish) is not None
        if gone is not None:
            gone.is_retired = True
        for each in fields:
            thing.fields[each.name] = each
            for record in thing.records.values():
                record.values[each.name] = None

    @precondition(lambda self: self.moments)
    @rule(drawn=DRAWN)
    def rolls_back(self, drawn: DataObject) -> None:
        wanted = self.moments[one(drawn, range(len(self.moments)))]
        self.remember()
        made = self.define(
            "roll_back", lambda work: change_sets.roll_back_to(work, wanted.number, clears=True), may=_IN_THE_WAY
        )
        if made is None:
            return
        for thing in self.model.things.values():
            thing.is_retired = wanted.things[thing.name][0] if thing.name in wanted.things else True
        for name, (_, fields) in wanted.things.items():
            there = self.model.things.get(name)
            for each in there.fields.values() if there is not None else ():
                self._is_again(name, each, fields.get(each.name))
            if there is not None:
                self._asks_again(there, wanted.asked[name])
        for thing in self.model.things.values():
            for each in thing.fields.values():
                self.forget_destroyed(thing, each)
        for thing in self.model.live.values():
            self._holds_again(thing, wanted)

    def _is_again(self, name: str, each: FieldModel, before: FieldModel | None) -> None:
        """A field as it was; one that came since is out of sight."""
        each.before = None
        if before is None:
            each.is_retired = True
            return
        each.is_retired, each.required, each.unique = before.is_retired, before.required, before.unique
        each.indexed, each.type_name, each.pattern = before.indexed, before.type_name, before.pattern
        each.lines_by = before.lines_by
        each.default, each.is_default_known = before.default, before.is_default_known
        definition = self.definition(name, each.name)
        each.choices = {choice.key: not choice.retired for choice in definition.choices}
        # Whether it follows a dictionary, and what that one holds, is not gone back to.
        each.dictionary = str(definition.field.option("dictionary") or "")
        self.require_followed(each)
        each.lose_default()
        if each.is_choosing and not each.dictionary:
            assert each.offered == before.offered

    def _asks_again(self, thing: ThingModel, before: Sequence[Asked]) -> None:
        """What was asked of records; what came since is not."""
        known = {each.number for each in before}
        since = [each for each in thing.asked if each.number not in known and each.id is not None]
        thing.asked = [replace(each) for each in before] + [replace(each, is_retired=True) for each in since]
        thing.asked = [each for each in thing.asked if not each.field or each.field in thing.fields]

    def _holds_again(self, thing: ThingModel, wanted: Moment) -> None:
        """Of another type or not: a record that nobody wrote to since holds what it held."""
        for each in self.model.fields_of(thing):
            if not each.is_entered or each.type_name == "relation":
                continue
            found, held = self.held(thing, each.name), wanted.held.get((thing.name, each.name), {})
            for key, value in found.items():
                record = thing.records[key]
                if key in held and held[key][0] == record.version:
                    assert value == held[key][1], (thing.name, each.name)
                record.values[each.name] = value


def _moment(number: int, model: Model) -> Moment:
    things = {
        name: (
            thing.is_retired,
            {each.name: replace(each, choices=dict(each.choices)) for each in thing.fields.values()},
        )
        for name, thing in model.things.items()
    }
    held = {
        (name, each): {key: (record.version, record.values.get(each)) for key, record in thing.records.items()}
        for name, thing in model.things.items()
        for each in thing.fields
    }
    return Moment(number, things, held, {name: _asked(thing) for name, thing in model.things.items()})


def _asked(thing: ThingModel) -> Sequence[Asked]:
    return [replace(each) for each in thing.asked]


def _adding(object_name: str, each: FieldModel) -> Step:
    field = {"label": {"zh": "值"}, "name": each.name.removesuffix("_c"), "type": each.type_name}
    return {"addField": {"object": object_name, "field": field}}
