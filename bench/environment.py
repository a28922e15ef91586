"""What processes of the product are told in a benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.settings import MOST_BUDGET, encode_master_key, process_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.servers import Servers


def environ_of(servers: Servers) -> Mapping[str, str]:
    """These servers, and budgets that are counted and never spent: that would measure the refusal."""
    return {
        **process_environment(),
        "DATABASE_URL": servers.database_url,
        "BROKER_URL": servers.broker_url,
        "KEZHI_PRINCIPAL_COST_PER_SECOND": str(MOST_BUDGET),
        "KEZHI_TENANT_COST_PER_SECOND": str(MOST_BUDGET),
        "KEZHI_MASTER_KEY": encode_master_key(bytes(range(32))),
    }
