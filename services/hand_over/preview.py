"""What a hand-over would move, counted by rule and object, with what belongs to it. Nothing is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata.objects import ObjectKind
from services import metadata, query
from services.hand_over.rules import Rule, Share, shares
from services.hand_over.validation import check
from services.query.plan import Aggregate, AggregateNode, AggregateRoot, Condition, Follows, Measure, Plan

if TYPE_CHECKING:
    from uuid import UUID

    from schema.metadata.registry import Registry
    from tenants.context import ReadWork

_COUNT = "count"


@dataclass(frozen=True, slots=True)
class Dependants:
    """Records of one object that belong to what is handed over, whoever owns them."""

    object_name: str
    count: int


@dataclass(frozen=True, slots=True)
class Portion:
    """The records of one object that one rule gives away."""

    rule: int
    object_name: str
    to_user_id: UUID
    count: int
    dependants: tuple[Dependants, ...]


async def preview(work: ReadWork, leaver: UUID, rules: Sequence[Rule]) -> tuple[Portion, ...]:
    """By rule and object; objects of which nothing goes are left out."""
    registry = await metadata.registry(work)
    await check(work, registry, leaver, rules)
    found = []
    for share in sorted(shares(registry, leaver, rules), key=lambda each: (each.rule, each.object_name)):
        children = _children(registry, share.object_name)
        counts = await _counted(work, share, children)
        if counts[0]:
            told = zip(children, counts[1:], strict=True)
            dependants = tuple(Dependants(name, count) for (name, _), count in told if count)
            found.append(Portion(share.rule, share.object_name, share.to_user_id, counts[0], dependants))
    return tuple(found)


async def total(work: ReadWork, registry: Registry, leaver: UUID, rules: Sequence[Rule]) -> int:
    """How many records would go."""
    return sum([(await _counted(work, share, ()))[0] for share in shares(registry, leaver, rules)])


def _children(registry: Registry, object_name: str) -> list[tuple[str, str]]:
    """The relations that lead to an object: (object, its field)."""
    objects = registry.shape.objects
    return [
        (inverse.object_name, inverse.field_name)
        for inverse in objects[object_name].inverses
        if objects[inverse.object_name].kind is not ObjectKind.SYSTEM and inverse.link is None
    ]


async def _counted(work: ReadWork, share: Share, children: Sequence[tuple[str, str]]) -> list[int]:
    """How many records of the share there are, and how many of each child lead to one of them."""
    wanted = [(share.object_name, share.condition)]
    wanted += [(name, Follows(field_name, share.condition)) for name, field_name in children]
    plan = Plan(tuple(_root(f"n{at}", name, condition) for at, (name, condition) in enumerate(wanted)))
    answer = json.loads(await query.read(work, plan, share.values))
    return [answer[f"n{at}"][0][_COUNT] for at in range(len(wanted))]


def _root(key: str, object_name: str, condition: Condition) -> AggregateRoot:
    node = AggregateNode(_COUNT, measure=Measure(_COUNT))
    return AggregateRoot(key, Aggregate(object_name, (node,), filter=condition))
