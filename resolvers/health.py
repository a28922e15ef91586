"""Whether the process is alive, and whom it can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from tenants.reachability import Reachability

_UNAVAILABLE = 503
_OK = 200


def alive() -> Response:
    """The process runs."""
    return JSONResponse({"status": "ok"})


async def ready(reachability: Reachability) -> Response:
    """The process reaches the catalog and some cell, so there are tenants that it can serve; which cells, it says."""
    reach = await reachability.look()
    cells = {name: "ok" if is_there else "unreachable" for name, is_there in reach.cells.items()}
    if not reach.serves:
        return JSONResponse({"status": "unavailable", "cells": cells}, _UNAVAILABLE)
    return JSONResponse({"status": "ok" if reach.is_whole else "degraded", "cells": cells}, _OK)
