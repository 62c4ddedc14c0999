"""The manifests: every process probed, bounded and closed; only the gateway reachable."""

import re
from typing import Any

import pytest
from starlette.routing import Route

from shared.web.app import health_routes
from tests.deploy.deployment import (
    EXAMPLE,
    KUBERNETES,
    PROCESSES,
    documents,
    example_secrets,
    kustomization,
    objects,
    pod_of,
)

SERVICES = ["gateway", "workstation", "committee"]
DEPLOYMENTS = [*SERVICES, "worker"]


def container_of(name: str) -> dict[str, Any]:
    (found,) = pod_of(name)["containers"]
    assert isinstance(found, dict)
    return found


def test_every_manifest_is_applied_but_the_example_and_real_secrets() -> None:
    files = {path.name for path in KUBERNETES.glob("*.yaml")}
    assert files - {"kustomization.yaml", EXAMPLE, "secret.yaml"} == set(
        kustomization()["resources"]
    )
    assert objects("Secret") == {}


def test_the_example_secrets_hold_places_to_fill_and_no_values() -> None:
    for variables in example_secrets().values():
        for value in variables.values():
            assert re.search(r"<key>|:<password>@", value)


def test_no_configuration_holds_a_secret() -> None:
    for found in objects("ConfigMap").values():
        assert not [name for name in found["data"] if re.search(r"PASSWORD|KEY|SECRET", name)]


def test_every_secret_and_setting_that_a_pod_refers_to_is_described() -> None:
    for name in PROCESSES:
        for source in container_of(name)["envFrom"]:
            if "secretRef" in source:
                assert source["secretRef"]["name"] in example_secrets()
            else:
                assert source["configMapRef"]["name"] in objects("ConfigMap")


def test_the_example_secrets_and_the_objects_share_a_namespace() -> None:
    (namespace,) = objects("Namespace")
    assert kustomization()["namespace"] == namespace
    for found in documents(KUBERNETES / EXAMPLE):
        assert found["metadata"]["namespace"] == namespace


@pytest.mark.parametrize("name", SERVICES)
def test_probes_ask_paths_that_exist(name: str) -> None:
    paths = {route.path for route in health_routes(name).routes if isinstance(route, Route)}
    container = container_of(name)
    probes = {kind: container[kind]["httpGet"] for kind in container if kind.endswith("Probe")}
    assert {kind: probe["path"] for kind, probe in probes.items()} == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    assert {probe["path"] for probe in probes.values()} <= paths
    assert {probe["port"] for probe in probes.values()} == {container["ports"][0]["name"]}


@pytest.mark.parametrize("name", PROCESSES)
def test_every_pod_meets_the_restricted_standard_on_a_read_only_root(name: str) -> None:
    pod, container = pod_of(name), container_of(name)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "/tmp" in [mount["mountPath"] for mount in container["volumeMounts"]]


@pytest.mark.parametrize("name", PROCESSES)
def test_every_mount_has_its_volume(name: str) -> None:
    mounts = {mount["name"] for mount in container_of(name)["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod_of(name)["volumes"]}
    assert mounts == set(volumes)
    for volume in volumes.values():
        if "persistentVolumeClaim" in volume:
            assert volume["persistentVolumeClaim"]["claimName"] in objects("PersistentVolumeClaim")


@pytest.mark.parametrize("name", PROCESSES)
def test_every_container_says_what_it_needs_and_may_use(name: str) -> None:
    resources = container_of(name)["resources"]
    assert set(resources["requests"]) == {"cpu", "memory"}
    assert "memory" in resources["limits"]


def test_all_processes_run_the_image_that_the_kustomization_names() -> None:
    assert {container_of(name)["image"] for name in PROCESSES} == {
        image["name"] for image in kustomization()["images"]
    }


def test_what_exists_is_what_is_served() -> None:
    assert set(objects("Deployment")) == set(DEPLOYMENTS)
    assert set(objects("PodDisruptionBudget")) == set(DEPLOYMENTS)
    assert set(objects("Service")) == set(SERVICES)
    assert set(objects("HorizontalPodAutoscaler")) == set(SERVICES)
    assert set(objects("Job")) == {"migrate"}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_selectors_find_the_pods(name: str) -> None:
    deployment = objects("Deployment")[name]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert objects("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"] == labels
    if name in SERVICES:
        assert objects("Service")[name]["spec"]["selector"] == labels
        assert "type" not in objects("Service")[name]["spec"]
        target = objects("HorizontalPodAutoscaler")[name]["spec"]["scaleTargetRef"]
        assert (target["kind"], target["name"]) == ("Deployment", name)
        assert "replicas" not in deployment["spec"]


def test_only_the_gateway_is_reachable_from_elsewhere() -> None:
    policies = objects("NetworkPolicy")
    assert policies.pop("nobody")["spec"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    gateway = {"matchLabels": {"app.kubernetes.io/component": "gateway"}}
    open_to_all = [
        found["spec"]["podSelector"]
        for found in policies.values()
        if any("from" not in rule for rule in found["spec"]["ingress"])
    ]
    assert open_to_all == [gateway]
    for found in policies.values():
        for rule in found["spec"]["ingress"]:
            assert rule.get("from", []) in ([], [{"podSelector": gateway}])


def test_the_migration_can_be_applied_before_everything_that_runs() -> None:
    stages: dict[str, set[str]] = {}
    for file in kustomization()["resources"]:
        for found in documents(KUBERNETES / file):
            stages.setdefault(found["metadata"]["labels"]["shequ/stage"], set()).add(found["kind"])
    assert set(stages) == {"prepare", "run"}
    assert {"Namespace", "ConfigMap", "Job", "NetworkPolicy"} <= stages["prepare"]
    assert "Deployment" not in stages["prepare"]
