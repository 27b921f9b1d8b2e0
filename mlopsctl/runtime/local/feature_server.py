"""Feast's feature server as a local process: `python -m mlopsctl.runtime.local.feature_server`.

The metrics server of the rendered repository is disabled: its port is often in use locally.
"""

from __future__ import annotations

import sys
import warnings


def main(repository: str, host: str, port: int) -> None:
    """Serve the repository's online store."""
    warnings.simplefilter("ignore")
    from mlopsctl.runtime.backends.lean_imports import without_type_checks

    with without_type_checks():
        from feast import FeatureStore
        from feast.feature_server import start_server

    store = FeatureStore(repo_path=repository)
    store.config.feature_server = None
    start_server(
        store,
        host=host,
        port=port,
        no_access_log=True,
        workers=1,
        worker_connections=1000,
        max_requests=0,
        max_requests_jitter=0,
        keep_alive_timeout=60,
        registry_ttl_sec=60,
        tls_key_path="",
        tls_cert_path="",
        metrics=False,
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
