"""Verbs by name: what a declared mutation takes, what it answers, and the function that it is bound to.

A pack or a system object declares verbs (`convertLead`, `createUser`); the SDL and the resolvers are generated from
these definitions, exactly like create and update. Nothing here knows GraphQL or a database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from tenants.context import Work
from tenants.errors import Duplicate, Violation


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did: ids of the records to answer with, under the name of the payload field.

    A refusal is raised; `violations` are of records that `onError: SKIP` left out.
    """

    ids: Mapping[str, tuple[UUID, ...]] = field(default_factory=lambda: MappingProxyType({}))
    violations: tuple[Violation, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class VerbInput:
    """One input of a verb. `type` is a GraphQL name: a scalar, or a generated input such as `OpportunityCreate`."""

    name: str
    type: str
    required: bool = False
    many: bool = False
    # A password: it leaves no trace, not even in the hash by which a repeated request is known.
    secret: bool = False


@dataclass(frozen=True, slots=True)
class VerbOutput:
    """One record, or a list of records, that the payload offers; without an object, a plain id."""

    name: str
    object_name: str = ""
    many: bool = False


class Access(StrEnum):
    """Who may use a root field, as far as the policy does not say it."""

    ANYBODY = "anybody"
    SIGNED_IN = "signedIn"
    # Signed in oneself: no token of the API.
    PERSON = "person"
    # Whoever may define, and a token of such a one with the scope for it.
    DEFINER = "definer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a root field asks of its caller before it looks at anything else; schemas leave out what it refuses."""

    access: Access = Access.SIGNED_IN
    # A named action.
    action: str = ""
    # What some role must open: an object to be read, or a verb on any object.
    reads: str = ""
    verb: str = ""


Run: TypeAlias = Callable[[Work, Mapping[str, object]], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class VerbDefinition:
    """A mutation beyond the generated ones. It exists in a tenant that has every object it needs."""

    name: str
    inputs: tuple[VerbInput, ...]
    outputs: tuple[VerbOutput, ...]
    run: Run
    description: str = ""
    needs: tuple[str, ...] = ()
    # Runs as the owner role, with `state` locked: the role that runs may only read definitions, roles and members.
    defines: bool = False
    # Nothing means administrators for what defines, and everybody who is signed in for the rest.
    requirement: Requirement | None = None

    @property
    def asks(self) -> Requirement:
        """What it asks of its caller."""
        if self.requirement is not None:
            return self.requirement
        return Requirement(Access.ADMINISTRATOR if self.defines else Access.SIGNED_IN)

    def fits(self, objects: Mapping[str, object]) -> bool:
        """Whether a tenant with these objects has the verb."""
        answered = (output.object_name for output in self.outputs if output.object_name)
        return all(name in objects for name in (*self.needs, *answered))


_DEFINITIONS: dict[str, VerbDefinition] = {}


def declare(definition: VerbDefinition) -> VerbDefinition:
    """Make a verb known; a name is declared once."""
    if _DEFINITIONS.setdefault(definition.name, definition) is not definition:
        msg = f"verb declared twice: {definition.name}"
        raise ValueError(msg)
    return definition


def declared() -> tuple[VerbDefinition, ...]:
    """All verbs, by name."""
    return tuple(_DEFINITIONS[name] for name in sorted(_DEFINITIONS))


def definition(name: str) -> VerbDefinition | None:
    """One verb, or nothing."""
    return _DEFINITIONS.get(name)
