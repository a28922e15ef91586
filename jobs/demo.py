"""The actor that loads the demo company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.actor import actor
from services import demo
from services.demo import LoadDemo

if TYPE_CHECKING:
    from jobs.actor import Run


@actor(LoadDemo)
async def load(run: Run, message: LoadDemo) -> None:
    """Tell the story to its end, one transaction for each period."""
    while await run.write(lambda work: demo.load_next(work, message)):
        pass
