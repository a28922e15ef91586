"""Part `schema`: what the typed schema of a large tenant takes, in time and in memory, and that none of it is left behind.

Without a database: definitions of 60 objects with 25 fields each, made by the functions that administrators' requests
run through.
"""

from __future__ import annotations

import gc
import tracemalloc
from copy import deepcopy
from dataclasses import dataclass
from statistics import median
from time import thread_time_ns
from typing import TYPE_CHECKING, TypeVar

from bench.reads.results import Section, table
from bench.verdicts import Result
from resolvers.root import static_schema, verb_shapes
from schema.metadata.definitions import assemble
from schema.metadata.fields import Label
from schema.sdl.builder import build
from services import packs
from services.metadata import ChoiceDraft, FieldDraft, ObjectDraft, Snapshot, drafting
from tenants.ids import IdMaker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql import GraphQLSchema

    from bench.reads.options import Options
    from schema.metadata.definitions import ObjectDefinition

T = TypeVar("T")

OBJECTS, FIELDS = 60, 25
_TIMES, _FEW, _FEW_OBJECTS = 15, 1, 5
_BUILD_MS, _OWN_MB = 100.0, 5.0
_MIB = 1024 * 1024
_TYPES = ("text", "decimal", "date", "dateTime", "boolean", "longText", "currency", "choice", "email", "phone")


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of processor time and megabytes, of one shape."""

    title: str
    types: int
    registry_ms: float
    schema_ms: float
    registry_mb: float
    schema_mb: float
    left_mb: float


def measure(options: Options) -> Section:
    """The CRM pack, and 60 objects with 25 fields."""
    times, objects = (_FEW, _FEW_OBJECTS) if options.is_quick else (_TIMES, OBJECTS)
    pack = packs.load("crm")
    large = definitions(objects, FIELDS)
    found = [
        _taken("CRM pack", pack.objects, times),
        _taken(f"{objects} objects × {FIELDS} fields", large.objects, times),
    ]
    rows = [
        [
            each.title, f"{each.types:,}", f"{each.registry_ms:.1f}", f"{each.schema_ms:.1f}",
            f"{each.registry_mb:.2f}", f"{each.schema_mb:.2f}", f"{each.left_mb:.2f}",
        ]
        for each in found
    ]  # fmt: skip
    head = ["", "types", "registry, ms", "schema, ms", "registry, MB", "schema, MB", "left when dropped, MB"]
    told = "Processor time, medians; memory as the allocator of Python counts it, for a shape that nobody shares."
    results = [
        Result(f"typed schema of {found[-1].title}, ms", found[-1].schema_ms, _BUILD_MS, is_ceiling=True),
        *(
            Result(f"memory of a schema of its own, {each.title}, MB", each.registry_mb + each.schema_mb, _OWN_MB, is_ceiling=True)
            for each in found
        ),
        Result("left of it when dropped, MB", max(each.left_mb for each in found), 0.1, is_ceiling=True),
    ]  # fmt: skip
    return Section("schema", "The typed schema", f"{told}\n\n{table(head, rows)}", results)


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


def _taken(title: str, defined: Sequence[ObjectDefinition], times: int) -> Taken:
    static = static_schema()
    registry_ms, schema_ms, types = _made(defined, static, times)
    # What registries have alike is there once, and the next is to be the only one.
    gc.collect()
    tracemalloc.start()
    try:
        empty = _traced()
        # Copied, because a tenant's definitions come from rows of its own.
        own = assemble(deepcopy(defined), 1)
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


def _traced() -> float:
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / _MIB
