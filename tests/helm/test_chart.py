"""[I2] What the chart renders is what Kubernetes accepts, in every switch of its values, and it holds no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import helm_python
import kubernetes_validate
import pytest
import yaml

from tenants.reachability import PATIENCE_SECONDS
from tests.architecture.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

CHART = ROOT / "helm" / "kezhi"
KUBERNETES = ("1.28", "1.37.0")
VALUES: tuple[dict[str, Any], ...] = (  # Any: values are what YAML holds
    {},
    {"ingress": {"enabled": False, "baseDomain": "crm.example.com"}, "api": {"replicas": 1}},
    {
        "ingress": {"tlsSecret": "wildcard", "className": "nginx", "annotations": {"example.com/size": "4m"}},
        "image": {"repository": "images.example.com/kezhi", "tag": "1", "pullSecrets": ["images"]},
        "nodeSelector": {"disk": "fast"},
        "tolerations": [{"key": "crm", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
        "podAnnotations": {"example.com/team": "crm"},
        "serviceAccount": {"create": False, "name": "crm"},
    },
)


def rendered(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    templates = helm_python.Chart.load(CHART).render(values, name="demo", namespace="crm")
    for name, text in templates.items():
        if name.endswith(".yaml"):
            yield from (document for document in yaml.safe_load_all(text) if document)


def containers(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        container["name"]: container
        for document in rendered(values)
        if document["kind"] in {"Deployment", "Job"}
        for container in document["spec"]["template"]["spec"]["containers"]
    }


@pytest.mark.parametrize("values", VALUES)
def test_chart_has_no_lint_message_beyond_the_icon(values: dict[str, Any]) -> None:
    report = helm_python.lint(CHART, values, strict=True)

    assert [message["error"] for message in report["messages"]] == ["icon is recommended"]
    assert report["errors"] == []


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("values", VALUES)
def test_every_object_is_valid(values: dict[str, Any], version: str) -> None:
    for document in rendered(values):
        kubernetes_validate.validate(document, version, strict=True)


def test_default_values_render_every_part() -> None:
    kinds = sorted((document["kind"], document["metadata"]["name"]) for document in rendered({}))

    assert kinds == [
        ("Deployment", "demo-kezhi-api"),
        ("Deployment", "demo-kezhi-scheduler"),
        ("Deployment", "demo-kezhi-worker"),
        ("Ingress", "demo-kezhi-api"),
        ("Job", "demo-kezhi-migration"),
        ("PodDisruptionBudget", "demo-kezhi-api"),
        ("Service", "demo-kezhi-api"),
        ("ServiceAccount", "demo-kezhi"),
    ]


def test_only_the_migration_sees_the_administrators_url() -> None:
    seeing = [
        name
        for name, container in containers({}).items()
        if "DATABASE_URL" in {variable["name"] for variable in container["env"]}
    ]

    assert seeing == ["migration"]


def test_secrets_are_referred_to_and_never_written() -> None:
    secret = {"KEZHI_MASTER_KEY", "DATABASE_URL", "BROKER_URL"}

    for container in containers({}).values():
        for variable in container["env"]:
            if variable["name"] in secret:
                assert set(variable) == {"name", "valueFrom"}
                assert set(variable["valueFrom"]) == {"secretKeyRef"}


def test_ingress_takes_the_host_of_every_tenant() -> None:
    (ingress,) = [document for document in rendered(VALUES[2]) if document["kind"] == "Ingress"]

    assert [rule["host"] for rule in ingress["spec"]["rules"]] == ["*.crm.example.com"]
    assert ingress["spec"]["tls"] == [{"secretName": "wildcard", "hosts": ["*.crm.example.com"]}]


def test_api_is_probed_at_start_for_life_and_for_traffic() -> None:
    api = containers({})["api"]

    assert {probe: api[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")} == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    # Catalog and cells are waited for one after the other; a probe that gave up sooner would take everybody out.
    assert api["readinessProbe"]["timeoutSeconds"] > 2 * PATIENCE_SECONDS


def test_no_container_may_gain_rights() -> None:
    assert [container["securityContext"] for container in containers({}).values()] == [
        {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    ] * 4


@pytest.mark.parametrize(
    "values",
    [
        {"api": {"replicas": 0}},
        {"api": {"replica": 2}},
        {"database": {"catalogAddress": "postgresql"}},
        {"database": {"catalogAddress": "user:secret@postgresql:5432"}},
        {"secrets": {"masterKey": {"name": "kezhi", "key": "master-key", "value": "secret"}}},
        {"image": {"repository": ""}},
        {"ingress": {"baseDomain": "CRM"}},
    ],
)
def test_wrong_value_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(helm_python.HelmError):
        helm_python.Chart.load(CHART).render(values, name="demo", namespace="crm")


def test_api_believes_the_networks_that_are_named() -> None:
    found = [containers(values)["api"]["env"] for values in ({}, {"api": {"trustedProxies": ["10.1.0.0/16"]}})]

    believed = [variable["value"] for env in found for variable in env if variable["name"] == "KEZHI_TRUSTED_PROXIES"]
    assert believed == ["10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fd00::/8", "10.1.0.0/16"]


def test_api_is_traced_where_a_collector_is_named() -> None:
    tracing = {"endpoint": "http://collector:4318/v1/traces", "ratio": 0.01}
    found = [containers(values)["api"]["env"] for values in ({}, {"api": {"tracing": tracing}})]

    set_ = [{each["name"]: each["value"] for each in env if each["name"].startswith("KEZHI_TRACE_")} for env in found]
    assert set_ == [{}, {"KEZHI_TRACE_ENDPOINT": "http://collector:4318/v1/traces", "KEZHI_TRACE_RATIO": "0.010000"}]
