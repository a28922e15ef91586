"""Rules that write records: made, changed, deleted, brought back, destroyed, and refused for what is wrong with them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services import records
from tests.journeys.at_random.asked import Asked, are_alike, hidden_by, wrong_with
from tests.journeys.at_random.base import DRAWN, Ground, one
from tests.journeys.at_random.things import FieldModel, RecordModel, ThingModel
from tests.journeys.at_random.values import Pair, pairs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from hypothesis.strategies import DataObject

_NOTHING: Pair = (None, None)


class WritingRules(Ground):
    """Records of the objects that are there."""

    @precondition(lambda self: self.model.live)
    @rule(drawn=DRAWN, count=st.integers(1, 3))
    def creates_records(self, drawn: DataObject, count: int) -> None:
        self.create_records(drawn, count)

    def create_records(self, drawn: DataObject, count: int, *, of: ThingModel | None = None) -> None:
        """Of one object, or of any."""
        thing = of or self.any_thing(drawn)
        given = [self._drawn(drawn, thing) for _ in range(count)]
        wrong: set[str] = set()
        self._find_misspelled(thing, given, wrong)
        fresh = [self._new(thing, each, wrong) for each in given]
        self.model.place(thing, [{} for _ in fresh], fresh)
        for values in fresh:
            self._find_broken(thing, None, values, wrong)
        self._find_taken(thing, fresh, wrong)
        written = [{name: pair[0] for name, pair in each.items()} for each in given]
        inputs = [inputs_of(thing, each) for each in written]
        made = self.write("create", lambda work: records.create(work, thing.name, inputs), wrong=wrong)
        if made is not None:
            thing.records |= {key: RecordModel(values) for key, values in zip(made.ids, fresh, strict=True)}

    @precondition(lambda self: self._written())
    @rule(drawn=DRAWN)
    def updates_records(self, drawn: DataObject) -> None:
        thing = one(drawn, self._written())
        ids = drawn.draw(st.lists(st.sampled_from(list(thing.live)), min_size=1, max_size=2, unique=True))
        given = self._drawn(drawn, thing)
        if not given:
            return
        required = self._always_asked(thing)
        wrong = {"REQUIRED" for name, pair in given.items() if pair[1] is None and name in required}
        self._find_misspelled(thing, [given], wrong)
        read = {name: pair[1] for name, pair in given.items()}
        moved = {key: {**thing.records[key].values, **read} for key in ids}
        self.model.place(thing, [thing.records[key].values for key in ids], list(moved.values()))
        for key, values in moved.items():
            self._find_broken(thing, thing.records[key].values, values, wrong)
        self._find_taken(thing, [], wrong, moved)
        inputs = inputs_of(thing, {name: pair[0] for name, pair in given.items()})
        made = self.write("update", lambda work: records.update(work, thing.name, ids, inputs), wrong=wrong)
        for key in ids if made is not None else ():
            record = thing.records[key]
            record.version += any(record.values.get(name) != value for name, value in read.items())
            record.values = moved[key]

    @precondition(lambda self: self._written())
    @rule(drawn=DRAWN)
    def deletes_records(self, drawn: DataObject) -> None:
        thing = one(drawn, self._written())
        ids = drawn.draw(st.lists(st.sampled_from(list(thing.live)), min_size=1, max_size=2, unique=True))
        is_held = self.model.going(thing.name, ids).is_held
        made = self.write(
            "delete",
            lambda work: records.delete(work, thing.name, ids),
            wrong=["DELETION_RESTRICTED"] if is_held else (),
        )
        if made is not None:
            self.model.delete(thing.name, ids)

    @precondition(lambda self: self._in_bin())
    @rule(drawn=DRAWN)
    def restores_records(self, drawn: DataObject) -> None:
        thing = one(drawn, self._in_bin())
        key = one(drawn, list(thing.deleted))
        wrong = ["RELATION_NOT_FOUND"] if self.model.is_headless(thing, thing.records[key]) else []
        wrong += self._taken_by(thing, key)
        made = self.write("restore", lambda work: records.restore(work, thing.name, [key]), wrong=wrong)
        if made is not None:
            self.model.restore(thing.name, [key])

    @precondition(lambda self: any(thing.records for thing in self.model.live.values()))
    @rule(drawn=DRAWN)
    def destroys_records(self, drawn: DataObject) -> None:
        thing = one(drawn, [each for each in self.model.live.values() if each.records])
        key = one(drawn, list(thing.records))
        is_held = self.model.going(thing.name, [key], for_good=True).is_held
        made = self.write(
            "destroy",
            lambda work: records.destroy(work, thing.name, [key]),
            wrong=["DELETION_RESTRICTED"] if is_held else (),
        )
        if made is not None:
            self.model.destroy(thing.name, [key])

    # --- what is drawn, and what is wrong with it ---------------------------------------------------------------------

    def _drawn(self, drawn: DataObject, thing: ThingModel) -> dict[str, Pair]:
        given = {}
        for each in self.model.fields_of(thing):
            if not each.is_entered:
                continue
            known = pairs(each, self.ids_for(each))
            left_out = [None] if each.is_default_known else []
            chosen = drawn.draw(st.sampled_from((*known, _NOTHING, *left_out)), label=each.name)
            if chosen is not None:
                given[each.name] = chosen
        return given

    def _new(self, thing: ThingModel, given: Mapping[str, Pair], wrong: set[str]) -> dict[str, Any]:
        """What a new record holds: what was given, then defaults."""
        values: dict[str, Any] = dict.fromkeys(thing.fields)
        for each in thing.fields.values():
            if each.type_name == "relations":
                values[each.name] = []
        for each in self.model.fields_of(thing):
            if not each.is_entered:
                continue
            values[each.name] = given[each.name][1] if each.name in given else each.default
            if each.name in self._always_asked(thing) and values[each.name] is None:
                wrong.add("REQUIRED")
        return values

    def _always_asked(self, thing: ThingModel) -> set[str]:
        """The fields that must be filled whatever else a record holds."""
        required = {each.name for each in self.model.fields_of(thing) if each.required}
        return required - hidden_by(self.model.asked_of(thing))

    def _find_misspelled(self, thing: ThingModel, given: Sequence[Mapping[str, Pair]], wrong: set[str]) -> None:
        """Texts that have not the form that their field asks for."""
        for each in self.model.fields_of(thing):
            texts = [pairs_of[each.name][1] for pairs_of in given if each.name in pairs_of]
            if each.pattern and any(text is not None and not re.fullmatch(each.pattern, text) for text in texts):
                wrong.add("PATTERN_MISMATCH")

    def _find_broken(
        self, thing: ThingModel, before: Mapping[str, Any] | None, after: Mapping[str, Any], wrong: set[str]
    ) -> None:
        """What the object asks of its records and this one would not be."""
        fields = self.model.fields_of(thing)
        wrong |= wrong_with(
            self.model.asked_of(thing),
            before,
            {each.name: after.get(each.name) for each in fields if each.is_entered},
            required={each.name for each in fields if each.required},
            defaults={each.name: each.default for each in fields},
        )

    def _find_taken(
        self,
        thing: ThingModel,
        fresh: Sequence[Mapping[str, Any]],
        wrong: set[str],
        moved: Mapping[UUID, Mapping[str, Any]] | None = None,
        gone: Collection[UUID] = (),
    ) -> None:
        """Unique values that two live records would hold."""
        changed = moved or {}
        standing = [changed.get(key, record.values) for key, record in thing.live.items() if key not in gone]
        for each in self.model.fields_of(thing):
            held = [json.dumps(values.get(each.name)) for values in (*standing, *fresh)]
            held = [value for value in held if value != "null"]
            if each.unique and len(held) != len(set(held)):
                wrong.add("UNIQUE_TAKEN")
        if any(are_alike([*standing, *fresh], each.together) for each in self._combinations(thing)):
            wrong.add("UNIQUE_TAKEN")

    def _combinations(self, thing: ThingModel) -> list[Asked]:
        return [each for each in self.model.asked_of(thing) if each.kind == "unique"]

    def _taken_by(self, thing: ThingModel, key: UUID) -> list[str]:
        """Whether somebody has a unique value now that a record, or one that it takes along, comes back with."""
        for name in self.model.taken_along(thing.name):
            other = self.model.things[name]
            back = [each for record_id, each in other.records.items() if key in {record_id, each.deletion}]
            held = [*other.live.values(), *back]
            for each in self.model.fields_of(other):
                found = [json.dumps(record.values.get(each.name)) for record in held]
                found = [value for value in found if value != "null"]
                if each.unique and len(found) != len(set(found)):
                    return ["UNIQUE_TAKEN"]
            values = [record.values for record in held]
            if any(are_alike(values, each.together) for each in self._combinations(other)):
                return ["UNIQUE_TAKEN"]
        return []

    def _written(self) -> list[ThingModel]:
        return [thing for thing in self.model.live.values() if thing.live]

    def _in_bin(self) -> list[ThingModel]:
        return [thing for thing in self.model.live.values() if thing.deleted]


def inputs_of(thing: ThingModel, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values under the names that inputs have for them."""
    fields: Mapping[str, FieldModel] = thing.fields
    return {fields[name].member: value for name, value in values.items()}
