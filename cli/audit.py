"""`./kezhi audit verify TENANT`: read a tenant's whole audit chain again, and compare it with the heads signed outside."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from cli import environment
from cli.opening import opened_tenant
from services import audit
from services.audit import SignedHead
from tenants.context import SYSTEM, Origin

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from services.audit import Verification
    from tenants.settings import Settings

_ORIGIN = Origin(request_id="cli")
_MOST_SHOWN = 20


class _Options(Protocol):
    verb: str
    slug: str
    data: Path


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `audit`."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    verify = verbs.add_parser("verify", help="check the chain of a tenant", description="Check the chain of a tenant.")
    verify.add_argument("slug", metavar="TENANT")
    environment.add_option(verify)


def run(options: _Options) -> int:
    """0 only if the chain holds."""
    with environment.reached(options.data) as settings:
        found = asyncio.run(verify(settings, options.slug))
    for each in sorted(found.breaks, key=lambda each: each.seq)[:_MOST_SHOWN]:
        print(f"entry {each.seq}: {each.reason}")
    if len(found.breaks) > _MOST_SHOWN:
        print(f"… and {len(found.breaks) - _MOST_SHOWN} more")
    verdict = "The chain holds" if found.first is None else f"THE CHAIN DOES NOT HOLD from entry {found.first.seq}"
    print(f"{verdict}: {found.entries} entries, {found.heads} signed heads, {found.waiting} not yet linked.")
    return 0 if found.holds else 1


async def verify(settings: Settings, slug: str) -> Verification:
    """Read everything as the system."""
    async with opened_tenant(settings, slug) as (installation, placement):
        rows = await installation.catalog.audit_heads(placement.tenant_id)
        examined = await audit.examine(placement.tenant_id, [SignedHead.of(row) for row in rows])
        return await installation.transactions.read(
            placement, SYSTEM, _ORIGIN, lambda work: audit.verify(work, examined)
        )
