"""Which cluster is meant: by address, by a person's word, and never by chance."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mlopsctl.cluster.contexts import OWN, Context, UnknownClusterError, choose, contexts, same_server

PROD, DEV = Context("prod", "https://prod.example:443/"), Context("dev", "https://dev.example:6443", current=True)
TUNNEL = Context("tunnel", "https://127.0.0.1:16443")
ADMIN = Context("prod-admin", "https://PROD.example")
KNOWN = (PROD, DEV, TUNNEL)


def test_the_context_of_the_environments_cluster_is_found_by_its_address() -> None:
    assert choose(KNOWN, "https://prod.example", None, None) == PROD
    assert choose(KNOWN, "https://prod.example", "prod", None) == PROD


def test_the_current_context_counts_for_nothing_where_its_address_is_another() -> None:
    with pytest.raises(
        UnknownClusterError, match=r"no context of the kubeconfig is of https://else\.example; there are `prod`"
    ):
        choose(KNOWN, "https://else.example", None, None)


def test_a_named_context_of_another_address_is_refused_until_a_person_gives_the_address() -> None:
    with pytest.raises(UnknownClusterError, match=r"say so with --server https://127\.0\.0\.1:16443"):
        choose(KNOWN, "https://prod.example", "tunnel", None)
    assert choose(KNOWN, "https://prod.example", "tunnel", "https://127.0.0.1:16443") == TUNNEL
    assert choose(KNOWN, "https://prod.example", None, "https://127.0.0.1:16443") == TUNNEL
    with pytest.raises(UnknownClusterError):
        choose(KNOWN, "https://prod.example", "dev", "https://127.0.0.1:16443")


def test_argo_cds_own_cluster_has_to_be_named() -> None:
    with pytest.raises(UnknownClusterError, match="name its context with --context"):
        choose(KNOWN, OWN, None, None)
    assert choose(KNOWN, OWN, "dev", None) == DEV
    with pytest.raises(UnknownClusterError):
        choose(KNOWN, OWN, "dev", "https://prod.example")


def test_of_several_contexts_the_current_one_or_a_person_decides() -> None:
    with pytest.raises(UnknownClusterError, match="several contexts"):
        choose((*KNOWN, ADMIN), "https://prod.example", None, None)
    assert choose((*KNOWN, ADMIN), "https://prod.example", "prod-admin", None) == ADMIN
    current = Context("prod-current", "https://prod.example", current=True)
    assert choose((PROD, current), "https://prod.example", None, None) == current


def test_a_name_that_is_none_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownClusterError, match=r"no context `prd`; there are `prod`"):
        choose(KNOWN, "https://prod.example", "prd", None)


@pytest.mark.parametrize(
    ("text", "other", "are"),
    [
        ("https://a:443", "https://A/", True),
        ("https://a", "http://a", False),
        ("https://a", "https://a:6443", False),
        ("https://a/x", "https://a/y", False),
        ("https://a.b", "https://a.b.evil", False),
        ("https://a@b", "https://a", False),
        ("", "", False),
        ("https://[::1", "https://[::1", True),
        ("https://a:port", "https://a", False),
    ],
)
def test_addresses_are_the_same_however_they_are_written(text: str, other: str, are: bool) -> None:
    assert same_server(text, other) is are


def test_several_files_are_read_and_the_first_has_the_say(tmp_path: Path) -> None:
    def write(name: str, server: str, **more: str) -> Path:
        cluster = {"name": "c", "cluster": {"server": server}}
        context = {"name": "x", "context": {"cluster": "c", "user": "u"}}
        (tmp_path / name).write_text(yaml.safe_dump({"clusters": [cluster], "contexts": [context], **more}))
        return tmp_path / name

    first, two = write("one", "https://one"), write("two", "https://two", **{"current-context": "x"})
    assert contexts(f"{first}:{two}:{tmp_path / 'none'}") == (Context("x", "https://one", current=True),)


@pytest.mark.parametrize("text", ["", "[]", "a: [", "contexts: 1\nclusters: {}", "contexts: [1, {name: x}]", "\x00"])
def test_a_kubeconfig_that_holds_nothing_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(text)
    with pytest.raises(UnknownClusterError):
        choose(contexts(str(tmp_path / "config")), "https://a", None, None)


def test_no_kubeconfig_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownClusterError, match="there is no kubeconfig at"):
        contexts(str(tmp_path / "none"))
