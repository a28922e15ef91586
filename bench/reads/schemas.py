"""Part `schema`: what the typed schema of a large tenant takes, in time and in memory, and that none of it is left behind.

Without a database: definitions of 60 objects with 25 fields each, made by the functions that administrators' requests
run through. What answers requests is the schema whose types are made as documents name them; the one with all its types is
for introspection.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from copy import deepcopy
from dataclasses import dataclass
from statistics import median
from time import thread_time_ns
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from uuid import UUID
from weakref import ref

from bench.reads.every_type import documents
from bench.reads.results import Section, table
from bench.verdicts import Result
from resolvers.coercion import variables_of
from resolvers.documents import parse_document
from resolvers.known_operations import kept_with
from resolvers.operations import validated
from resolvers.root import static_schema, verb_shapes
from resolvers.schemas import Schemas
from schema.metadata.definitions import assemble
from schema.metadata.fields import Label
from schema.metadata.naming import compose_type
from schema.metadata.objects import ObjectKind
from schema.sdl.builder import build
from services import packs
from services.metadata import ChoiceDraft, FieldDraft, ObjectDraft, Snapshot, drafting
from tenants.context import TenantId
from tenants.ids import IdMaker
from tenants.settings import LimitSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from weakref import ReferenceType

    from graphql import GraphQLSchema

    from bench.reads.every_type import Document
    from bench.reads.options import Options
    from resolvers.documents import ParsedDocument
    from schema.metadata.definitions import ObjectDefinition
    from schema.metadata.registry import Registry, Shape

T = TypeVar("T")
Define: TypeAlias = "Callable[[], Sequence[ObjectDefinition]]"

OBJECTS, FIELDS = 60, 25
_TIMES, _FEW, _FEW_OBJECTS = 15, 1, 5
_FIRST_MS, _OWN_MB = 100.0, 5.0
_MIB = 1024 * 1024
_TOLD = (
    "Processor time, medians; memory as the allocator of Python counts it, for a shape that nobody shares.\n\n"
    "What is kept to answer requests: the registry, and a schema whose types are made as documents name them. *First* is to "
    "begin it and to validate a first document, a filtered page. Then come documents that name every type and look into it, a "
    "root field each; after each of them the memory of the registry, the schema and what its variables are coerced by is "
    "looked at, and the highest is told. What a schema has grown beyond its room is begun again (*begun*: how often)."
)
_TOLD_OF_ALL = (
    "For information, the schema with all its types. No document is validated against it: introspection and the printed SDL "
    "ask for it, it is made beside the loop, and a process keeps 16 of them (with words, which these have not)."
)
_TYPES = ("text", "decimal", "date", "dateTime", "boolean", "longText", "currency", "choice", "email", "phone")
_TENANT = TenantId(UUID(int=1))


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of processor time and megabytes, of one shape and the schema with all its types."""

    title: str
    types: int
    registry_ms: float
    schema_ms: float
    registry_mb: float
    schema_mb: float
    left_mb: float


@dataclass(frozen=True, slots=True)
class Cached:
    """The same of what is kept of the shape to answer requests: its registry, and types as documents name them."""

    title: str
    first_ms: float
    documents: int
    begun: int
    begun_mb: float
    highest_mb: float
    left_mb: float


def measure(options: Options) -> Section:
    """The CRM pack, and 60 objects with 25 fields."""
    times, objects = (_FEW, _FEW_OBJECTS) if options.is_quick else (_TIMES, OBJECTS)
    shapes = {
        # Copied, because a tenant's definitions come from rows of its own; what they have alike with the pack is there once.
        "CRM pack": lambda: deepcopy(packs.load("crm").objects),
        f"{objects} objects × {FIELDS} fields": lambda: definitions(objects, FIELDS).objects,
    }
    found = [_taken(title, each, times) for title, each in shapes.items()]
    cached = [_cached(title, each, times) for title, each in shapes.items()]
    text = "\n\n".join((_TOLD, _table_of_cached(cached), _TOLD_OF_ALL, _table_of_all(found)))
    results = [
        Result(f"typed schema of {cached[-1].title} begun and a first document validated, ms", cached[-1].first_ms, _FIRST_MS, is_ceiling=True),
        *(
            Result(f"memory of a schema of its own, the highest while cached, {each.title}, MB", each.highest_mb, _OWN_MB, is_ceiling=True)
            for each in cached
        ),
        Result("left of it when dropped, MB", max(*(each.left_mb for each in cached), *(each.left_mb for each in found)), 0.1, is_ceiling=True),
    ]  # fmt: skip
    return Section("schema", "The typed schema", text, results)


def _table_of_cached(cached: Sequence[Cached]) -> str:
    head = ["", "first, ms", "documents", "begun", "begun, MB", "highest, MB", "left when dropped, MB"]
    rows = [
        [
            each.title, f"{each.first_ms:.1f}", f"{each.documents:,}", f"{each.begun}",
            f"{each.begun_mb:.2f}", f"{each.highest_mb:.2f}", f"{each.left_mb:.2f}",
        ]
        for each in cached
    ]  # fmt: skip
    return table(head, rows)


def _table_of_all(found: Sequence[Taken]) -> str:
    rows = [
        [
            each.title, f"{each.types:,}", f"{each.registry_ms:.1f}", f"{each.schema_ms:.1f}",
            f"{each.registry_mb:.2f}", f"{each.schema_mb:.2f}", f"{each.left_mb:.2f}",
        ]
        for each in found
    ]  # fmt: skip
    head = ["", "types", "registry, ms", "schema, ms", "registry, MB", "schema, MB", "left when dropped, MB"]
    return table(head, rows)


def definitions(objects: int, fields: int) -> Snapshot:
    """A tenant that defined so many objects with so many fields each, one of them a relation."""
    ids = IdMaker()
    snapshot = Snapshot((), 1)
    for number in range(objects):
        target = f"thing{number - 1}_c" if number else "user"
        drafts = [_field(each) for each in range(fields - 1)]
        drafts.append(FieldDraft(Label("", "Parent"), "relation", name="parent", target=target))
        draft = ObjectDraft(Label("", f"Thing {number}"), name=f"thing{number}", fields=tuple(drafts))
        snapshot = drafting.new_object(snapshot, draft, ids.new)
    return snapshot


def _field(number: int) -> FieldDraft:
    kind = _TYPES[number % len(_TYPES)]
    choices = (
        tuple(ChoiceDraft(Label("", each), each) for each in ("low", "middle", "high")) if kind == "choice" else ()
    )
    return FieldDraft(Label("", f"Field {number}"), kind, name=f"field{number}", choices=choices)


def _taken(title: str, define: Define, times: int) -> Taken:
    static = static_schema()
    registry_ms, schema_ms, types = _made(define(), static, times)
    # What registries have alike is there once, and the next is to be the only one.
    gc.collect()
    tracemalloc.start()
    try:
        empty = _traced()
        own = assemble(define(), 1)
        with_registry = _traced()
        joined = build(own.shape, static, verbs=verb_shapes(own.shape.objects))
        with_schema = _traced()
        del own, joined
        left = _traced() - empty
    finally:
        tracemalloc.stop()
    return Taken(title, types, registry_ms, schema_ms, with_registry - empty, with_schema - with_registry, left)


def _made(defined: Sequence[ObjectDefinition], static: GraphQLSchema, times: int) -> tuple[float, float, int]:
    """How long registry and schema take, in milliseconds, and how many types there are."""
    registry_ms, registry = _timed(lambda: assemble(defined, 1), times)
    shape = registry.shape
    schema_ms, schema = _timed(lambda: build(shape, static, verbs=verb_shapes(shape.objects)), times)
    return registry_ms, schema_ms, len(schema.type_map)


def _timed(make: Callable[[], T], times: int) -> tuple[float, T]:
    took, made = [], make()
    for _ in range(times):
        began = thread_time_ns()
        made = make()
        took.append((thread_time_ns() - began) / 1e6)
    return median(took), made


def _cached(title: str, define: Define, times: int) -> Cached:
    static = static_schema()
    first_ms, asked = _first_ms(assemble(define(), 1), static, times), _documents(assemble(define(), 1), static)
    # Caches of the process that are no part of it are filled by the first time.
    for _ in _asked(Schemas(static), assemble(define(), 1), asked):
        pass
    gc.collect()
    # What is there by now is no garbage, and need not be looked through each time.
    gc.freeze()
    tracemalloc.start()
    try:
        empty = _traced()
        own, schemas = assemble(define(), 1), Schemas(static)
        schemas.joined(own, by=_TENANT)
        begun_mb, begun, highest = _traced() - empty, 0, 0.0
        for is_new in _asked(schemas, own, asked):
            begun += is_new
            highest = max(highest, _traced() - empty)
        del own, schemas
        left = _traced() - empty
    finally:
        tracemalloc.stop()
        gc.unfreeze()
    return Cached(title, first_ms, len(asked), begun, begun_mb, highest, left)


def _first_ms(registry: Registry, static: GraphQLSchema, times: int) -> float:
    first = _first_document(registry.shape)
    took, _ = _timed(lambda: validated(Schemas(static).joined(registry, by=_TENANT), first), times)
    return took


def _documents(registry: Registry, static: GraphQLSchema) -> list[Document]:
    shape = registry.shape
    return documents(build(shape, static, verbs=verb_shapes(shape.objects)), static.type_map)


def _first_document(shape: Shape) -> ParsedDocument:
    thing = next(each for each in shape.objects.values() if each.kind is not ObjectKind.SYSTEM)
    name = compose_type(thing.name, "Filter")
    text = f"query ($filter: {name}) {{ {thing.plural}(filter: $filter, first: 50) {{ nodes {{ id }} totalCount }} }}"
    return parse_document(text, LimitSettings())


def _asked(schemas: Schemas, registry: Registry, asked: Sequence[Document]) -> Iterator[bool]:
    """Every document, as requests of one tenant do it; answers whether a schema was begun for it."""
    last: ReferenceType[GraphQLSchema] | None = None
    for each in asked:
        schema = schemas.joined(registry, by=_TENANT)
        if errors := validated(schema, each.parsed):
            raise errors[0]
        schemas.weigh(schema, registry.shape.hash)
        made = kept_with(schema).variables.put(
            (each.parsed.text, ""),
            variables_of(schema, each.parsed.operations[0], kept_with(schema).coercers),
            by=_TENANT,
        )
        for values in each.values:
            # What does not fit has been looked at nevertheless.
            made.coerced(values)
        schemas.weigh(schema, registry.shape.hash)
        is_new, last = last is None or last() is not schema, ref(schema)
        del schema, made
        yield is_new


def _traced() -> float:
    # Names that validation looks for methods by stand in a cache of Python's own until others take their places.
    sys._clear_type_cache()  # noqa: SLF001 - documented, in spite of its name
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / _MIB
