"""The platform around the stages: monitoring, dashboards, delivery, pull requests, secrets."""

from __future__ import annotations

from typing import Literal

from mlopsctl.spec.stack.words import Location, RequirementsFile
from mlopsctl.spec.words import Label, LabelValue, Section, Text, Url, Version


class PrometheusOperator(Section):
    """Prometheus watches, through the operator's resources."""

    engine: Literal["prometheus-operator"]
    """The engine."""
    version: Version = "0.93"
    """Its version."""
    labels: dict[Label, LabelValue] = {}
    """Labels the operator selects rules and monitors by."""
    pushgateway: Url | None = None
    """The push gateway that steps report to where the pipeline engine exports no numbers of theirs (KFP)."""


class Prometheus(Section):
    """Prometheus watches, through plain rule files."""

    engine: Literal["prometheus"]
    """The engine."""
    version: Version = "3"
    """Its version."""
    pushgateway: Url | None = None
    """The push gateway that steps report to where the pipeline engine exports no numbers of theirs (KFP)."""


class Grafana(Section):
    """Grafana shows dashboards."""

    engine: Literal["grafana"]
    """The engine."""
    version: Version = "12"
    """Its version."""
    folder: Text = "mlops"
    """The folder dashboards are put in."""
    labels: dict[Label, LabelValue] = {"dashboards": "grafana"}
    """Labels of the Grafana instance that the operator picks."""


class ArgoCD(Section):
    """Argo CD delivers."""

    engine: Literal["argocd"]
    """The engine."""
    version: Version = "3.5"
    """Its version."""
    project: Label | None = None
    """The AppProject; by default the workspace's name."""
    namespace: Label = "argocd"
    """The namespace Argo CD runs in."""


class Ci(Section):
    """What checks pull requests."""

    engine: Literal["github", "bitbucket"]
    """The engine."""
    requirements: RequirementsFile | None = None
    """A requirements file with hashes that installs mlopsctl, from the repository's root; left out, the version that
    rendered is installed."""


class SecretStore(Section):
    """The store that ExternalSecrets read."""

    kind: Literal["ClusterSecretStore", "SecretStore"] = "ClusterSecretStore"
    """The store's kind."""
    name: Label
    """The store's name."""


class ExternalSecrets(Section):
    """The External Secrets operator fetches secrets."""

    engine: Literal["external-secrets"]
    """The engine."""
    store: SecretStore
    """Where secrets are fetched from."""
    prefix: Location = ""
    """Put before each secret's name in the store."""


class ExistingSecrets(Section):
    """Secrets are in the namespace already."""

    engine: Literal["existing"]
    """The engine."""
