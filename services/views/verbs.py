"""The mutations of saved views, declared as data: SDL and resolvers are generated from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services import verbs
from services.identity import inputs
from services.verbs import Access, Outcome, Requirement, Run, VerbDefinition, VerbInput, VerbOutput
from services.views import defaults, keeping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import Work

_ID, _IF_VERSION = VerbInput("id", "ID", required=True), VerbInput("ifVersion", "Int")
_PARTS = tuple(
    VerbInput(each, "JSON") for each in ("filter", "orderBy", "groupBy", "columns", "settings", "sharedWith")
)
_VIEW = (VerbOutput(keeping.OBJECT, keeping.OBJECT),)


async def _create(work: Work, given: Mapping[str, object]) -> Outcome:
    return Outcome({keeping.OBJECT: (await keeping.create_view(work, given),)})


async def _update(work: Work, given: Mapping[str, object]) -> Outcome:
    view_id = inputs.id_(given, "id")
    await keeping.update_view(work, view_id, given, if_version=inputs.version(given))
    return Outcome({keeping.OBJECT: (view_id,)})


async def _delete(work: Work, given: Mapping[str, object]) -> Outcome:
    view_id = inputs.id_(given, "id")
    await keeping.delete_view(work, view_id, if_version=inputs.version(given))
    return Outcome({"id": (view_id,)})


async def _set_default(work: Work, given: Mapping[str, object]) -> Outcome:
    await defaults.set_default_view(work, given)
    return Outcome()


def _declare(name: str, given: tuple[VerbInput, ...], answers: tuple[VerbOutput, ...], run: Run, says: str) -> None:
    # Views belong to people, not to their tokens.
    verbs.declare(VerbDefinition(name, given, answers, run, says, requirement=Requirement(Access.PERSON)))


_declare(
    "createSavedView",
    (
        VerbInput("object", "String", required=True),
        VerbInput("name", "String", required=True),
        VerbInput("kind", "String"),
        *_PARTS,
    ),
    _VIEW,
    _create,
    "Keeps a view of an object: `filter`, `orderBy` and `groupBy` as its list and aggregate take them, `columns` with their "
    "widths, `settings` as the kind asks. With `sharedWith` it needs the action `savedView.share`.",
)
_declare(
    "updateSavedView",
    (_ID, _IF_VERSION, VerbInput("name", "String"), VerbInput("kind", "String"), *_PARTS),
    _VIEW,
    _update,
    "Changes a view of one's own, or as an administrator a shared one. Missing is untouched, null is taken away.",
)
_declare("deleteSavedView", (_ID, _IF_VERSION), (VerbOutput("id"),), _delete, "Forgets a view.")
verbs.declare(
    VerbDefinition(
        "setDefaultView",
        (VerbInput("object", "String", required=True), VerbInput("roleId", "ID"), VerbInput("viewId", "ID")),
        (),
        _set_default,
        "Lets a shared view of an object come first for those with a role, or without one for everybody; without a view none does.",
        defines=True,
        requirement=Requirement(Access.ADMINISTRATOR),
    )
)
