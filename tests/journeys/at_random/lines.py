"""Rules about line tables: made with their object or of a relation, and lines written as one with their head."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from schema.metadata.fields import Label
from schema.metadata.types import LINE_TABLE
from services import metadata, records
from services.metadata import FieldChange, FieldDraft
from tests.journeys.at_random.base import DRAWN, one
from tests.journeys.at_random.definitions import DefinitionRules, draft_of
from tests.journeys.at_random.things import FieldModel, RecordModel, ThingModel
from tests.journeys.at_random.values import PLAIN
from tests.journeys.at_random.writing import WritingRules, inputs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import DataObject

_MOST = 3


@dataclass
class Given:
    """The lines that a head shall have: each as it is written, and what it holds then."""

    rows: list[dict[str, Any]] = field(default_factory=list)  # Any: JSON
    stays: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)
    new: list[dict[str, Any]] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)


class LineRules(DefinitionRules, WritingRules):
    """Heads and their lines."""

    def begin_with_lines(self, drawn: DataObject) -> None:
        """A record with lines."""
        self._make(self.any_thing(drawn), ["integer", drawn.draw(st.sampled_from(PLAIN))])
        self.creates_with_lines(drawn)

    @precondition(lambda self: self._heads_to_be() and len(self.model.things) <= _MOST)
    @rule(drawn=DRAWN, types=st.lists(st.sampled_from(PLAIN), min_size=1, max_size=2, unique=True))
    def adds_line_table(self, drawn: DataObject, types: list[str]) -> None:
        self._make(one(drawn, self._heads_to_be()), types)

    def _make(self, head: ThingModel, types: Sequence[str]) -> None:
        number = self.number()
        fields = [FieldModel(f"f{self.number()}_c", each) for each in types]
        drafts = tuple(draft_of(each) for each in fields)
        draft = FieldDraft(Label(f"行{number}", f"Lines {number}"), LINE_TABLE, name=f"m{number}", fields=drafts)
        made = self.define("add lines", lambda work: metadata.add_field(work, head.name, draft))
        assert made is not None
        thing = ThingModel(made.object_name)
        relation = FieldModel(
            made.field_name, "relation", required=True, target=head.name, inverse=f"m{number}_c", delete_rule="cascade"
        )
        thing.fields = {each.name: each for each in (*fields, relation)}
        self.model.things[thing.name] = thing
        self._ordered(thing, relation)

    def _ordered(self, thing: ThingModel, relation: FieldModel) -> None:
        """What the platform made to order lines by."""
        made = self.definition(thing.name, relation.name).field.relation
        assert made is not None
        relation.lines_by = made.lines_by
        if made.lines_by not in thing.fields:
            thing.fields[made.lines_by] = FieldModel(made.lines_by, "integer", is_kept=True)
            for record in thing.records.values():
                record.values[made.lines_by] = None

    @precondition(lambda self: self._relations_to_join())
    @rule(drawn=DRAWN)
    def joins_or_parts(self, drawn: DataObject) -> None:
        thing, relation = one(drawn, self._relations_to_join())
        now = not relation.lines_by
        may = [] if self.model.may_be_lines(thing, relation) else ["LINE_TABLE_NOT_ALLOWED"]
        may += [] if relation.delete_rule == "cascade" else ["LINES_NOT_CASCADING"]
        change = FieldChange(is_line_table=now)
        made = self.define(
            "join" if now else "part",
            lambda work: metadata.update_field(work, thing.name, relation.name, change),
            may=may if now else (),
        )
        assert (made is None) is (now and bool(may))
        if made is not None and now:
            self._ordered(thing, relation)
        elif made is not None:
            relation.lines_by = ""

    # --- written --------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self._tables())
    @rule(drawn=DRAWN)
    def creates_with_lines(self, drawn: DataObject) -> None:
        thing, relation = one(drawn, self._tables())
        head = self.model.things[relation.target]
        given, lines = self._drawn(drawn, head), Given()
        values = self._new(head, given, lines.wrong)
        self._find_misspelled(head, [given], lines.wrong)
        self._find_broken(head, None, values, lines.wrong)
        self._find_taken(head, [values], lines.wrong)
        self._add_rows(drawn, (thing, relation), "", lines)
        self._find_taken(thing, lines.new, lines.wrong)
        written = inputs_of(head, {name: pair[0] for name, pair in given.items()}) | {relation.inverse: lines.rows}
        made = self.write(
            "create with lines", lambda work: records.create(work, head.name, [written]), wrong=lines.wrong
        )
        if made is not None:
            (head_id,) = made.ids
            head.records[head_id] = RecordModel(values)
            self._enter(thing, relation, head_id, lines.new)

    @precondition(lambda self: self._tables(filled=True))
    @rule(drawn=DRAWN)
    def writes_lines(self, drawn: DataObject) -> None:
        thing, relation = one(drawn, self._tables(filled=True))
        head, lines = self.model.things[relation.target], Given()
        head_id = one(drawn, list(head.live))
        there = [key for key, each in thing.live.items() if each.values.get(relation.name) == str(head_id)]
        stays = drawn.draw(st.lists(st.sampled_from(there), unique=True)) if there else []
        lost = [key for key in there if key not in stays]
        going = self.model.going(thing.name, lost)
        if {(head.name, head_id), *((thing.name, key) for key in stays)} & going.roots.keys():
            # What would be written goes away with a line that is left out.
            return
        lines.wrong |= {"DELETION_RESTRICTED"} if going.is_held else set()
        self._keep_rows(drawn, (thing, relation), stays, lines)
        self._add_rows(drawn, (thing, relation), str(head_id), lines)
        self._find_taken(thing, lines.new, lines.wrong, lines.stays, lost)
        written = {relation.inverse: lines.rows}
        made = self.write(
            "write lines", lambda work: records.update(work, head.name, [head_id], written), wrong=lines.wrong
        )
        if made is None:
            return
        before = head.records[head_id].version
        self.model.delete(thing.name, lost)
        has_moved = bool(lost or lines.new)
        for key, values in lines.stays.items():
            record = thing.records[key]
            is_moved = any(record.values.get(name) != value for name, value in values.items())
            record.version += is_moved
            record.values = dict(values)
            has_moved = has_moved or is_moved
        head.records[head_id].version = before + has_moved
        self._enter(thing, relation, head_id, lines.new)

    def _keep_rows(
        self, drawn: DataObject, at: tuple[ThingModel, FieldModel], stays: Sequence[UUID], lines: Given
    ) -> None:
        """Lines that stay, perhaps with other values."""
        thing, relation = at
        for key in stays:
            given = self._line(drawn, thing, relation) if drawn.draw(st.booleans()) else {}
            required = self._always_asked(thing)
            lines.wrong |= {"REQUIRED" for name, pair in given.items() if pair[1] is None and name in required}
            self._find_misspelled(thing, [given], lines.wrong)
            lines.rows.append({"id": str(key), **inputs_of(thing, {name: pair[0] for name, pair in given.items()})})
            before = thing.records[key].values
            read = {name: pair[1] for name, pair in given.items()}
            lines.stays[key] = {**before, **read, relation.lines_by: str(len(lines.rows))}
            self._find_broken(thing, before, lines.stays[key], lines.wrong)

    def _add_rows(self, drawn: DataObject, at: tuple[ThingModel, FieldModel], head_id: str, lines: Given) -> None:
        """New lines, after those."""
        thing, relation = at
        for _ in range(drawn.draw(st.integers(0, 2))):
            given = self._line(drawn, thing, relation)
            lines.rows.append(inputs_of(thing, {name: pair[0] for name, pair in given.items()}))
            values = self._new(thing, {**given, relation.name: (None, head_id)}, lines.wrong)
            values[relation.lines_by] = str(len(lines.rows))
            self._find_misspelled(thing, [given], lines.wrong)
            self._find_broken(thing, None, values, lines.wrong)
            lines.new.append(values)

    def _line(self, drawn: DataObject, thing: ThingModel, relation: FieldModel) -> dict[str, Any]:
        return {name: pair for name, pair in self._drawn(drawn, thing).items() if name != relation.name}

    def _enter(self, thing: ThingModel, relation: FieldModel, head_id: UUID, new: Sequence[dict[str, Any]]) -> None:
        """New lines under their ids, which only reading them tells."""
        told = self.look.answers[thing.name]
        places = {
            each[relation.lines_by]: key
            for key, each in told.items()
            if each[relation.name] == str(head_id) and key not in thing.records
        }
        for values in new:
            key = places[values[relation.lines_by]]
            thing.records[key] = RecordModel({**values, relation.name: str(head_id)})

    # --- chosen ---------------------------------------------------------------------------------------------------------

    def _heads_to_be(self) -> list[ThingModel]:
        return [thing for thing in self.model.live.values() if not thing.to_heads]

    def _relations_to_join(self) -> list[tuple[ThingModel, FieldModel]]:
        return [(thing, each) for thing, each in self.some_fields() if each.type_name == "relation"]

    def _tables(self, *, filled: bool = False) -> list[tuple[ThingModel, FieldModel]]:
        """Lines by the relation to their head, where what orders them is there."""
        return [
            (thing, each)
            for thing, each in self.some_fields()
            if each.lines_by
            and any(other.name == each.lines_by for other in self.model.fields_of(thing))
            and (not filled or self.model.things[each.target].live)
        ]
