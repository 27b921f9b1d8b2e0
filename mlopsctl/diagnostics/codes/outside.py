"""The codes MLC73x: patches, which change objects that the model does not describe.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

PATCH_MATCHES = Code(
    "MLC730",
    "patch that matches another number of objects",
    Severity.ERROR,
    "A patch says how many objects it changes. An upgrade or another patch of the spec can rename an object or add "
    "one, and the patch would be lost, or would change what nobody meant.",
    "correct the target, or set `matches` to the number of objects, or to `some` for one or more",
    "target: {engine: kserve, kind: InferenceService, name: card-frod-*}",
    "target: {engine: kserve, kind: InferenceService, name: card-fraud-*}",
)
PATCH_FAILED = Code(
    "MLC731",
    "patch that cannot be applied",
    Severity.ERROR,
    "An operation of a JSON Patch needs its place in the object, and a list that is merged by a key needs that key in "
    "each item. A patch is applied as a whole or not at all.",
    "correct the path; `mlopsctl render` without the patch shows the object",
    "json: [{op: replace, path: /spec/sevice, value: x}]",
    "json: [{op: replace, path: /spec/service, value: x}]",
)
OWNED_FIELD = Code(
    "MLC732",
    "patch of a field that mlopsctl owns",
    Severity.ERROR,
    "Other objects find this one by its name, namespace and labels, Argo CD applies it in the order of its wave, and "
    "the AppProject limits what systems may deploy. A patch of these would break objects that it does not change.",
    "remove this part of the patch; the spec has fields for names, labels and namespaces",
    "merge: {metadata: {name: scoring}}",
    'merge: {metadata: {annotations: {acme.example/contact: "#fraud"}}}',
)
POD_SECURITY = Code(
    "MLC733",
    "pod outside of the restricted standard",
    Severity.ERROR,
    "Every rendered pod meets the restricted Pod Security Standard, so that it runs in a namespace that enforces it. A "
    "patched object must meet it as well.",
    "remove this part, or set what the standard demands",
    "merge: {spec: {predictor: {hostNetwork: true}}}",
    "merge: {spec: {predictor: {tolerations: [{key: gpu, operator: Exists}]}}}",
)
INVALID_OBJECT = Code(
    "MLC734",
    "object that an API server refuses",
    Severity.ERROR,
    "Labels and annotations are strings, and labels have a limited alphabet. Argo CD could not apply the object.",
    "write a valid value",
    "merge: {metadata: {labels: {cost-center: 4711}}}",
    'merge: {metadata: {labels: {cost-center: "4711"}}}',
)

CODES: tuple[Code, ...] = (PATCH_MATCHES, PATCH_FAILED, OWNED_FIELD, POD_SECURITY, INVALID_OBJECT)
