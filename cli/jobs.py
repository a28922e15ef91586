"""`./kezhi jobs parked|replay`: background messages that stopped for good, and another chance for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from cli import environment, tables
from cli.opening import opened
from cli.processes import StartFailed
from jobs import parking

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.parking import Parked
    from tenants.settings import Settings


class _Options(Protocol):
    verb: str
    ids: Sequence[UUID]
    message: str
    data: Path


def define(parser: argparse.ArgumentParser) -> None:
    """The arguments of `jobs`."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    parked = verbs.add_parser(
        "parked", help="messages that stopped for good", description="List the messages that stopped for good."
    )
    replay = verbs.add_parser(
        "replay",
        help="let parked messages run again",
        description="Let parked messages run again, when the cause is mended: those named, or all of one kind.",
    )
    replay.add_argument("ids", metavar="ID", nargs="*", type=UUID, help="a message, as `jobs parked` lists it")
    replay.add_argument("--message", default="", metavar="KIND", help="all messages of this kind")
    for verb in (parked, replay):
        environment.add_option(verb)


def run(options: _Options) -> int:
    """One verb."""
    if options.verb == "replay" and bool(options.ids) == bool(options.message):
        raise StartFailed("Name the messages either by their ids or by --message.")
    with environment.reached(options.data) as settings:
        asyncio.run(_list(settings) if options.verb == "parked" else _replay(settings, options))
    return 0


async def _list(settings: Settings) -> None:
    async with opened(settings) as installation:
        found = await parking.each_parked(installation)
    if not found:
        print("No message is parked.")
        return
    rows = [
        (
            each.id,
            each.tenant or each.schema,
            each.message,
            each.attempts,
            f"{each.parked_at:%Y-%m-%d %H:%M}",
            each.reason,
        )
        for each in found
    ]
    print(tables.aligned(("id", "tenant", "message", "starts", "since (UTC)", "reason"), rows))


async def _replay(settings: Settings, options: _Options) -> None:
    async with opened(settings) as installation:
        chosen = _chosen(await parking.each_parked(installation), options)
        done = [await parking.replay(installation, each) for each in chosen]
    print(f"{sum(done)} messages wait again.")


def _chosen(found: Sequence[Parked], options: _Options) -> list[Parked]:
    missing = [str(each) for each in options.ids if each not in {one.id for one in found}]
    if missing:
        raise StartFailed(f"There is no parked message {', '.join(missing)}; nothing was replayed.")
    return [each for each in found if each.id in options.ids or each.message == options.message]
