"""Download artifacts (from a file, a bucket, a tracking server) to the scratch folder of a step."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from mlopsctl.runtime.step_context import StepContext


def fetched(step_context: StepContext, location: str) -> Path:
    """Download an artifact to the scratch folder, and return its path."""
    from mlflow.artifacts import download_artifacts

    parts = urlsplit(location)
    if parts.scheme in ("", "file"):
        return Path(unquote(parts.path))
    folder = step_context.work / "fetched"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(download_artifacts(artifact_uri=location, dst_path=str(folder)))
