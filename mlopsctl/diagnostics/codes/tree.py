"""The codes MLC9xx: the lock, the output tree and writing.

One constant per code, and `CODES`. The examples are shell commands or file paths, because these diagnostics are about
files on disk, not about a spec.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

LINK = Code(
    "MLC901",
    "symbolic link in the output tree",
    Severity.ERROR,
    "A link could redirect a write or a delete outside the output folder, so the output folder and everything in it "
    "must not be links.",
    "replace the link with a regular file or folder, or delete it",
    "ln -s ../shared generated/payments/prod/card-fraud/feast",
    "rm generated/payments/prod/card-fraud/feast",
)
SPECIAL = Code(
    "MLC902",
    "neither a file nor a folder",
    Severity.ERROR,
    "The output tree contains only regular files. Reading a pipe or a device could block the run.",
    "delete it",
    "mkfifo generated/payments/prod/card-fraud/pipe",
    "rm generated/payments/prod/card-fraud/pipe",
)
FOREIGN_FILE = Code(
    "MLC903",
    "file that is not in the index",
    Severity.WARNING,
    "A file inside a rendered folder that the index does not list was not written by a render. It is never deleted, "
    "but a GitOps controller that syncs the folder would apply it without review.",
    "move it out of the rendered folder, or delete it",
    "generated/payments/prod/card-fraud/argocd/extra.yaml",
    "manual/prod/extra.yaml",
)
FOREIGN_FOLDER = Code(
    "MLC904",
    "file or folder that is not in any index",
    Severity.WARNING,
    "A folder of the output, or a file or folder next to an environment's units, is not listed in any index. It is "
    "never deleted, but a GitOps controller that syncs the output would apply it without review, so `render "
    "--check` exits with 3. Regular files at the top of the output, such as a README, are ignored.",
    "move it out of the output folder, or delete it",
    "generated/payments/prod/old-system/",
    "archive/old-system/",
)
BLOCKED = Code(
    "MLC905",
    "rendered path blocked by another file",
    Severity.ERROR,
    "The path of a rendered file or folder is taken by a file or folder that no render wrote, which is never deleted.",
    "move it away, then render again",
    "touch generated/payments/prod/card-fraud   # a file, where the folder of the system must be",
    "rm generated/payments/prod/card-fraud",
)
BUSY = Code(
    "MLC906",
    "another render is running",
    Severity.ERROR,
    "Two renders into one output folder run one after the other; the other render did not finish within the timeout.",
    "wait until the other run has finished, then render again",
    "mlopsctl render & mlopsctl render",
    "mlopsctl render && mlopsctl render",
)
NO_LOCK = Code(
    "MLC907",
    "the file system does not support locks",
    Severity.WARNING,
    "Concurrent renders cannot detect each other on this file system.",
    "render on a local file system, or make sure that only one render runs at a time",
    "mlopsctl render   # into a network folder without locks",
    "mlopsctl render   # into a folder on a local disk",
)
FULL = Code(
    "MLC908",
    "no space left",
    Severity.ERROR,
    "The new tree is written next to the old one before it replaces it, and there was not enough space. The old tree "
    "is unchanged.",
    "free disk space or quota, then render again",
    "df --output=avail generated   # 0",
    "df --output=avail generated   # room for a second copy of what changes",
)
DENIED = Code(
    "MLC909",
    "permission denied",
    Severity.ERROR,
    "The operating system denied the read or write. The old tree is unchanged.",
    "give the rendering user write permission on the output folder",
    "chmod a-w generated/payments",
    "chmod u+w generated/payments",
)
READ_ONLY = Code(
    "MLC910",
    "read-only file system",
    Severity.ERROR,
    "The output folder is on a file system that is mounted read-only. The old tree is unchanged.",
    "mount it writable, or choose another folder with `--output-dir`",
    "mlopsctl render   # in a container with a read-only root",
    "mlopsctl render --output-dir scratch",
)
OUTSIDE = Code(
    "MLC911",
    "input or output error",
    Severity.ERROR,
    "Reading or writing the output tree failed for a reason outside mlopsctl.",
    "fix the cause that the operating system reports, then render again",
    "mlopsctl render   # onto a failing disk",
    "mlopsctl render   # onto a sound disk",
)
BROKEN_INDEX = Code(
    "MLC912",
    "unreadable index of an environment",
    Severity.WARNING,
    "`.mlopsctl.json` lists the rendered files. The next render rewrites it; until then hand edits cannot be "
    "detected, and obsolete files are left for you to delete.",
    "restore the file from git, or render again and delete what is reported as foreign",
    "<<<<<<< HEAD   (a merge conflict inside .mlopsctl.json)",
    "git checkout --theirs generated/payments/prod/.mlopsctl.json && mlopsctl render",
)
CUT_SHORT = Code(
    "MLC913",
    "an earlier render was interrupted",
    Severity.WARNING,
    "A render was stopped between two of its folders. Its journal and prepared files are in a `.mlopsctl-stage-…` "
    "folder; the next render completes that work first.",
    "render again",
    "mlopsctl render   # killed",
    "mlopsctl render   # and run to its end",
)
TOO_DEEP = Code(
    "MLC914",
    "folders nested too deep",
    Severity.ERROR,
    "Folders inside the output tree are followed to a fixed depth, so that no tree can exhaust the run.",
    "delete the nested folders",
    "generated/payments/prod/card-fraud/a/a/a/a/…",
    "generated/payments/prod/card-fraud/a/",
)
LEFTOVER = Code(
    "MLC915",
    "temporary folder not removed",
    Severity.WARNING,
    "The tree is complete, but a `.mlopsctl-stage-…` folder next to it could not be deleted.",
    "delete the folder by hand",
    "generated/payments/.mlopsctl-stage-4711-0/",
    "rm -r generated/payments/.mlopsctl-stage-4711-0",
)
HARD_LINK = Code(
    "MLC916",
    "rendered file with a hard link",
    Severity.NOTE,
    "A hard link is another name of the same file, and writing to that name changes the tree. The content is "
    "currently correct and Git keeps no hard links, so `render --check` does not fail.",
    "delete the folder of the system, and render again to get a separate copy",
    "ln generated/payments/prod/card-fraud/prometheus/rules/rules.yaml /tmp/rules.yaml",
    "cp generated/payments/prod/card-fraud/prometheus/rules/rules.yaml /tmp/rules.yaml",
)
EXPLAINED_EDIT = Code(
    "MLC950",
    "the explained file was edited by hand",
    Severity.WARNING,
    "The explanation covers the output of the specs. A line that was edited in the rendered tree has no origin, and "
    "the next render overwrites it.",
    "make the change in the spec, and run `mlopsctl render`",
    "mlopsctl explain generated/payments/prod/card-fraud/prometheus/rules/rules.yaml:42",
    "mlopsctl render && mlopsctl explain generated/payments/prod/card-fraud/prometheus/rules/rules.yaml:42",
)
EXPLAINED_STALE = Code(
    "MLC951",
    "the explained file is stale",
    Severity.WARNING,
    "The specs, the lock or mlopsctl changed since the file was rendered. The explanation covers what a render would "
    "write now, so a line may have another origin, or none.",
    "run `mlopsctl render`, and explain again",
    "mlopsctl explain generated/payments/prod/card-fraud/prometheus/rules/rules.yaml:42",
    "mlopsctl render && mlopsctl explain generated/payments/prod/card-fraud/prometheus/rules/rules.yaml:42",
)
FOREIGN_CI = Code(
    "MLC955",
    "CI file that this workspace did not render",
    Severity.ERROR,
    "The workflow of a workspace has one path outside the output folder, and another file is there: written by hand, "
    "or rendered from another workspace. It is never overwritten.",
    "move its content to another file and delete it, or remove `stack.ci` from the workspace",
    "bitbucket-pipelines.yml   # written by hand",
    "git rm bitbucket-pipelines.yml && mlopsctl render",
)
LEFTOVER_CI = Code(
    "MLC956",
    "unused rendered CI file",
    Severity.WARNING,
    "The file was rendered from this workspace, which no longer sets `stack.ci` for it. Files outside the output "
    "folder are never deleted, and the host still runs this one.",
    "delete it, or set `stack.ci` again",
    ".github/workflows/mlopsctl-payments.yml   # and no stack.ci",
    "git rm .github/workflows/mlopsctl-payments.yml",
)
OTHER_SIDE = Code(
    "MLC960",
    "the compared state cannot be rendered completely",
    Severity.WARNING,
    "A spec has errors in the state to compare with. Its rendered files there are unknown, so all its current files "
    "count as new.",
    "compare with a state whose specs have no errors, with `--against`",
    "mlopsctl diff --against broken-branch",
    "mlopsctl diff --against main",
)
UNKNOWN_FIELD = Code(
    "MLC961",
    "field that the cluster does not know",
    Severity.ERROR,
    "The cluster's version of this kind has no such field. A sync without strict validation drops it silently, and "
    "the object stays out of sync.",
    "set the engine's version to the one in the cluster in the workspace's stack, or upgrade the engine in the cluster",
    "stack: {serving: {engine: kserve, version: '0.20'}}   # and the cluster has 0.11",
    "stack: {serving: {engine: kserve, version: '0.11'}}",
)
REFUSED_OBJECT = Code(
    "MLC962",
    "object rejected by the cluster",
    Severity.ERROR,
    "The object was sent as a dry run, and a validation, a policy or a webhook of the cluster rejected it. A sync "
    "would fail in the same way.",
    "read the cluster's reason; fix a policy where it is maintained, a value in the spec",
    "resources: {memory: 64Gi}   # and the namespace's quota is 32Gi",
    "resources: {memory: 16Gi}",
)
NO_KIND = Code(
    "MLC963",
    "kind not installed in the cluster",
    Severity.ERROR,
    "The kind belongs to an engine that is not installed there, or to another version of its API.",
    "install the engine in the cluster, or choose another one for this environment in the workspace's stack",
    "kubectl get crd models.mlops.seldon.io   # not found",
    "kubectl get crd models.mlops.seldon.io",
)
NO_RIGHT = Code(
    "MLC964",
    "missing permission in the cluster",
    Severity.ERROR,
    "A comparison reads objects and sends dry runs; a dry run needs the patch permission, although it writes nothing.",
    "use credentials with get, list and patch on these kinds in the environment's namespace",
    "kubectl auth can-i patch models.mlops.seldon.io   # no",
    "kubectl auth can-i patch models.mlops.seldon.io   # yes",
)
OUT_OF_REACH = Code(
    "MLC965",
    "cluster not reachable",
    Severity.ERROR,
    "The API server did not respond, or the response was not from an API server, so the state of the cluster is "
    "unknown.",
    "check that the address is correct and reachable, and that the credentials have not expired",
    "kubectl --context prod version   # no answer",
    "kubectl --context prod version",
)
LEFT_TO_OWNER = Code(
    "MLC966",
    "field owned by a controller",
    Severity.NOTE,
    "An autoscaler, a rollout or a controller owns the field at runtime, and a sync does not change it. Its value may "
    "differ from the one in Git.",
    "no action needed",
    "kubectl scale model card-fraud-scorer --replicas 5   # by the HorizontalPodAutoscaler",
    "mlopsctl diff --live --env prod   # the number of replicas is not compared",
)
CANNOT_LIST = Code(
    "MLC967",
    "objects removed from Git cannot be listed",
    Severity.WARNING,
    "The cluster did not allow listing objects of a kind, so objects that are no longer in Git cannot be detected.",
    "use credentials with list on this kind in the environment's namespace",
    "kubectl auth can-i list models.mlops.seldon.io   # no",
    "kubectl auth can-i list models.mlops.seldon.io   # yes",
)
ELSEWHERE = Code(
    "MLC968",
    "objects in another cluster",
    Severity.NOTE,
    "Applications and their projects are in the cluster that Argo CD runs in, which is not the environment's cluster.",
    "set the context of Argo CD's cluster with `--argocd-context`",
    "mlopsctl status --env prod --context prod",
    "mlopsctl status --env prod --context prod --argocd-context platform",
)
SETTING_LACKING = Code(
    "MLC980",
    "engine without a required setting",
    Severity.ERROR,
    "A portability report takes an engine's settings from another part of the workspace, else its defaults. This "
    "setting has no default, and the workspace does not set it, so the result of the engine is unknown.",
    "choose the engine with its settings in an environment of the workspace, and run the report again",
    "mlopsctl plan --stack secrets=external-secrets   # no environment says which store",
    "mlopsctl plan --stack secrets=external-secrets   # stack.secrets.store stands in `dev`",
)

CODES: tuple[Code, ...] = (
    LINK,
    SPECIAL,
    FOREIGN_FILE,
    FOREIGN_FOLDER,
    BLOCKED,
    BUSY,
    NO_LOCK,
    FULL,
    DENIED,
    READ_ONLY,
    OUTSIDE,
    BROKEN_INDEX,
    CUT_SHORT,
    TOO_DEEP,
    LEFTOVER,
    HARD_LINK,
    EXPLAINED_EDIT,
    EXPLAINED_STALE,
    FOREIGN_CI,
    LEFTOVER_CI,
    OTHER_SIDE,
    UNKNOWN_FIELD,
    REFUSED_OBJECT,
    NO_KIND,
    NO_RIGHT,
    OUT_OF_REACH,
    LEFT_TO_OWNER,
    CANNOT_LIST,
    ELSEWHERE,
    SETTING_LACKING,
)
