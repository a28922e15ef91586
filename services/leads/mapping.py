"""What a lead hands on to the customer, the contact and the opportunity that it becomes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.metadata.naming import TENANT_SUFFIX, id_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schema.metadata.fields import Field
    from schema.metadata.objects import Object

_CUSTOMER = ("phone", "email", "industry", "region", "source", "address", "note")
_CONTACT = ("name", "title", "phone", "email", "wechat")
_OPPORTUNITY = ("source", "campaign")

Values = dict[str, object]


def customer_of(lead: Object, customer: Object, values: Mapping[str, object]) -> Values:
    """The customer is the lead's company, or the person where the lead names none."""
    return {**_handed_on(lead, customer, values, _CUSTOMER), "name": values["company"] or values["name"]}


def contact_of(lead: Object, contact: Object, values: Mapping[str, object]) -> Values:
    """The contact is the person."""
    return _handed_on(lead, contact, values, _CONTACT)


def opportunity_of(lead: Object, opportunity: Object, values: Mapping[str, object]) -> Values:
    """The opportunity is named after the company until somebody gives it a name of its own."""
    return {**_handed_on(lead, opportunity, values, _OPPORTUNITY), "name": values["company"] or values["name"]}


def sources(lead: Object, targets: Mapping[str, Object]) -> frozenset[str]:
    """The fields of a lead whose values stand in what it becomes."""
    named = {"customer": _CUSTOMER, "contact": _CONTACT, "opportunity": _OPPORTUNITY}
    shared = (name for target, names in named.items() for name in _shared(lead, targets[target], names))
    return frozenset(("company", "name", *shared))


def _handed_on(source: Object, target: Object, values: Mapping[str, object], names: Iterable[str]) -> Values:
    """Empty ones leave the target its default."""
    return {
        id_member(name) if field.type.is_relation else name: values[name]
        for name, field in _shared(source, target, names).items()
        if values.get(name) is not None
    }


def _shared(source: Object, target: Object, names: Iterable[str]) -> dict[str, Field]:
    """Named fields, and those that the tenant made alike on both sides."""
    offered = {field.name: field for field in source.fields}
    own = [field.name for field in target.fields if field.name.endswith(TENANT_SUFFIX)]
    wanted = {field.name: field for field in target.fields if field.name in {*names, *own} and not field.read_only}
    return {name: field for name, field in wanted.items() if name in offered and _alike(offered[name], field)}


def _alike(source: Field, target: Field) -> bool:
    if source.relation is not None and target.relation is not None:
        return source.relation.target == target.relation.target
    return source.type_name == target.type_name and not source.is_unique
