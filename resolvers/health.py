"""Whether the process is alive, and whether it can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from starlette.responses import JSONResponse, Response

from tenants.errors import Fault

if TYPE_CHECKING:
    from tenants.catalog import Catalog

_log = structlog.get_logger(__name__)


def alive() -> Response:
    """The process runs."""
    return JSONResponse({"status": "ok"})


async def ready(catalog: Catalog) -> Response:
    """The process reaches the catalog, so it can find tenants."""
    try:
        await catalog.cells()
    except (Fault, OSError) as error:
        _log.warning("catalog.unreachable", exc_info=error)
        return JSONResponse({"status": "unavailable"}, status_code=503)
    return JSONResponse({"status": "ok"})
