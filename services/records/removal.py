"""What goes away together: the records named, those that cascade, those that lose a link, and those in the way.

Gathered and locked before anything is written, so that a restriction deep down refuses the whole. A record goes along
only where the caller might delete it by itself, and nothing is told of records that he may not see but that they are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from schema.metadata.fields import DeleteRule
from services.permissions import Verb
from services.records import locks, scopes
from services.records.dependents import Dependency, dependencies
from services.records.errors import DeletionRestricted, DependentsOutOfReach
from services.records.locks import LockedRecord, Wanted
from services.records.statements import Life
from services.records.targets import Target, refuse_too_many
from tenants.errors import Refused, Violation


@dataclass(frozen=True, slots=True)
class Link:
    """A record that points at one that goes away."""

    dependency: Dependency
    record: LockedRecord

    @property
    def parent(self) -> UUID:
        """The record pointed at."""
        parent = self.record.values[self.dependency.field.name]
        assert isinstance(parent, UUID), "only records that point somewhere are gathered"
        return parent


@dataclass
class Removal:
    """Everything that one deletion touches. `roots` says for each record which of the named ones took it along."""

    targets: dict[str, Target] = field(default_factory=dict)
    records: dict[str, dict[UUID, LockedRecord]] = field(default_factory=lambda: defaultdict(dict))
    roots: dict[UUID, UUID] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    restrictions: list[Link] = field(default_factory=list)
    # Named records that would take others along which the caller may not delete.
    beyond: set[UUID] = field(default_factory=set)

    def add(self, target: Target, records: Sequence[LockedRecord], roots: Mapping[UUID, UUID]) -> None:
        """Records that go away."""
        self.targets.setdefault(target.name, target)
        self.records[target.name].update({record.id: record for record in records})
        self.roots.update(roots)
        refuse_too_many(len(self.roots))

    def loose_links(self) -> list[Link]:
        """Links of records that stay."""
        loose = [link for link in self.links if link.record.id not in self.roots]
        refuse_too_many(len(self.roots) + len(loose))
        return loose

    async def refuse_restricted(self, named: Sequence[UUID]) -> None:
        """A record that stays and may not lose its link, or that the caller may not delete, keeps the whole from going."""
        standing = [link for link in self.restrictions if link.record.id not in self.roots]
        seen = await _within(standing, Verb.READ)
        kept = {
            (named.index(self.roots[link.parent]), link.dependency.child.name)
            for link in standing
            if link.record.id in seen
        }
        silent = self.beyond | {self.roots[link.parent] for link in standing if link.record.id not in seen}
        violations = [Violation((at,), DeletionRestricted(object=name)) for at, name in sorted(kept)]
        violations += [Violation((at,), DependentsOutOfReach()) for at in sorted(map(named.index, silent))]
        if violations:
            raise Refused(tuple(violations))


async def gather(target: Target, records: Sequence[LockedRecord], life: Life) -> Removal:
    """Lock everything that goes away with these records, level by level, and everything that points at it."""
    removal = Removal()
    removal.add(target, records, {record.id: record.id for record in records})
    waiting = [(target, tuple(record.id for record in records))]
    while waiting:
        parent, ids = waiting.pop(0)
        for dependency in dependencies(parent):
            if dependency.rule is DeleteRule.CASCADE:
                links = await _links(dependency, ids, Wanted(life, key_too=True))
                fresh = {link.record.id: link for link in links if link.record.id not in removal.roots}
                roots = {each: removal.roots[link.parent] for each, link in fresh.items()}
                reached = await _within(list(fresh.values()), Verb.DELETE)
                removal.beyond |= {roots[each] for each in fresh if each not in reached}
                removal.add(dependency.child, [link.record for link in fresh.values()], roots)
                if fresh:
                    # Relations may lead round in a circle, which ends where nobody new goes along.
                    waiting.append((dependency.child, tuple(fresh)))
            elif dependency.rule is DeleteRule.RESTRICT:
                removal.restrictions += await _links(dependency, ids, Wanted(Life.LIVE))
                if life is Life.ANY:
                    # What lies in the bin is in nobody's way.
                    removal.links += await _links(dependency, ids, Wanted(Life.DELETED))
            else:
                removal.links += await _links(dependency, ids, Wanted(life))
    return removal


async def _within(links: Sequence[Link], verb: Verb) -> set[UUID]:
    """The records of these links that the caller may read and do this to."""
    by_child: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_child[link.dependency.child.name].append(link)
    found: set[UUID] = set()
    for each in by_child.values():
        child = each[0].dependency.child
        wanted = Wanted(Life.ANY, scopes.condition(child, verb))
        found.update(await locks.lock(child, [link.record.id for link in each], (), wanted))
    return found


async def _links(dependency: Dependency, parents: Sequence[UUID], wanted: Wanted) -> list[Link]:
    found = await locks.lock_children(dependency.child, dependency.field, parents, wanted)
    return [Link(dependency, record) for record in found]
