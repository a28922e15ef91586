"""One `./kezhi up` with its whole demo for all journeys that need one: they stand in this folder and run in one worker."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import pytest

from tests.builders.launcher import Demo, demo_of, up
from tests.builders.processes import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

STOP_SECONDS = 60
LOAD_SECONDS = 180
JOBS = '{ jobs(filter: {kind: {eq: "demo.load"}}) { nodes { state progress total } } }'


@pytest.fixture(scope="session")
def young_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """As it is when `up` says that it is ready."""
    data = tmp_path_factory.mktemp("up")
    with up(data) as running, demo_of(running, data) as demo:
        yield demo
        running.process.send_signal(signal.SIGINT)
        running.process.wait(STOP_SECONDS)


@pytest.fixture(scope="session")
def demo(young_demo: Demo) -> Demo:
    """With everything that its job brings."""

    async def state() -> str:
        (job,) = young_demo.ask(JOBS, person="admin")["jobs"]["nodes"]
        return str(job["state"])

    loaded = eventually(state, lambda seen: seen == "done", seconds=LOAD_SECONDS, pause_seconds=0.5)
    assert asyncio.run(loaded) == "done"
    return young_demo
