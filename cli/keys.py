"""`./kezhi keys rotate TENANT`: a tenant's access tokens are signed with a new key from now on.

`./kezhi keys rotate-secrets TENANT`: its encrypted fields are sealed with a new key.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from cli import deeds, environment
from cli.opening import opened_tenant

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from tenants.settings import Settings


class _Options(Protocol):
    verb: str
    slug: str
    data: Path


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `keys`."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    rotate = verbs.add_parser(
        "rotate",
        help="sign a tenant's tokens with a new key",
        description="Sign a tenant's access tokens with a new key. Those of the key before stay good, older ones do not.",
    )
    rotate.add_argument("slug", metavar="TENANT")
    environment.add_option(rotate)
    secrets = verbs.add_parser(
        "rotate-secrets",
        help="seal a tenant's encrypted fields with a new key",
        description="Seal a tenant's encrypted fields with a new key. What the key before sealed is sealed anew at night.",
    )
    secrets.add_argument("slug", metavar="TENANT")
    environment.add_option(secrets)


def run(options: _Options) -> int:
    """Rotate, and name the new key."""
    with environment.reached(options.data) as settings:
        if options.verb == "rotate-secrets":
            kid = asyncio.run(rotate_secrets(settings, options.slug))
            print(f"Encrypted fields of {options.slug} are sealed with the key {kid}; older values follow at night.")
        else:
            kid = asyncio.run(rotate(settings, options.slug))
            print(f"Tokens of {options.slug} are signed with the key {kid}; every process does so within a minute.")
    return 0


async def rotate(settings: Settings, slug: str) -> str:
    """The id of the new key."""
    async with opened_tenant(settings, slug) as (installation, placement):
        kid = await installation.keys.rotate(placement)
        # Told at once afterwards: only then is there something to tell.
        await deeds.tell(installation, placement, "key.rotated", {"kid": kid})
        return kid


async def rotate_secrets(settings: Settings, slug: str) -> str:
    """The id of the new key of encrypted fields."""
    async with opened_tenant(settings, slug) as (installation, placement):
        kid = await installation.secrets.rotate(placement.tenant_id)
        await deeds.tell(installation, placement, "secretKey.rotated", {"kid": kid})
        return kid
