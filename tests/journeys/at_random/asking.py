"""Rules about field rules: made, taken back and asked again, while records are written that keep them or do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from schema.metadata.fields import Label
from services import field_rules, metadata
from services.field_rules import FieldRulesChange, RuleDraft
from services.metadata import FieldChange
from tests.journeys.at_random.asked import Asked, are_alike
from tests.journeys.at_random.base import DRAWN, one
from tests.journeys.at_random.computing import holds
from tests.journeys.at_random.definitions import DefinitionRules
from tests.journeys.at_random.values import PLAIN
from tests.journeys.at_random.writing import WritingRules

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

    from tests.journeys.at_random.things import ThingModel

_OF_A_FIELD = ("requiredIf", "visibleIf", "readOnlyIf")
KINDS = ("unique", "rule", *_OF_A_FIELD, "pattern")
# What is asked may look at what is gone, or is not what it was.
_NOT_ASKED = ("EXPRESSION_UNKNOWN_NAME", "EXPRESSION_WRONG_TYPE", "EXPRESSION_UNKNOWN_CHOICE", "UNKNOWN_FIELD")
_TOGETHER = frozenset({"text", "integer", "boolean", "choice", "date", "rating", "dateTime", "email"})
_TYPES = sorted({*_TOGETHER, "decimal", "multiChoice", "longText"})
_DIGITS = "[0-9]+"


class AskingRules(DefinitionRules, WritingRules):
    """What objects ask of their records."""

    def begin_with_rules(self, drawn: DataObject) -> None:
        """Records of which something is asked already."""
        types = drawn.draw(st.lists(st.sampled_from(_TYPES), min_size=3, max_size=5, unique=True))
        thing = self.create_object(types)
        for _ in range(2):
            self.ask(drawn, thing, one(drawn, KINDS))
        self.create_records(drawn, 2, of=thing)

    @precondition(lambda self: self.model.live)
    @rule(drawn=DRAWN, kind=st.sampled_from(KINDS))
    def asks(self, drawn: DataObject, kind: str) -> None:
        self.ask(drawn, self.any_thing(drawn), kind)

    def ask(self, drawn: DataObject, thing: ThingModel, kind: str) -> None:
        """Something of the records of an object."""
        if kind == "unique":
            self._ask_together(drawn, thing)
        elif kind == "pattern":
            self._ask_for_digits(drawn, thing)
        elif conditions := self.model.conditions_of(thing):
            asked = Asked(kind, self.number(), condition=one(drawn, conditions))
            if kind == "rule":
                self._ask_of_record(thing, asked)
            else:
                self._ask_of_field(drawn, thing, asked)

    def _ask_together(self, drawn: DataObject, thing: ThingModel) -> None:
        fields = [each.name for each in self.model.fields_of(thing) if each.type_name in _TOGETHER and each.is_entered]
        if len(fields) < 2:
            return
        names = tuple(drawn.draw(st.lists(st.sampled_from(fields), min_size=2, max_size=3, unique=True)))
        is_alike = are_alike([each.values for each in thing.live.values()], names)
        is_there = any({*each.together} == {*names} for each in self.model.asked_of(thing))
        made = self.define(
            "ask together",
            lambda work: field_rules.create_unique_rule(work, thing.name, names),
            may=["UNIQUE_RULE_THERE"] if is_there else ["COMBINATIONS_NOT_UNIQUE"] if is_alike else (),
        )
        assert (made is None) is (is_alike or is_there)
        if made is not None:
            # The same fields in the same order are the same rule again.
            thing.asked = [each for each in thing.asked if each.id != made.id]
            thing.asked.append(Asked("unique", self.number(), together=names, id=made.id))

    def _ask_of_record(self, thing: ThingModel, asked: Asked) -> None:
        condition = asked.condition
        assert condition is not None
        draft = RuleDraft(f"rule {asked.number}", condition.text, Label("不行", "No"))
        made = self.define("ask of record", lambda work: field_rules.create_validation_rule(work, thing.name, draft))
        assert made is not None
        assert made.broken == sum(holds(condition, each.values) is False for each in thing.live.values())
        asked.id = made.id
        thing.asked.append(asked)

    def _ask_of_field(self, drawn: DataObject, thing: ThingModel, asked: Asked) -> None:
        assert asked.condition is not None
        others = [
            each.name
            for each in self.model.fields_of(thing)
            if each.is_entered and each.type_name in PLAIN and each.name not in asked.looks_at
        ]
        if others:
            asked.field = one(drawn, others)
            self._set(thing, asked, asked.condition.text)
            thing.asked.append(asked)

    def _set(self, thing: ThingModel, asked: Asked, text: str | None) -> None:
        """What a field is asked in this way; it takes the place of what it was asked before."""
        change = FieldRulesChange({asked.kind: text})
        made = self.define(
            f"set {asked.kind}", lambda work: field_rules.set_field_rules(work, thing.name, asked.field, change)
        )
        assert made is not None
        thing.asked = [each for each in thing.asked if (each.kind, each.field) != (asked.kind, asked.field)]

    def _ask_for_digits(self, drawn: DataObject, thing: ThingModel) -> None:
        texts = [each for each in self.model.fields_of(thing) if each.type_name == "text"]
        if texts:
            each = one(drawn, texts)
            wanted = "" if each.pattern else _DIGITS
            change = FieldChange(options={"pattern": wanted or None})
            made = self.define("ask for form", lambda work: metadata.update_field(work, thing.name, each.name, change))
            assert made is not None
            each.pattern = wanted

    @precondition(lambda self: self._asked())
    @rule(drawn=DRAWN)
    def asks_no_more(self, drawn: DataObject) -> None:
        thing, asked = one(drawn, self._asked())
        rule_id = asked.id
        if rule_id is None:
            self._set(thing, asked, None)
            return
        retire = field_rules.retire_unique_rule if asked.kind == "unique" else field_rules.retire_validation_rule
        assert self.define("ask no more", lambda work: retire(work, rule_id)) is not None
        asked.is_retired = True

    @precondition(lambda self: self._asked(retired=True))
    @rule(drawn=DRAWN)
    def asks_again(self, drawn: DataObject) -> None:
        thing, asked = one(drawn, self._asked(retired=True))
        rule_id, there = asked.id, {each.name for each in self.model.fields_of(thing)}
        assert rule_id is not None
        made = self.define("ask again", lambda work: field_rules.restore_validation_rule(work, rule_id), may=_NOT_ASKED)
        assert made is not None or asked.condition not in self.model.conditions_of(thing)
        assert made is None or asked.looks_at <= there
        asked.is_retired = made is None

    def _asked(self, *, retired: bool = False) -> list[tuple[ThingModel, Asked]]:
        return [
            (thing, each)
            for thing in self.model.live.values()
            for each in (thing.asked if retired else self.model.asked_of(thing))
            if each.is_retired is retired and (not retired or each.kind == "rule")
        ]
