"""The stores of a cluster, which every pod reaches by an address: PostgreSQL for features, MLflow for models.

In: a folder. Out: real servers on loopback, a workspace that names them, and the secret that a pod is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import model_registry
import postgres_server

_ACCESS = "features-db"


class Stores(NamedTuple):
    """Running stores. `database` is where the model registry keeps its rows."""

    port: int
    registry: str
    database: Path

    @property
    def secrets(self) -> dict[str, dict[str, str]]:
        """The secrets of the namespace."""
        return {_ACCESS: {"username": postgres_server.USER, "password": postgres_server.PASSWORD}}

    def workspace(self, pipelines: str) -> str:
        """Return a workspace of the quickstart with these stores and an engine of pipelines."""
        address, features = f"127.0.0.1:{self.port}", postgres_server
        return f"""\
apiVersion: mlopsctl.dev/v1alpha1
kind: Workspace
metadata: {{name: quickstart}}
spec:
  systems: [mlops.yaml]
  stack:
    features:
      engine: feast
      registry: postgresql+psycopg://{features.USER}@{address}/{features.REGISTRY}
      online: {{type: postgres, connection: "{address}", database: {features.ONLINE}, secret: {_ACCESS}}}
    pipelines: {pipelines}
    registry: {{engine: mlflow, uri: "{self.registry}"}}
    monitoring: {{engine: prometheus, pushgateway: "http://127.0.0.1:9"}}
  environments:
    local: {{namespace: default}}
"""

    def online(self, view: str) -> int:
        """Count the values of a view that the online store holds, by SQL and not by Feast."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=postgres_server.ONLINE,
            user=postgres_server.USER,
            password=postgres_server.PASSWORD,
        ) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE tablename LIKE %s", (f"%\\_{view}",)
            ).fetchall()
            return sum(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for (table,) in tables)  # noqa: S608


@contextmanager
def running(folder: Path) -> Iterator[Stores]:
    """Start both servers. The model registry hands artifacts out itself, as pods of a cluster reach them."""
    with postgres_server.running() as port, model_registry.running(folder, serves_artifacts=True) as registry:
        yield Stores(port, registry, folder / "mlflow.db")
