"""The codes MLC73x: patches and extra manifests, which the model does not describe.

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

EXTRA_FILE = Code(
    "MLC735",
    "extra manifest that is no Kubernetes object",
    Severity.ERROR,
    "An extra manifest is one file with one Kubernetes object. What cannot be read, or has no kind and no name, cannot "
    "be checked, and Argo CD could not apply it.",
    "write one object with `apiVersion`, `kind` and `metadata.name` into the file; one file for each object",
    "# mlops.yaml\nextra: {budget: {file: extra/budgte.yaml}}",
    "# mlops.yaml\nextra: {budget: {file: extra/budget.yaml}}",
)
EXTRA_KIND = Code(
    "MLC736",
    "kind that is not delivered beside a system",
    Severity.ERROR,
    "A Secret would be plaintext in Git. An object without a namespace belongs to the whole cluster, and an "
    "Application or AppProject would deliver past the limits of the project. Rights are the platform team's to give: a "
    "Role or a RoleBinding may stand in the workspace only.",
    "deliver it from the platform's own repository; for a secret, write an ExternalSecret or a SealedSecret",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: token}",
    "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: token}",
)
EXTRA_FIELD = Code(
    "MLC737",
    "field of an extra manifest that mlopsctl decides",
    Severity.ERROR,
    "An extra manifest is delivered to the environment's namespace with the labels of its system, and Argo CD tracks "
    "it. A namespace, owner or label of its own would contradict that.",
    "remove the field; mlopsctl adds the namespace and the labels",
    "metadata: {name: scorer, namespace: kube-system}",
    "metadata: {name: scorer}",
)
EXTRA_TWICE = Code(
    "MLC738",
    "extra manifest with the name of another object",
    Severity.ERROR,
    "Two objects of one kind and one name are the same object in the cluster: Argo CD would apply one over the other.",
    "choose another name; to change a rendered object, write a patch",
    "kind: ConfigMap\nmetadata: {name: card-fraud-blueprint}",
    "kind: ConfigMap\nmetadata: {name: card-fraud-thresholds}",
)

CODES: tuple[Code, ...] = (
    PATCH_MATCHES,
    PATCH_FAILED,
    OWNED_FIELD,
    POD_SECURITY,
    INVALID_OBJECT,
    EXTRA_FILE,
    EXTRA_KIND,
    EXTRA_FIELD,
    EXTRA_TWICE,
)
