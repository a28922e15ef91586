"""[G1] [I-23] The functions of PostgreSQL that tenants may still call, frozen for each major version.

A new major version brings new ones. Whoever adds it here first reads what they do: one that runs text as SQL, sets
settings or reaches other sessions belongs into the REVOKE list of `tenants.hardening`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tenants.connection import Connection

pytestmark = pytest.mark.integration

QUERY = """
SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS signature FROM pg_proc AS p
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.oid < 16384
    AND has_function_privilege('public', p.oid, 'EXECUTE')
"""
# Major version → how many there are, and a digest of their sorted signatures.
KNOWN = {15: (3067, "fac1b38b35f593b0"), 18: (3223, "2957b86b62230f03")}


async def test_functions_that_anybody_may_call_are_the_known_ones(administrator: Connection) -> None:
    signatures = sorted([row["signature"] for row in await administrator.fetch(QUERY)])

    digest = hashlib.sha256("\n".join(signatures).encode()).hexdigest()[:16]
    assert (len(signatures), digest) == KNOWN[administrator.get_server_version().major]
