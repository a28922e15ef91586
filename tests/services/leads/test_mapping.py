from __future__ import annotations

from schema.metadata.fields import Field, Relation
from schema.metadata.objects import Object, ObjectKind
from services.leads import mapping
from services.packs import registry_of_pack

OBJECTS = registry_of_pack("crm").shape.objects
LEAD = {"name": "王芳", "company": "华强", "phone": "+8613800138000", "title": None, "source": "website"}


def thing(name: str, *fields: Field) -> Object:
    return Object(name, f"{name}s", ObjectKind.PACK, fields)


def test_the_customer_is_the_company() -> None:
    assert mapping.customer_of(OBJECTS["lead"], OBJECTS["customer"], LEAD) == {
        "name": "华强",
        "phone": "+8613800138000",
        "source": "website",
    }


def test_the_contact_is_the_person() -> None:
    assert mapping.contact_of(OBJECTS["lead"], OBJECTS["contact"], LEAD) == {"name": "王芳", "phone": "+8613800138000"}


def test_the_opportunity_is_named_after_the_person_where_there_is_no_company() -> None:
    lead = {**LEAD, "company": None}

    assert mapping.opportunity_of(OBJECTS["lead"], OBJECTS["opportunity"], lead) == {
        "name": "王芳",
        "source": "website",
    }


def test_fields_that_the_tenant_made_alike_on_both_sides_are_handed_on() -> None:
    same = (Field("model_c", "text"), Field("site_c", "relation", relation=Relation("site", "leads")))
    lead = thing("lead", *same, Field("size_c", "integer"), Field("code_c", "text", is_unique=True))
    target = thing("contact", *same, Field("size_c", "text"), Field("code_c", "text"), Field("other_c", "text"))
    values = {"model_c": "X", "site_c": "1", "size_c": 5, "code_c": "7", "name": None}

    assert mapping.contact_of(lead, target, values) == {"model_c": "X", "siteId_c": "1"}


def test_a_relation_to_another_object_is_not_the_same() -> None:
    lead = thing("lead", Field("site_c", "relation", relation=Relation("site", "leads")))
    target = thing("contact", Field("site_c", "relation", relation=Relation("place", "contacts")))

    assert mapping.contact_of(lead, target, {"site_c": "1"}) == {}
