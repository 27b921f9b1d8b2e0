"""The folder of the local runner, next to the spec."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = ".mlops"


@dataclass(frozen=True, slots=True)
class Layout:
    """The runner's folder. `home` is the spec's folder, from which relative paths and the user's code are resolved."""

    home: Path

    @property
    def folder(self) -> Path:
        """The folder of all files of the runner."""
        return self.home / FOLDER

    @property
    def blueprint(self) -> Path:
        """The Blueprint that the steps read."""
        return self.folder / "blueprint.json"

    @property
    def features(self) -> Path:
        """The rendered feature repository."""
        return self.folder / "features"

    @property
    def feature_registry(self) -> Path:
        """Feast's registry."""
        return self.folder / "feast" / "registry.db"

    @property
    def online_store(self) -> Path:
        """Feast's online store."""
        return self.folder / "feast" / "online.db"

    @property
    def tracking(self) -> Path:
        """MLflow's runs and registry."""
        return self.folder / "mlflow.db"

    @property
    def artifacts(self) -> Path:
        """MLflow's artifacts."""
        return self.folder / "artifacts"

    @property
    def tracking_uri(self) -> str:
        """The address of MLflow's store."""
        return f"sqlite:///{self.tracking}"

    @property
    def steps(self) -> Path:
        """The outputs of each step."""
        return self.folder / "steps"

    @property
    def logs(self) -> Path:
        """The logs of the steps."""
        return self.folder / "logs"

    @property
    def metrics(self) -> Path:
        """The steps' gauges, for a Prometheus that reads text files."""
        return self.folder / "metrics"

    @property
    def report(self) -> Path:
        """The report of the last run."""
        return self.folder / "report.html"

    @property
    def result(self) -> Path:
        """The result of the last run, as JSON."""
        return self.folder / "run.json"

    @property
    def lock(self) -> Path:
        """The lock that allows one run at a time."""
        return self.folder / "lock"

    def step(self, name: str) -> Path:
        """Return the folder of a step's outputs."""
        return self.steps / name

    def log(self, name: str) -> Path:
        """Return the file of a step's log."""
        return self.logs / f"{name}.log"
