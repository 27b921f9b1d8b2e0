"""A Hopsworks that answers the real client from memory: its REST end, its file store and its query service.

In: requests as the client of 5.2.1 sends them. Out: what a server answers, and `posted`, every body that came in. Delta
tables are real ones, in a folder; what goes to Kafka is kept in `online`. It stands behind the client's private seams,
so it fits one version of it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import hopsworks
import hsfs.engine
import pandas as pd
from deltalake import DeltaTable
from hopsworks_common import client
from hopsworks_common.client.exceptions import RestAPIError
from hopsworks_common.core.dataset_api import DatasetApi
from hsfs.core import arrow_flight_client
from hsfs.core.variable_api import VariableApi
from hsfs.engine.python import Engine
from hsfs.feature_store import FeatureStore

NOT_THERE = {"featuregroups": 270009, "featureview": 270181}


class Refusal:
    """An answer with an error code of the server's."""

    status_code, reason, content = 404, "Not Found", b""

    def __init__(self, code: int) -> None:
        self._code = code

    def json(self) -> dict[str, Any]:
        return {"errorCode": self._code, "errorMsg": "not found", "usrMsg": ""}


class Server:
    """Keeps what is posted, and answers with it."""

    _project_id, _project_name, project_name = 1, "p", "p"
    _base_url = "https://hopsworks.test"

    def __init__(self, folder: Path, tables: dict[str, pd.DataFrame] | None = None) -> None:
        self.folder, self.tables = folder, tables or {}
        self.posted: list[tuple[str, Any]] = []
        self.groups: dict[str, Any] = {}
        self.views: dict[str, Any] = {}
        self.versions: list[Any] = []
        self.online: dict[str, pd.DataFrame] = {}
        self.queries: list[Any] = []
        self.logins: list[dict[str, Any]] = []

    def _is_external(self) -> bool:
        return False

    @staticmethod
    def _replace_public_host(address: Any) -> Any:
        return address

    def _send_request(
        self,
        method: str,
        path_params: list[Any],
        query_params: Any = None,
        headers: Any = None,
        data: Any = None,
        **more: Any,
    ) -> Any:
        del query_params, headers, more
        path = [str(part) for part in path_params]
        body = json.loads(data) if isinstance(data, str) else None
        kinds = ("featuregroups", "featureview", "query", "storageconnectors")
        kind = next((part for part in path if part in kinds), path[-1])
        if method == "POST" and path[-1] == kind:
            self.posted.append((kind, body))
        handler = getattr(self, f"_{method}_{kind}".lower(), None)
        return handler(path, body) if handler else {"count": 0, "items": []}

    def _get_featuregroups(self, path: list[str], _: Any) -> Any:
        if path[-1] != "featuregroups" and path[-2] == "featuregroups":
            return [self._known(self.groups, path[-1], "featuregroups")]
        return {"count": 0, "items": []}

    def _post_featuregroups(self, path: list[str], body: Any) -> Any:
        if path[-1] != "featuregroups":
            return {**(body or {}), "href": ""}  # a commit, which is not looked at again
        number = len(self.groups) + 1
        feature_group = {**body, "id": number, "location": str(self.folder / body["name"]), "created": "2026-01-01"}
        if body["type"] == "onDemandFeaturegroupDTO":
            feature_group["spine"] = False
        self.groups[body["name"]] = feature_group
        return feature_group

    def _get_storageconnectors(self, path: list[str], _: Any) -> Any:
        return {"id": 1, "name": path[-1], "featurestoreId": 1, "type": "x", "storageConnectorType": "BIGQUERY"}

    def _get_featureview(self, path: list[str], _: Any) -> Any:
        if path[-1] == "batch":
            return self.views[path[path.index("featureview") + 1]]["query"]
        if "trainingdatasets" in path:
            return self.versions[int(path[-1]) - 1]
        if "version" in path and path[-2] == "version":
            return self._known(self.views, path[-3], "featureview")
        return {"count": 0, "items": []}

    def _post_featureview(self, path: list[str], body: Any) -> Any:
        if path[-1] == "trainingdatasets":
            self.posted.append(("trainingdatasets", body))
            number = len(self.versions) + 1
            self.versions.append(
                {**body, "version": number, "id": number, "featurestoreId": 1, "created": "2026-01-01"}
            )
            return self.versions[-1]
        if path[-1] != "featureview":
            return {**(body or {}), "items": []}
        labels = {feature["name"] for feature in body["features"] if feature.get("label")}
        pairs = [(body["query"]["leftFeatureGroup"], left_feature) for left_feature in body["query"]["leftFeatures"]]
        for join in body["query"]["joins"]:
            pairs += [
                (join["query"]["leftFeatureGroup"], left_feature) for left_feature in join["query"]["leftFeatures"]
            ]
        features = [
            {
                "name": feature["name"],
                "type": feature["type"],
                "label": feature["name"] in labels,
                "featuregroup": group,
            }
            for group, feature in pairs
        ]
        view = {**body, "id": len(self.views) + 1, "features": features, "servingKeys": self._serving_keys(body)}
        self.views[body["name"]] = view
        return view

    @staticmethod
    def _serving_keys(body: Any) -> list[dict[str, Any]]:
        root, keys = body["query"]["leftFeatureGroup"], []
        for number, join in enumerate(body["query"]["joins"]):
            for on in join["on"]:
                group = join["query"]["leftFeatureGroup"]
                keys.append(
                    {"featureName": on["name"], "required": True, "joinIndex": number + 1, "featureGroup": group}
                )
        for feature in root["features"]:
            if feature["primary"]:
                keys.append({"featureName": feature["name"], "required": True, "joinIndex": 0, "featureGroup": root})
        return keys

    def _put_query(self, _: list[str], body: Any) -> Any:
        self.queries.append(body)
        nothing: dict[str, Any] = {"query": "", "onDemandFeatureGroups": None, "hudiCachedFeatureGroups": None}
        return {**nothing, "hqsPayload": json.dumps(body), "spineApplied": "spine" in body}

    @staticmethod
    def _known(there: dict[str, Any], name: str, kind: str) -> Any:
        if name not in there:
            raise RestAPIError("", Refusal(NOT_THERE[kind]))
        return there[name]

    # --- the query service ---------------------------------------------------------------------------------------

    def read(self, query: Any, *_: Any) -> pd.DataFrame:
        """Answer a query: a spine joined as of each row's time, or one group between two times."""
        body = json.loads(query.hqs_payload)
        return self._as_of(body) if "spine" in body else self._between(body)

    def _rows(self, group: Any) -> pd.DataFrame:
        known = self.groups[group["name"]]
        if known["type"] == "onDemandFeaturegroupDTO":
            return self.tables[known["dataSource"]["query"]]
        return DeltaTable(known["location"]).to_pandas()

    def _between(self, body: Any) -> pd.DataFrame:
        group = self.groups[body["leftFeatureGroup"]["name"]]
        rows, time = self._rows(group), group["eventTime"]
        times = pd.to_datetime(rows[time], utc=True)
        kept = pd.Series(True, index=rows.index)
        for condition in _conditions(body["filter"]):
            limit = pd.Timestamp(condition["value"], tz="UTC")
            kept &= times >= limit if condition["condition"].startswith("GREATER") else times < limit
        return rows.loc[kept, [left_feature["name"] for left_feature in body["leftFeatures"]]].reset_index(drop=True)

    def _as_of(self, body: Any) -> pd.DataFrame:
        spine = pd.read_parquet(self.folder / "files" / body["spine"]["parquetBasename"])
        view = self.views[body["spine"]["featureViewName"]]
        time = body["spine"]["eventTimeColumn"]
        spine[time] = pd.to_datetime(spine[time], utc=True).astype("datetime64[us, UTC]")
        joined = spine.sort_values(time, kind="stable")
        for join in view["query"]["joins"]:
            group = self.groups[join["query"]["leftFeatureGroup"]["name"]]
            names = [left_feature["name"] for left_feature in join["query"]["leftFeatures"]]
            keys, own = [key["name"] for key in join["on"]], group["eventTime"]
            rows = self._rows(group)[[*keys, own, *names]].rename(columns={own: "__time"})
            rows["__time"] = pd.to_datetime(rows["__time"], utc=True).astype("datetime64[us, UTC]")
            joined = pd.merge_asof(
                joined,
                rows.sort_values("__time", kind="stable"),
                left_on=time,
                right_on="__time",
                by=keys,
                tolerance=pd.Timedelta(seconds=view["maxFeatureAgeSecs"]),
            ).drop(columns="__time")
        return joined.sort_values("__hopsworks_spine_row_id").drop(columns="__hopsworks_spine_row_id")

    def _should_be_used(self) -> bool:
        return True

    _is_enabled = _should_be_used

    def _read_query(self, query: Any, *_: Any) -> pd.DataFrame:
        return self.read(query)


def _conditions(value: Any) -> list[Any]:
    if not value:
        return []
    if "condition" in value:
        return [value]
    return [
        condition
        for name in ("leftFilter", "rightFilter", "leftLogic", "rightLogic")
        for condition in _conditions(value.get(name))
    ]


def started(folder: Path, tables: dict[str, pd.DataFrame] | None = None) -> Server:
    """Put a server behind the client of this process."""
    server = Server(folder, tables)
    (folder / "files").mkdir(parents=True)
    client._client = server
    hsfs.engine._init("python")
    hsfs.engine.hopsworks_common.connection._hsfs_engine_type = "python"
    arrow_flight_client._arrow_flight_instance = server
    VariableApi._get_loadbalancer_external_domain = lambda *_: ""  # type: ignore[method-assign]
    DatasetApi.exists = lambda *_: True  # type: ignore[method-assign]
    DatasetApi.upload = lambda _, local, *__, **___: shutil.copy(local, folder / "files")  # type: ignore[method-assign]
    DatasetApi.remove = lambda _, path: (folder / "files" / Path(path).name).unlink()  # type: ignore[method-assign]

    def to_kafka(_: Any, group: Any, rows: pd.DataFrame, *__: Any) -> None:
        server.online[group.name] = pd.concat([server.online.get(group.name, rows.iloc[:0]), pd.DataFrame(rows)])

    Engine._write_dataframe_kafka = to_kafka  # type: ignore[method-assign]

    class Project:
        def get_feature_store(self) -> FeatureStore:
            return store()

    def login(**named: Any) -> Project:
        server.logins.append(named)
        return Project()

    hopsworks.login = login
    return server


def store() -> FeatureStore:
    """Return the client's own feature store."""
    return FeatureStore(
        featurestore_id=1,
        featurestore_name="p_featurestore",
        created="2026-01-01",
        project_name="p",
        project_id=1,
        offline_featurestore_name="p",
        online_enabled=True,
    )
