"""Mutations: each root field is a transaction of its own, one after another, and fails by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from resolvers.errors import error_object, known
from resolvers.json_text import dumps, joined
from resolvers.operations import Answer
from resolvers.records import run_write
from resolvers.selection import Document, Reading, pick
from resolvers.selection.picking import TYPENAME
from resolvers.spending import WRITTEN_RECORD
from resolvers.static import run_static
from schema.sdl.coordinates import Role, coordinate

if TYPE_CHECKING:
    from resolvers.context import RequestContext
    from resolvers.errors import ErrorObject
    from resolvers.operations import Operation
    from resolvers.selection import Picked


async def run_mutations(operation: Operation, context: RequestContext) -> Answer:
    """The answers of all mutations of the operation, in order."""
    root = operation.schema.mutation_type
    if root is None:
        msg = "the schema has no mutations"
        raise LookupError(msg)
    document = Document(operation.schema, operation.document.fragments, operation.variables)
    answered: list[tuple[str, bytes]] = []
    errors: list[ErrorObject] = []
    chosen = pick(document, root, (operation.node.selection_set,))
    # Before anything is written.
    context.spending.charge(sum(_cost(document, each) for each in chosen))
    for picked in chosen:
        if picked.name == TYPENAME:
            answered.append((picked.key, dumps(root.name)))
            continue
        body, failed = await _run(operation, context, document, picked)
        errors += failed
        answered.append((picked.key, body))
    return Answer(joined(answered), errors)


def _cost(document: Document, picked: Picked) -> int:
    """What is written; what is read of it is paid for when the payload is made."""
    if picked.definition is None:
        return 0
    given = Reading(document, default_page=0).arguments(picked).get("input")
    if not isinstance(given, Mapping):
        return WRITTEN_RECORD
    rows = [given.get(name) for name in ("records", "ids")]
    whole = [each for name in ("record", "set") if isinstance(each := given.get(name), Mapping)]
    whole += [each for each in _listed(given.get("records")) if isinstance(each, Mapping)]
    lines = sum(isinstance(line, Mapping) for each in whole for member in each.values() for line in _listed(member))
    return WRITTEN_RECORD * (max(1, *(len(_listed(each)) for each in rows)) + lines)


def _listed(given: object) -> Sequence[object]:
    return given if isinstance(given, list) else ()


async def _run(
    operation: Operation, context: RequestContext, document: Document, picked: Picked
) -> tuple[bytes, list[ErrorObject]]:
    means = None if picked.definition is None else coordinate(picked.definition)
    if means is None or means.role is not Role.WRITE:
        data, errors = await run_static(operation, context, picked.nodes, operation.schema)
        return dumps(None if data is None else data[picked.key]), errors
    try:
        return await run_write(document, context, picked, read_for=operation.registry), []
    except Exception as error:  # noqa: BLE001 - one of the three doors: what was not foreseen is logged and masked
        return b"null", [error_object(known(error, context.origin), context.origin, path=(picked.key,))]
