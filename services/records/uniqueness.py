"""Which records already have a value that must be unique: the answer to a refused write, never its protection.

The protection is the unique index. Of a rule whose index is still being built nobody is asked beforehand, because that would
be a look through the whole table: the index refuses from the moment that PostgreSQL keeps it, and the job finds the rest.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from schema.metadata import companions
from schema.metadata.errors import UniqueTaken
from schema.metadata.fields import Field, FieldState
from schema.metadata.physical import unique_rules
from services.permissions.policy import Level, Verb
from services.records import scopes, statements
from services.records.stored import Column, key, transported
from services.records.targets import input_name
from tenants.errors import Duplicate, Refused, Unavailable, Violation
from tenants.sql import Fragment, integer, join, render, sql, value

if TYPE_CHECKING:
    from collections.abc import Hashable

    from services.records.targets import Target
    from tenants.errors import PathStep

_SAME_VALUE = 1.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A record that is about to have values; `id` is empty for one that is not there yet."""

    path: tuple[PathStep, ...]
    values: Mapping[str, object]
    id: UUID | None = None
    # The fields that this write moves.
    given: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Fields whose values together occur once among live records."""

    fields: tuple[Field, ...]
    # Its index is not there yet, or not whole.
    is_building: bool = False

    def values(self, claim: Claim) -> tuple[object, ...] | None:
        """What the index compares; an empty part makes everything different."""
        found = tuple(_compared(field, part, claim.values.get(field.name)) for field, part in self.columns)
        return None if None in found else found

    @property
    def columns(self) -> tuple[tuple[Field, str], ...]:
        """The columns of the index: of a rule over one field its normal form, if it has one."""
        alone = len(self.fields) == 1
        return tuple((field, "norm" if alone and "norm" in field.parts else "") for field in self.fields)


@dataclass(frozen=True, slots=True)
class Holder:
    """The live record that has a value, and whether the caller may see it."""

    id: UUID
    is_visible: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """Claims that cannot be met, by their position, with the records in the way that the caller may see."""

    violations: tuple[Violation, ...]
    duplicates: tuple[Duplicate, ...]
    positions: frozenset[int]


def rules_of(target: Target, names: frozenset[str] | None = None) -> tuple[Rule, ...]:
    """Unique rules of an object; with names only those that touch one of these fields."""
    building: list[tuple[str, ...]] = [
        (field.name,) for field in target.unique_fields if field.state is FieldState.BUILDING
    ]
    building += [each.fields for each in target.object.indexes if each.is_unique and each.is_building]
    every = sorted({*unique_rules(target.registry, target.name).values(), *building})
    return tuple(
        Rule(tuple(target.fields[name] for name in fields), fields in building)
        for fields in every
        if names is None or names & set(fields)
    )


def fields_of(rules: Sequence[Rule]) -> tuple[Field, ...]:
    """The fields that any of these rules looks at."""
    return tuple({field.name: field for rule in rules for field in rule.fields}.values())


def built(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Those that can be asked for at the price of an index."""
    return tuple(rule for rule in rules if not rule.is_building)


def clashes(target: Target, rules: Sequence[Rule], claims: Sequence[Claim]) -> Taken:
    """Claims that want what an earlier claim of the same set wants."""
    violations: list[Violation] = []
    positions: set[int] = set()
    for rule in rules:
        seen: set[tuple[object, ...]] = set()
        for position, claim in enumerate(claims):
            wanted = rule.values(claim)
            if wanted is not None and wanted in seen:
                violations.append(_violation(target, rule, claim))
                positions.add(position)
            elif wanted is not None:
                seen.add(wanted)
    return Taken(tuple(violations), (), frozenset(positions))


async def taken(target: Target, rules: Sequence[Rule], claims: Sequence[Claim]) -> Taken:
    """Claims that want what a live record has."""
    hits = await _hits(target, rules, claims)
    return Taken(
        tuple(_violation(target, rules[rule], claims[position]) for position, rule, _ in hits),
        tuple(
            Duplicate(target.name, str(holder.id), _SAME_VALUE, tuple(map(input_name, _told(target, rules[rule]))))
            for _, rule, holder in hits
            if holder.is_visible
        ),
        frozenset(position for position, _, _ in hits),
    )


async def holders(target: Target, rule: Rule, claims: Sequence[Claim]) -> dict[int, Holder]:
    """The live records that have what claims want, by the position of the claim."""
    return {position: holder for position, _, holder in await _hits(target, (rule,), claims)}


async def _hits(target: Target, rules: Sequence[Rule], claims: Sequence[Claim]) -> list[tuple[int, int, Holder]]:
    asked = [(at, rule, rows) for at, rule in enumerate(rules) if (rows := _rows(rule, claims))]
    if not asked:
        return []
    work = target.work
    template = render(
        sql(
            "WITH entered AS ({entering}), holders AS MATERIALIZED ({holders}) SELECT * FROM holders",
            entering=statements.entering(target.name),
            holders=join(" UNION ALL ", (_holders(target, at, rule) for at, rule, _ in asked)),
        )
    )
    values: dict[Hashable, object] = {
        **scopes.values(target),
        **{f"rows of {at}": json.dumps(rows, ensure_ascii=False) for at, _, rows in asked},
    }
    found = await work.session.fetch(template.bound(work.session.schema, values, target.registry.physical))
    return sorted(
        ((row["position"], row["rule"], Holder(row["id"], row["visible"])) for row in found),
        key=lambda hit: (hit[0], hit[1], hit[2].id),
    )


@asynccontextmanager
async def still_free(target: Target, rules: Sequence[Rule], claims: Sequence[Claim]) -> AsyncIterator[None]:
    """Inside, a value that was taken since we asked becomes the refusal that it would have been before."""
    if not rules:
        yield
        return
    try:
        async with target.work.session.savepoint():
            yield
    except asyncpg.UniqueViolationError:
        # Whoever holds the value is committed by now, so asking again names it.
        late = await taken(target, rules, claims)
        if not late.violations:
            raise Unavailable from None
        raise Refused(late.violations, late.duplicates) from None


def _holders(target: Target, number: int, rule: Rule) -> Fragment:
    columns = [Column(field.name, part, field.type.columns[part]) for field, part in rule.columns]
    return sql(
        "SELECT {rule} AS rule, input.position, record.id, {scope} AS visible"
        " FROM json_to_recordset({rows}) AS input (position integer, id uuid{types})"
        " JOIN {table} AS record ON {same} WHERE record.deleted_at IS NULL AND record.id IS DISTINCT FROM input.id",
        rule=integer(number),
        scope=scopes.condition(target, Verb.READ),
        rows=value(f"rows of {number}", "json"),
        types=statements.typed(columns),
        table=statements.table(target.name),
        same=join(
            " AND ",
            (
                sql(
                    "record.{column} = {given}", column=statements.column(target.name, each), given=statements.given(at)
                )
                for at, each in enumerate(columns)
            ),
        ),
    )


def _rows(rule: Rule, claims: Sequence[Claim]) -> list[dict[str, object]]:
    return [
        {
            "position": position,
            "id": str(claim.id) if claim.id else None,
            **{key(at): transported(each) for at, each in enumerate(wanted)},
        }
        for position, claim in enumerate(claims)
        if (wanted := rule.values(claim)) is not None
    ]


def _compared(field: Field, part: str, stored: object) -> object:
    return companions.normal_form(field, stored) if part and isinstance(stored, str) else stored


def _violation(target: Target, rule: Rule, claim: Claim) -> Violation:
    """Told at a field that the write moves, else at one of the rule, else of the record: never at one that is closed."""
    told = sorted(_told(target, rule), key=lambda field: field.name not in claim.given)
    return Violation((*claim.path, *(input_name(field) for field in told[:1])), UniqueTaken())


def _told(target: Target, rule: Rule) -> tuple[Field, ...]:
    return tuple(field for field in rule.fields if target.rights.level(field.name) > Level.NONE)
