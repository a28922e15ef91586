"""The verbs that a step of a change set may name. They are those of the single mutations: nothing is defined in a second way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

from services import field_rules, layouts, metadata, type_changes
from services.change_sets import reading
from services.identity import inputs
from services.metadata import ChoiceChange, Gathering

if TYPE_CHECKING:
    from services.change_sets.reading import Given
    from services.field_rules import Ruled, UniqueRule
    from services.metadata import Defined
    from services.type_changes import TypeChanged

Step: TypeAlias = Mapping[str, Mapping[str, Any]]  # Any: JSON whose form the API has checked


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made or changed, by the names under which later steps find it."""

    verb: str
    id: UUID | None = None
    object_name: str = ""
    field_name: str = ""
    # Of a choice its key, of a rule its name.
    name: str = ""
    # Values that do not fit a new type and are cleared.
    cleared: int = 0


Run: TypeAlias = Callable[[Gathering, "Given"], Awaitable[Made]]


def of_step(step: Step) -> tuple[str, Given]:
    """The verb of a step, and its input."""
    ((verb, given),) = step.items()
    return verb, given


async def run(work: Gathering, step: Step) -> Made:
    """Do what a step says, as far as the work makes anything of it."""
    verb, given = of_step(step)
    return replace(await VERBS[verb](work, given), verb=verb)


def _defined(verb: Callable[[Gathering, Given], Awaitable[Defined]]) -> Run:
    async def run_it(work: Gathering, given: Given) -> Made:
        done = await verb(work, given)
        return Made("", done.id, done.object_name, done.field_name, done.choice_key)

    return run_it


def _ruled(verb: Callable[[Gathering, Given], Awaitable[Ruled]]) -> Run:
    async def run_it(work: Gathering, given: Given) -> Made:
        done = await verb(work, given)
        return Made("", done.id, done.object_name, name=done.name)

    return run_it


def _unique(verb: Callable[[Gathering, Given], Awaitable[UniqueRule]]) -> Run:
    async def run_it(work: Gathering, given: Given) -> Made:
        done = await verb(work, given)
        return Made("", done.id, done.object_name, name=", ".join(done.fields))

    return run_it


def _typed(verb: Callable[[Gathering, Given], Awaitable[TypeChanged]]) -> Run:
    async def run_it(work: Gathering, given: Given) -> Made:
        done = await retyped(work, lambda: verb(work, given))
        return Made("", done.id, done.object_name, done.field_name, cleared=done.cleared)

    return run_it


async def retyped(work: Gathering, verb: Callable[[], Awaitable[TypeChanged]]) -> TypeChanged:
    """Let a field be of another type. Values move from what stands, so that everything before it is made first."""
    gathered = work.gathered
    if gathered.rehearses:
        return await verb()
    await metadata.carry_out(work)
    with gathered.at_once():
        done = await verb()
    if done.job_id is not None:
        gathered.await_conversion(done.field_id)
        gathered.jobs[done.field_id] = done.job_id
    return done


async def _create_layout(work: Gathering, given: Given) -> Made:
    return Made("", await layouts.create_layout(work, reading.layout(given)), given["object"])


async def _update_layout(work: Gathering, given: Given) -> Made:
    layout_id = inputs.id_(given, "id")
    await layouts.update_layout(work, layout_id, reading.layout(given), if_version=given.get("ifVersion"))
    return Made("", layout_id)


async def _delete_layout(work: Gathering, given: Given) -> Made:
    layout_id = inputs.id_(given, "id")
    await layouts.delete_layout(work, layout_id, if_version=given.get("ifVersion"))
    return Made("", layout_id)


async def _add_field(work: Gathering, given: Given) -> Defined:
    draft = reading.field(given["field"])
    return await metadata.add_field(work, given["object"], draft, fill_existing=given.get("fillExisting", False))


async def _add_choice(work: Gathering, given: Given) -> Defined:
    draft, at = reading.choice(given["choice"]), given.get("position")
    return await metadata.add_choice(work, given["object"], given["field"], draft, position=at)


async def _update_choice(work: Gathering, given: Given) -> Defined:
    changes = ChoiceChange(reading.label(given.get("label")), given.get("position"))
    return await metadata.update_choice(work, given["object"], given["field"], given["key"], changes)


async def _offer_choices(work: Gathering, given: Given) -> Defined:
    offered, version = reading.offered(given), given.get("ifVersion")
    place = (given["object"], given["field"])
    return await field_rules.offer_choices(work, *place, by=given.get("by"), offered=offered, if_version=version)


async def _change_type(work: Gathering, given: Given) -> TypeChanged:
    return await type_changes.change_type(
        work,
        given["object"],
        given["field"],
        reading.type_(given),
        clears=given.get("clear", False),
        confirms=given.get("confirm", False),
        if_version=given.get("ifVersion"),
    )


async def _undo_type(work: Gathering, given: Given) -> TypeChanged:
    clears, confirms = given.get("clear", False), given.get("confirm", False)
    return await type_changes.undo_type_change(work, given["object"], given["field"], clears=clears, confirms=confirms)


VERBS: Final[Mapping[str, Run]] = {
    "createObject": _defined(lambda work, given: metadata.create_object(work, reading.object_(given))),
    "updateObject": _defined(
        lambda work, given: metadata.update_object(work, given["object"], reading.object_change(given))
    ),
    "retireObject": _defined(
        lambda work, given: metadata.retire_object(work, given["object"], confirm=given.get("confirm") or "")
    ),
    "restoreObject": _defined(lambda work, given: metadata.restore_object(work, given["object"])),
    "addField": _defined(_add_field),
    "updateField": _defined(
        lambda work, given: metadata.update_field(work, given["object"], given["field"], reading.field_change(given))
    ),
    "retireField": _defined(lambda work, given: metadata.retire_field(work, given["object"], given["field"])),
    "restoreField": _defined(lambda work, given: metadata.restore_field(work, given["object"], given["field"])),
    "addChoice": _defined(_add_choice),
    "updateChoice": _defined(_update_choice),
    "retireChoice": _defined(
        lambda work, given: metadata.retire_choice(work, given["object"], given["field"], given["key"])
    ),
    "restoreChoice": _defined(
        lambda work, given: metadata.restore_choice(work, given["object"], given["field"], given["key"])
    ),
    "setFieldRules": _defined(
        lambda work, given: field_rules.set_field_rules(
            work, given["object"], given["field"], reading.field_rules(given)
        )
    ),
    "offerChoices": _defined(_offer_choices),
    "createValidationRule": _ruled(
        lambda work, given: field_rules.create_validation_rule(work, given["object"], reading.rule(given))
    ),
    "updateValidationRule": _ruled(
        lambda work, given: field_rules.update_validation_rule(work, reading.rule_of(given), reading.rule_change(given))
    ),
    "retireValidationRule": _ruled(
        lambda work, given: field_rules.retire_validation_rule(
            work, reading.rule_of(given), if_version=given.get("ifVersion")
        )
    ),
    "restoreValidationRule": _ruled(
        lambda work, given: field_rules.restore_validation_rule(
            work, reading.rule_of(given), if_version=given.get("ifVersion")
        )
    ),
    "createUniqueRule": _unique(
        lambda work, given: field_rules.create_unique_rule(work, given["object"], given["fields"])
    ),
    "retireUniqueRule": _unique(lambda work, given: field_rules.retire_unique_rule(work, reading.unique_of(given))),
    "changeFieldType": _typed(_change_type),
    "undoFieldType": _typed(_undo_type),
    "createLayout": _create_layout,
    "updateLayout": _update_layout,
    "deleteLayout": _delete_layout,
}
