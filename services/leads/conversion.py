"""`convertLead`: a lead becomes customer, contact and opportunity, and what was done with it follows them.

Decided by the status under the lead's lock: converting a converted lead answers what it became the first time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from schema.metadata import values
from schema.metadata.errors import NotAnId
from schema.metadata.fields import Field
from schema.metadata.registry import Shape
from services import metadata, permissions, query, records, verbs
from services.leads import mapping
from services.permissions import Level, Verb
from services.query.plan import And, Compare, IsEmpty, Parameter
from services.verbs import Outcome, VerbDefinition, VerbInput, VerbOutput
from tenants.errors import Refused, Violation

if TYPE_CHECKING:
    from tenants.context import Work

_CONVERTED = "converted"
_ONLY_HERE = {_CONVERTED: frozenset[str]()}
ACTION = permissions.declare_action(
    "lead.convert", permissions.Course("lead", "status", reaches=_ONLY_HERE, leaves=_ONLY_HERE, by_button_only=True)
)
_WRITTEN_BY_CONVERSION = frozenset({
    "status",
    "convertedAt",
    "convertedCustomer",
    "convertedContact",
    "convertedOpportunity",
})


@dataclass(frozen=True, slots=True)
class Conversion:
    """What the caller says beyond the lead: the customer it belongs to, and what is known of the opportunity.

    `opportunity` is nothing where none is wanted.
    """

    customer_id: UUID | None
    opportunity: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Converted:
    """What the lead became."""

    customer_id: UUID
    contact_id: UUID
    opportunity_id: UUID | None


async def convert_lead(work: Work, lead_id: UUID, conversion: Conversion) -> Converted:
    """Convert a lead, once: a second time answers what the first one made."""
    held = await records.hold(work, "lead", lead_id)
    await permissions.require_action(work, ACTION)
    before = _already(held)
    if before is not None:
        return before
    shape = (await metadata.registry(work)).shape
    await _refuse_hidden(work, shape)
    customer_id = conversion.customer_id or await _customer(work, shape, held)
    contact_id = await _contact(work, shape, held, customer_id)
    opportunity_id = await _opportunity(work, shape, held, conversion, Converted(customer_id, contact_id, None))
    converted = Converted(customer_id, contact_id, opportunity_id)
    await _follow(work, lead_id, converted)
    await _mark(work, lead_id, converted)
    return converted


async def _refuse_hidden(work: Work, shape: Shape) -> None:
    """What the caller may not read of a lead must not come to light in what it becomes."""
    rights = (await permissions.policy(work)).on("lead")
    handed_on = mapping.sources(shape.objects["lead"], shape.objects)
    hidden = sorted(name for name in handed_on if rights.level(name) < Level.READ)
    if hidden:
        raise query.FieldNotReadable(fields=", ".join(f"lead.{name}" for name in hidden))


def _already(held: Mapping[str, object]) -> Converted | None:
    customer_id, contact_id = held["convertedCustomer"], held["convertedContact"]
    opportunity_id = held["convertedOpportunity"]
    if held["status"] != _CONVERTED or not isinstance(customer_id, UUID) or not isinstance(contact_id, UUID):
        return None
    return Converted(customer_id, contact_id, opportunity_id if isinstance(opportunity_id, UUID) else None)


async def _customer(work: Work, shape: Shape, held: Mapping[str, object]) -> UUID:
    """The customer of that name if the caller sees it, else a new one."""
    given = mapping.customer_of(shape.objects["lead"], shape.objects["customer"], held)
    try:
        async with work.session.savepoint():
            return await _create(work, "customer", {**given, "ownerId": held["owner"]})
    except Refused as refusal:
        same_name = [each for each in refusal.duplicates if "name" in each.reasons]
        if not same_name or any(each.path != ("customer", "name") for each in refusal.violations):
            raise
        return UUID(same_name[0].record_id)


async def _contact(work: Work, shape: Shape, held: Mapping[str, object], customer_id: UUID) -> UUID:
    given = mapping.contact_of(shape.objects["lead"], shape.objects["contact"], held)
    return await _create(work, "contact", {**given, "customerId": customer_id, "ownerId": held["owner"]})


async def _opportunity(
    work: Work, shape: Shape, held: Mapping[str, object], conversion: Conversion, made: Converted
) -> UUID | None:
    if conversion.opportunity is None:
        return None
    given = mapping.opportunity_of(shape.objects["lead"], shape.objects["opportunity"], held)
    links = {"customerId": made.customer_id, "contactId": made.contact_id, "ownerId": held["owner"]}
    return await _create(work, "opportunity", {**given, **links, **conversion.opportunity})


async def _create(work: Work, object_name: str, record: Mapping[str, object]) -> UUID:
    try:
        written = await records.create(work, object_name, [record])
    except Refused as refusal:
        # The input has no set, so the position becomes the name of what could not be made.
        named = (Violation((object_name, *each.path[1:]), each.fault) for each in refusal.violations)
        raise Refused(tuple(named), refusal.duplicates) from None
    return written.ids[0]


async def _follow(work: Work, lead_id: UUID, converted: Converted) -> None:
    """Activities with the lead that belong to no customer yet become those of the new one."""
    of_lead = And((Compare("lead", "eq", Parameter(0)), IsEmpty("customer")))
    found = await query.matching_ids(
        work, "activity", of_lead, (str(lead_id),), verb=Verb.UPDATE, limit=records.LARGEST_SET
    )
    if found:
        links = {"customerId": converted.customer_id, "contactId": converted.contact_id}
        await records.update(work, "activity", found, links, skip_missing=True)


async def _mark(work: Work, lead_id: UUID, converted: Converted) -> None:
    changes = {
        "status": _CONVERTED,
        "convertedAt": work.now,
        "convertedCustomerId": converted.customer_id,
        "convertedContactId": converted.contact_id,
        "convertedOpportunityId": converted.opportunity_id,
    }
    await records.update(work, "lead", [lead_id], changes, opened=_WRITTEN_BY_CONVERSION)


async def _run(work: Work, given: Mapping[str, object]) -> Outcome:
    lead_id = _id(given["id"], "id")
    customer_id = _id(given["customerId"], "customerId") if given.get("customerId") else None
    opportunity = given.get("opportunity", {})
    said = Conversion(customer_id, opportunity if isinstance(opportunity, Mapping) else None)
    made = await convert_lead(work, lead_id, said)
    ids = {"lead": (lead_id,), "customer": (made.customer_id,), "contact": (made.contact_id,)}
    if made.opportunity_id is not None:
        ids["opportunity"] = (made.opportunity_id,)
    return Outcome(ids, count=1)


def _id(raw: object, name: str) -> UUID:
    try:
        found = values.record_id(raw, Field(name, "id"))
    except NotAnId as fault:
        raise Refused((Violation((name,), fault),)) from None
    assert isinstance(found, UUID), "a required id is never empty"
    return found


CONVERT_LEAD = verbs.declare(
    VerbDefinition(
        "convertLead",
        (
            VerbInput("id", "ID", required=True),
            VerbInput("customerId", "ID"),
            VerbInput("opportunity", "OpportunityCreate"),
        ),
        (
            VerbOutput("lead", "lead"),
            VerbOutput("customer", "customer"),
            VerbOutput("contact", "contact"),
            VerbOutput("opportunity", "opportunity"),
        ),
        _run,
        "Makes a customer, a contact and an opportunity of a lead. With `customerId` the lead joins that customer; else a"
        " customer of the same name is taken if there is one. `opportunity: null` makes none. A converted lead answers"
        " what it became.",
        needs=("activity",),
        requirement=verbs.Requirement(action=ACTION),
    )
)
