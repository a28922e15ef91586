"""The mutations of layouts, declared as data: SDL and resolvers are generated from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import verbs
from services.identity import inputs
from services.layouts import keeping
from services.verbs import Access, Outcome, Requirement, Run, VerbDefinition, VerbInput, VerbOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import Work

_ID, _IF_VERSION = VerbInput("id", "ID", required=True), VerbInput("ifVersion", "Int")
_SECTIONS = VerbInput("sections", "JSON", required=True)


async def _create(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({"id": (await keeping.create_layout(work, given),)})


async def _update(work: Work, given: Mapping[str, object]) -> Outcome:
    layout_id = inputs.id_(given, "id")
    await keeping.update_layout(work, layout_id, given, if_version=inputs.version(given))
    return Outcome({"id": (layout_id,)})


async def _delete(work: Work, given: Mapping[str, object]) -> Outcome:
    layout_id = inputs.id_(given, "id")
    await keeping.delete_layout(work, layout_id, if_version=inputs.version(given))
    return Outcome({"id": (layout_id,)})


def _declare(name: str, given: tuple[VerbInput, ...], run: Run, says: str) -> None:
    requirement, answers = Requirement(Access.DEFINER), (VerbOutput("id"),)
    verbs.declare(VerbDefinition(name, given, answers, run, says, defines=True, requirement=requirement))


_declare(
    "createLayout",
    (
        VerbInput("object", "String", required=True),
        VerbInput("roleId", "ID"),
        VerbInput("stageField", "String"),
        VerbInput("stage", "String"),
        _SECTIONS,
    ),
    _create,
    "Arranges the form of an object, for a role or everybody, for one choice of a field or all: `sections` of fields in columns, "
    "with conditions in the expression language.",
)
_declare("updateLayout", (_ID, _IF_VERSION, _SECTIONS), _update, "Arranges a layout anew.")
_declare("deleteLayout", (_ID, _IF_VERSION), _delete, "Forgets a layout; the next one that fits applies.")
