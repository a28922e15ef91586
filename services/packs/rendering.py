"""A pack as the script that builds it in an empty tenant: tables, definition rows, roles, and what roles may do.

The text has no parameters, because provisioning sends it as one message; every value in it comes from the pack's own
files. Run it as the tenant's owner role.
"""

from __future__ import annotations

from functools import lru_cache

from schema.metadata import ddl, insertion
from schema.metadata.definitions import assemble
from schema.metadata.registry import Registry
from services.packs import rows
from services.packs.files import load
from services.packs.model import Pack
from tenants.sql import Template

_FIRST_VERSION = 1


@lru_cache(maxsize=16)
def registry_of(pack: Pack) -> Registry:
    """The registry of a tenant that has this pack and nothing of its own."""
    return assemble(pack.objects, _FIRST_VERSION)


def render(pack: Pack, schema: str) -> list[str]:
    """The statements for one tenant, in order."""
    return [each.bind(schema, ddl.named) for each in _script(pack)]


@lru_cache(maxsize=16)
def _script(pack: Pack) -> tuple[Template, ...]:
    """The same for every tenant: an operator makes thousands from one pack."""
    tables = [statement.template for statement in ddl.changes(None, registry_of(pack))]
    return (*tables, *(insertion.script(table, found) for table, found in rows.of_pack(pack).items() if found))


def registry_of_pack(name: str) -> Registry:
    """The registry of a pack by name, without a database."""
    return registry_of(load(name))
