"""Etiq 1.6.0: its scans, their keys and their measures.

The library is proprietary and not imported; the tables were written from its source. It ignores misspelt sections and
unknown metrics silently, so neither may be rendered.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mlopsctl.catalogue.checks import CheckCatalogue, CheckType
from mlopsctl.catalogue.parameter import Parameter

VERSION: Final = "1.6.0"
TASK: Final = "binary-classification"
"""The task whose models its metrics are about."""


class Scan(NamedTuple):
    """A scan: the stage that has what it looks at, its keys, and the measures that its thresholds may name."""

    name: str
    stage: str
    params: Mapping[str, Parameter]
    measures: tuple[str, ...] = ()


def _scan(name: str, stage: str, measures: str = "", lists: str = "", **keys: str) -> Scan:
    """Describe a scan; `lists` is the key that picks measures, `keys` are others with their JSON type."""
    measure_names = tuple(measures.split())
    parameters = {"issue_storage_limit": Parameter("issue_storage_limit", ("integer",), False)}
    if measure_names:
        parameters["thresholds"] = Parameter("thresholds", ("object",), True)
        for key in ("ignore_lower_threshold", "ignore_upper_threshold"):
            parameters[key] = Parameter(key, ("any",), False)
    if lists:
        parameters[lists] = Parameter(lists, ("array",), False)
    parameters |= {key: Parameter(key, (kind,), False) for key, kind in keys.items()}
    return Scan(name, stage, MappingProxyType(parameters), measure_names)


_ACCURACY: Final = "accuracy true_pos_rate true_neg_rate"
_DRIFT: Final = "psi jensen_shannon"
_CONCEPT: Final = "earth_mover_distance jensen_shannon_distance kl_divergence"

SCANS: Final[Mapping[str, Scan]] = MappingProxyType(
    {
        scan.name: scan
        for scan in (
            _scan(
                "scan_data_issues",
                "data",
                orderings="array",
                filter_ids="array",
                search_for_missing_features="boolean",
                search_for_unknown_features="boolean",
                identical_feature_filter="array",
                missing_category_feature_filter="array",
                unknown_category_feature_filter="array",
                range_feature_filter="array",
                duplicate_features_subset="array",
            ),
            _scan("scan_target_leakage", "data", leakage_threshold="number", minimum_segment_size="integer"),
            _scan("scan_drift_metrics", "split", _DRIFT, "drift_measures", features="array"),
            _scan("scan_target_drift_metrics", "split", _DRIFT, "drift_measures"),
            _scan(
                "scan_accuracy_metrics",
                "model",
                _ACCURACY,
                "metric_filter",
                positive_outcome_label="any",
                negative_outcome_label="any",
            ),
            _scan("scan_concept_drift_metrics", "model", _CONCEPT, "concept_drift_measures", number_of_bins="integer"),
        )
    }
)
PICKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scan_drift_metrics": "drift_measures",
        "scan_target_drift_metrics": "drift_measures",
        "scan_accuracy_metrics": "metric_filter",
        "scan_concept_drift_metrics": "concept_drift_measures",
    }
)
"""The key that picks a scan's measures: left out, all of them are measured, also those without a threshold."""
UNUSABLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scan_bias_metrics": "it needs a protected attribute, and no field of a spec names one",
        "scan_demographic_leakage": "it needs a protected attribute, and no field of a spec names one",
        "scan_leakage": "it needs another kind of data set than the one a spec describes",
        "scan_expectations": "it runs suites of a Great Expectations that is no longer maintained",
    }
)
"""Scans that Etiq has and a spec cannot ask for, and why."""
UNSEEN: Final[Mapping[str, str]] = MappingProxyType(
    {"kolmogorov_smirnov": "the scan applies it to binned values and misses real drift"}
)
"""Measures of Etiq that give wrong results, each with the reason."""


def _types() -> Mapping[str, CheckType]:
    return {scan.name: CheckType(scan.params, scan.stage) for scan in SCANS.values()}


CATALOGUE: Final = CheckCatalogue("Etiq", "scan", _types, unusable=UNUSABLE)
