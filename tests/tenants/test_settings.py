"""Settings: read from the environment once; what is wrong with it is said in one sentence."""

from __future__ import annotations

import pytest

from tenants.setting_texts import SettingsError
from tenants.settings import (
    MOST_BUDGET,
    BrokerSettings,
    BudgetSettings,
    DatabaseSettings,
    ServerSettings,
    Settings,
    TokenSettings,
    TracingSettings,
    decode_master_key,
    encode_master_key,
    process_environment,
)

KEY = bytes(range(32))
URL = "postgresql://admin:secret@db.example:5433/postgres"
_ADDRESS = "an http:// or https:// address, such as http://collector:4318/v1/traces."
LEAST = {"DATABASE_URL": URL, "KEZHI_MASTER_KEY": encode_master_key(KEY)}


def test_least_environment_gives_the_defaults() -> None:
    assert Settings.from_environ(LEAST) == Settings(DatabaseSettings(URL), KEY)


def test_everything_can_be_set() -> None:
    settings = Settings.from_environ({
        **LEAST,
        "BROKER_URL": "amqp://broker",
        "KEZHI_HINT_URL": "redis://hints",
        "KEZHI_CATALOG_ADDRESS": "catalog:5432",
        "KEZHI_DATABASE_PREFIX": "crm",
        "KEZHI_REGION": "cn-east",
        "KEZHI_ALLOW_UNHARDENED": "1",
        "KEZHI_CONNECTIONS": "10",
        "KEZHI_CONNECTIONS_AT_ONCE": "3",
        "KEZHI_CONNECTION_WAIT_MS": "0",
        "KEZHI_HOST": "10.0.0.1",
        "KEZHI_PORT": "80",
        "KEZHI_BASE_DOMAIN": "kezhi.example",
        "KEZHI_TRUSTED_PROXIES": "10.0.0.0/8, fd00::1,",
        "KEZHI_LOG_JSON": "true",
        "KEZHI_ACCESS_SECONDS": "60",
        "KEZHI_REFRESH_SECONDS": "3600",
        "KEZHI_PRINCIPAL_COST_PER_SECOND": "1000",
        "KEZHI_TENANT_COST_PER_SECOND": "1000000000",
        "KEZHI_TRACE_ENDPOINT": "http://collector:4318/v1/traces",
        "KEZHI_TRACE_RATIO": "0.01",
    })

    assert settings == Settings(
        DatabaseSettings(
            URL,
            catalog_address="catalog:5432",
            prefix="crm",
            region="cn-east",
            allow_unhardened=True,
            connections=10,
            at_once=3,
            connection_wait_ms=0,
        ),
        KEY,
        BrokerSettings("amqp://broker", "redis://hints"),
        ServerSettings("10.0.0.1", 80, "kezhi.example", trusted_proxies=("10.0.0.0/8", "fd00::1"), log_json=True),
        TokenSettings(access_seconds=60, refresh_seconds=3600),
        budgets=BudgetSettings(1_000, 50_000, 1_000_000_000, MOST_BUDGET),
        tracing=TracingSettings("http://collector:4318/v1/traces", 0.01),
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set."),
        ({"DATABASE_URL": "mysql://db"}, "DATABASE_URL must begin with postgresql://."),
        ({"KEZHI_MASTER_KEY": ""}, "KEZHI_MASTER_KEY is not set."),
        ({"KEZHI_MASTER_KEY": "short"}, "KEZHI_MASTER_KEY must be 32 bytes in base64url."),
        ({"KEZHI_MASTER_KEY": "客制"}, "KEZHI_MASTER_KEY must be 32 bytes in base64url."),
        ({"KEZHI_PORT": "http"}, "KEZHI_PORT must be a whole number above zero."),
        ({"KEZHI_PORT": "0"}, "KEZHI_PORT must be a whole number above zero."),
        (
            {"KEZHI_TRUSTED_PROXIES": "10.0.0.0/8,*"},
            "KEZHI_TRUSTED_PROXIES must be addresses and networks with commas between them, such as 10.0.0.0/8.",
        ),
        *(
            ({"KEZHI_TRACE_ENDPOINT": each}, f"KEZHI_TRACE_ENDPOINT must be {_ADDRESS}")
            for each in ("collector:4318", "file://collector/v1/traces", "http://", "http:///v1/traces", "http://a b/")
        ),
        *(
            ({"KEZHI_TRACE_RATIO": each}, "KEZHI_TRACE_RATIO must be a number from 0 to 1, such as 0.01.")
            for each in ("1.1", "-0.1", "1%", "nan", "1e-2", "2")
        ),
        ({"KEZHI_LOG_JSON": "maybe"}, "KEZHI_LOG_JSON must be 1 or 0."),
        (
            {"KEZHI_DATABASE_PREFIX": "Kezhi-1"},
            "KEZHI_DATABASE_PREFIX must be a lower-case word of at most 20 letters, digits or underscores.",
        ),
        *(
            (
                {"KEZHI_FILES_URL": each},
                "KEZHI_FILES_URL must begin with file:// and an absolute path, or be like s3://bucket/folder.",
            )
            for each in ("/var/files", "file://", "https://bucket", "s3:///folder")
        ),
        *(
            (
                {"KEZHI_SCANNER_URL": each},
                "KEZHI_SCANNER_URL must be like tcp://clamd:3310 or unix:///run/clamav/clamd.sock.",
            )
            for each in ("clamd:3310", "tcp://", "tcp://clamd:port", "unix://run/clamd.sock")
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environ(LEAST | change)

    assert str(refused.value) == sentence


def test_process_that_knows_the_catalog_needs_no_administrator() -> None:
    settings = Settings.from_environ({
        "KEZHI_CATALOG_ADDRESS": "db:5432",
        "KEZHI_MASTER_KEY": LEAST["KEZHI_MASTER_KEY"],
    })

    assert (settings.database.url, settings.database.catalog_address) == ("", "db:5432")


@pytest.mark.parametrize(
    ("broker", "hints"), [("redis://a", "redis://a"), ("rediss://a", "rediss://a"), ("amqp://a", "")]
)
def test_hints_go_where_the_jobs_go_if_that_can_publish(broker: str, hints: str) -> None:
    assert Settings.from_environ(LEAST | {"BROKER_URL": broker}).broker == BrokerSettings(broker, hints)


def test_databases_are_named_after_the_prefix() -> None:
    database = DatabaseSettings(URL, prefix="crm")

    assert (database.catalog, database.first_cell) == ("crm_catalog", "crm_cell_1")


def test_no_secret_is_printed() -> None:
    shown = repr(Settings.from_environ(LEAST | {"BROKER_URL": "redis://:hidden@a"}))

    assert [word for word in ("secret", "hidden", LEAST["KEZHI_MASTER_KEY"], str(KEY)) if word in shown] == []


def test_master_key_survives_its_text() -> None:
    assert decode_master_key(encode_master_key(KEY)) == KEY


def test_environment_of_the_process_is_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEZHI_HOST", "here")

    found = process_environment()
    found["KEZHI_HOST"] = "there"

    assert process_environment()["KEZHI_HOST"] == "here"
