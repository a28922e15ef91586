"""Whether the records that a write points at are there: of the right object, alive and visible to the caller.

What is pointed at is locked against going away until the write is committed (see `locks`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from schema.metadata.errors import RelationNotFound
from schema.metadata.objects import ObjectKind
from services import metadata
from services.permissions.policy import Verb
from services.records import ordering, scopes, statements
from services.records.errors import OwnerNotChangeable, OwnerOutOfScope, WrongObject
from services.records.targets import input_name
from tenants.errors import Violation
from tenants.ids import object_number
from tenants.sql import Fragment, ident, join, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Hashable

    from services.records.targets import Target
    from tenants.errors import PathStep

_USER = "user"
# Records of one object that are pointed at, and whether they keep something of those that point at them.
_Group: TypeAlias = tuple[str, bool]
_STRENGTHS = {True: sql(" FOR NO KEY UPDATE OF record"), False: sql(" FOR KEY SHARE OF record")}


@dataclass(frozen=True, slots=True)
class Draft:
    """Values that one record is about to have, by field name, and where violations in them are reported."""

    path: tuple[PathStep, ...]
    values: Mapping[str, object]
    # Of a new record, where others already name it.
    id: UUID | None = None
    # Fields that the caller did not fill: nobody asks whether they hold.
    kept: frozenset[str] = frozenset()
    # What its history keeps beside the values, by the number of a field.
    notes: Mapping[str, object] = field(default_factory=dict)


async def check(target: Target, drafts: Sequence[Draft]) -> list[Violation]:
    """Every relation of the drafts that does not hold, and every owner that the caller may not give records to."""
    violations: list[Violation] = []
    wanted: dict[str, set[UUID]] = defaultdict(set)
    pointers = [each for each in _pointers(target, drafts) if not _is_caller(target, each[1], each[2])]
    for at, name, record_id in pointers:
        if object_number(record_id) != target.beside(name).number:
            violations.append(Violation(at, WrongObject(object=name)))
        else:
            wanted[name].add(record_id)
    found = await present(target, wanted, keeping=_keeping(target, drafts))
    wrong = {violation.path for violation in violations}
    violations += [
        Violation(at, RelationNotFound()) for at, _, each in pointers if each not in found and at not in wrong
    ]
    return violations + await _owners(target, drafts, wrong | {violation.path for violation in violations})


def _pointers(target: Target, drafts: Sequence[Draft]) -> list[tuple[tuple[PathStep, ...], str, UUID]]:
    relations = [
        (field.name, input_name(field), field.relation.target)
        for field in target.fields.values()
        if field.relation is not None
    ]
    several = [(field.name, input_name(field)) for field in target.fields.values() if field.type.has_several]
    return [
        *(
            ((*draft.path, member), to, record_id)
            for draft in drafts
            for name, member, to in relations
            if name not in draft.kept and isinstance(record_id := draft.values.get(name), UUID)
        ),
        *(
            ((*draft.path, member, at), _USER, record_id)
            for draft in drafts
            for name, member in several
            if name not in draft.kept and isinstance(ids := draft.values.get(name), list)
            for at, record_id in enumerate(ids)
        ),
    ]


def _keeping(target: Target, drafts: Sequence[Draft]) -> set[UUID]:
    """Those of the records pointed at that keep roll-ups of what is being written, or order it among their lines."""
    relations = {each.relation for each in metadata.roll_ups_over(target.registry.shape, target.name)}
    kept = {each for draft in drafts for name in relations if isinstance(each := draft.values.get(name), UUID)}
    return kept | ordering.joined(target, drafts)


def _is_caller(target: Target, to: str, record_id: UUID) -> bool:
    """Whoever writes is there, also for a token that reads no users."""
    return to == _USER and record_id == target.author


async def present(
    target: Target, wanted: Mapping[str, set[UUID]], *, keeping: Collection[UUID] = frozenset()
) -> set[UUID]:
    """Those of these records, by object, that are there for the caller; none of them goes away before the commit.

    Those `keeping` something of what is being written are locked against other writers too, before it is computed.
    """
    groups: dict[_Group, list[UUID]] = {
        (name, is_kept): ids
        for name in sorted(wanted)
        for is_kept in (True, False)
        if (ids := sorted(each for each in wanted[name] if (each in keeping) is is_kept))
    }
    if not groups:
        return set()
    work = target.work
    template = render(
        sql(
            "WITH {found} SELECT id FROM {names}",
            found=join(", ", (part for at, group in enumerate(groups) for part in _locked(target, at, group))),
            names=join(" UNION ALL SELECT id FROM ", (_found(at) for at in range(len(groups)))),
        )
    )
    values: dict[Hashable, object] = {**scopes.values(target, *sorted(wanted)), **dict(groups.items())}
    bound = template.bound(work.session.schema, values, target.registry.physical)
    found = {row["id"] for row in await work.session.fetch(bound)}
    work.session.held.update(found.intersection(keeping))
    return found


def _locked(target: Target, at: int, group: _Group) -> Iterator[Fragment]:
    """Ids of one object that may be pointed at; the lock waits for, and then sees, whoever deletes them."""
    to_name, is_kept = group
    to = target.beside(to_name)
    is_system = to.object.kind is ObjectKind.SYSTEM
    if not is_system:
        yield sql("{name} AS ({entering})", name=ident(f"entered_{at}"), entering=statements.entering(to_name))
    yield sql(
        "{name} AS (SELECT record.id FROM {table} AS record WHERE record.id = ANY({ids}) AND {alive}"
        " AND {scope} ORDER BY record.id{lock})",
        name=_found(at),
        table=statements.table(to_name),
        ids=value(group, "uuid[]"),
        alive=alive(to),
        scope=scopes.condition(to, Verb.READ),
        lock=sql("") if is_system else _STRENGTHS[is_kept],
    )


def alive(to: Target) -> Fragment:
    """Whether a record may be pointed at, whoever sees it."""
    if to.name == _USER:
        return sql("record.state = 'active'")
    return sql("record.deleted_at IS NULL") if to.object.soft_deletes else sql("TRUE")


def _found(at: int) -> Fragment:
    """By its place: two names may differ in capitals alone, which names of SQL do not."""
    return ident(f"found_{at}")


async def _owners(target: Target, drafts: Sequence[Draft], wrong: set[tuple[PathStep, ...]]) -> list[Violation]:
    """The new row must lie within the caller's scope or assignment right: else own records cannot be given away."""
    owner = target.fields.get(target.object.owner_field)
    if owner is None or scopes.may_give_to_all(target):
        return []
    member = input_name(owner)
    given = [
        (draft, draft.values[owner.name])
        for draft in drafts
        if owner.name in draft.values and owner.name not in draft.kept
    ]
    candidates = {each for _, each in given if isinstance(each, UUID)} - {target.author}
    within: set[object] = {target.author, *await _within_scope(target, candidates)}
    return [
        Violation(at, OwnerOutOfScope())
        for draft, each in given
        if each not in within and (at := (*draft.path, member)) not in wrong
    ]


async def owners_kept(target: Target, moved: Mapping[UUID, Draft]) -> list[Violation]:
    """The records whose owner is to change and is not the caller's to change; their rows are locked."""
    name = target.object.owner_field
    owner = target.fields.get(name)
    given = {each: draft for each, draft in moved.items() if name in draft.values}
    if owner is None or not given or scopes.may_give_to_all(target):
        return []
    template = statements.visible(target.name, statements.Life.ANY, scopes.owner_may_change(target))
    values: dict[Hashable, object] = {**scopes.values(target), "ids": sorted(given)}
    bound = template.bound(target.work.session.schema, values, target.registry.physical)
    free = {row["id"] for row in await target.work.session.fetch(bound)}
    return [
        Violation((*draft.path, input_name(owner)), OwnerNotChangeable())
        for each, draft in given.items()
        if each not in free
    ]


async def _within_scope(target: Target, users: set[UUID]) -> set[UUID]:
    if not users:
        return set()
    work = target.work
    template = render(
        sql(
            "SELECT candidate.id FROM unnest({users}) AS candidate (id) WHERE {scope}",
            users=value("users", "uuid[]"),
            scope=scopes.owner_within(target, sql("candidate.id")),
        )
    )
    values: dict[Hashable, object] = {**scopes.values(target), "users": sorted(users)}
    bound = template.bound(work.session.schema, values, target.registry.physical)
    return {row["id"] for row in await work.session.fetch(bound)}
