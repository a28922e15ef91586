"""Queries: all record roots compiled into one plan, static roots run beside it, merged in response-key order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import GraphQLObjectType

from resolvers.documents import REHEARSING
from resolvers.errors import error_object
from resolvers.ids import record_number
from resolvers.json_text import dumps, joined, members
from resolvers.operations import INTROSPECTION, Answer
from resolvers.projections import current_registry
from resolvers.refusals import TooCostly
from resolvers.selection import (
    Document,
    Picked,
    Reading,
    VariableLeaf,
    freeze,
    groups_root,
    mark,
    node_root,
    pick,
    record_root,
    records_root,
    resolve,
    search_root,
)
from resolvers.selection.picking import TYPENAME
from resolvers.spending import INTROSPECTION_COST, REHEARSAL_COST, STATIC_FIELD
from resolvers.static import run_static
from schema.metadata.naming import type_name
from schema.sdl.coordinates import Role, coordinate
from services import query
from services.query.plan import AggregateRoot, ConnectionRoot, NodeRoot, Plan, RecordRoot, Root, RootIfPermitted
from tenants.errors import Family, Fault
from tenants.shape_cache import ShapeCache

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from graphql import FieldNode, GraphQLSchema

    from resolvers.context import RequestContext
    from resolvers.errors import ErrorObject
    from resolvers.operations import Operation
    from schema.metadata.registry import Registry
    from tenants.context import ReadWork

# Of fields that take long; of every other one it is that of a field.
_COSTS = {**dict.fromkeys(INTROSPECTION, INTROSPECTION_COST), **dict.fromkeys(REHEARSING, REHEARSAL_COST)}
# Sources that are not the value itself: markers, and what may hold them.
_VARYING = frozenset({VariableLeaf, list, dict})
# Roots whose plan depends on a value of theirs.
_BY_VALUE = frozenset({Role.NODE, Role.SEARCH})
# Failures of one root that say nothing about the others.
_OF_ONE_ROOT = frozenset({Family.FORBIDDEN, Family.INVALID, Family.NOT_FOUND, Family.TOO_MUCH})


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """One operation in one shape of its variables: the plan, where its values come from, and what is not in it."""

    keys: tuple[str, ...]
    plan: Plan
    sources: tuple[object, ...]
    # Answers that need nobody: `__typename`, and `node` of an id that no object has.
    constants: Mapping[str, bytes]
    refused: Mapping[str, Fault]
    static: tuple[FieldNode, ...]
    price: query.Price

    def values(self, variables: Mapping[str, object]) -> tuple[object, ...]:
        """The values of one request."""
        return tuple([resolve(source, variables) if type(source) in _VARYING else source for source in self.sources])

    @property
    def is_whole(self) -> bool:
        """Whether the plan answers everything."""
        return len(self.plan.roots) == len(self.keys)


class Queries:
    """Runs query operations; remembers how they compiled."""

    def __init__(self, default_page: int, *, capacity: int = 2048) -> None:
        self._default_page = default_page
        self._compiled: ShapeCache[CompiledQuery] = ShapeCache("operations", capacity)

    async def run(self, operation: Operation, context: RequestContext) -> Answer:
        """The answer to one query."""
        compiled = self._compile(operation, context)
        values = compiled.values(operation.variables.coerced)
        try:
            context.spending.charge(compiled.price.of(values))
        except TooCostly:
            await _seen_open(context)
            raise
        if compiled.is_whole:
            return await _read_all(compiled, values, context, operation.registry)
        answered = dict(compiled.constants)
        errors = [_failed(fault, key, context) for key, fault in compiled.refused.items()]
        if not compiled.plan.roots and (compiled.refused or compiled.constants or not compiled.static):
            await _seen_open(context)
        if compiled.static:
            for schema, nodes in _static_runs(operation, compiled.static):
                data, static_errors = await run_static(operation, context, nodes, schema)
                errors += static_errors
                if data is None:
                    return Answer(b"null", errors)
                answered.update((key, dumps(value)) for key, value in data.items())
        if compiled.plan.roots:
            read = await _read_all(compiled, values, context, operation.registry)
            errors += read.errors
            answered.update(members(read.data))
        return Answer(joined((key, answered.get(key, b"null")) for key in compiled.keys), errors)

    def _compile(self, operation: Operation, context: RequestContext) -> CompiledQuery:
        marked, shape = _marked(operation)
        name = operation.node.name.value if operation.node.name else ""
        key: Hashable = (operation.document.text, name, operation.schema_key, shape)
        found = self._compiled.get(key)
        if found is not None:
            return found
        made, is_lasting = compile_query(operation, marked, self._default_page)
        if is_lasting and context.is_signed_in and operation.document.is_lasting:
            self._compiled.put(key, made, by=context.placement.tenant_id)
        return made


def _static_runs(operation: Operation, nodes: Sequence[FieldNode]) -> list[tuple[GraphQLSchema, Sequence[FieldNode]]]:
    """What is asked about the schema is answered from what is there for the caller, everything else from the whole."""
    about = [each for each in nodes if each.name.value in INTROSPECTION]
    others = [each for each in nodes if each.name.value not in INTROSPECTION]
    runs = [(operation.schema, others), (operation.introspected, about)]
    return [(schema, some) for schema, some in runs if some]


async def _seen_open(context: RequestContext) -> None:
    """Where nothing else would notice that the session was closed, and what is told of the schema is told to nobody."""
    if context.is_signed_in:
        await context.read(_only_open)


async def _only_open(_: ReadWork) -> None:
    """The unit of work itself checks the session."""


def compile_query(operation: Operation, marked: Mapping[str, object], default_page: int) -> tuple[CompiledQuery, bool]:
    """The compiled operation, and whether it serves other values of the variables too."""
    variables = operation.variables._replace(coerced=dict(marked))
    reading = Reading(Document(operation.schema, operation.document.fragments, variables), default_page)
    roots: list[Root] = []
    constants: dict[str, bytes] = {}
    refused: dict[str, Fault] = {}
    static: list[FieldNode] = []
    picked = _roots(operation, reading)
    is_lasting = True
    for each in picked:
        role = _role(each)
        if each.name == TYPENAME:
            constants[each.key] = dumps(_query_type(operation).name)
        elif role is None:
            static.extend(each.nodes)
        else:
            is_lasting = is_lasting and role not in _BY_VALUE
            try:
                root = _root(operation, reading, each, role)
            except Fault as fault:
                refused[each.key] = fault
                continue
            if root is None:
                constants[each.key] = b"null"
            else:
                roots.append(_conditional(reading, each, root))
    keys = tuple(each.key for each in picked)
    made = CompiledQuery(
        keys,
        Plan(tuple(roots), reading.is_conditional),
        tuple(reading.sources),
        constants,
        refused,
        tuple(static),
        _price(roots, static),
    )
    return made, is_lasting


def _price(roots: Sequence[Root], static: Sequence[FieldNode]) -> query.Price:
    own = sum(_COSTS.get(node.name.value, STATIC_FIELD) for node in static)
    read = query.price(roots)
    return query.Price(read.fixed + own, read.pages)


def _marked(operation: Operation) -> tuple[Mapping[str, object], Hashable]:
    """The variables with markers in place of values that are no shape, and the same as a key."""
    declared, (sources, coerced) = operation.declared, operation.variables
    if declared is not None and declared.is_usual(coerced):
        return declared.markers, declared.usual_shape
    markers = declared.markers if declared is not None else {}
    marked = {
        name: markers[name]
        if name in markers and value is not None
        else mark(value, sources[name].signature.type, (name,))
        for name, value in coerced.items()
    }
    return marked, freeze(marked)


def _roots(operation: Operation, reading: Reading) -> list[Picked]:
    return pick(reading.document, _query_type(operation), (operation.node.selection_set,))


def _query_type(operation: Operation) -> GraphQLObjectType:
    found = operation.schema.query_type
    if found is None:
        msg = "the schema has no queries"
        raise LookupError(msg)
    return found


def _role(picked: Picked) -> Role | None:
    means = None if picked.definition is None else coordinate(picked.definition)
    return None if means is None else means.role


def _root(operation: Operation, reading: Reading, picked: Picked, role: Role) -> Root | None:
    match role:
        case Role.RECORDS:
            return records_root(reading, picked)
        case Role.GROUPS:
            return groups_root(reading, picked)
        case Role.RECORD:
            return record_root(reading, picked)
        case Role.SEARCH:
            return _search_root(operation, reading, picked)
        case _:
            return _node_root(operation, reading, picked)


def _conditional(reading: Reading, picked: Picked, root: Root) -> Root:
    if not reading.asks_if_permitted(picked) or not isinstance(
        root, RecordRoot | NodeRoot | ConnectionRoot | AggregateRoot
    ):
        return root
    return RootIfPermitted(root.key, root)


def _node_root(operation: Operation, reading: Reading, picked: Picked) -> Root | None:
    """Only the selection of the object whose number the id carries, so the plan depends on this one value."""
    source = reading.arguments(picked)["id"]
    number = record_number(resolve(source, operation.variables.coerced))
    name = operation.registry.by_number.get(number) if operation.registry is not None else None
    type_ = operation.schema.get_type(type_name(name)) if name else None
    return node_root(reading, picked, type_, name) if name and isinstance(type_, GraphQLObjectType) else None


def _search_root(operation: Operation, reading: Reading, picked: Picked) -> Root:
    """Over the objects that are named, or over all that can be searched; so the plan depends on the names."""
    shape = operation.registry.shape if operation.registry is not None else None
    asked = resolve(reading.arguments(picked).get("objects"), operation.variables.coerced)
    names = (
        query.searched_objects(shape, asked if isinstance(asked, list | tuple) else None) if shape is not None else ()
    )
    types = {name: operation.schema.get_type(type_name(name)) for name in names}
    return search_root(
        reading, picked, {name: each for name, each in types.items() if isinstance(each, GraphQLObjectType)}
    )


async def _read_all(
    compiled: CompiledQuery, values: tuple[object, ...], context: RequestContext, registry: Registry | None
) -> Answer:
    try:
        return Answer(await _read(compiled.plan, values, context, registry))
    except Fault as fault:
        if fault.family not in _OF_ONE_ROOT:
            raise
        if len(compiled.plan.roots) == 1:
            key = compiled.plan.roots[0].key
            return Answer(joined([(key, b"null")]), [_failed(fault, key, context)])
    return await _read_each(compiled.plan, values, context, registry)


async def _read_each(
    plan: Plan, values: tuple[object, ...], context: RequestContext, registry: Registry | None
) -> Answer:
    """Each root by itself, so that the one at fault does not take the others with it."""
    answered: list[tuple[str, bytes]] = []
    errors: list[ErrorObject] = []
    for root in plan.roots:
        try:
            body = await _read(Plan((root,), plan.is_conditional), values, context, registry)
        except Fault as fault:
            if fault.family not in _OF_ONE_ROOT:
                raise
            errors.append(_failed(fault, root.key, context))
            answered.append((root.key, b"null"))
        else:
            answered.extend(members(body).items())
    return Answer(joined(answered), errors)


async def _read(plan: Plan, values: tuple[object, ...], context: RequestContext, registry: Registry | None) -> bytes:
    registry = registry or await current_registry(context)
    if not query.is_audited(registry, plan, by=context.placement.tenant_id):
        try:
            return await context.read(lambda work: query.read(work, plan, values), deferred=True)
        except query.AuditedReadNeedsWorkError:
            # What was known here is older than the mark on the field.
            pass
    # No audit entry, no answer: what is read under audit needs a transaction that writes.
    return await context.write(lambda work: query.read(work, plan, values))


def _failed(fault: Fault, key: str, context: RequestContext) -> ErrorObject:
    return error_object(fault, context.origin, path=(key,))
