"""Rules that change what is defined: objects, fields, choices, types; made, changed, retired, brought back, destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from schema.metadata.fields import Label
from schema.metadata.types import FIELD_TYPES
from services import metadata
from services.metadata import ChoiceChange, ChoiceDraft, FieldChange, FieldDraft, ObjectChange, ObjectDraft
from tests.builders.field_cases import CASES
from tests.journeys.at_random.base import DRAWN, Ground, one
from tests.journeys.at_random.things import FieldModel, ThingModel
from tests.journeys.at_random.values import CHOOSING, KEYS, PLAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DataObject

MOST_THINGS = 3
# What a derived field reads may be gone by the time it comes back.
_NOT_RESTORED = ("FIELD_IN_USE", "BAD_OPTION", "UNKNOWN_NAME", "RESULT_NOT_CHANGEABLE")


class DefinitionRules(Ground):
    """Objects and their fields."""

    def create_object(self, types: Sequence[str], *, target: str = "") -> ThingModel:
        """With a field of each of these types, and a relation to another object if one is named."""
        thing = ThingModel(f"thing{self.number()}_c")
        fields = [FieldModel(f"f{self.number()}_c", each) for each in types]
        if target:
            number = self.number()
            fields.append(FieldModel(f"f{number}_c", "relation", target=target, inverse=f"m{number}_c"))
        drafts = tuple(draft_of(each) for each in fields)
        draft = ObjectDraft(Label("物", "Thing"), name=thing.name.removesuffix("_c"), fields=drafts)
        made = self.define("create_object", lambda work: metadata.create_object(work, draft))
        assert made is not None
        assert made.object_name == thing.name
        thing.fields = {each.name: each for each in fields}
        self.model.things[thing.name] = thing
        return thing

    @precondition(lambda self: len(self.model.things) < MOST_THINGS)
    @rule(types=st.lists(st.sampled_from(PLAIN), max_size=3, unique=True))
    def creates_object(self, types: list[str]) -> None:
        self.create_object(types)

    @precondition(lambda self: self.model.live)
    @rule(drawn=DRAWN, type_name=st.sampled_from(PLAIN), fills=st.booleans())
    def adds_field(self, drawn: DataObject, type_name: str, *, fills: bool) -> None:
        thing, row = self.any_thing(drawn), FIELD_TYPES[type_name]
        each = FieldModel(f"f{self.number()}_c", type_name)
        each.unique = row.may_be_unique and drawn.draw(st.booleans())
        each.indexed = row.may_be_indexed and drawn.draw(st.booleans())
        each.required = drawn.draw(st.sampled_from((False, False, True)))
        written = None
        if fills and CASES[type_name].default is not None:
            written, each.default = CASES[type_name].default or (None, None)
        fills = written is not None
        self._add(thing, each, draft_of(each, written), fills=fills)

    @precondition(lambda self: self.model.live)
    @rule(drawn=DRAWN, delete_rule=st.sampled_from(("unlink", "cascade", "restrict")))
    def adds_relation(self, drawn: DataObject, delete_rule: str) -> None:
        thing, target = self.any_thing(drawn), self.any_thing(drawn)
        number = self.number()
        each = FieldModel(
            f"f{number}_c", "relation", target=target.name, inverse=f"m{number}_c", delete_rule=delete_rule
        )
        self._add(thing, each, draft_of(each), fills=False)

    def _add(self, thing: ThingModel, each: FieldModel, draft: FieldDraft, *, fills: bool) -> None:
        is_repeated = fills and each.unique and len(thing.live) > 1
        made = self.define(
            "add_field",
            lambda work: metadata.add_field(work, thing.name, draft, fill_existing=fills),
            may=["VALUES_NOT_UNIQUE"] if is_repeated else (),
        )
        assert (made is None) is is_repeated
        if made is None:
            return
        thing.fields[each.name] = each
        for record in thing.records.values():
            record.values[each.name] = each.default if fills else None

    @precondition(lambda self: self.model.live)
    @rule(drawn=DRAWN, word=st.sampled_from(("甲", "Plain", "😀", "'; DROP TABLE x; --")))
    def renames(self, drawn: DataObject, word: str) -> None:
        thing, label = self.any_thing(drawn), Label(word, word)
        each = one(drawn, [None, *self.model.fields_of(thing)])
        if each is None:
            self.define("rename_object", lambda work: metadata.update_object(work, thing.name, ObjectChange(label)))
        else:
            name, change = each.name, FieldChange(label)
            self.define("rename_field", lambda work: metadata.update_field(work, thing.name, name, change))

    @precondition(lambda self: self.entered_fields())
    @rule(drawn=DRAWN, what=st.sampled_from(("required", "unique", "indexed")))
    def switches(self, drawn: DataObject, what: str) -> None:
        thing, each = one(drawn, self.entered_fields())
        row = FIELD_TYPES[each.type_name]
        if (what == "unique" and not row.may_be_unique) or (what == "indexed" and not row.may_be_indexed):
            return
        now = not getattr(each, what)
        change = {
            "required": FieldChange(required=now),
            "unique": FieldChange(is_unique=now),
            "indexed": FieldChange(is_indexed=now),
        }[what]
        is_repeated = what == "unique" and now and thing.repeated(each.name) > 0
        made = self.define(
            f"switch {what}",
            lambda work: metadata.update_field(work, thing.name, each.name, change),
            may=["VALUES_NOT_UNIQUE"] if is_repeated else (),
        )
        assert (made is None) is is_repeated
        if made is not None:
            setattr(each, what, now)

    # --- choices ------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.choosing())
    @rule(drawn=DRAWN, does=st.sampled_from(("add", "retire", "restore", "move")))
    def changes_choices(self, drawn: DataObject, does: str) -> None:
        thing, each = one(drawn, self.choosing())
        at = (thing.name, each.name)
        if each.dictionary:
            draft = ChoiceDraft(Label("新", "New"))
            made = self.define(
                "add_choice", lambda work: metadata.add_choice(work, *at, draft), may=["CHOICES_OF_DICTIONARY"]
            )
            assert made is None
            return
        if does == "add":
            key = f"k{self.number()}"
            self.define(
                "add_choice", lambda work: metadata.add_choice(work, *at, ChoiceDraft(Label(key, key), key), position=0)
            )
            each.choices = {key: True, **each.choices}
            self._in_order(thing, each)
            return
        wanted = [key for key, is_offered in each.choices.items() if is_offered is not (does == "restore")]
        if not wanted:
            return
        key = one(drawn, wanted)
        if does == "retire":
            begins = each.begins_with(key)
            made = self.define(
                "retire_choice",
                lambda work: metadata.retire_choice(work, *at, key),
                may=["CHOICE_IS_DEFAULT"] if begins else (),
            )
            assert (made is None) is begins
            each.choices[key] = begins
        elif does == "restore":
            self.define("restore_choice", lambda work: metadata.restore_choice(work, *at, key))
            each.choices[key] = True
        else:
            change = ChoiceChange(Label("别的", "Other"), position=0)
            self.define("update_choice", lambda work: metadata.update_choice(work, *at, key, change))
            each.choices = {key: each.choices[key], **each.choices}

    def _in_order(self, thing: ThingModel, each: FieldModel) -> None:
        assert [choice.key for choice in self.definition(thing.name, each.name).choices] == list(each.choices)

    def choosing(self) -> list[tuple[ThingModel, FieldModel]]:
        """The fields that have choices."""
        return [(thing, each) for thing, each in self.some_fields() if each.type_name in CHOOSING]

    # --- retired, brought back, destroyed -----------------------------------------------------------------------------

    @precondition(lambda self: self.some_fields())
    @rule(drawn=DRAWN)
    def retires_field(self, drawn: DataObject) -> None:
        thing, each = one(drawn, self.some_fields())
        may = ["FIELD_IN_USE"] if self.model.readers(thing.name, each.name) else []
        is_kept = self.model.keepers(thing, each.name) or self.model.orders_lines(thing, each.name)
        may += ["USED_ELSEWHERE"] if is_kept else []
        made = self.define("retire_field", lambda work: metadata.retire_field(work, thing.name, each.name), may=may)
        assert (made is None) is bool(may)
        each.is_retired = made is not None

    @precondition(lambda self: self.some_fields(retired=True))
    @rule(drawn=DRAWN)
    def restores_field(self, drawn: DataObject) -> None:
        thing, each = one(drawn, self.some_fields(retired=True))
        is_repeated = each.unique and thing.repeated(each.name) > 0
        is_crossed = bool(each.lines_by) and not self.model.may_be_lines(thing, each)
        may = [
            code
            for code, is_so in (("VALUES_NOT_UNIQUE", is_repeated), ("LINE_TABLE_NOT_ALLOWED", is_crossed))
            if is_so
        ]
        made = self.define(
            "restore_field", lambda work: metadata.restore_field(work, thing.name, each.name), may=may or _NOT_RESTORED
        )
        assert made is None if may else made is not None or not self._is_whole(each)
        if made is not None:
            each.is_retired = False
            each.lose_default()
            self.forget_destroyed(thing, each)

    def _is_whole(self, each: FieldModel) -> bool:
        """Whether all that a derived field reads is there, and still what it was."""
        if each.type_name == "lookup":
            return False
        there = {
            (thing.name, read.name): read.type_name
            for thing in self.model.live.values()
            for read in self.model.fields_of(thing)
        }
        return all(there.get(at) == type_name for at, type_name in each.reads.items())

    @precondition(lambda self: self.some_fields(retired=True))
    @rule(drawn=DRAWN)
    def destroys_field(self, drawn: DataObject) -> None:
        thing, each = one(drawn, self.some_fields(retired=True))
        self.define(
            "destroy_field",
            lambda work: metadata.destroy_field(work, thing.name, each.name, confirm=each.name),
            later=True,
        )
        del thing.fields[each.name]
        thing.asked = [rule for rule in thing.asked if rule.field != each.name]

    @precondition(lambda self: len(self.model.live) > 1)
    @rule(drawn=DRAWN)
    def retires_object(self, drawn: DataObject) -> None:
        thing = self.any_thing(drawn)
        is_read = bool(self.model.readers(thing.name))
        made = self.define(
            "retire_object",
            lambda work: metadata.retire_object(work, thing.name, confirm=thing.name),
            may=["FIELD_IN_USE"] if is_read else (),
        )
        assert (made is None) is is_read
        thing.is_retired = not is_read

    @precondition(lambda self: len(self.model.live) < len(self.model.things))
    @rule(drawn=DRAWN, for_good=st.booleans())
    def restores_or_destroys_object(self, drawn: DataObject, *, for_good: bool) -> None:
        thing = one(drawn, [each for each in self.model.things.values() if each.is_retired])
        if for_good:
            self.define(
                "destroy_object", lambda work: metadata.destroy_object(work, thing.name, confirm=thing.name), later=True
            )
            del self.model.things[thing.name]
            for other in self.model.things.values():
                other.fields = {name: each for name, each in other.fields.items() if each.target != thing.name}
            return
        self.define("restore_object", lambda work: metadata.restore_object(work, thing.name))
        thing.is_retired = False
        for other in self.model.things.values():
            for each in other.fields.values():
                if not each.is_retired and thing.name in {other.name, each.target}:
                    self.forget_destroyed(other, each)


def draft_of(each: FieldModel, default: object = None) -> FieldDraft:
    """A field as it is asked for."""
    choices: tuple[ChoiceDraft, ...] = ()
    if each.type_name in CHOOSING:
        choices = tuple(ChoiceDraft(Label(key, key), key) for key in KEYS)
        each.choices = dict.fromkeys(KEYS, True)
    return FieldDraft(
        Label("值", "Value"),
        each.type_name,
        name=each.name.removesuffix("_c"),
        required=each.required,
        is_unique=each.unique,
        is_indexed=each.indexed,
        options={} if default is None else {"default": default},
        choices=choices,
        target=each.target,
        inverse_name=each.inverse.removesuffix("_c"),
        delete_rule=each.delete_rule if each.target else "",
    )
