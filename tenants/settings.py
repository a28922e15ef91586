"""Settings: small frozen groups, read from the environment once. A function takes the group it needs.

This is the only place that reads `os.environ`. Defaults are those of a small installation behind one address.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tenants.setting_texts import SettingsError, flag, integer, matching, networks, required

if TYPE_CHECKING:
    from collections.abc import Mapping

MASTER_KEY_BYTES = 32
# A bucket of cost is told to clients as an `Int`.
MOST_BUDGET = 2_000_000_000
_BURST_SECONDS = 50
_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,19}\Z")
_HTTP = re.compile(r"https?://[^/\s]+(/\S*)?\Z")
_PLACE = re.compile(r"(file://(?=/\S)|s3://[^/\s]+)(/\S*)?\Z")
_SCANNER = re.compile(r"(tcp://(\[[0-9a-fA-F:]+\]|[^/\s:\[\]]+)(:[0-9]{1,5})?|unix:///\S+)\Z")
_RATIO = re.compile(r"(0(\.[0-9]+)?|1(\.0+)?)\Z")


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where the server is. `url` is an administrator's URL, used by `up`, `migrate` and provisioning only."""

    url: str = field(repr=False)
    # `host:port` where the running processes reach the catalog, whose password follows from the master key; empty: the
    # server of `url`. With it, a process needs no administrator's URL.
    catalog_address: str = ""
    # Names the databases and logins, so that two installations can share one server.
    prefix: str = "kezhi"
    region: str = "local"
    allow_unhardened: bool = False
    connections: int = 40
    # How many units of work of a process are at one cell before others wait for them, a moment for each turn.
    at_once: int = 4
    # How long one waits for a connection that knows its tenant.
    connection_wait_ms: int = 200
    lease_seconds: float = 10.0

    @property
    def catalog(self) -> str:
        """The catalog database."""
        return f"{self.prefix}_catalog"

    @property
    def first_cell(self) -> str:
        """The cell that a new installation begins with; a cell's name is its database's."""
        return f"{self.prefix}_cell_1"


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Valkey/Redis (`redis://`) or RabbitMQ (`amqp://`) for the jobs; `hint_url` is where wake-ups are published."""

    url: str = field(default="", repr=False)
    hint_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the API listens and how a tenant is named by the host."""

    host: str = "127.0.0.1"
    port: int = 8000
    base_domain: str = "localhost"
    # Addresses and networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; nobody else's are.
    trusted_proxies: tuple[str, ...] = ()
    log_json: bool = False


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """How long tokens live."""

    access_seconds: int = 600
    refresh_seconds: int = 30 * 24 * 3600
    remembered: int = 20_000


@dataclass(frozen=True, slots=True)
class TransactionSettings:
    """How long the server may take, in milliseconds, by kind of work."""

    read_ms: int = 10_000
    write_ms: int = 30_000
    define_ms: int = 60_000
    lock_ms: int = 5_000
    define_lock_ms: int = 500
    idle_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """What one request may ask for."""

    page_default: int = 20
    depth: int = 15
    aliases: int = 30
    root_fields: int = 20
    mutations: int = 10
    # Changes of definitions that are tried out.
    rehearsals: int = 3
    tokens: int = 5_000
    # Of the variables: values of every kind, and the objects among them.
    values: int = 100_000
    query_objects: int = 2_000
    mutation_objects: int = 10_000
    body_bytes: int = 4 * 1024 * 1024
    # From the first byte of a body to its last.
    body_seconds: int = 30
    directives: int = 50
    # Values asked for at most: fields by rows, relations multiplied.
    cost: int = 500_000
    answer_bytes: int = 32 * 1024 * 1024
    # From the head of a request to its answer; a client may ask for less.
    request_ms: int = 60_000


@dataclass(frozen=True, slots=True)
class BudgetSettings:
    """What may be asked for over time, in cost, by one principal and by all of one tenant, in each process."""

    principal_per_second: int = 200_000
    principal_burst: int = 10_000_000
    tenant_per_second: int = 1_000_000
    tenant_burst: int = 50_000_000


@dataclass(frozen=True, slots=True)
class TracingSettings:
    """Where spans are sent to, as OTLP over HTTP, and which part of the requests is traced; by default none is."""

    endpoint: str = field(default="", repr=False)
    ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class FileSettings:
    """Where files are kept (`file://` and a folder, or `s3://bucket/folder`; empty: nowhere), and how much of them."""

    url: str = field(default="", repr=False)
    # Of one file; a field may ask for less.
    most_bytes: int = 100 * 1024 * 1024
    # Of all files of one tenant.
    tenant_bytes: int = 10 * 1024 * 1024 * 1024
    # From the first byte of an upload to its last.
    upload_seconds: int = 600
    # `tcp://host:port` or `unix:///path` of a clamd that looks at every file; empty: nobody does.
    scanner: str = ""
    # From the first byte of a file to the scanner's answer.
    scan_seconds: int = 300


@dataclass(frozen=True, slots=True)
class Settings:
    """All groups. Made once, by the process that starts."""

    database: DatabaseSettings
    master_key: bytes = field(repr=False)
    broker: BrokerSettings = BrokerSettings()
    server: ServerSettings = ServerSettings()
    tokens: TokenSettings = TokenSettings()
    transactions: TransactionSettings = TransactionSettings()
    limits: LimitSettings = LimitSettings()
    budgets: BudgetSettings = BudgetSettings()
    tracing: TracingSettings = TracingSettings()
    files: FileSettings = FileSettings()

    @staticmethod
    def from_environ(environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; `SettingsError` says in one sentence what is wrong with it."""
        env = os.environ if environ is None else environ
        broker_url = env.get("BROKER_URL", "")
        hint_url = env.get("KEZHI_HINT_URL", "") or (broker_url if broker_url.startswith("redis") else "")
        return Settings(
            database=_database(env),
            master_key=decode_master_key(required(env, "KEZHI_MASTER_KEY")),
            broker=BrokerSettings(url=broker_url, hint_url=hint_url),
            server=ServerSettings(
                host=env.get("KEZHI_HOST", "127.0.0.1"),
                port=integer(env, "KEZHI_PORT", 8000),
                base_domain=env.get("KEZHI_BASE_DOMAIN", "localhost"),
                trusted_proxies=networks(env, "KEZHI_TRUSTED_PROXIES"),
                log_json=flag(env, "KEZHI_LOG_JSON"),
            ),
            tokens=TokenSettings(
                access_seconds=integer(env, "KEZHI_ACCESS_SECONDS", 600),
                refresh_seconds=integer(env, "KEZHI_REFRESH_SECONDS", 30 * 24 * 3600),
            ),
            budgets=_budgets(env),
            tracing=_tracing(env),
            files=_files(env),
        )


def process_environment() -> dict[str, str]:
    """A copy of the environment, for the launcher: its children get it with more settings on top."""
    return dict(os.environ)


def decode_master_key(text: str) -> bytes:
    """32 bytes from base64url text, with or without padding."""
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        msg = "KEZHI_MASTER_KEY must be 32 bytes in base64url."
        raise SettingsError(msg)
    return key


def encode_master_key(key: bytes) -> str:
    """The text that `decode_master_key` reads."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode("ascii")


def _database(env: Mapping[str, str]) -> DatabaseSettings:
    address = env.get("KEZHI_CATALOG_ADDRESS", "")
    url = env.get("DATABASE_URL", "") if address else required(env, "DATABASE_URL")
    if url and urlsplit(url).scheme not in {"postgresql", "postgres"}:
        msg = "DATABASE_URL must begin with postgresql://."
        raise SettingsError(msg)
    words = "be a lower-case word of at most 20 letters, digits or underscores"
    prefix = matching(env, "KEZHI_DATABASE_PREFIX", _PREFIX, words)
    return DatabaseSettings(
        url=url,
        catalog_address=address,
        prefix=prefix or "kezhi",
        region=env.get("KEZHI_REGION", "local"),
        allow_unhardened=flag(env, "KEZHI_ALLOW_UNHARDENED"),
        connections=integer(env, "KEZHI_CONNECTIONS", 40),
        at_once=integer(env, "KEZHI_CONNECTIONS_AT_ONCE", 4),
        connection_wait_ms=integer(env, "KEZHI_CONNECTION_WAIT_MS", 200, least=0),
    )


def _budgets(env: Mapping[str, str]) -> BudgetSettings:
    usual = BudgetSettings()
    principal = integer(env, "KEZHI_PRINCIPAL_COST_PER_SECOND", usual.principal_per_second)
    tenant = integer(env, "KEZHI_TENANT_COST_PER_SECOND", usual.tenant_per_second)
    return BudgetSettings(
        principal_per_second=principal,
        principal_burst=min(principal * _BURST_SECONDS, MOST_BUDGET),
        tenant_per_second=tenant,
        tenant_burst=min(tenant * _BURST_SECONDS, MOST_BUDGET),
    )


def _tracing(env: Mapping[str, str]) -> TracingSettings:
    address = "be an http:// or https:// address, such as http://collector:4318/v1/traces"
    endpoint = matching(env, "KEZHI_TRACE_ENDPOINT", _HTTP, address)
    ratio = matching(env, "KEZHI_TRACE_RATIO", _RATIO, "be a number from 0 to 1, such as 0.01")
    return TracingSettings(endpoint, float(ratio or "0"))


def _files(env: Mapping[str, str]) -> FileSettings:
    usual = FileSettings()
    place = "begin with file:// and an absolute path, or be like s3://bucket/folder"
    return FileSettings(
        url=matching(env, "KEZHI_FILES_URL", _PLACE, place),
        scanner=matching(
            env, "KEZHI_SCANNER_URL", _SCANNER, "be like tcp://clamd:3310 or unix:///run/clamav/clamd.sock"
        ),
        scan_seconds=integer(env, "KEZHI_SCAN_SECONDS", usual.scan_seconds),
        most_bytes=integer(env, "KEZHI_FILE_BYTES", usual.most_bytes),
        tenant_bytes=integer(env, "KEZHI_TENANT_FILE_BYTES", usual.tenant_bytes),
        upload_seconds=integer(env, "KEZHI_UPLOAD_SECONDS", usual.upload_seconds),
    )
