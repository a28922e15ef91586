"""What must be there: objects, fields and records as somebody would keep them who only reads the documentation.

Values are kept as the API answers them. Deleting, restoring and destroying are played here as `docs/capabilities/records.md`
tells of them; nothing of it asks the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from tests.journeys.at_random.asked import Asked
from tests.journeys.at_random.computing import Condition, conditions, holds, one_more, rolled_up
from tests.journeys.at_random.things import DictionaryModel, FieldModel, RecordModel, ThingModel, ViewModel

Value: TypeAlias = Any  # Any: JSON


@dataclass
class Going:
    """What goes away together, each with the record that takes it along; who loses a link; whether something is in the way."""

    roots: dict[tuple[str, UUID], UUID]
    loose: list[tuple[str, str, UUID, UUID]] = field(default_factory=list)
    is_held: bool = False


@dataclass
class Model:
    """Everything that is defined and written."""

    things: dict[str, ThingModel] = field(default_factory=dict)
    dictionaries: dict[UUID, DictionaryModel] = field(default_factory=dict)
    views: list[ViewModel] = field(default_factory=list)

    @property
    def live(self) -> dict[str, ThingModel]:
        return {name: thing for name, thing in self.things.items() if not thing.is_retired}

    def fields_of(self, thing: ThingModel) -> list[FieldModel]:
        """Those that are seen: a relation goes out of sight with its target."""
        return [each for each in thing.fields.values() if self._is_seen(thing, each)]

    def _is_seen(self, thing: ThingModel, each: FieldModel) -> bool:
        """Relations and links go out of sight with their target, lookups with the relation and with what they show."""
        if each.is_retired or (each.target and each.target not in self.live):
            return False
        if each.type_name != "lookup":
            return True
        along, shown = thing.fields.get(each.along), self.things[each.target].fields.get(each.of)
        return along is not None and not along.is_retired and shown is not None and not shown.is_retired

    def following(self, kept: DictionaryModel) -> list[FieldModel]:
        """The fields that use a dictionary, out of sight or not."""
        return [
            each for thing in self.things.values() for each in thing.fields.values() if each.dictionary == kept.name
        ]

    def asked_of(self, thing: ThingModel) -> list[Asked]:
        """The rules that are asked: those of fields go out of sight with them."""
        seen = {each.name for each in self.fields_of(thing)}
        return [each for each in thing.asked if not each.is_retired and (not each.field or each.field in seen)]

    def keepers(self, thing: ThingModel, name: str) -> list[Asked]:
        """The rules that would not be without a field."""
        return [each for each in self.asked_of(thing) if name in each.looks_at]

    def orders_lines(self, thing: ThingModel, name: str) -> bool:
        """Whether lines stand in the order of a field."""
        return any(each.lines_by == name for each in self.fields_of(thing))

    def place(
        self, thing: ThingModel, before: Sequence[Mapping[str, Value]], after: Sequence[dict[str, Value]]
    ) -> None:
        """Give every line that comes to a head by itself its number there, behind the others."""
        seen = {each.name for each in self.fields_of(thing)}
        for relation in thing.to_heads:
            if not {relation.name, relation.lines_by} <= seen:
                continue
            last: dict[str, int] = {}
            for was, values in zip(before, after, strict=True):
                head = values[relation.name]
                if head is None or was.get(relation.name) == head:
                    continue
                there = [each.values for each in thing.live.values() if each.values.get(relation.name) == head]
                numbers = [int(each[relation.lines_by]) for each in there if each[relation.lines_by] is not None]
                last[head] = last.get(head, max([len(there), *numbers])) + 1
                values[relation.lines_by] = str(last[head])

    def may_be_lines(self, thing: ThingModel, relation: FieldModel) -> bool:
        """Whether records of an object may belong to heads by a relation: to one, and none is line and head."""
        heads = {each.target for other in self.things.values() for each in other.to_heads}
        is_deep = bool(self.things[relation.target].to_heads) or thing.name in heads | {relation.target}
        return not is_deep and all(each is relation for each in thing.to_heads)

    def is_headless(self, thing: ThingModel, record: RecordModel) -> bool:
        """Whether it is a line of a head that lies in the bin."""
        return any(
            record.values.get(each.name) is not None and not self._is_there(each.target, record.values[each.name])
            for each in self.fields_of(thing)
            if each.lines_by
        )

    def conditions_of(self, thing: ThingModel) -> list[Condition]:
        """What can be asked of records of an object."""
        return conditions([
            (each.name, each.type_name, list(each.choices)) for each in self.fields_of(thing) if each.is_entered
        ])

    def readers(self, name: str, field_name: str = "") -> list[tuple[ThingModel, FieldModel]]:
        """The live derived fields that read a field, or any of an object that is another one's."""
        return [
            (thing, each)
            for thing in self.live.values()
            for each in self.fields_of(thing)
            for at in each.reads
            if at == (name, field_name) or (not field_name and at[0] == name != thing.name)
        ]

    def answer(self, thing: ThingModel, record_id: UUID) -> dict[str, Value]:
        """A record as it must be read, with the ids of those that point at it."""
        record = thing.records[record_id]
        told = {each.name: self._seen(each, record_id, record) for each in self.fields_of(thing)}
        many = {each.inverse: self._many(other, each, record_id) for other, each in self.pointing(thing.name)}
        linked = {
            each.inverse: sorted(str(one) for one, source in other.live.items() if str(record_id) in source.values[each.name])
            for other in self.live.values()
            for each in self.fields_of(other)
            if each.type_name == "relations" and each.target == thing.name
        }  # fmt: skip
        return {"version": record.version, **told, **many, **linked}

    def _many(self, child: ThingModel, relation: FieldModel, record_id: UUID) -> list[str]:
        return sorted(str(one) for one, each in child.live.items() if each.values.get(relation.name) == str(record_id))

    def _seen(self, each: FieldModel, record_id: UUID, record: RecordModel) -> Value:
        value = record.values.get(each.name)
        match each.type_name:
            case "relation":
                value = value if value is not None and self._is_there(each.target, value) else None
            case "relations":
                value = [one for one in value or () if self._is_there(each.target, one)]
            case "formula":
                value = one_more(record.values.get(each.of))
            case "rollUp":
                value = self._rolled_up(each, record_id)
            case "lookup":
                value = self._behind(each, record.values.get(each.along))
        return value

    def _behind(self, each: FieldModel, behind: str | None) -> Value:
        if behind is None or not self._is_there(each.target, behind):
            return None
        target = self.things[each.target]
        return self._seen(target.fields[each.of], UUID(behind), target.records[UUID(behind)])

    def _rolled_up(self, each: FieldModel, record_id: UUID) -> Value:
        child = self.things[each.child]
        many = [child.records[UUID(one)].values for one in self._many(child, child.fields[each.along], record_id)]
        meant = [values for values in many if each.condition is None or holds(each.condition, values)]
        return rolled_up(each.function, [values.get(each.of) for values in meant])

    def _is_there(self, name: str, record_id: str) -> bool:
        """Whether a record is there and not in the bin; people and departments always are."""
        if name not in self.things:
            return True
        found = self.things[name].records.get(UUID(record_id))
        return found is not None and found.is_live

    # --- deletion -----------------------------------------------------------------------------------------------------

    def pointing(self, name: str) -> Iterator[tuple[ThingModel, FieldModel]]:
        """The relations of live objects that lead to one."""
        for thing in self.live.values():
            for each in self.fields_of(thing):
                if each.type_name == "relation" and each.target == name:
                    yield thing, each

    def going(self, name: str, ids: Iterable[UUID], *, for_good: bool = False) -> Going:
        """What goes away with these records."""
        found = Going({(name, each): each for each in ids})
        waiting, held = list(found.roots), []
        while waiting:
            parent, parent_id = waiting.pop(0)
            for thing, each in self.pointing(parent):
                for record_id, record in thing.records.items():
                    if record.values.get(each.name) != str(parent_id) or not (for_good or record.is_live):
                        continue
                    at = (thing.name, record_id)
                    if each.delete_rule == "cascade":
                        if at not in found.roots:
                            found.roots[at] = found.roots[parent, parent_id]
                            waiting.append(at)
                    elif each.delete_rule == "restrict" and record.is_live:
                        held.append(at)
                    else:
                        found.loose.append((thing.name, each.name, record_id, parent_id))
        found.loose = [each for each in found.loose if (each[0], each[2]) not in found.roots]
        found.is_held = any(each not in found.roots for each in held)
        return found

    def delete(self, name: str, ids: Iterable[UUID]) -> None:
        going = self.going(name, ids)
        for (thing_name, record_id), root in going.roots.items():
            record = self.things[thing_name].records[record_id]
            record.deletion, record.version = root, record.version + 1
            record.unlinked = [each[:3] for each in going.loose if each[3] == record_id]
        self._unlink(going)

    def destroy(self, name: str, ids: list[UUID]) -> None:
        self.delete(name, [each for each in ids if self.things[name].records[each].is_live])
        going = self.going(name, ids, for_good=True)
        self._unlink(going)
        for thing_name, record_id in going.roots:
            del self.things[thing_name].records[record_id]
            for thing in self.things.values():
                for each in thing.fields.values():
                    if each.type_name == "relations" and each.target == thing_name:
                        for record in thing.records.values():
                            record.values[each.name] = [
                                one for one in record.values[each.name] if one != str(record_id)
                            ]

    def restore(self, name: str, ids: list[UUID]) -> None:
        """What came along by relations that are still there comes back, and links that nobody set since."""
        back = []
        for thing_name in self.taken_along(name):
            for record_id, record in self.things[thing_name].records.items():
                if record.deletion in ids if thing_name != name or record_id not in ids else True:
                    back.append(record)
                    record.deletion, record.version = None, record.version + 1
        parents = {id(each) for each in back}
        for thing in self.things.values():
            for record_id, record in thing.records.items():
                if id(record) in parents:
                    self._relink(record_id, record)

    def _relink(self, record_id: UUID, record: RecordModel) -> None:
        for thing_name, field_name, child_id in record.unlinked:
            thing = self.live.get(thing_name)
            if thing is None or field_name not in {each.name for each in self.fields_of(thing)}:
                continue
            child = thing.records.get(child_id)
            if child is not None and child.is_live and child.values.get(field_name) is None:
                child.values[field_name], child.version = str(record_id), child.version + 1

    def taken_along(self, name: str) -> list[str]:
        """Objects whose records may have gone with those of one, itself first."""
        found = [name]
        for each in found:
            found += [
                thing.name
                for thing, relation in self.pointing(each)
                if relation.delete_rule == "cascade" and thing.name not in found
            ]
        return list(dict.fromkeys(found))

    def _unlink(self, going: Going) -> None:
        lost: dict[tuple[str, UUID], set[str]] = {}
        for thing_name, field_name, record_id, _ in going.loose:
            lost.setdefault((thing_name, record_id), set()).add(field_name)
        for (thing_name, record_id), names in lost.items():
            record = self.things[thing_name].records[record_id]
            record.version += 1
            record.values.update(dict.fromkeys(names))
