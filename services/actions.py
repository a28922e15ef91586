"""What a named action writes: one record that is held already, and an audit entry in the name of the action.

The action is the permission: the fields that it sets may be closed to the caller otherwise.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from schema.metadata.fields import FieldState
from services import audit, metadata, records, verbs
from services.identity import inputs
from services.verbs import Outcome, Requirement, VerbDefinition, VerbInput, VerbOutput
from tenants.context import Work
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from tenants.errors import PathStep

# What a button does to the record of this id, with the inputs beside it and the version that the caller saw.
Press: TypeAlias = Callable[[Work, UUID, Mapping[str, object], int | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Step:
    """What an action makes of a record: its entry, the values that it sets, and inputs of the verb that are fields' values."""

    entry: str
    changes: Mapping[str, object]
    told: Mapping[str, object]
    # Input by field, where their names differ.
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Button:
    """The verb of an action on one record, named by its id and guarded by `ifVersion`."""

    verb: str
    object_name: str
    action: str
    press: Press
    says: str
    inputs: tuple[VerbInput, ...] = ()


def declare(button: Button) -> None:
    """Make the verb of a button known."""

    async def run(work: Work, given: Mapping[str, object]) -> Outcome:
        record_id = inputs.id_(given, "id")
        await button.press(work, record_id, given, inputs.version(given))
        return Outcome({button.object_name: (record_id,)}, count=1)

    verbs.declare(
        VerbDefinition(
            button.verb,
            (VerbInput("id", "ID", required=True), VerbInput("ifVersion", "Int"), *button.inputs),
            (VerbOutput(button.object_name, button.object_name),),
            run,
            button.says,
            requirement=Requirement(action=button.action),
        )
    )


async def take(work: Work, object_name: str, record_id: UUID, step: Step, *, if_version: int | None) -> None:
    """Write a step. Fields that the tenant has retired are left out."""
    thing = (await metadata.registry(work)).shape.objects[object_name]
    live = {field.name for field in thing.fields if field.state is not FieldState.RETIRED}
    kept = {name: value for name, value in step.changes.items() if name in live}
    try:
        await records.update(work, object_name, [record_id], kept, if_version=if_version, opened=kept)
    except Refused as refusal:
        said = (Violation(_named(each.path, step.inputs), each.fault) for each in refusal.violations)
        raise Refused(tuple(said), refusal.duplicates) from None
    await audit.append(work, [audit.Entry(step.entry, object_name, record_id, details=step.told)])


def _named(path: tuple[PathStep, ...], inputs: Mapping[str, str]) -> tuple[PathStep, ...]:
    """The verb takes one record and names its inputs itself."""
    first, *rest = path[1:] if isinstance(path[0], int) else path
    return (inputs.get(str(first), first), *rest)
