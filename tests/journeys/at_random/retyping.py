"""Rules that change what type a field has, and take it back: what can be read as the new type is kept, and told what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis.stateful import precondition, rule

from schema.metadata import conversions
from services import type_changes
from services.type_changes import TypeDraft
from tests.journeys.at_random.base import DRAWN, Ground, one
from tests.journeys.at_random.things import Before, FieldModel, ThingModel

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

_NOT_CHANGED = ("USED_ELSEWHERE", "VALUES_NOT_UNIQUE", "CANNOT_BE_UNIQUE", "BAD_OPTION", "COMBINATIONS_NOT_UNIQUE")
# Values of these pairs are spelled the same in both.
_ALIKE = frozenset({("text", "longText"), ("integer", "decimal"), ("integer", "text"), ("decimal", "text")})


class RetypingRules(Ground):
    """Changes of type, and back."""

    @precondition(lambda self: self._changing())
    @rule(drawn=DRAWN)
    def changes_type(self, drawn: DataObject) -> None:
        thing, each = one(drawn, self._changing())
        wanted = one(drawn, conversions.offered(each.type_name))
        was, held = each.type_name, {key: record.values.get(each.name) for key, record in thing.records.items()}
        before = Before(was, {key: (thing.records[key].version, value) for key, value in held.items()})
        made = self.define(
            "change_type",
            lambda work: type_changes.change_type(
                work, thing.name, each.name, TypeDraft(wanted), clears=True, confirms=True
            ),
            may=_NOT_CHANGED,
        )
        if made is None:
            return
        self._becomes(thing, each, wanted, before)
        lost = sum(value is not None and thing.records[key].values[each.name] is None for key, value in held.items())
        assert lost == made.cleared
        if (was, wanted) in _ALIKE:
            assert {key: str(record.values[each.name]) for key, record in thing.records.items()} == {
                key: str(value) for key, value in held.items()
            }

    @precondition(lambda self: self._changed())
    @rule(drawn=DRAWN)
    def undoes_type(self, drawn: DataObject) -> None:
        thing, each = one(drawn, self._changed())
        undone, held = each.before, {key: record.values.get(each.name) for key, record in thing.records.items()}
        assert undone is not None
        before = Before(each.type_name, {key: (thing.records[key].version, value) for key, value in held.items()})
        made = self.define(
            "undo_type",
            lambda work: type_changes.undo_type_change(work, thing.name, each.name, clears=True, confirms=True),
            may=_NOT_CHANGED,
        )
        if made is None:
            return
        self._becomes(thing, each, undone.type_name, before)
        for key, (version, value) in undone.values.items():
            if key in thing.records and thing.records[key].version == version:
                assert thing.records[key].values[each.name] == value, (each.name, value)

    def _becomes(self, thing: ThingModel, each: FieldModel, type_name: str, before: Before) -> None:
        definition = self.definition(thing.name, each.name)
        assert definition.field.type_name == type_name
        each.type_name, each.before = type_name, before
        each.unique, each.indexed = definition.field.is_unique, definition.field.is_indexed
        each.pattern = str(definition.field.option("pattern") or "")
        each.dictionary = str(definition.field.option("dictionary") or "")
        each.choices = {choice.key: not choice.retired for choice in definition.choices}
        self.require_followed(each)
        now = self.held(thing, each.name)
        if definition.field.option("default") is None:
            each.default, each.is_default_known = None, True
        else:
            # It becomes what the same becomes in a record.
            became = [now[key] for key, (_, value) in before.values.items() if key in now and value == each.default]
            each.is_default_known = each.is_default_known and bool(became)
            each.default = became[0] if each.is_default_known else None
        for key, value in now.items():
            assert (
                value is None or thing.records[key].values.get(each.name) is not None or before.type_name != type_name
            )
            thing.records[key].values[each.name] = value

    def _changing(self) -> list[tuple[ThingModel, FieldModel]]:
        return [(thing, each) for thing, each in self.entered_fields() if conversions.offered(each.type_name)]

    def _changed(self) -> list[tuple[ThingModel, FieldModel]]:
        return [(thing, each) for thing, each in self.some_fields() if each.before is not None]
