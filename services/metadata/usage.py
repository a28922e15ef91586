"""What uses an object or a field: asked before it is retired, destroyed or becomes another type. Nothing is stored here.

Whoever keeps something that names fields (a formula, a rule, a layout, a view) says so by `provide_usages`, once, where its
module is imported: a kind, and a function that finds its usages among what the tenant has stored:

    async def _usages(work: ReadWork, subject: Subject) -> Iterable[Usage]:
        return [Usage("view", view.name, view.id, breaks=subject.is_gone) for view in … if subject.is_named_by(view.fields)]

    metadata.provide_usages("view", _usages)

A provider is asked with the rights of an administrator and tells names, never a value of a record or an operand of a
condition. What is not sure whether it still works afterwards tells `breaks=True`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from tenants.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from schema.metadata.fields import Field
    from schema.metadata.registry import Registry
    from tenants.context import ReadWork

Place: TypeAlias = tuple[str, str]
_MOST_NAMED = 5


class UsedElsewhere(Conflict):
    """This is used by {users}; change or retire that first."""

    code = "USED_ELSEWHERE"
    zh = "{users} 正在使用它,请先更改或停用。"


@dataclass(frozen=True, slots=True)
class Subject:
    """The object, or one field of it, that is about to change; the shape as it is, and as it would be."""

    before: Registry
    after: Registry
    object_name: str
    # Empty where the object itself is meant.
    field_name: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether nothing of this name is there afterwards, as when it is retired or destroyed."""
        return self._field_of(self.after) is None if self.field_name else not _has(self.after, self.object_name)

    @property
    def is_retyped(self) -> bool:
        """Whether the field is there before and after, as another type: its values compare differently from then on."""
        field, changed = self.field, self.changed
        return field is not None and changed is not None and field.type_name != changed.type_name

    @property
    def field(self) -> Field | None:
        """The field as it is now; nothing for an object, and for a field that is retired already."""
        return self._field_of(self.before)

    @property
    def changed(self) -> Field | None:
        """The field as it would be."""
        return self._field_of(self.after)

    def is_named_by(self, places: Iterable[Place]) -> bool:
        """Whether any of these (object, field) is what changes; a field of an object that changes is a part of it."""
        return any(
            object_name == self.object_name and self.field_name in {"", field_name}
            for object_name, field_name in places
        )

    def _field_of(self, registry: Registry) -> Field | None:
        if not self.field_name or not _has(registry, self.object_name):
            return None
        return registry.shape.field(self.object_name, self.field_name)


@dataclass(frozen=True, slots=True)
class Usage:
    """One thing that uses the subject, under the name by which an administrator finds it."""

    kind: str
    name: str
    id: UUID | None = None
    # Whether it no longer does what it does now.
    breaks: bool = False
    # Whether what it uses cannot change so before it does: be retired, or become another type.
    keeps: bool = False


Provider: TypeAlias = "Callable[[ReadWork, Subject], Awaitable[Iterable[Usage]]]"
_PROVIDERS: dict[str, Provider] = {}


def provide_usages(kind: str, provider: Provider) -> None:
    """Have usages of this kind found from now on; a kind has one provider."""
    if kind in _PROVIDERS:
        msg = f"two providers of usages of the kind {kind}"
        raise ValueError(msg)
    _PROVIDERS[kind] = provider


async def usages_of(
    work: ReadWork, subject: Subject, providers: Mapping[str, Provider] = _PROVIDERS
) -> tuple[Usage, ...]:
    """Everything that uses it, by kind and name; each once."""
    found = {each for provider in providers.values() for each in await provider(work, subject)}
    return tuple(sorted(found, key=lambda each: (each.kind, each.name, str(each.id))))


async def refuse_kept(work: ReadWork, subject: Subject) -> None:
    """Refuse to retire what is kept by something that uses it."""
    kept = [each for each in await usages_of(work, subject) if each.keeps]
    if kept:
        raise UsedElsewhere(users=", ".join(each.name for each in kept[:_MOST_NAMED]))


def _has(registry: Registry, object_name: str) -> bool:
    return object_name in registry.shape.objects
