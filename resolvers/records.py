"""Generated mutations and declared verbs: input taken apart, one verb called, the payload read in its transaction."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, cast
from uuid import UUID

from graphql import GraphQLInputObjectType, get_named_type

from resolvers.errors import violations_of
from resolvers.inputs import refuse_unreadable
from resolvers.payloads import Payload, Read, read_payload
from resolvers.refusals import FilterEmpty, FilterOrIds
from resolvers.selection import Document, Picked, Reading, condition
from resolvers.selection.reading import definition, meaning
from schema.metadata.errors import NotAnId, WrongType
from schema.sdl.coordinates import Coordinate
from schema.sdl.mutations import Write
from services import idempotency, query, records, verbs
from services.permissions import Verb
from services.verbs import Outcome
from tenants.errors import Fault, NotFound, Refused, Violation
from tenants.ids import record_id
from tenants.transactions import Moved

if TYPE_CHECKING:
    from resolvers.context import RequestContext
    from schema.metadata.registry import Registry
    from tenants.context import Work
    from tenants.errors import PathStep

Given: TypeAlias = Mapping[str, object]
Run: TypeAlias = Callable[["Work"], Awaitable[Outcome]]

_VERBS: Mapping[Write, Verb] = {Write.UPDATE: Verb.UPDATE, Write.DELETE: Verb.DELETE}
_PREFIX: Mapping[str, str] = {Write.CREATE: "record", Write.UPDATE: "set"}
_OWN_MEMBERS = frozenset({"id", "ids", "ifVersion", "filter", "set", "by", "clientMutationId"})


async def run_write(
    document: Document, context: RequestContext, picked: Picked, *, read_for: Registry | None = None
) -> bytes:
    """The payload of one mutation. What is wrong with the input is answered in it, everything else is raised.

    `read_for` are the definitions by whose types the input was read.
    """
    given = cast("Given", Reading(document, default_page=0).arguments(picked)["input"])
    means = meaning(picked)
    run = _bound(means, picked, given, document)
    key = given.get("clientMutationId")

    async def answer(outcome: Outcome, read: Read) -> bytes:
        payload = Payload(picked, given, _spelled(outcome, means))
        return await read_payload(document, payload, context.spending.priced(read), context.origin.language)

    seen: list[int] = []

    async def verb(work: Work) -> bytes:
        seen.append(work.versions.metadata)
        outcome = await idempotency.once(
            work,
            verb=picked.name,
            key=key if isinstance(key, str) else None,
            request=canonical(given, without=_secrets(means)),
            run=lambda: run(work),
        )
        return await answer(outcome, lambda plan, values: query.read(work, plan, values))

    try:
        if not means.object_name:
            refuse_unreadable(given)
        return await (context.define(verb) if _defines(means) else context.write(verb))
    except Fault as fault:
        violations = violations_of(fault)
        if violations is None:
            raise
        if read_for is not None and read_for.version not in seen[-1:] and _is_of_another_type(violations):
            # A field became another type since the input was read; what was sent may be right for both.
            raise Moved from fault
        duplicates = fault.duplicates if isinstance(fault, Refused) else ()
        refused = Outcome(violations=violations, duplicates=duplicates)
    # The transaction is gone; what the payload shows of duplicates is read by itself, under audit where that is due.
    return await answer(refused, lambda plan, values: context.write(lambda work: query.read(work, plan, values)))


def _is_of_another_type(violations: Sequence[Violation]) -> bool:
    return any(isinstance(each.fault, WrongType) for each in violations)


def canonical(given: Given, *, without: frozenset[str] = frozenset()) -> bytes:
    """The coerced input as text that is the same for the same request."""
    body = {name: value for name, value in given.items() if name not in {"clientMutationId", *without}}
    return json.dumps(body, default=str, ensure_ascii=True, sort_keys=True).encode()


# --- verbs ------------------------------------------------------------------------------------------------------------


def _bound(means: Coordinate, picked: Picked, given: Given, document: Document) -> Run:
    if not means.object_name:
        return _declared(means.name, given)
    verb = Write(means.name)
    if means.many:
        return _set(verb, means, picked, given, document)
    return _single(verb, means.object_name, given)


def _defines(means: Coordinate) -> bool:
    declared = verbs.definition(means.name) if not means.object_name else None
    return declared is not None and declared.defines


def _secrets(means: Coordinate) -> frozenset[str]:
    # A fast hash of a password could be tried out against the few that people choose.
    declared = verbs.definition(means.name) if not means.object_name else None
    return frozenset(each.name for each in declared.inputs if each.secret) if declared is not None else frozenset()


def _declared(name: str, given: Given) -> Run:
    verb = verbs.definition(name)
    if verb is None:
        raise NotFound
    inputs = {each: value for each, value in given.items() if each != "clientMutationId"}
    return lambda work: verb.run(work, inputs)


def _single(verb: Write, name: str, given: Given) -> Run:
    async def run(work: Work) -> Outcome:
        if verb is Write.CREATE:
            written = await records.create(work, name, [_object(given["record"])])
            return Outcome(ids={name: written.ids}, count=len(written.ids), duplicates=written.duplicates)
        ids = _ids([given["id"]], "id")
        if_version = cast("int | None", given.get("ifVersion"))
        match verb:
            case Write.UPDATE:
                written = await records.update(work, name, ids, _object(given["set"]), if_version=if_version)
            case Write.DELETE:
                written = await records.delete(work, name, ids, if_version=if_version)
            case Write.RESTORE:
                written = await records.restore(work, name, ids, if_version=if_version)
            case _:
                written = await records.destroy(work, name, ids, if_version=if_version)
        return Outcome(ids={name: written.ids}, count=len(written.ids))

    return run


def _set(verb: Write, means: Coordinate, picked: Picked, given: Given, document: Document) -> Run:
    name = means.object_name

    async def run(work: Work) -> Outcome:
        skip = given.get("onError") == "SKIP"
        # Who is named must be there; who was found by a filter may have gone in between.
        found = given.get("ids") is None
        match verb:
            case Write.CREATE:
                written = await records.create(work, name, _objects(given["records"]), skip_errors=skip)
            case Write.UPSERT:
                written = await records.upsert(
                    work, name, _objects(given["records"]), by=str(given["by"]), skip_errors=skip
                )
            case Write.UPDATE:
                ids = await _chosen(work, means, picked, given, document)
                written = await records.update(work, name, ids, _object(given["set"]), skip_missing=found, in_bulk=True)
            case Write.DELETE:
                ids = await _chosen(work, means, picked, given, document)
                written = await records.delete(work, name, ids, skip_missing=found, in_bulk=True)
            case _:
                written = await records.restore(work, name, _ids(given["ids"], "ids"), in_bulk=True)
        return Outcome(
            ids={means.answers: written.ids},
            violations=written.violations,
            duplicates=written.duplicates,
            count=len(written.ids),
        )

    return run


async def _chosen(work: Work, means: Coordinate, picked: Picked, given: Given, document: Document) -> Sequence[UUID]:
    """The ids of a set: named one by one, or found by a filter that chooses something."""
    wanted, ids = given.get("filter"), given.get("ids")
    if (wanted is None) == (ids is None):
        raise FilterOrIds
    if ids is not None:
        return _ids(ids, "ids")
    reading = Reading(document, default_page=0)
    try:
        found = condition(reading, _filter_type(picked), wanted)
    except query.NullOperand as fault:
        raise Refused((Violation(("filter", *fault.at), fault),)) from None
    values = tuple(reading.sources)
    if query.chooses_everything(found, values):
        raise Refused((Violation(("filter",), FilterEmpty()),))
    return await query.chosen_ids(
        work,
        means.object_name,
        found,
        values,
        verb=_VERBS[Write(means.name)],
        # One more than a set may hold, so that the verb can refuse a larger one.
        limit=records.LARGEST_SET + 1,
    )


def _filter_type(picked: Picked) -> GraphQLInputObjectType:
    given = get_named_type(definition(picked).args["input"].type)
    found = get_named_type(given.fields["filter"].type) if isinstance(given, GraphQLInputObjectType) else None
    if not isinstance(found, GraphQLInputObjectType):
        msg = f"no filter: {picked.name}"
        raise TypeError(msg)
    return found


# --- input ------------------------------------------------------------------------------------------------------------


def _object(given: object) -> Given:
    return cast("Given", given)


def _objects(given: object) -> Sequence[Given]:
    return cast("Sequence[Given]", given)


def _ids(given: object, name: str) -> tuple[UUID, ...]:
    """The ids; those that are none are refused together."""
    raw = cast("Sequence[object]", given)
    found = [record_id(each) for each in raw]
    wrong = [at for at, each in enumerate(found) if each is None]
    if wrong:
        raise Refused(tuple(Violation((name,) if name == "id" else (name, at), NotAnId()) for at in wrong))
    return tuple(each for each in found if each is not None)


# --- errors -----------------------------------------------------------------------------------------------------------


def _spelled(outcome: Outcome, means: Coordinate) -> Outcome:
    """Violations with paths as the caller wrote the input."""
    if not means.object_name:
        return outcome
    return replace(
        outcome, violations=tuple(Violation(_path(each.path, means), each.fault) for each in outcome.violations)
    )


def _path(path: tuple[PathStep, ...], means: Coordinate) -> tuple[PathStep, ...]:
    if path and isinstance(path[0], int):
        if means.many:
            return path
        path = path[1:]
    if not path or path[0] in _OWN_MEMBERS:
        return path
    return (_PREFIX[means.name], *path) if means.name in _PREFIX else path
