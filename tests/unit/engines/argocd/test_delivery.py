"""Applications and projects carry exactly what was rendered, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from environments import DELIVERED, Rendered, read, rendered

from mlopsctl.catalogue.platform import SYNC_WAVES
from mlopsctl.engines.known import kinds, sync_wave

Object = dict[str, Any]


@pytest.fixture(params=DELIVERED, ids="-".join)
def environment(request: pytest.FixtureRequest) -> Rendered:
    return rendered(*request.param)


def delivery(environment: Rendered, kind: str) -> list[Object]:
    """Return the objects of a kind that deliver the environment."""
    files = [file for path, file in environment.files() if "/argocd/" in path and file.objects]
    return [manifest for file in files for manifest in read(file) if manifest["kind"] == kind]


def applications(environment: Rendered) -> dict[str, Object]:
    return {application["metadata"]["name"]: application for application in delivery(environment, "Application")}


def covers(application: Object, path: str) -> int:
    """Count the sources of an Application that apply the file at a path, as Argo CD walks a folder."""
    spec = application["spec"]
    count = 0
    for source in spec["sources"]:
        folder, _, name = path.rpartition("/")
        assert "directory" not in source
        count += folder == source["path"] and name.endswith((".yaml", ".yml", ".json"))
    return count


def test_every_file_of_objects_is_applied_exactly_once_and_no_other_file_at_all(environment: Rendered) -> None:
    every = applications(environment).values()
    seen = 0
    for path, file in environment.files():
        count = sum(covers(application, path) for application in every)
        assert count == (1 if file.objects else 0), path
        seen += count
    assert seen > 5


def test_what_a_file_says_it_holds_is_what_it_holds(environment: Rendered) -> None:
    for path, file in environment.files():
        if "/manifests/" in path or "/runs/" in path:
            assert file.objects == tuple((manifest["apiVersion"], manifest["kind"]) for manifest in read(file)), path


def test_every_source_is_a_folder_that_was_rendered(environment: Rendered) -> None:
    folders = {path.rpartition("/")[0] for path, _ in environment.files()}
    for application in applications(environment).values():
        for source in application["spec"]["sources"]:
            assert source["path"] in folders
            assert source["repoURL"] == environment.shared.place.repository
            assert source["targetRevision"] == environment.shared.place.branch


def test_the_project_allows_exactly_the_kinds_that_were_rendered(environment: Rendered) -> None:
    group_kinds = {
        (version.rpartition("/")[0] if "/" in version else "", kind)
        for path, file in environment.files()
        if "/argocd/" not in path
        for version, kind in file.objects
    }
    projects = {
        app_project["metadata"]["name"]: app_project["spec"] for app_project in delivery(environment, "AppProject")
    }
    systems = projects[f"{project_of(environment)}"]
    allowed = [(group_kind["group"], group_kind["kind"]) for group_kind in systems["namespaceResourceWhitelist"]]
    assert set(allowed) == group_kinds
    assert allowed == sorted(set(allowed))
    assert systems["clusterResourceWhitelist"] == []


def project_of(environment: Rendered) -> str:
    engine = environment.shared.engines.delivery
    assert engine
    return f"{engine.settings['project'] or environment.shared.workspace}-{environment.shared.environment}"


def test_the_root_may_make_what_delivers_and_nothing_else(environment: Rendered) -> None:
    projects = {
        app_project["metadata"]["name"]: app_project["spec"] for app_project in delivery(environment, "AppProject")
    }
    every = applications(environment)
    root = next(item for name, item in every.items() if "-root-" in name)
    allowed = {
        (group_kind["group"], group_kind["kind"])
        for group_kind in projects[root["spec"]["project"]]["namespaceResourceWhitelist"]
    }
    applied = {
        (version.partition("/")[0], kind)
        for path, file in environment.files()
        if covers(root, path)
        for version, kind in file.objects
    }
    assert allowed == applied == {("argoproj.io", "AppProject"), ("argoproj.io", "Application")}


def test_the_root_names_its_units_and_no_folder_beside_them_reaches_a_cluster(environment: Rendered) -> None:
    root = next(application for name, application in applications(environment).items() if "-root-" in name)
    paths = [source["path"] for source in root["spec"]["sources"]]
    units = {path.partition("/argocd/")[0] for path, _ in environment.files() if "/argocd/manifests/" in path}
    home = environment.shared.place.path
    assert paths == [f"{home}/argocd/bootstrap", *sorted(f"{unit}/argocd/manifests" for unit in units)]
    assert not [path for path in paths if set(path) & set("*?[{")]
    for planted in ("evil", ".mlopsctl-x"):
        assert not covers(root, f"{home.rpartition('/')[0]}/{planted}/argocd/manifests/app.yaml")


def test_the_root_applies_itself_without_waiting_for_itself_or_deleting_itself(environment: Rendered) -> None:
    """With the health check of Applications, one that contains itself would be Progressing for ever."""
    every = [manifest for kind in ("Application", "AppProject") for manifest in delivery(environment, kind)]
    roots = [item for item in every if "-root-" in item["metadata"]["name"]]
    assert [root["kind"] for root in roots] == ["Application", "AppProject"]
    for root in roots:
        assert root["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false"
    assert roots[0]["metadata"]["annotations"]["argocd.argoproj.io/ignore-healthcheck"] == "true"


def test_every_application_keeps_to_a_project_that_lets_it(environment: Rendered) -> None:
    projects = {
        app_project["metadata"]["name"]: app_project["spec"] for app_project in delivery(environment, "AppProject")
    }
    for application in applications(environment).values():
        project = projects[application["spec"]["project"]]
        assert application["spec"]["destination"] in project["destinations"]
        for source in application["spec"]["sources"]:
            assert source["repoURL"] in project["sourceRepos"]


def test_every_object_goes_to_the_namespace_of_its_application(environment: Rendered) -> None:
    every = applications(environment).values()
    for path, file in environment.files():
        for application in every:
            if covers(application, path):
                namespaces = {manifest["metadata"]["namespace"] for manifest in read(file)}
                assert namespaces == {application["spec"]["destination"]["namespace"]}, path


def test_no_two_objects_of_an_environment_are_the_same(environment: Rendered) -> None:
    counted: Counter[tuple[str, ...]] = Counter()
    for _, file in environment.files():
        for manifest in read(file) if file.objects else ():
            meta = manifest["metadata"]
            counted[manifest["apiVersion"].rpartition("/")[0], manifest["kind"], meta["namespace"], meta["name"]] += 1
    assert counted.most_common(1)[0][1] == 1


def test_waves_are_texts_and_those_of_the_catalogue(environment: Rendered) -> None:
    for path, file in environment.files():
        if not file.objects or "/argocd/" in path or "/runs/" in path:
            continue
        for manifest in read(file):
            wave = manifest["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", "0")
            kind = (manifest["apiVersion"].rpartition("/")[0], manifest["kind"])
            assert isinstance(wave, str)
            # A Secret has no wave of its own, for what names a wave is listed in clusters: it is the steps' token.
            assert kind in SYNC_WAVES or kind in kinds() or kind in {("", "Secret"), ("batch", "Job")}, (path, kind)
            assert kind == ("", "Secret") or int(wave) == sync_wave(*kind), (path, kind)


def test_runs_are_never_repeated_and_everything_else_heals(environment: Rendered) -> None:
    for name, application in applications(environment).items():
        policy = application["spec"]["syncPolicy"]
        assert policy["automated"]["prune"] is True
        assert policy["automated"]["selfHeal"] is not name.endswith("-runs")
        assert {"ServerSideApply=true", "ApplyOutOfSyncOnly=true"} <= set(policy["syncOptions"])
        assert "finalizers" not in application["metadata"]


def test_only_a_system_that_trains_on_change_or_rolls_out_has_runs() -> None:
    named = [name for delivered in DELIVERED for name in applications(rendered(*delivered)) if name.endswith("-runs")]
    assert named == ["card-fraud-prod-runs"]


def test_what_a_scaler_or_a_rollout_writes_is_left_alone_and_carried_over() -> None:
    spec = applications(rendered("payments", "prod"))["card-fraud-prod"]["spec"]
    assert spec["ignoreDifferences"] == [
        {"group": "mlops.seldon.io", "kind": "Experiment", "jsonPointers": ["/spec/candidates"]},
        {"group": "mlops.seldon.io", "kind": "Model", "jsonPointers": ["/spec/replicas"]},
    ]
    assert "RespectIgnoreDifferences=true" in spec["syncPolicy"]["syncOptions"]


def test_a_system_that_nothing_else_writes_to_ignores_nothing() -> None:
    spec = applications(rendered("payments", "prod"))["merchants-prod"]["spec"]
    assert "ignoreDifferences" not in spec
    assert "RespectIgnoreDifferences=true" not in spec["syncPolicy"]["syncOptions"]


def test_a_tree_without_a_repository_is_delivered_by_nobody() -> None:
    assert not [path for path, _ in rendered("quickstart", "local").files() if "argocd" in path]


def test_each_environment_has_a_project_and_names_of_its_own() -> None:
    dev, prod = rendered("payments", "dev"), rendered("payments", "prod")
    for kind in ("AppProject", "Application"):
        names = [{manifest["metadata"]["name"] for manifest in delivery(each, kind)} for each in (dev, prod)]
        assert not names[0] & names[1]
