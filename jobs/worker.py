"""The worker process: takes messages from the broker and runs their actors on one event loop.

On SIGTERM it takes nothing new, ends what it began and gives back the rest. Killed, it loses nothing: its messages are
sent again when their leases end.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import UUID

import dramatiq
import structlog
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.logging import get_logger

from jobs import broker as brokers
from jobs import registry
from jobs.actor import execute
from jobs.heartbeat import Heartbeat
from jobs.queues import QUEUES
from services.messages import BULK
from tenants.installation import Installation

if TYPE_CHECKING:
    import logging
    from collections.abc import Awaitable, Callable, Iterator

    from dramatiq import Worker

    from jobs.queues import Queue
    from tenants.settings import BrokerSettings, Settings

# Asked to stop, a worker gives its messages so long to end, then hands them back.
GRACE_SECONDS = 10.0
STOP_MS = 60_000
# How long an idle worker waits at most before it asks Redis again, for each queue; RabbitMQ pushes. At 200 it used 1.4 %
# of a core while nothing happened.
_IDLE_MS = 500
_START_SECONDS = 10.0
# Nobody waits for these messages, and every one takes a connection while it runs.
_BULK_THREADS = 2
_SECOND_WORKER = "You're adding a middleware of the same type twice: <dramatiq.worker._WorkerMiddleware"
_log = structlog.get_logger(__name__)


class Household:
    """What all messages of a worker process share, on its event loop: the installation and the heartbeat."""

    def __init__(self, installation: Installation, heartbeat: Heartbeat, stack: AsyncExitStack) -> None:
        self._installation = installation
        self._heartbeat = heartbeat
        self._stack = stack
        self._running: set[asyncio.Task[object]] = set()

    @staticmethod
    async def open(settings: Settings, *, died: Callable[[], None] = lambda: None) -> Household:
        """Connect, and begin to beat; `died` is called if that ends by a defect."""
        async with AsyncExitStack() as stack:
            installation = await stack.enter_async_context(Installation.open(settings))
            heartbeat = Heartbeat(installation.cells, died=died)
            heartbeat.start()
            stack.push_async_callback(heartbeat.stop)
            return Household(installation, heartbeat, stack.pop_all())

    async def arrive(self, cell: str, message_id: str) -> None:
        """A message came from the broker."""
        running = asyncio.current_task()
        assert running is not None
        self._running.add(running)
        try:
            # Cancelled means handed back: the row waits again, and what the broker carried is spent.
            with suppress(asyncio.CancelledError):
                await execute(self._installation, self._heartbeat, cell=cell, message_id=UUID(message_id))
        finally:
            self._running.discard(running)

    def hand_back(self) -> None:
        """End what still runs; it waits in the outbox for another worker."""
        for running in list(self._running):
            running.cancel()

    async def close(self) -> None:
        """Let go of everything."""
        await self._stack.aclose()


def is_news(record: logging.LogRecord) -> bool:
    """Each worker of the broker listens to it; Dramatiq warns of the second, as if one had been added twice."""
    return not record.getMessage().startswith(_SECOND_WORKER)


class Workers:
    """A worker of its own for every queue, so that a full one takes no thread from another; each knows every actor."""

    def __init__(
        self, settings: BrokerSettings, arrive: Callable[[str, str], Awaitable[None]], *, threads: int
    ) -> None:
        self._broker = brokers.make_broker(settings)
        self._broker.logger.addFilter(is_news)
        for name in registry.actors():
            dramatiq.actor(broker=self._broker, actor_name=name, queue_name=QUEUES[0].name)(arrive)
        self._workers = [self._worker(queue, threads) for queue in QUEUES]

    def start(self) -> None:
        """Take messages from now on."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Take no more, and wait for what was begun."""
        with ThreadPoolExecutor(len(self._workers)) as threads:
            list(threads.map(lambda worker: worker.stop(timeout=STOP_MS), self._workers))
        self._broker.close()

    def _worker(self, queue: Queue, threads: int) -> Worker:
        number = min(threads, _BULK_THREADS) if queue.name == BULK else threads
        worker = dramatiq.Worker(self._broker, queues={queue.name}, worker_threads=number, worker_timeout=_IDLE_MS)
        # What a worker holds but has not begun is delayed when it is killed.
        worker.queue_prefetch = number
        return worker


def run(settings: Settings, *, threads: int) -> None:
    """Until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with event_loop() as loop:
        household = loop.run_coroutine(Household.open(settings, died=stop.set))
        try:
            workers = Workers(settings.broker, household.arrive, threads=threads)
            workers.start()
            _log.info("worker.ready", threads=threads)
            stop.wait()
            grace = threading.Timer(GRACE_SECONDS, loop.loop.call_soon_threadsafe, [household.hand_back])
            grace.start()
            workers.stop()
            grace.cancel()
        finally:
            loop.run_coroutine(household.close())
    _log.info("worker.stopped")


@contextmanager
def event_loop() -> Iterator[EventLoopThread]:
    """Dramatiq's worker threads wait for what runs on it."""
    thread = EventLoopThread(get_logger(__name__))
    thread.start(timeout=_START_SECONDS)
    set_event_loop_thread(thread)
    try:
        yield thread
    finally:
        set_event_loop_thread(None)
        thread.stop()
