"""An object to lay down rules for, and the rules; every argument defaulted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.fields import Label
from services import field_rules, metadata
from services.field_rules import FieldRulesChange, Ruled, RuleDraft
from services.metadata import ChoiceDraft, FieldDraft, ObjectDraft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.builders.tenants import Tenant


def choices(*keys: str) -> tuple[ChoiceDraft, ...]:
    return tuple(ChoiceDraft(Label(key, key), key) for key in keys)


def visit(name: str = "visit") -> ObjectDraft:
    """A visit to a customer, with fields of most kinds; all of their names end in `_c`."""
    return ObjectDraft(
        Label("拜访", "Visit"),
        name=name,
        fields=(
            FieldDraft(Label("主题", "Topic"), "text", name="topic"),
            FieldDraft(Label("类型", "Kind"), "choice", name="kind", choices=choices("call", "meeting", "trade_fair")),
            FieldDraft(Label("结果", "Result"), "choice", name="result", choices=choices("won", "lost", "open")),
            FieldDraft(Label("开始", "Starts"), "date", name="startsOn"),
            FieldDraft(Label("结束", "Ends"), "date", name="endsOn"),
            FieldDraft(Label("费用", "Cost"), "currency", name="cost"),
            FieldDraft(Label("人数", "Heads"), "integer", name="heads"),
            FieldDraft(Label("标签", "Marks"), "tags", name="marks"),
            FieldDraft(
                Label("客户", "Customer"), "relation", name="customer", target="customer", inverse_name=name + "s"
            ),
        ),
    )


async def define_visit(tenant: Tenant, name: str = "visit") -> str:
    """The name of the object."""
    made = await tenant.define(lambda work: metadata.create_object(work, visit(name)), person="admin")
    return made.object_name


async def set_rules(tenant: Tenant, object_name: str, field: str, **conditions: str | None) -> None:
    """Conditions by their names in the API."""
    changes = FieldRulesChange(conditions)
    await tenant.define(lambda work: field_rules.set_field_rules(work, object_name, field, changes), person="admin")


async def offer(tenant: Tenant, object_name: str, field: str, by: str, offered: Mapping[str, Sequence[str]]) -> None:
    await tenant.define(
        lambda work: field_rules.offer_choices(work, object_name, field, by=by, offered=offered), person="admin"
    )


async def require(
    tenant: Tenant,
    object_name: str,
    expression: str,
    *,
    name: str = "rule",
    message: Label = Label("不行", "No"),  # noqa: B008 - a value that never changes
    fields: Sequence[str] | None = None,
) -> Ruled:
    """A validation rule."""
    draft = RuleDraft(name, expression, message, fields)
    return await tenant.define(
        lambda work: field_rules.create_validation_rule(work, object_name, draft), person="admin"
    )
