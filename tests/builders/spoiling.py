"""Requests as they should be, and spoiled in one way or another: text, variables, envelope, headers, body."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

_MEDIA = (
    "application/json",
    "application/graphql-response+json",
    "*/*",
    "text/html",
    "application/json;q=0",
    "",
    "x/y, */*;q=0.1",
)
_LANGUAGES = ("zh-CN", "en", "fr;q=1, zh;q=0.5", "zh;q=x", "*")
_CONTENT = (
    "application/json; charset=utf-8",
    "application/json;charset=latin-1",
    "text/plain",
    "",
    "multipart/form-data",
    "APPLICATION/JSON",
)
_SIGNS = '{}()[]:!$@"\\#,&|.…é\u2028\x00\ud83d 1aZ'
_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 1e400, "", "x", "\x00", "\ud800", [], [None], {}, {"a": 1}, [[1]], "9" * 400, 1.5,
)  # fmt: skip
_STATIC = (
    "{ me { name roles } __typename }", "{ __schema { queryType { name } } }", "{ limits { request { name max code } } }",
    "query A { __typename } query B { me { name } }", "{ me { name email nothing } }", "subscription { x }",
    'mutation { updateCustomer(input: {id: "no id", set: {name: "x"}}) { customer { id } errors { path code message } } }',
    "mutation { createCustomer(input: {record: {}}) { customer { id } errors { path code message } } }",
    'mutation { deleteCustomer(input: {id: "01900000-0000-7065-8000-000000000000"}) { errors { code } } }',
    "mutation { __typename }", "{ customers(first: 5000) { nodes { id } } }", "{ a: __typename " + "b: __typename " * 40 + "}",
    "{ customers { nodes { " + "contacts { nodes { customer { " * 6 + "id" + " } } }" * 6 + " } } }", "fragment F on Query { me { name } }",
    "{ ...F } fragment F on Query { ...F }", 'query ($a: Int = "x") { customers(first: $a) { totalCount } }',
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One request; `is_whole` where nothing about it was spoiled."""

    text: str
    variables: Mapping[str, Any]
    headers: Mapping[str, str]
    more: Mapping[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    is_whole: bool = True

    @property
    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return json.dumps({"query": self.text, "variables": self.variables, **self.more}).encode()

    def with_text(self, text: str) -> Asked:
        return replace(self, text=text)


class Spoiling:
    """Makes requests of operations, half of them spoiled."""

    def __init__(self, rng: random.Random, tokens: Mapping[str, str]) -> None:
        self._rng = rng
        self._tokens = tokens
        self._ways: tuple[Callable[[Asked], Asked], ...] = (
            self._text, self._text, self._variable, self._variable, self._header, self._header, self._envelope, self._body,
            self._static,
        )  # fmt: skip

    def asked(self, text: str, variables: Mapping[str, Any]) -> Asked:
        token = self._tokens[self._rng.choice([each for each in self._tokens if each])]
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        if self._rng.random() < 0.3:
            headers["accept-language"] = self._rng.choice(_LANGUAGES)
        asked = Asked(text, variables, headers)
        while self._rng.random() < 0.5:
            asked = replace(self._rng.choice(self._ways)(asked), is_whole=False)
        return asked

    def _text(self, asked: Asked) -> Asked:
        rng, text = self._rng, asked.text
        at, length = rng.randrange(len(text) + 1), rng.randint(0, 6)
        match rng.randint(0, 3):
            case 0:
                return asked.with_text(text[:at] + text[at + length :])
            case 1:
                return asked.with_text(text[:at] + rng.choice(_SIGNS) + text[at:])
            case 2:
                words = text.split(" ")
                words[rng.randrange(len(words))] = rng.choice(words)
                return asked.with_text(" ".join(words))
            case _:
                return asked.with_text(text + rng.choice((text, "}", "#", "\n# … ", " " * 3000)))

    def _variable(self, asked: Asked) -> Asked:
        rng, given = self._rng, dict(asked.variables)
        name = rng.choice([*given, "unknown"])
        if rng.random() < 0.3:
            given.pop(name, None)
        else:
            given[name] = rng.choice(_VALUES)
        return replace(asked, variables=given)

    def _header(self, asked: Asked) -> Asked:
        rng, headers = self._rng, dict(asked.headers)
        match rng.randint(0, 7):
            case 0:
                headers["accept"] = rng.choice(_MEDIA)
            case 1:
                headers["content-type"] = rng.choice(_CONTENT)
            case 2:
                headers["authorization"] = rng.choice((
                    "",
                    "Bearer",
                    "Bearer x",
                    "Basic abc",
                    "bearer a.b.c",
                    "Bearer " + "x" * 5000,
                ))
            case 3:
                headers.pop("authorization", None)
            case 4:
                headers["x-tenant"] = rng.choice(("shared", "other", "Shared ", "no such", "-", "x" * 200))
            case 5:
                headers["host"] = rng.choice((
                    "127.0.0.1",
                    "nobody.localhost",
                    "localhost",
                    "shared.localhost:80",
                    "SHARED.localhost.",
                ))
            case 6:
                headers["x-cost"] = "1"
            case _:
                headers["x-timeout-ms"] = rng.choice(("60000", "-1", "x", "99999999999"))
        return replace(asked, headers=headers)

    def _envelope(self, asked: Asked) -> Asked:
        rng = self._rng
        name = rng.choice(("operationName", "extensions", "documentId", "variables", "query", "other"))
        value = rng.choice((
            *_VALUES, "Fuzz", "A", {"cost": True}, {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}, {"persistedQuery": 1},
            "no-document",
        ))  # fmt: skip
        return replace(asked, more={**asked.more, name: value})

    def _body(self, asked: Asked) -> Asked:
        rng, body = self._rng, asked.body
        cut = rng.randrange(len(body) + 1)
        others = (body[:cut], b"\xef\xbb\xbf" + body, body[:cut] + b"\xff" + body[cut:], b"[" + body + b"]", b"null", b"", body + body,
                  b"[" * 100_000, body.decode("utf-8", "replace").encode("utf-16"))  # fmt: skip
        return replace(asked, raw=rng.choice(others))

    def _static(self, asked: Asked) -> Asked:
        return replace(asked, text=self._rng.choice(_STATIC))
