"""[H1] Depth, aliases, root fields, mutations and tokens are bounded before anything is looked up."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest

from resolvers.documents import Documents, aside, parse_document
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
from tenants.context import TenantId
from tenants.errors import Fault
from tenants.settings import LimitSettings

LIMITS = LimitSettings()
# As many as one query may hold.
_PREVIEWS = "a: changeSetPreview { x } b: rollBackPreview { x } c: fieldTypePreview { x }"
TENANT = TenantId(UUID(int=1))


def nested(depth: int) -> str:
    return "{ a " * depth + "}" * depth


def doubling(levels: int) -> str:
    """Fragments that each hold the next one twice, under an alias."""
    fragments = [f"fragment F{n} on T {{ a: x {{ ...F{n + 1} }} b: x {{ ...F{n + 1} }} }}" for n in range(levels)]
    return "{ ...F0 } " + " ".join(fragments) + f" fragment F{levels} on T {{ x }}"


@pytest.mark.parametrize(
    "text",
    [
        nested(15),
        "{" + " ".join(f"a{n}: x" for n in range(20)) + "}",
        "mutation {" + " ".join(f"a{n}: x" for n in range(10)) + "}",
        "{ x {" + " ".join(f"a{n}: x" for n in range(30)) + "} }",
        "query A { x } query B { y }",
        "query A { " + _PREVIEWS + " } query B { rollBackPreview { changeSetPreview } }",
        "{ __schema " + nested(20) + "}",
        "query " + "@a " * 25 + "{ x " + "@a " * 25 + "}",
    ],
)
def test_documents_within_the_limits_are_read(text: str) -> None:
    assert parse_document(text, LIMITS).text == text


async def test_what_nobody_in_particular_asks_is_not_kept() -> None:
    documents = Documents(LIMITS)
    first = await documents.read("{ x }", by=None)

    kept = await documents.read("{ x }", by=TENANT)

    assert first is not kept
    assert await documents.read("{ x }", by=None) is kept


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (nested(16), TooDeep),
        (nested(50), TooDeep),
        ("{ ...F } fragment F on T " + nested(16), TooDeep),
        ("{ x {" + " ".join(f"a{n}: x" for n in range(31)) + "} }", TooManyAliases),
        (doubling(10), TooManyAliases),
        (doubling(40), TooDeep),
        ("{ x " + "@a " * 51 + "}", TooManyDirectives),
        ("query " + "@a " * 51 + "{ x }", TooManyDirectives),
        ("{ ...F @a ... @a { x } } fragment F on T { " + "x @a " * 49 + "}", TooManyDirectives),
        ("{" + " ".join(f"x{n}" for n in range(21)) + "}", TooManyRootFields),
        ("{ ...F ... {" + " ".join(f"x{n}" for n in range(20)) + "} } fragment F on T { y }", TooManyRootFields),
        ("mutation {" + " ".join(f"x{n}" for n in range(11)) + "}", TooManyMutations),
        ("{ " + _PREVIEWS + " d: changeSetPreview { x } }", TooManyRehearsals),
        ("{ " + _PREVIEWS + " ... { ...F } } fragment F on T { fieldTypePreview { x } }", TooManyRehearsals),
        ("{" + " ".join(f"a{n}: x" for n in range(10_000)) + "}", TooManyTokens),
        ("{ x " + "#\n" * 6_000 + "}", TooManyTokens),
        ("{ x(a: " + "[" * 2_000, TooDeep),
        ("{ x", SyntaxRefused),
        ("{ x {} }", SyntaxRefused),
        ("nonsense", SyntaxRefused),
        ("{ x(a: }nest contains more than", SyntaxRefused),
        ("{ x \ud800 }", SyntaxRefused),
    ],
)
def test_what_is_too_much_or_unreadable_is_refused(text: str, fault: type[Fault]) -> None:
    with pytest.raises(fault):
        parse_document(text, LIMITS)


def test_fragments_that_hold_themselves_are_left_to_validation() -> None:
    assert parse_document("{ ...F } fragment F on T { x { ...F } ...F }", LIMITS).root_names(
        parse_document("{ ...F } fragment F on T { x { ...F } ...F }", LIMITS).operations[0]
    ) == frozenset({"x"})


def test_operation_is_chosen_by_name() -> None:
    document = parse_document("query A { x } query B { y }", LIMITS)

    assert document.root_names(document.operation("B")) == frozenset({"y"})
    for name in (None, "C"):
        with pytest.raises(OperationUnknown):
            document.operation(name)


def test_root_names_look_into_fragments() -> None:
    document = parse_document("{ a: x ... { y } ...F } fragment F on T { z ...G }", LIMITS)

    assert document.root_names(document.operation(None)) == frozenset({"x", "y", "z"})


async def test_document_is_parsed_once() -> None:
    documents = Documents(LIMITS)

    assert await documents.read("{ x }", by=TENANT) is await documents.read("{ x }", by=TENANT)


async def test_long_documents_are_not_remembered() -> None:
    documents = Documents(LIMITS)
    text = "{ x }" + " " * 70_000

    assert await documents.read(text, by=TENANT) is not await documents.read(text, by=TENANT)


async def test_long_documents_are_worked_on_beside_the_event_loop() -> None:
    assert await aside("{ x }", threading.current_thread) is threading.current_thread()
    assert await aside("{ x }" * 1000, threading.current_thread) is not threading.current_thread()
