"""Documents: parsed once, measured against the limits, and kept by their text. Pure but for its cache."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
)

from resolvers.refusals import (
    OperationUnknown,
    SyntaxRefused,
    TooDeep,
    TooManyAliases,
    TooManyDirectives,
    TooManyMutations,
    TooManyRehearsals,
    TooManyRootFields,
    TooManyTokens,
)
from tenants.shape_cache import ShapeCache

if TYPE_CHECKING:
    from tenants.context import TenantId
    from tenants.settings import LimitSettings

# A parsed document takes about a hundred bytes for each of its characters.
_REMEMBERED_CHARACTERS = 2_000_000
_LONGEST_REMEMBERED = 64 * 1024
_OF_ANY_DOCUMENT = 200
# What is longer is parsed and validated beside the event loop: it takes long enough for others to notice.
_LONG = 2_000
# Root fields that try out what a change of definitions would come to: each takes long, and works in this process.
REHEARSING: Final = frozenset({"changeSetPreview", "rollBackPreview", "fieldTypePreview"})
_REASON_LENGTH = 300

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """One document that is within the limits."""

    text: str
    node: DocumentNode
    operations: tuple[OperationDefinitionNode, ...]
    fragments: Mapping[str, FragmentDefinitionNode]
    _root_names: dict[int, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_lasting(self) -> bool:
        """Whether it is short enough for caches to keep what is made of it."""
        return len(self.text) <= _LONGEST_REMEMBERED

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of this name; without one the only operation."""
        found = [each for each in self.operations if name is None or (each.name and each.name.value == name)]
        if len(found) != 1:
            raise OperationUnknown
        return found[0]

    def root_names(self, operation: OperationDefinitionNode) -> frozenset[str]:
        """The names of all root fields, whatever the variables say."""
        found = self._root_names.get(id(operation))
        if found is None:
            found = frozenset(node.name.value for node in self._roots(operation.selection_set, frozenset()))
            self._root_names[id(operation)] = found
        return found

    def _roots(self, selection_set: SelectionSetNode, within: frozenset[str]) -> Iterator[FieldNode]:
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._roots(node.selection_set, within)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name in self.fragments and name not in within:
                    yield from self._roots(self.fragments[name].selection_set, within | {name})


class Documents:
    """Parses; remembers documents of ordinary length."""

    def __init__(self, limits: LimitSettings) -> None:
        self._limits = limits
        self._cache: ShapeCache[ParsedDocument] = ShapeCache("documents", _REMEMBERED_CHARACTERS)

    async def read(self, text: str, *, by: TenantId | None) -> ParsedDocument:
        """The document; a fault if it cannot be read or asks for too much. It is kept as a tenant's, or not at all."""
        known = self._cache.get(text)
        if known is not None:
            return known
        parsed = await aside(text, lambda: parse_document(text, self._limits))
        if by is not None and parsed.is_lasting:
            self._cache.put(text, parsed, by=by, weight=len(text) + _OF_ANY_DOCUMENT)
        return parsed


async def aside(text: str, work: Callable[[], T]) -> T:
    """Do the work on a document: at once if it is short, else in a thread."""
    return work() if len(text) <= _LONG else await asyncio.to_thread(work)


def parse_document(text: str, limits: LimitSettings) -> ParsedDocument:
    """Parse and measure."""
    try:
        node = parse(
            text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens, allow_empty_selection_sets=False
        )
    except GraphQLSyntaxError as error:
        # The parser has no kind of its own for its limits, only these sentences; what a client wrote comes after them.
        if error.message.startswith("Syntax Error: Document contains more than"):
            raise TooManyTokens(max=limits.tokens) from None
        if error.message.startswith("Syntax Error: Document is nested too deeply"):
            raise TooDeep(max=limits.depth) from None
        raise SyntaxRefused(reason=error.message[:_REASON_LENGTH]) from error
    operations = tuple(each for each in node.definitions if isinstance(each, OperationDefinitionNode))
    fragments = {each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)}
    parsed = ParsedDocument(text, node, operations, fragments)
    for operation in operations:
        _measure(parsed, operation, limits)
    return parsed


@dataclass(frozen=True, slots=True)
class _Size:
    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0
    rehearsals: int = 0


def _measure(document: ParsedDocument, operation: OperationDefinitionNode, limits: LimitSettings) -> None:
    sizes: dict[str, _Size] = {}
    size = _size(document, operation.selection_set, sizes, max(limits.aliases, limits.directives))
    if size.depth > limits.depth:
        raise TooDeep(max=limits.depth)
    if size.aliases > limits.aliases:
        raise TooManyAliases(max=limits.aliases)
    if size.directives + len(operation.directives or ()) > limits.directives:
        raise TooManyDirectives(max=limits.directives)
    if operation.operation is OperationType.MUTATION:
        if size.fields > limits.mutations:
            raise TooManyMutations(max=limits.mutations)
    elif size.fields > limits.root_fields:
        raise TooManyRootFields(max=limits.root_fields)
    if size.rehearsals > limits.rehearsals:
        raise TooManyRehearsals(max=limits.rehearsals)


def _size(document: ParsedDocument, selection_set: SelectionSetNode, sizes: dict[str, _Size], cap: int) -> _Size:
    """Depth, aliases, directives and direct fields as if fragments were written out; each fragment is measured once."""
    depth = aliases = directives = fields = rehearsals = 0
    for node in selection_set.selections:
        directives += len(getattr(node, "directives", None) or ())
        if isinstance(node, FieldNode):
            inner = _inside(document, node, sizes, cap)
            aliases += inner.aliases + (node.alias is not None)
            directives += inner.directives
            depth, fields = max(depth, inner.depth + 1), fields + 1
            rehearsals += node.name.value in REHEARSING
            continue
        inner = _Size()
        if isinstance(node, InlineFragmentNode):
            inner = _size(document, node.selection_set, sizes, cap)
        elif isinstance(node, FragmentSpreadNode):
            inner = _of_fragment(document, node.name.value, sizes, cap)
        depth, aliases, fields = max(depth, inner.depth), aliases + inner.aliases, fields + inner.fields
        directives, rehearsals = directives + inner.directives, rehearsals + inner.rehearsals
    # A number past the limit need not grow: fragments that double each other stay cheap to measure.
    return _Size(depth, min(aliases, cap + 1), min(directives, cap + 1), fields, rehearsals)


def _inside(document: ParsedDocument, node: FieldNode, sizes: dict[str, _Size], cap: int) -> _Size:
    # Introspection has a depth of its own that a validation rule bounds.
    if node.selection_set is None or node.name.value in {"__schema", "__type"}:
        return _Size()
    return _size(document, node.selection_set, sizes, cap)


def _of_fragment(document: ParsedDocument, name: str, sizes: dict[str, _Size], cap: int) -> _Size:
    if name not in sizes:
        # Taken as empty while it is being measured; validation refuses fragments that contain themselves.
        sizes[name] = _Size()
        if name in document.fragments:
            sizes[name] = _size(document, document.fragments[name].selection_set, sizes, cap)
    return sizes[name]
