"""The payload of a generated mutation: records read by a plan over the written ids, everything else put beside them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from graphql import GraphQLObjectType

from resolvers.errors import input_error
from resolvers.json_text import dumps, joined, members
from resolvers.selection import Document, Picked, Reading, pick, written_root
from resolvers.selection.picking import TYPENAME
from resolvers.selection.reading import definition, meaning, object_type
from schema.sdl.coordinates import Role, coordinate
from services.query.plan import Plan, Root
from tenants.errors import Duplicate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.query.plan import Values
    from services.verbs import Outcome
    from tenants.errors import Language

Read: TypeAlias = Callable[[Plan, "Values"], Awaitable[bytes]]

_PAGE = 20


@dataclass(frozen=True, slots=True)
class Payload:
    """What is to be answered: the field that asked, its input, and what the verb did."""

    picked: Picked
    given: Mapping[str, object]
    outcome: Outcome


async def read_payload(document: Document, payload: Payload, read: Read, language: Language) -> bytes:
    """The payload as text. All records of it are one plan; without any, nothing is read."""
    reading = Reading(document, _PAGE)
    type_ = object_type(payload.picked)
    chosen = pick(document, type_, payload.picked.selection_sets)
    roots = [root for each in chosen for root in _roots(reading, each, payload.outcome)]
    found: dict[str, bytes] = {}
    if roots:
        found = members(await read(Plan(tuple(roots), reading.is_conditional), tuple(reading.sources)))
    return joined((each.key, _member(document, each, payload, type_, found, language)) for each in chosen)


def _roots(reading: Reading, picked: Picked, outcome: Outcome) -> list[Root]:
    if picked.name == TYPENAME:
        return []
    if picked.name == "duplicates" and coordinate(definition(picked)) is None:
        return [
            _renamed(reading, each, duplicate, f"{picked.key}_{at}_{each.key}")
            for at, duplicate in enumerate(outcome.duplicates)
            for each in pick(reading.document, object_type(picked), picked.selection_sets)
            if _is_record(each)
        ]
    ids = outcome.ids.get(meaning(picked).name) if _is_record(picked) else None
    if not ids:
        return []
    return [written_root(reading, picked, list(ids) if meaning(picked).many else list(ids[:1]))]


def _renamed(reading: Reading, picked: Picked, duplicate: Duplicate, key: str) -> Root:
    return written_root(reading, Picked(key, picked.name, picked.definition, picked.nodes), [duplicate.record_id])


def _is_record(picked: Picked) -> bool:
    means = None if picked.definition is None else coordinate(picked.definition)
    return means is not None and means.role is Role.WRITTEN


def _member(  # noqa: PLR0917 - one member needs all that is known of the payload
    document: Document,
    picked: Picked,
    payload: Payload,
    type_: GraphQLObjectType,
    read: Mapping[str, bytes],
    language: Language,
) -> bytes:
    outcome = payload.outcome
    if picked.name == TYPENAME:
        return dumps(type_.name)
    if _is_record(picked):
        nothing = b"[]" if meaning(picked).many and not outcome.violations else b"null"
        return read.get(picked.key, nothing)
    match picked.name:
        case "errors":
            found = [input_error(each, language) for each in outcome.violations]
            return dumps([_plain(document, picked, vars(each)) for each in found])
        case "duplicates":
            return (
                b"["
                + b",".join(
                    _duplicate(document, picked, at, duplicate, read) for at, duplicate in enumerate(outcome.duplicates)
                )
                + b"]"
            )
        case name:
            return dumps(_plainly(payload, name))


def _plainly(payload: Payload, name: str) -> object:
    match name:
        case "clientMutationId":
            return payload.given.get(name)
        case "count":
            return payload.outcome.count
        case _:
            # An id that is no record's.
            return next((str(each) for each in payload.outcome.ids.get(name, ())), None)


def _plain(document: Document, picked: Picked, values: Mapping[str, object]) -> dict[str, object]:
    type_ = object_type(picked)
    return {
        each.key: type_.name if each.name == TYPENAME else values[each.name]
        for each in pick(document, type_, picked.selection_sets)
    }


def _duplicate(document: Document, picked: Picked, at: int, duplicate: Duplicate, read: Mapping[str, bytes]) -> bytes:
    type_ = object_type(picked)
    plain = {"score": duplicate.score, "reasons": list(duplicate.reasons), TYPENAME: type_.name}
    return joined(
        (each.key, read.get(f"{picked.key}_{at}_{each.key}", b"null") if _is_record(each) else dumps(plain[each.name]))
        for each in pick(document, type_, picked.selection_sets)
    )
