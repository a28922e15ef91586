"""Steps of change sets as the service keeps them, and what it answers as payloads."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import strawberry

from resolvers.errors import input_error
from resolvers.pilots import group_draft
from schema.metadata import naming
from schema.types.change_sets import (
    ChangeSetPayload,
    ChangeSetPreview,
    ChangeStep,
    ChangeStepInput,
    DefinitionDifference,
    DefinitionProperty,
    FirstPilotInput,
    PublicationPayload,
    RollBackPreview,
)
from services import change_sets
from services.pilots import PilotDraft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema.types.errors import InputError
    from services.change_sets import Drafted, Made, Published, Rehearsal, Step, WayBack
    from services.metadata import Difference
    from tenants.errors import Language

P = TypeVar("P", bound=ChangeSetPayload)
Q = TypeVar("Q", bound=PublicationPayload)
_REPEATING = "client_mutation_id"


def step_of(given: ChangeStepInput) -> Step:
    """A step in the spelling of the API: what was left out is left out, and null where it means something stays."""
    made: Step = _spelled(given)
    return made


def _spelled(given: object) -> Any:  # Any: JSON
    if isinstance(given, list):
        return [_spelled(each) for each in given]
    if not is_dataclass(given) or isinstance(given, type):
        return given
    return {
        naming.camel(each.name): _spelled(value)
        for each in fields(given)
        if not _is_left_out(value := getattr(given, each.name), each.default) and each.name != _REPEATING
    }


def _is_left_out(value: object, default: object) -> bool:
    return value is strawberry.UNSET or (value is None and default is None)


def first_pilot(given: FirstPilotInput | None) -> PilotDraft | None:
    """The pilot that is asked for; what it covers is what comes with the publication."""
    return None if given is None else PilotDraft(given.title, group_draft(given.group), ())


def drafted_payload(kind: type[P], done: Drafted, language: Language) -> P:
    """A draft with its steps."""
    return kind(
        id=strawberry.ID(str(done.id)),
        version=done.version,
        steps=_steps(done.rehearsal),
        problems=_problems(done.rehearsal, language),
        errors=[],
    )


def preview_of(found: Drafted, language: Language) -> ChangeSetPreview:
    """What a draft would come to."""
    return ChangeSetPreview(
        id=strawberry.ID(str(found.id)),
        version=found.version,
        steps=_steps(found.rehearsal),
        errors=_problems(found.rehearsal, language),
        differences=told(found.rehearsal.differences),
        additive=change_sets.is_additive(found.rehearsal.differences),
    )


def way_back_of(found: WayBack, language: Language) -> RollBackPreview:
    """What going back would come to."""
    wrong = [input_error(each, language) for each in found.violations]
    return RollBackPreview(errors=wrong, differences=told(found.differences))


def published_payload(kind: type[Q], done: Published) -> Q:
    """A publication with its difference."""
    return kind(
        id=strawberry.ID(str(done.id)),
        number=done.number,
        differences=told(done.differences),
        jobs=[strawberry.ID(str(each)) for each in done.job_ids],
        errors=[],
    )


def told(found: Iterable[Difference]) -> list[DefinitionDifference]:
    """Differences with their properties."""
    return [
        DefinitionDifference(
            kind=each.kind,
            action=each.action,
            object=each.object_name,
            field=each.field_name or None,
            name=each.name or None,
            properties=[
                DefinitionProperty(name=one.name, before=_text(one.before), after=_text(one.after))
                for one in each.properties
            ],
        )
        for each in found
    ]


def _steps(rehearsal: Rehearsal) -> list[ChangeStep]:
    return [_step(step, made) for step, made in zip(rehearsal.steps, rehearsal.made, strict=True)]


def _step(step: Step, made: Made | None) -> ChangeStep:
    (verb,) = step
    if made is None:
        return ChangeStep(verb=verb, object=None, field=None, name=None, cleared=None)
    return ChangeStep(
        verb=verb,
        object=made.object_name or None,
        field=made.field_name or None,
        name=made.name or None,
        cleared=made.cleared,
    )


def _problems(rehearsal: Rehearsal, language: Language) -> list[InputError]:
    return [input_error(each, language) for each in rehearsal.violations]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
