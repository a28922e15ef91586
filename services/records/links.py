"""Links of many-to-many fields: which come and go with a write of the record that has the field.

A link leads only to a record that is there for the caller. Links to others that he does not see are none of his
business: he neither learns of them nor takes them away.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from schema.metadata.errors import NotAnId, RelationNotFound
from services.permissions import Level, Verb
from services.records import relations, scopes, statements
from services.records.errors import FieldNotWritable, TooManyLinks, TooManyLinksAtOnce, WrongObject
from services.records.targets import Target
from tenants.errors import Violation
from tenants.ids import object_number, record_id
from tenants.sql import SCHEMA, Fragment, ident, render, sql, value

if TYPE_CHECKING:
    from schema.metadata.objects import Inverse, Link
    from tenants.errors import PathStep
    from tenants.sql import Template

Given = Mapping[str, object]
Path = tuple["PathStep", ...]
Pairs = Sequence[tuple[UUID, UUID]]

LARGEST_LINKS = 1000
# Of all records of one write together, those that are taken away too.
LARGEST_SET_OF_LINKS = 10_000
_CLEARED: Given = {"set": []}
_MEMBERS = ("set", "add", "remove")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one record shall be linked to: all of some, or some more and some less. Where it is said, for refusals."""

    record: UUID
    path: Path
    given: Given


@dataclass(frozen=True, slots=True)
class Moved:
    """The links of one field that come and go, and everything that is wrong with what was asked."""

    target: Target
    link: Link
    added: Pairs
    removed: Pairs
    violations: tuple[Violation, ...]

    @property
    def touched(self) -> frozenset[UUID]:
        """The records whose links move."""
        return frozenset(near for near, _ in (*self.added, *self.removed))

    def note(self, record: UUID) -> dict[str, object]:
        """What the history of a record keeps of it, by the number of the field: who went and who came."""
        gone, come = ([str(far) for near, far in pairs if near == record] for pairs in (self.removed, self.added))
        return {str(self.target.field_number(self.link.field_name)): [gone, come]} if gone or come else {}


def taken_apart(target: Target, record: Given) -> tuple[Given, dict[str, Given]]:
    """What is given of a record itself, and of its links by the name of their field; null takes all away."""
    names = {each.name for each in target.object.link_fields}
    given = {name: cast("Given", record[name]) or _CLEARED for name in names if name in record}
    return ({name: each for name, each in record.items() if name not in names} if given else record), given


async def examine(target: Target, name: str, wanted: Sequence[Wanted]) -> Moved:
    """What becomes of the links of a field. Nothing is written."""
    (inverse,) = (each for each in target.object.link_fields if each.name == name)
    assert inverse.link is not None, "a field that leads to many has links"
    if target.rights.level(name) is not Level.WRITE:
        raise FieldNotWritable(object=target.name, field=name)
    _refuse_too_many(wanted)
    found = [_read(target, inverse, each) for each in wanted]
    asked = {far for each in found for member in ("set", "add") for far in each.ids(member)}
    there = await relations.present(target, {inverse.object_name: asked} if asked else {})
    held = await _held(target, inverse, [each.record for each in wanted])
    violations = [violation for each in found for violation in (*each.wrong, *each.absent(there))]
    added = [(each.record, far) for each in found for far in each.missing(held[each.record]) if far in there]
    removed = [(each.record, far) for each in found for far in each.unwanted(held[each.record])]
    await _refuse_crowded(target, inverse.link, added, removed)
    return Moved(target, inverse.link, added, removed, tuple(violations))


async def enter(moved: Moved, *, of: frozenset[UUID] | None = None) -> None:
    """Write them; only those of some records where others were refused."""
    for pairs, statement in ((moved.removed, _removal), (moved.added, _addition)):
        kept = [pair for pair in pairs if of is None or pair[0] in of]
        if kept:
            ends = {"sources": [near for near, _ in kept], "targets": [far for _, far in kept]}
            await _run(moved.target, statement(moved.link), ends)


# --- what is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """What was asked for one record, read: ids by member with their places."""

    record: UUID
    members: Mapping[str, Sequence[tuple[UUID, Path]]]
    wrong: tuple[Violation, ...]

    def ids(self, member: str) -> list[UUID]:
        return [far for far, _ in self.members.get(member, ())]

    @property
    def wanted(self) -> list[UUID]:
        return list(dict.fromkeys((*self.ids("set"), *self.ids("add"))))

    def missing(self, held: set[UUID]) -> list[UUID]:
        """Those that shall come, in the order in which they were said."""
        return [far for far in self.wanted if far not in held]

    def unwanted(self, held: set[UUID]) -> list[UUID]:
        """Those of the links that the caller sees that shall go."""
        left_out = held.difference(self.wanted) if "set" in self.members else set()
        return sorted(left_out | held.intersection(self.ids("remove")))

    def absent(self, there: set[UUID]) -> list[Violation]:
        """Those asked for that are not there for the caller."""
        named = (*self.members.get("set", ()), *self.members.get("add", ()))
        return [Violation(path, RelationNotFound()) for far, path in named if far not in there]


def _refuse_too_many(wanted: Sequence[Wanted]) -> None:
    count = sum(len(cast("Sequence[object]", each.given.get(member) or ())) for each in wanted for member in _MEMBERS)
    if count > LARGEST_SET_OF_LINKS:
        raise TooManyLinksAtOnce(max=LARGEST_SET_OF_LINKS, count=count)


def _read(target: Target, inverse: Inverse, wanted: Wanted) -> _Read:
    number = target.beside(inverse.object_name).number
    members: dict[str, list[tuple[UUID, Path]]] = {}
    wrong: list[Violation] = []
    for member in _MEMBERS:
        if (raw := wanted.given.get(member)) is None:
            continue
        members[member] = []
        for at, each in enumerate(cast("Sequence[object]", raw)):
            path, far = (*wanted.path, member, at), record_id(each)
            if far is None:
                wrong.append(Violation(path, NotAnId()))
            elif object_number(far) != number:
                wrong.append(Violation(path, WrongObject(object=inverse.object_name)))
            else:
                members[member].append((far, path))
    return _Read(wanted.record, members, tuple(wrong))


# --- what is there ----------------------------------------------------------------------------------------------------


async def _held(target: Target, inverse: Inverse, records: Sequence[UUID]) -> Mapping[UUID, set[UUID]]:
    """The links that the caller sees, by record."""
    assert inverse.link is not None, "a field that leads to many has links"
    far = target.beside(inverse.object_name)
    template = render(
        sql(
            "SELECT link.source_id, link.target_id FROM {links} AS link JOIN {table} AS record"
            " ON record.id = link.target_id WHERE link.source_id = ANY({records}) AND {alive} AND {scope}",
            links=_table(inverse.link),
            table=statements.table(far.name),
            records=value("records", "uuid[]"),
            alive=relations.alive(far),
            scope=scopes.condition(far, Verb.READ),
        )
    )
    session = target.work.session
    values = {**scopes.values(far), "records": sorted(records)}
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in await session.fetch(template.bound(session.schema, values, target.registry.physical)):
        found[row["source_id"]].add(row["target_id"])
    return found


async def _refuse_crowded(target: Target, link: Link, added: Pairs, removed: Pairs) -> None:
    coming, going = (Counter(near for near, _ in pairs) for pairs in (added, removed))
    if not coming:
        return
    session = target.work.session
    bound = _count(link).bound(session.schema, {"records": sorted(coming)}, target.registry.physical)
    there = {row["source_id"]: row["count"] for row in await session.fetch(bound)}
    for near, count in coming.items():
        if count + there.get(near, 0) - going[near] > LARGEST_LINKS:
            # How many there are is not told: some of them may be out of sight.
            raise TooManyLinks(max=LARGEST_LINKS)


async def _run(target: Target, template: Template, values: Mapping[str, object]) -> None:
    session = target.work.session
    await session.run(template.bound(session.schema, dict(values), target.registry.physical))


# --- statements -------------------------------------------------------------------------------------------------------


def _table(link: Link) -> Fragment:
    return sql("{schema}.{table}", schema=SCHEMA, table=ident(link.table))


def _count(link: Link) -> Template:
    return render(
        sql(
            "SELECT link.source_id, count(*) AS count FROM {links} AS link"
            " WHERE link.source_id = ANY({records}) GROUP BY link.source_id",
            links=_table(link),
            records=value("records", "uuid[]"),
        )
    )


def _addition(link: Link) -> Template:
    return render(
        sql(
            "INSERT INTO {links} (source_id, target_id) SELECT * FROM unnest({sources}, {targets}) ON CONFLICT DO NOTHING",
            links=_table(link),
            sources=value("sources", "uuid[]"),
            targets=value("targets", "uuid[]"),
        )
    )


def _removal(link: Link) -> Template:
    return render(
        sql(
            "DELETE FROM {links} AS link USING unnest({sources}, {targets}) AS gone (source_id, target_id)"
            " WHERE link.source_id = gone.source_id AND link.target_id = gone.target_id",
            links=_table(link),
            sources=value("sources", "uuid[]"),
            targets=value("targets", "uuid[]"),
        )
    )
