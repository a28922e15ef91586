"""A pack as the script that builds it in an empty tenant: tables, definition rows, roles, and what roles may do.

The text has no parameters, because provisioning sends it as one message; every value in it comes from the pack's own
files. Run it as the tenant's owner role.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from schema.metadata import ddl, insertion
from schema.metadata.definitions import assemble
from schema.metadata.registry import Registry
from schema.metadata.system_objects import FIRST_TENANT_NUMBER
from services import metadata, permissions
from services.metadata import Snapshot
from services.packs import rows, writing
from services.packs.files import load
from services.packs.model import Pack, derived_id
from services.packs.settling import settled
from tenants.sql import Template

_FIRST_VERSION = 1


@lru_cache(maxsize=16)
def settled_alone(pack: Pack) -> Pack:
    """The pack with everything that follows from its texts; it may lean on nothing but itself and the platform."""
    count = itertools.count()

    def new_id(number: int) -> UUID:
        return derived_id(pack.name, number, "entries", str(next(count)))

    numbers = itertools.count(FIRST_TENANT_NUMBER)
    objects = tuple(each if each.number else replace(each, number=next(numbers)) for each in pack.objects)
    after = Snapshot(objects, _FIRST_VERSION)
    for each in pack.dictionaries:
        entries = [metadata.Entry(one.id, one.key, one.label, one.retired) for one in each.entries]
        after = metadata.followed(after, each.name, entries, new_id)
    policy = permissions.unrestricted(_FIRST_VERSION)
    return replace(pack, objects=settled(pack, policy, Snapshot((), _FIRST_VERSION), after).objects)


@lru_cache(maxsize=16)
def registry_of(pack: Pack) -> Registry:
    """The registry of a tenant that has this pack and nothing of its own."""
    return assemble(settled_alone(pack).objects, _FIRST_VERSION)


def render(pack: Pack, schema: str) -> list[str]:
    """The statements for one tenant, in order."""
    return [each.bind(schema, ddl.named) for each in _script(pack)]


@lru_cache(maxsize=16)
def _script(pack: Pack) -> tuple[Template, ...]:
    """The same for every tenant: an operator makes thousands from one pack."""
    tables = [statement.template for statement in ddl.changes(None, registry_of(pack))]
    found = rows.of_pack(settled_alone(pack), writing.digest(pack)).items()
    return (*tables, *(insertion.script(table, each) for table, each in found if each))


def registry_of_pack(name: str) -> Registry:
    """The registry of a pack by name, without a database."""
    return registry_of(load(name))
