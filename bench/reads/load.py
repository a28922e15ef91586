"""The load generator, a process of its own: so many connections, each with one request in flight, for so long.

It is handed whole HTTP requests and answers with what it counted. It ends only when every request was answered, so that no
backlog is left for the next one. Nothing but sockets: a client library would cost more than the servers.
"""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import sys
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter_ns
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BILLION = 1_000_000_000
_DRAIN_SECONDS = 60
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
# Errors stand before or behind the data, and a whole export is not searched for them.
_ENDING = 1_000
_ERRORS = b'"errors"'
_LAST_CHUNK = b"0\r\n\r\n"


@dataclass(slots=True)
class _Line:
    """One connection and the answer that is arriving on it."""

    socket: socket.socket
    sent_at: int = 0
    got: bytearray = field(default_factory=bytearray)
    # Where the answer ends, once its head is there; -1 where only the last chunk tells.
    whole: int = 0

    def send(self, request: bytes) -> None:
        self.got.clear()
        self.whole = 0
        self.sent_at = perf_counter_ns()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Whether the answer is complete."""
        part = self.socket.recv(1 << 20)
        if not part:
            raise ConnectionError("the server closed a connection")
        self.got += part
        if self.whole == 0:
            end = self.got.find(_HEAD_END)
            if end < 0:
                return False
            head = bytes(self.got[:end]).lower()
            at = head.find(_LENGTH)
            self.whole = end + 4 + int(head[at + len(_LENGTH) :].split(b"\r", 1)[0]) if at >= 0 else -1
        return len(self.got) >= self.whole if self.whole > 0 else self.got.endswith(_LAST_CHUNK)

    @property
    def is_good(self) -> bool:
        return self.got[9:12] == b"200" and _ERRORS not in self.got[:_ENDING] and _ERRORS not in self.got[-_ENDING:]


def run(port: int, requests: list[bytes], *, connections: int, seconds: float) -> dict[str, object]:
    """Closed loop; latencies in nanoseconds."""
    following: Iterator[bytes] = cycle(requests)
    lines = {line.socket.fileno(): line for line in (_connect(port) for _ in range(connections))}
    poll = select.poll()
    for number in lines:
        poll.register(number, select.POLLIN)
    took: list[int] = []
    bad = 0
    said = ""
    began = perf_counter_ns()
    until = began + int(seconds * _BILLION)
    for line in lines.values():
        line.send(next(following))
    in_flight = len(lines)
    while in_flight:
        ready = poll.poll(_DRAIN_SECONDS * 1000)
        if not ready:
            raise TimeoutError("the server does not answer any more")
        for number, _ in ready:
            line = lines[number]
            if not line.receive():
                continue
            now = perf_counter_ns()
            took.append(now - line.sent_at)
            if not line.is_good:
                bad += 1
                said = bytes(line.got[-400:]).decode(errors="replace")
            if now < until:
                line.send(next(following))
            else:
                in_flight -= 1
    elapsed = perf_counter_ns() - began
    size = max(len(line.got) for line in lines.values())
    for line in lines.values():
        line.socket.close()
    took.sort()
    return {
        "count": len(took),
        "seconds": elapsed / _BILLION,
        "p50": took[len(took) // 2] / 1e6,
        "p99": took[len(took) * 99 // 100] / 1e6,
        "bad": bad,
        "said": said,
        "bytes": size,
    }


def answer(port: int, request: bytes) -> bytes:
    """The body of one answer."""
    line = _connect(port)
    try:
        line.send(request)
        while not line.receive():
            pass
    finally:
        line.socket.close()
    head, _, body = bytes(line.got).partition(_HEAD_END)
    if line.whole < 0:
        raise ValueError(f"the answer comes in parts, which only its length is measured of: {head[:200]!r}")
    return body


def _connect(port: int) -> _Line:
    made = socket.create_connection(("127.0.0.1", port), timeout=_DRAIN_SECONDS)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Line(made)


def main() -> None:
    """Arguments on standard input as JSON, the answer on standard output."""
    given = json.load(sys.stdin)
    if given["core"] is not None:
        os.sched_setaffinity(0, {given["core"]})
    requests = [base64.b64decode(each) for each in given["requests"]]
    print(json.dumps(run(given["port"], requests, connections=given["connections"], seconds=given["seconds"])))


if __name__ == "__main__":
    main()
