"""A collector of spans: a small HTTP server that takes OTLP in JSON, as the real ones do, and keeps what it was sent."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Collected:
    """What came, request by request."""

    status: int = 200
    endpoint: str = ""
    bodies: list[bytes] = field(default_factory=list)
    media: list[str] = field(default_factory=list)

    @property
    def spans(self) -> list[dict[str, Any]]:
        """All spans, in the order in which they ended."""
        return [
            span
            for body in self.bodies
            for resource in json.loads(body)["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]

    def named(self, name: str) -> list[dict[str, Any]]:
        """The spans of a name."""
        return [span for span in self.spans if span["name"] == name]


def told(span: dict[str, Any]) -> dict[str, str]:
    """The attributes of a span as texts."""
    return {each["key"]: str(next(iter(each["value"].values()))) for each in span["attributes"]}


@contextmanager
def collecting(status: int = 200) -> Iterator[Collected]:
    """A collector that listens as long as the block runs, and answers with this status."""
    collected = Collected(status)

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collected.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            collected.media.append(self.headers["content-type"])
            self.send_response(collected.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        collected.endpoint = f"http://127.0.0.1:{server.server_port}/v1/traces"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield collected
        server.shutdown()
        thread.join()
