"""What no text and no JSON may hold: characters that PostgreSQL does not take, and values too deep in each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from schema.metadata.errors import BadCharacters, JsonTooDeep
from schema.metadata.values import is_storable
from tenants.errors import Violation

if TYPE_CHECKING:
    from tenants.errors import PathStep

# The largest filter that is taken needs about fifty levels.
DEEPEST = 64


def unreadable(given: Mapping[str, object]) -> tuple[Violation, ...]:
    """What of an input cannot be read, in the order in which it was said."""
    found: list[Violation] = []
    # Not by recursion: how deep it may go is what is asked.
    waiting: list[tuple[tuple[PathStep, ...], object]] = [((), given)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            found += () if is_storable(value) else (Violation(path, BadCharacters()),)
        elif isinstance(value, Mapping | list | tuple):
            if len(path) > DEEPEST:
                return (Violation(path[:1], JsonTooDeep(max=DEEPEST)),)
            # The name of a member is a text too; an answer cannot repeat one that is wrong.
            members = tuple(value.items() if isinstance(value, Mapping) else enumerate(value))
            wrong = {name for name, _ in members if isinstance(name, str) and not is_storable(name)}
            found += (Violation(path, BadCharacters()),) if wrong else ()
            waiting += (((*path, name), each) for name, each in reversed(members) if name not in wrong)
    return tuple(found)
