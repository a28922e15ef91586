"""Rules about dictionaries: kept, used by fields of choices, changed and merged; every field and record follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from schema.metadata.fields import Label
from schema.tables.dictionaries import dictionary_entry
from services import dictionaries, verbs
from services.dictionaries import MergeEntries
from services.metadata import FieldDraft
from tests.builders.metadata import stage_of
from tests.journeys.at_random.base import DRAWN, one
from tests.journeys.at_random.definitions import DefinitionRules
from tests.journeys.at_random.things import DictionaryModel, FieldModel, ThingModel
from tests.journeys.at_random.values import KEYS
from tests.journeys.at_random.writing import WritingRules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hypothesis.strategies import DataObject

    from services.verbs import Outcome


class DictionaryRules(DefinitionRules, WritingRules):
    """Dictionaries, and the fields that use them."""

    def begin_with_dictionary(self, drawn: DataObject) -> None:
        """Two fields that offer the same entries, and records that hold some."""
        thing = self.any_thing(drawn)
        self.keep_dictionary({"entries": [{"key": key, "labelZh": key} for key in KEYS]}, KEYS)
        for type_name in ("choice", "multiChoice"):
            self._offer(thing, self._any_dictionary(drawn), type_name)
        self.create_records(drawn, 2, of=thing)

    def keep_dictionary(self, given: Mapping[str, Any], keys: Collection[str]) -> DictionaryModel:
        """Of entries or of the choices of a field."""
        name = f"d{self.number()}"
        made = self._do("createDictionary", {"name": name, "labelZh": name, **given})
        assert made is not None
        kept = DictionaryModel(made.ids["dictionary"][0], f"{name}_c", dict.fromkeys(keys, True))
        self.model.dictionaries[kept.id] = kept
        return kept

    @precondition(lambda self: self._own_choices())
    @rule(drawn=DRAWN)
    def keeps_choices(self, drawn: DataObject) -> None:
        thing, each = one(drawn, self._own_choices())
        kept = self.keep_dictionary({"object": thing.name, "field": each.name}, each.choices)
        kept.entries = dict(each.choices)
        each.dictionary = kept.name

    @precondition(lambda self: self.model.live and self.model.dictionaries)
    @rule(drawn=DRAWN, type_name=st.sampled_from(("choice", "multiChoice")))
    def offers(self, drawn: DataObject, type_name: str) -> None:
        self._offer(self.any_thing(drawn), self._any_dictionary(drawn), type_name)

    def _offer(self, thing: ThingModel, kept: DictionaryModel, type_name: str) -> None:
        each = FieldModel(f"f{self.number()}_c", type_name, dictionary=kept.name)
        # Only what is offered: the rest comes with the next change of the dictionary.
        each.choices = {key: True for key, is_offered in kept.entries.items() if is_offered}
        draft = FieldDraft(
            Label("选", "Choose"), type_name, name=each.name.removesuffix("_c"), options={"dictionary": kept.name}
        )
        self._add(thing, each, draft, fills=False)

    @precondition(lambda self: self.choosing() and self.model.dictionaries)
    @rule(drawn=DRAWN, whose=st.booleans())
    def uses(self, drawn: DataObject, *, whose: bool) -> None:
        thing, each = one(drawn, self.choosing())
        kept = self._any_dictionary(drawn) if whose else None
        lacks = kept is not None and not each.choices.keys() <= kept.entries.keys()
        given = {"object": thing.name, "field": each.name, "dictionaryId": str(kept.id) if kept else None}
        made = self._do("useDictionary", given, may=["DICTIONARY_LACKS_KEYS"] if lacks else ())
        assert (made is None) is lacks
        if made is not None:
            each.dictionary = kept.name if kept else ""
            each.choices = dict(kept.entries) if kept else each.choices

    @precondition(lambda self: self.model.dictionaries)
    @rule(drawn=DRAWN)
    def forgets_dictionary(self, drawn: DataObject) -> None:
        kept = self._any_dictionary(drawn)
        is_used = bool(self.model.following(kept))
        made = self._do("deleteDictionary", {"id": str(kept.id)}, may=["DICTIONARY_IN_USE"] if is_used else ())
        assert (made is None) is is_used
        if made is not None:
            del self.model.dictionaries[kept.id]

    @precondition(lambda self: self.model.dictionaries)
    @rule(drawn=DRAWN, does=st.sampled_from(("add", "move", "retire", "restore")))
    def changes_entries(self, drawn: DataObject, does: str) -> None:
        kept = self._any_dictionary(drawn)
        if does == "add":
            key = f"k{self.number()}"
            self._do("addDictionaryEntry", {"dictionaryId": str(kept.id), "key": key, "labelZh": key, "position": 0})
            self._follow(kept, {key: True, **kept.entries})
            return
        wanted = [key for key, is_offered in kept.entries.items() if does == "move" or is_offered is (does == "retire")]
        if not wanted:
            return
        key = one(drawn, wanted)
        given = {"id": str(self._entries(kept)[key])}
        if does == "move":
            self._do("updateDictionaryEntry", {**given, "labelZh": "别的", "position": 0})
            self._follow(kept, {key: kept.entries[key], **kept.entries})
            return
        begins = does == "retire" and any(each.begins_with(key) for each in self._offering(kept))
        made = self._do(
            "retireDictionaryEntry" if does == "retire" else "restoreDictionaryEntry",
            given,
            may=["CHOICE_IS_DEFAULT"] if begins else (),
        )
        assert (made is None) is begins
        if made is not None:
            self._follow(kept, {**kept.entries, key: does == "restore"})

    def _offering(self, kept: DictionaryModel) -> list[FieldModel]:
        live = self.model.live.values()
        return [each for thing in live for each in self.model.fields_of(thing) if each.dictionary == kept.name]

    @precondition(lambda self: any(any(kept.entries.values()) for kept in self.model.dictionaries.values()))
    @rule(drawn=DRAWN)
    def merges_entries(self, drawn: DataObject) -> None:
        kept = one(drawn, [each for each in self.model.dictionaries.values() if any(each.entries.values())])
        into = one(drawn, [key for key, is_offered in kept.entries.items() if is_offered])
        old, ids = one(drawn, [key for key in kept.entries if key != into] or [into]), self._entries(kept)
        made = self._do(
            "mergeDictionaryEntries",
            {"fromId": str(ids[old]), "intoId": str(ids[into])},
            may=["ENTRIES_NOT_MERGEABLE"] if old == into else (),
        )
        assert (made is None) is (old == into)
        if made is None:
            return
        self._follow(kept, {**kept.entries, old: False})
        for each in self.model.following(kept):
            each.move_default(old, into)
        message = MergeEntries(ids[old], made.ids["jobId"][0])
        self.stage.run(dictionaries.merge_records(stage_of(self.stage.tenant), message))
        self.is_written, self._look = True, None
        for thing in self.model.live.values():
            for each in self.model.fields_of(thing):
                if each.dictionary == kept.name:
                    self._move(thing, each, old, into)

    def _move(self, thing: ThingModel, each: FieldModel, old: str, new: str) -> None:
        """Records that hold the one hold the other, unless a rule of their object refuses it."""
        for key, record in sorted(thing.live.items(), key=lambda found: (str(found[1].values[each.name]), found[0])):
            held = record.values[each.name]
            if held is None or old not in ([held] if isinstance(held, str) else held):
                continue
            moved = {new if one_key == old else one_key for one_key in ([held] if isinstance(held, str) else held)}
            now: Any = new if isinstance(held, str) else [one_key for one_key in each.choices if one_key in moved]
            after = {**record.values, each.name: now}
            wrong: set[str] = set()
            self._find_broken(thing, record.values, after, wrong)
            self._find_taken(thing, [], wrong, {key: after})
            if not wrong:
                record.values, record.version = after, record.version + 1

    def _follow(self, kept: DictionaryModel, entries: dict[str, bool]) -> None:
        kept.entries = entries
        for each in self.model.following(kept):
            each.choices = dict(entries)
        for thing in self.model.live.values():
            for each in self.model.fields_of(thing):
                if each.dictionary == kept.name:
                    choices = self.definition(thing.name, each.name).choices
                    assert {choice.key: not choice.retired for choice in choices} == entries
                    assert [choice.key for choice in choices] == list(entries)

    def _do(self, name: str, given: Mapping[str, Any], *, may: Collection[str] = ()) -> Outcome | None:
        verb = verbs.definition(name)
        assert verb is not None
        run = verb.run
        return self.define(name, lambda work: run(work, given), may=may)

    def _entries(self, kept: DictionaryModel) -> dict[str, UUID]:
        found = sa.select(dictionary_entry).where(dictionary_entry.c.dictionary_id == kept.id)
        return {row["key"]: row["id"] for row in self.stage.read(lambda work: work.session.rows(found))}

    def _any_dictionary(self, drawn: DataObject) -> DictionaryModel:
        return one(drawn, list(self.model.dictionaries.values()))

    def _own_choices(self) -> list[tuple[ThingModel, FieldModel]]:
        return [(thing, each) for thing, each in self.choosing() if not each.dictionary]
