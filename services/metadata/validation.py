"""What a text of the expression language means on an object of this tenant, or what is wrong with it. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.metadata.errors import UnknownObject
from schema.metadata.near_names import LONGEST, hints
from services import expressions, permissions
from services.expressions import ExpressionRefused, Finding, Node, Step
from services.metadata.loading import registry
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from tenants.context import ReadWork
    from tenants.errors import Language


@dataclass(frozen=True, slots=True)
class Meaning:
    """A checked text: how it is written, what it answers, its words, and the fields that it depends on, in their order."""

    node: Node
    text: str
    type: str
    words: str
    dependencies: tuple[Step, ...]


async def validate_expression(work: ReadWork, object_name: str, text: str) -> Meaning | tuple[Finding, ...]:
    """For those who may define: others learn nothing of fields that they may not read."""
    if not (await permissions.policy(work)).may_define:
        raise Forbidden
    known = await registry(work)
    if object_name not in known.shape.objects:
        raise UnknownObject(name=object_name[:LONGEST], **hints(object_name, known.shape.objects))
    try:
        node = expressions.check(known, object_name, text)
    except ExpressionRefused as refusal:
        return refusal.findings
    language: Language = work.origin.language
    return Meaning(
        node,
        expressions.printed(node),
        str(node.type),
        expressions.words(node, known, language),
        tuple(sorted(expressions.dependencies(node), key=lambda step: (step.object_name, step.field_name))),
    )
