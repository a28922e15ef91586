"""The embedded Valkey keeps what was queued and lets only those in who know its password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import redis

from cli import valkey

if TYPE_CHECKING:
    from pathlib import Path


def test_data_outlives_a_stop(tmp_path: Path) -> None:
    first = valkey.start(tmp_path)
    with redis.Redis.from_url(first.url) as client:
        client.set("kept", "42")
    first.stop()

    second = valkey.start(tmp_path)
    with redis.Redis.from_url(second.url) as client:
        kept = client.get("kept")
    second.stop()

    assert kept == b"42"


def test_stranger_without_the_password_is_refused(tmp_path: Path) -> None:
    server = valkey.start(tmp_path, durable=False)
    address = server.url.split("@")[1]

    with redis.Redis.from_url(f"redis://{address}") as client, pytest.raises(redis.AuthenticationError):
        client.ping()

    server.stop()
