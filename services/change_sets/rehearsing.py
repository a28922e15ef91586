"""Runs the steps of a change set over gathered definitions: for good, or to see what they would come to.

A rehearsal only reads: no table is locked, nothing is written. What is wrong is told of every step at once; a step that
builds on one that failed is not tried, because what it lacks is told already.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata import naming
from services import metadata
from services.change_sets import steps
from services.change_sets.naming import named
from services.metadata import Difference, Gathering
from tenants.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Refused, TooMuch, Violation

if TYPE_CHECKING:
    from services.change_sets.reading import Given
    from services.change_sets.steps import Made, Step
    from tenants.context import ReadWork

_OF_INPUT = (Invalid, Conflict, NotFound, TooMuch)
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the steps would come to."""

    # The steps with the names that were derived for what they make.
    steps: tuple[Step, ...]
    # Nothing for a step that failed.
    made: tuple[Made | None, ...]
    violations: tuple[Violation, ...]
    differences: tuple[Difference, ...]


async def rehearse(work: ReadWork, given: Sequence[Step]) -> Rehearsal:
    """Try the steps against the definitions as they are, for somebody who may change those."""
    gathering = metadata.gather(work, await metadata.opened(work), rehearses=True)
    made, violations = await run_all(gathering, given)
    return Rehearsal(
        tuple(named(gathering.gathered.now, step, done) for step, done in zip(given, made, strict=True)),
        made,
        violations,
        differences_of(gathering),
    )


def differences_of(work: Gathering) -> tuple[Difference, ...]:
    """What has been gathered so far differs by this from what there was."""
    gathered = work.gathered
    return (*metadata.between(gathered.first, gathered.now), *metadata.differences(gathered.others))


async def run_all(work: Gathering, given: Sequence[Step]) -> tuple[tuple[Made | None, ...], tuple[Violation, ...]]:
    """What each step came to, and everything that is wrong with them."""
    made: list[Made | None] = []
    violations: list[Violation] = []
    lost: set[_Place] = set()
    for at, step in enumerate(given):
        # A step takes milliseconds without a word from the database: others of the process have their turn in between.
        await asyncio.sleep(0)
        verb, asked = steps.of_step(step)
        if any(_builds_on(asked, *place) for place in lost):
            lost |= set(_made_by(verb, asked))
            made.append(None)
            continue
        try:
            made.append(await steps.run(work, step))
        except Forbidden:
            raise
        except (Refused, *_OF_INPUT) as fault:
            violations += _at(fault, "steps", at, verb)
            lost |= set(_made_by(verb, asked))
            made.append(None)
    return tuple(made), tuple(violations)


def _at(fault: Fault, *place: str | int) -> Iterator[Violation]:
    found = fault.violations if isinstance(fault, Refused) else (Violation(fault.place, fault),)
    for each in found:
        yield Violation((*place, *each.path), each.fault)


# --- what builds on what ----------------------------------------------------------------------------------------------


def _made_by(verb: str, given: Given) -> Iterator[_Place]:
    """What a step would have made, as far as its input says how it is called."""
    if verb == "createObject":
        yield (_name(given, "object"), "")
    elif verb == "addField":
        yield (given["object"], _name(given["field"], "field"))
    elif verb == "createValidationRule":
        yield (given["object"], _rule(given["name"]))
    elif verb == "changeFieldType":
        yield (given["object"], given["field"])


def _rule(name: str) -> str:
    """What a rule is called, so that it is taken for no field."""
    return f"\0{name}"


def _name(given: Given, fallback: str) -> str:
    words = given.get("label") or {}
    base = given.get("name") or naming.from_label(words.get("zh") or words.get("en") or "", fallback)
    return naming.tenant_name(naming.base_of(base))


def _builds_on(given: Given, object_name: str, field_name: str) -> bool:
    """Whether a step says the name of an object, or of a field of its own object, anywhere: in an expression too."""
    rule = given.get("rule") or {}
    if (rule.get("object"), _rule(rule.get("name", ""))) == (object_name, field_name):
        return True
    name = field_name or object_name
    if field_name and given.get("object") != object_name:
        return False
    return re.search(rf"\b{re.escape(name)}\b", json.dumps(given, ensure_ascii=False)) is not None
