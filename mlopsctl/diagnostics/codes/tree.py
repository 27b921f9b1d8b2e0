"""The codes MLC9xx: the lock, the output tree and writing.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding. The fragments are lines of a
shell or of a folder listing: these findings are about files on disk and not about a spec.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

LINK = Code(
    "MLC901",
    "symbolic link in the output tree",
    Severity.ERROR,
    "A link could lead a write or a delete out of the output folder, so nothing below the output folder "
    "may be one, and the folder itself may not be one either.",
    "replace the link by a real file or folder, or delete it",
    "ln -s ../shared generated/payments/prod/card-fraud/feast",
    "rm generated/payments/prod/card-fraud/feast",
)
SPECIAL = Code(
    "MLC902",
    "neither a file nor a folder",
    Severity.ERROR,
    "The output tree holds plain files only. Reading a pipe or a device could hang the run.",
    "delete it",
    "mkfifo generated/payments/prod/card-fraud/pipe",
    "rm generated/payments/prod/card-fraud/pipe",
)
FOREIGN_FILE = Code(
    "MLC903",
    "file that no render wrote",
    Severity.WARNING,
    "A file inside a rendered folder that the index does not list was put there by somebody else. It is "
    "never deleted, but a GitOps controller that syncs the folder would apply it unseen.",
    "move it out of the rendered folder, or delete it",
    "generated/payments/prod/card-fraud/argocd/extra.yaml",
    "manual/prod/extra.yaml",
)
FOREIGN_FOLDER = Code(
    "MLC904",
    "neighbour that no render wrote",
    Severity.NOTE,
    "A file or folder beside the rendered ones is not listed in the environment's index. It is left alone.",
    "nothing needs to be done; move it elsewhere if it is a leftover",
    "generated/payments/prod/old-system/",
    "archive/old-system/",
)
BLOCKED = Code(
    "MLC905",
    "something that no render wrote is in the way",
    Severity.ERROR,
    "A rendered file or folder needs a place that is taken by something no render wrote, and that is never deleted.",
    "move it away, then render again",
    "touch generated/payments/prod/card-fraud   # a file, where the folder of the system must be",
    "rm generated/payments/prod/card-fraud",
)
BUSY = Code(
    "MLC906",
    "another render is writing here",
    Severity.ERROR,
    "Two renders into one output folder take turns; the other one did not finish within the wait.",
    "wait until the other run has ended, then render again",
    "mlopsctl render & mlopsctl render",
    "mlopsctl render && mlopsctl render",
)
NO_LOCK = Code(
    "MLC907",
    "the file system has no locks",
    Severity.WARNING,
    "Two renders at once could not see each other here.",
    "render on a local file system, or make sure that only one render runs at a time",
    "mlopsctl render   # into a network folder without locks",
    "mlopsctl render   # into a folder on a local disk",
)
FULL = Code(
    "MLC908",
    "no space left",
    Severity.ERROR,
    "The new tree is written beside the old one before it is swapped in, and there was no room for it. "
    "The old tree is unchanged.",
    "free some space or quota, then render again",
    "df --output=avail generated   # 0",
    "df --output=avail generated   # room for a second copy of what changes",
)
DENIED = Code(
    "MLC909",
    "permission denied",
    Severity.ERROR,
    "The operating system refused to read or write there. The old tree is unchanged.",
    "give the user who renders the right to write the output folder",
    "chmod a-w generated/payments",
    "chmod u+w generated/payments",
)
READ_ONLY = Code(
    "MLC910",
    "read-only file system",
    Severity.ERROR,
    "The output folder lies on a file system that is mounted read-only. The old tree is unchanged.",
    "mount it writable, or choose another folder with `--output`",
    "mlopsctl render   # in a container with a read-only root",
    "mlopsctl render --output scratch",
)
OUTSIDE = Code(
    "MLC911",
    "the operating system refused",
    Severity.ERROR,
    "Reading or writing the output tree failed for a reason outside of this program.",
    "see what the operating system says, mend it, then render again",
    "mlopsctl render   # onto a failing disk",
    "mlopsctl render   # onto a sound disk",
)
BROKEN_INDEX = Code(
    "MLC912",
    "the index of an environment is unreadable",
    Severity.WARNING,
    "`.mlopsctl.json` says which files are rendered ones. It is written anew by the next render; until "
    "then hand edits cannot be told, and files that no longer belong are left for you to delete.",
    "restore the file from git, or render again and delete what is reported as foreign",
    "<<<<<<< HEAD   (a merge conflict inside .mlopsctl.json)",
    "git checkout --theirs generated/payments/prod/.mlopsctl.json && mlopsctl render",
)
CUT_SHORT = Code(
    "MLC913",
    "an earlier render was cut short",
    Severity.WARNING,
    "A render was stopped between two of its folders. Its journal and what it had prepared lie in a "
    "`.mlopsctl-stage-…` folder; the next render finishes that work first.",
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
    "a leftover could not be removed",
    Severity.WARNING,
    "The tree is complete, but a `.mlopsctl-stage-…` folder beside it could not be deleted.",
    "delete the folder by hand",
    "generated/payments/.mlopsctl-stage-4711-0/",
    "rm -r generated/payments/.mlopsctl-stage-4711-0",
)
EXPLAINED_EDIT = Code(
    "MLC950",
    "the explained file was edited by hand since it was rendered",
    Severity.WARNING,
    "What is explained is what the specs say. A line that somebody changed in the rendered tree comes from nowhere, "
    "and the next render takes it away.",
    "say it in the spec, and run `mlopsctl render`",
    "mlopsctl explain generated/payments/prod/card-fraud/prometheus/rules/rules.yaml:42",
    "mlopsctl render && mlopsctl explain generated/payments/prod/card-fraud/prometheus/rules/rules.yaml:42",
)
EXPLAINED_STALE = Code(
    "MLC951",
    "the explained file is not what the specs say now",
    Severity.WARNING,
    "The specs, the lock or the tool changed since the file was rendered. What is explained is what a render would "
    "write today, so a line may have another reason by now, or none.",
    "run `mlopsctl render`, and ask again",
    "mlopsctl explain generated/payments/prod/card-fraud/prometheus/rules/rules.yaml:42",
    "mlopsctl render && mlopsctl explain generated/payments/prod/card-fraud/prometheus/rules/rules.yaml:42",
)
FOREIGN_CI = Code(
    "MLC955",
    "a CI file that no render of this workspace wrote",
    Severity.ERROR,
    "The workflow of a workspace has one place outside of the output folder, and something else is there: a file of "
    "somebody's, or one that was rendered from another workspace. It is never overwritten.",
    "move what it does into a file of another name and delete it, or take `stack.ci` out of the workspace",
    "bitbucket-pipelines.yml   # written by hand",
    "git rm bitbucket-pipelines.yml && mlopsctl render",
)
LEFTOVER_CI = Code(
    "MLC956",
    "a rendered CI file that nothing asks for",
    Severity.WARNING,
    "The file was rendered from this workspace, which asks for no such file now. Outside of the output folder nothing "
    "is ever deleted, and the host goes on running it.",
    "delete it, or set `stack.ci` again",
    ".github/workflows/mlopsctl-payments.yml   # and no stack.ci",
    "git rm .github/workflows/mlopsctl-payments.yml",
)
OTHER_SIDE = Code(
    "MLC960",
    "the other side of a comparison cannot be rendered whole",
    Severity.WARNING,
    "A spec had errors in the state that a change is compared with. What it would have rendered there is not known, "
    "so all that it renders now counts as new.",
    "compare with a state whose specs are sound, with `--against`",
    "mlopsctl diff --against broken-branch",
    "mlopsctl diff --against main",
)
UNKNOWN_FIELD = Code(
    "MLC961",
    "field that the cluster does not know",
    Severity.ERROR,
    "The cluster's version of this kind has no such field. A sync that is not strict drops it in silence, and the "
    "object is out of sync for ever after.",
    "give the engine's version that the cluster runs in the workspace's stack, or upgrade the engine there",
    "stack: {serving: {engine: kserve, version: '0.20'}}   # and the cluster has 0.11",
    "stack: {serving: {engine: kserve, version: '0.11'}}",
)
REFUSED_OBJECT = Code(
    "MLC962",
    "the cluster would refuse the object",
    Severity.ERROR,
    "The object was sent as a dry run, and a validation, a policy or a webhook of the cluster said no. A sync would "
    "fail on it in the same way.",
    "read the reason: it is the cluster's own; a policy is mended where it is kept, a value in the spec",
    "resources: {memory: 64Gi}   # and the namespace's quota is 32Gi",
    "resources: {memory: 16Gi}",
)
NO_KIND = Code(
    "MLC963",
    "the cluster has no such kind",
    Severity.ERROR,
    "The kind is served by an engine that is not installed there, or by another version of its API.",
    "install the engine in the cluster, or choose another one for this environment in the workspace's stack",
    "kubectl get crd models.mlops.seldon.io   # not found",
    "kubectl get crd models.mlops.seldon.io",
)
NO_RIGHT = Code(
    "MLC964",
    "no right to ask the cluster",
    Severity.ERROR,
    "A comparison reads objects and sends dry runs; a dry run needs the right to patch, although nothing is written.",
    "use credentials that may get, list and patch these kinds in the environment's namespace",
    "kubectl auth can-i patch models.mlops.seldon.io   # no",
    "kubectl auth can-i patch models.mlops.seldon.io   # yes",
)
OUT_OF_REACH = Code(
    "MLC965",
    "the cluster is out of reach",
    Severity.ERROR,
    "The API server did not answer, or not as one does, so nothing is known of what runs there.",
    "see that the address is right and can be reached from here, and that the credentials have not run out",
    "kubectl --context prod version   # no answer",
    "kubectl --context prod version",
)
LEFT_TO_OWNER = Code(
    "MLC966",
    "field that something in the cluster writes",
    Severity.NOTE,
    "A scaler, a rollout or a controller owns the field while it runs, and a sync leaves it alone. Its value is "
    "expected to differ from the one in Git.",
    "nothing needs to be done",
    "kubectl scale model card-fraud-scorer --replicas 5   # by the HorizontalPodAutoscaler",
    "mlopsctl diff --live --env prod   # the number of replicas is not compared",
)
CANNOT_LIST = Code(
    "MLC967",
    "objects that Git lost cannot be searched for",
    Severity.WARNING,
    "The cluster did not let the objects of a kind be listed, so whether there are some that Git no longer has is "
    "not known.",
    "use credentials that may list this kind in the environment's namespace",
    "kubectl auth can-i list models.mlops.seldon.io   # no",
    "kubectl auth can-i list models.mlops.seldon.io   # yes",
)
ELSEWHERE = Code(
    "MLC968",
    "objects that live in another cluster",
    Severity.NOTE,
    "Applications and their projects live in the cluster that Argo CD runs in, which is not the environment's.",
    "name the context of Argo CD's cluster with `--argocd-context`",
    "mlopsctl status --env prod --context prod",
    "mlopsctl status --env prod --context prod --argocd-context platform",
)
SETTING_LACKING = Code(
    "MLC980",
    "an engine without a setting that it needs",
    Severity.ERROR,
    "A portability report takes an engine's settings from another place of the workspace, else its defaults. This one "
    "has no default, and the workspace says it nowhere: what the engine would do is not known.",
    "choose the engine with its settings in an environment of the workspace, and ask again",
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
