"""Sealed values in an answer are opened on their way out: PostgreSQL cannot, and must not hold the key.

The statement marks each with a control character. Within the text of JSON it writes those of values as escapes, so
that nobody can write such a mark into a field, and what is masked or closed has no mark in the first place.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tenants.secret_keys import keys_of, kid_of
from tenants.sql import Fragment, constant, sql

if TYPE_CHECKING:
    from tenants.context import ReadWork

MARK = b"\x01"
# The place that a value is bound to, and the value.
_SEALED = re.compile(rb"\x01([A-Za-z0-9_]+:[0-9a-f-]{36}):([A-Za-z0-9.+/=]*)\x01")


def sealed_text(stored: Fragment, record_id: Fragment, field_name: str) -> Fragment:
    """A sealed value as JSON text that is still to be opened; null where there is none."""
    return sql(
        """(CASE WHEN {stored} IS NULL THEN 'null'"""
        """ ELSE '"' || chr(1) || {name} || ':' || {id}::text || ':' || {stored} || chr(1) || '"' END)""",
        stored=stored,
        name=constant(field_name),
        id=record_id,
    )


async def unsealed(work: ReadWork, body: bytes) -> bytes:
    """The answer with every sealed value opened."""
    found = _SEALED.findall(body)
    if not found:
        return body
    kids = {kid_of(sealed.decode()) for _, sealed in found}
    ring = await keys_of(work).opening(work.placement.tenant_id, kids)

    def opened(match: re.Match[bytes]) -> bytes:
        place, sealed = (each.decode() for each in match.groups())
        return json.dumps(ring.open(sealed, place), ensure_ascii=False)[1:-1].encode()

    return _SEALED.sub(opened, body)
