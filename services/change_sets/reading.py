"""Steps as they are kept, in the spelling of the API, read as what the verbs take. The API has checked their form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from schema.metadata.errors import JsonTooDeep
from schema.metadata.fields import NO_LABEL, Label
from schema.metadata.readable import DEEPEST, unreadable
from services.change_sets.errors import SectionsNotJson
from services.field_rules import FieldRulesChange, FieldsTogether, NamedRule, RuleChange, RuleDraft, RuleUnnamed
from services.identity import inputs
from services.metadata import ChoiceDraft, FieldChange, FieldDraft, ObjectChange, ObjectDraft
from services.type_changes import TypeDraft
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.field_rules import RuleReference, UniqueReference

Given: TypeAlias = Mapping[str, Any]  # Any: JSON whose form the API has checked
_CONDITIONS = ("requiredIf", "visibleIf", "readOnlyIf")


def label(given: Given | None) -> Label:
    """Words; left out, none."""
    return NO_LABEL if given is None else Label(given.get("zh") or "", given.get("en") or "")


def choice(given: Given) -> ChoiceDraft:
    """A new choice."""
    return ChoiceDraft(label(given["label"]), given.get("key") or "")


def field(given: Given) -> FieldDraft:
    """A new field."""
    return FieldDraft(
        label=label(given["label"]),
        type=given["type"],
        name=given.get("name") or "",
        required=given.get("required", False),
        is_unique=given.get("unique", False),
        is_indexed=given.get("indexed", False),
        options=given.get("options") or {},
        choices=tuple(map(choice, _listed(given, "choices"))),
        target=given.get("target") or "",
        inverse_name=given.get("inverseName") or "",
        inverse_label=label(given.get("inverseLabel")),
        delete_rule=given.get("deleteRule") or "",
        fields=tuple(map(field, _listed(given, "fields"))),
    )


def object_(given: Given) -> ObjectDraft:
    """A new object."""
    return ObjectDraft(
        label=label(given["label"]),
        plural_label=label(given.get("pluralLabel")),
        name=given.get("name") or "",
        plural_name=given.get("pluralName") or "",
        title_field=given.get("titleField") or "",
        fields=tuple(map(field, _listed(given, "fields"))),
    )


def object_change(given: Given) -> ObjectChange:
    """What changes about an object."""
    words = label(given.get("label")), label(given.get("pluralLabel"))
    return ObjectChange(*words, given.get("titleField"), given.get("auditReads"), given.get("ifVersion"))


def field_change(given: Given) -> FieldChange:
    """What changes about a field."""
    return FieldChange(
        label=label(given.get("label")),
        inverse_label=label(given.get("inverseLabel")),
        required=given.get("required"),
        is_unique=given.get("unique"),
        is_indexed=given.get("indexed"),
        audit_reads=given.get("auditReads"),
        position=given.get("position"),
        delete_rule=given.get("deleteRule"),
        is_line_table=given.get("lineTable"),
        options=given.get("options") or {},
        if_version=given.get("ifVersion"),
    )


def field_rules(given: Given) -> FieldRulesChange:
    """The conditions of a field that were named, also those that go."""
    return FieldRulesChange({name: given[name] for name in _CONDITIONS if name in given}, given.get("ifVersion"))


def offered(given: Given) -> Mapping[str, Sequence[str]]:
    """Choices by the choice that they go with."""
    return {each["choice"]: each["offered"] for each in _listed(given, "offered")}


def rule(given: Given) -> RuleDraft:
    """A new validation rule."""
    return RuleDraft(given["name"], given["expression"], label(given["message"]), given.get("fields"))


def rule_change(given: Given) -> RuleChange:
    """What changes about a rule."""
    words = label(given.get("message"))
    return RuleChange(given.get("name"), given.get("expression"), words, given.get("fields"), given.get("ifVersion"))


def type_(given: Given) -> TypeDraft:
    """What a field becomes."""
    return TypeDraft(given["type"], given.get("options") or {}, tuple(map(choice, _listed(given, "choices"))))


def layout(given: Given) -> Mapping[str, object]:
    """A layout, whose sections come as text; what stands in it is held to what every other input is."""
    try:
        sections = json.loads(given["sections"])
    except ValueError:
        raise Refused((Violation(("sections",), SectionsNotJson()),)) from None
    except RecursionError:
        raise Refused((Violation(("sections",), JsonTooDeep(max=DEEPEST)),)) from None
    if wrong := unreadable({"sections": sections}):
        raise Refused(wrong)
    return {**given, "sections": sections}


def rule_of(given: Given) -> RuleReference:
    """The validation rule that changes."""
    named = _named(given)
    return inputs.id_(given, "id") if named is None else NamedRule(named["object"], named["name"])


def unique_of(given: Given) -> UniqueReference:
    """The unique rule that goes."""
    named = _named(given)
    return inputs.id_(given, "id") if named is None else FieldsTogether(named["object"], tuple(named["fields"]))


def _named(given: Given) -> Given | None:
    if ("id" in given) == ("rule" in given):
        raise Refused((Violation(("id",), RuleUnnamed()),))
    found: Given | None = given.get("rule")
    return found


def _listed(given: Given, name: str) -> Iterable[Any]:
    return given.get(name) or ()
