"""The heads of the audit chains, signed and kept in the catalog and in the log: outside of the database they speak of."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import structlog

from services import audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.audit import Head
    from tenants.catalog import Catalog
    from tenants.keys import AuditKey
    from tenants.placement import Placement

EVERY_SECONDS = 60.0
_log = structlog.get_logger(__name__)


async def across_tenants_sign(catalog: Catalog, key: AuditKey, moved: Mapping[Placement, Head]) -> int:
    """Sign these heads; one that was signed before changes nothing."""
    for placement, head in moved.items():
        signature = key.sign(audit.statement(placement.tenant_id, head))
        await catalog.note_audit_head(
            placement.tenant_id, seq=head.seq, digest=head.hash, kid=key.kid, signature=signature
        )
        _log.info(
            "audit.head",
            tenant=placement.schema,
            seq=head.seq,
            hash=head.hash.hex(),
            kid=key.kid,
            signature=base64.b64encode(signature).decode(),
        )
    return len(moved)
