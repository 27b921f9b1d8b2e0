"""The codes MLC8xx: what the chosen engine cannot do.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes import hopsworks, neptune
from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

FEAST_SOURCE = Code(
    "MLC801",
    "a source that the offline store cannot read",
    Severity.WARNING,
    why="Feast joins historical rows inside one offline store, and each store reads sources of its own kind only. It "
    "registers any other source without a word, and fails when rows are asked for.",
    mend="keep the data where the offline store is, or choose the store that has it",
    bad="# stack.features.offline: {type: file}\nsources:\n  payments: {type: bigquery, table: risk.payments}",
    good="# stack.features.offline: {type: bigquery}\nsources:\n  payments: {type: bigquery, table: risk.payments}",
)
FEAST_STORE = Code(
    "MLC802",
    "a store that Feast cannot reach as it is described",
    Severity.ERROR,
    why="Feast loads its configuration in every step. Where an address, a database or a secret is missing, or is of no "
    "use to that kind of store, no step gets further than that.",
    mend="give the store what it needs",
    bad="online: {type: postgres}",
    good="online: {type: postgres, connection: db.feast:5432, database: features, secret: features-db}",
)
FEAST_FIELD = Code(
    "MLC803",
    "a feature that is a key or a time",
    Severity.ERROR,
    why="The feature store has the entity's key and the source's times as columns already. As a feature of the same "
    "name, one of the two is lost in a join.",
    mend="leave the field out, or give the column another name in the source",
    bad="views:\n  activity: {entity: card, source: stats, fields: [card_id, amount]}",
    good="views:\n  activity: {entity: card, source: stats, fields: [amount]}",
)
FEAST_TWO_FIELDS = Code(
    "MLC804",
    "two fields of one name side by side",
    Severity.ERROR,
    why="A joined row has one column a field, named by the field alone, in training as in serving. Two of one name "
    "cannot both be in it.",
    mend="rename one of the two in its view",
    bad="fields: [cards.count_1h, merchants.count_1h]",
    good="fields: [cards.card_count_1h, merchants.merchant_count_1h]",
)
FEAST_NAME = Code(
    "MLC805",
    "two things of one name in the feature project",
    Severity.ERROR,
    why="To Feast a transform is a feature view too, and what is pushed (`<source>_push`) or comes with a request "
    "(`<transform>_request`) is a data source. Of two with one name, the one applied last stays.",
    mend="rename one of the two",
    bad="views:\n  amount: {entity: card}\ntransforms:\n  amount: {inputs: [request.total]}",
    good="views:\n  amount: {entity: card}\ntransforms:\n  amount_ratio: {inputs: [request.total]}",
)
FEAST_MODULE = Code(
    "MLC806",
    "a package hidden by the feature project",
    Severity.ERROR,
    why="Feast imports the project's modules by name, and Python has one module of a name: the transform's own package "
    "would not be found any more.",
    mend="move the function to a package of another name",
    bad="function: entities.cards:ratio",
    good="function: card_fraud.features:ratio",
)
FEATURES_TOO_LARGE = Code(
    "MLC808",
    "a feature project larger than a ConfigMap",
    Severity.ERROR,
    why="Steps in a cluster find the feature project in a ConfigMap, and Kubernetes refuses one above 1 MiB.",
    mend="divide the workspace; a system reads features of its own workspace only",
    bad="# 2,000 systems\nsystems: [systems/*/mlops.yaml]",
    good="# those of one domain\nsystems: [systems/risk/*/mlops.yaml]",
)

ARGO_CRON = Code(
    "MLC810",
    "a schedule that Argo Workflows cannot read",
    Severity.ERROR,
    why="The controller reads cron lines as Kubernetes does: five fields, days of the week from 0 (Sunday) "
    "to 6, no `L` for the last day. It refuses any other line, and the pipeline never starts.",
    mend="write Sunday as 0, and a day of the month that every month has",
    bad='retrain:\n  schedule: {cron: "0 3 * * 7", timezone: Etc/UTC}',
    good='retrain:\n  schedule: {cron: "0 3 * * 0", timezone: Etc/UTC}',
)
ARGO_METRICS = Code(
    "MLC811",
    "more numbers than Argo Workflows exports of one step",
    Severity.ERROR,
    why="Each watched column and each materialised view is a metric of the step's template, and one may have "
    "100. The API server refuses one with more.",
    mend="watch fewer columns, or divide the system",
    bad="# a set of 120 numerical fields\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
    good="# a set of the 40 fields that matter\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
)

UNREPORTED = Code(
    "MLC820",
    "alerts on numbers that the engine does not export",
    Severity.WARNING,
    why="How fresh features are, how far inputs drifted and how good answers were, the steps find out. Argo Workflows "
    "exports such numbers; KFP, Kale and Polyaxon do not, so that steps have to push them. Without a gateway the "
    "alerts on drift and quality never fire, and the one on freshness never stops.",
    mend="name a push gateway in the workspace, or run the pipelines on argo-workflows",
    bad="pipelines: {engine: kfp}\nmonitoring: {engine: prometheus-operator}",
    good="pipelines: {engine: kfp}\nmonitoring: {engine: prometheus-operator, pushgateway: http://push.monitoring:9091}",
)
KFP_CRON = Code(
    "MLC821",
    "a schedule that Kubernetes cannot read",
    Severity.ERROR,
    why="A KFP run of the schedule is started by a CronJob. Kubernetes reads five fields, days of the week from 0 "
    "(Sunday) to 6, no `L` for the last day and no `#`. It refuses any other line, and the pipeline never starts.",
    mend="write Sunday as 0, and a day of the month that every month has",
    bad='retrain:\n  schedule: {cron: "0 3 L * *", timezone: Etc/UTC}',
    good='retrain:\n  schedule: {cron: "0 3 28 * *", timezone: Etc/UTC}',
)
KFP_FEATURES = Code(
    "MLC822",
    "a feature project that KFP cannot mount",
    Severity.ERROR,
    why="The feature project of very many systems is dealt out to several ConfigMaps, because one holds a mebibyte. "
    "Argo Workflows shows them to a step as one folder; KFP mounts each in its own, and Feast needs one.",
    mend="divide the workspace, or run the pipelines on argo-workflows",
    bad="# 2,000 systems; stack.pipelines: {engine: kfp}\nsystems: [systems/*/mlops.yaml]",
    good="# those of one domain\nsystems: [systems/risk/*/mlops.yaml]",
)

PIPELINE_UNSUPPORTED = Code(
    "MLC823",
    "something asked of the pipelines that the engine cannot do",
    Severity.WARNING,
    why="Engines differ in what starts a run and in what a step may be given. What the chosen one has no place for "
    "would be lost without a word: a run that never starts, a limit that nobody keeps. Where the rest would go wrong "
    "without it, it is an error.",
    mend="ask for what the engine can do; an environment can override it",
    bad='# stack.pipelines: {engine: polyaxon}\nretrain: {schedule: {cron: "0 3 * * 1", timezone: Europe/Berlin}}',
    good='# stack.pipelines: {engine: polyaxon}\nretrain: {schedule: {cron: "0 2 * * 1", timezone: Etc/UTC}}',
)
POLYAXON_CRON = Code(
    "MLC825",
    "a schedule that Polyaxon cannot read",
    Severity.ERROR,
    why="Polyaxon takes any text for a cron line when a file is submitted, and finds out only when it looks for the "
    "next run. It reads five plain fields: days of the week from 0 (Sunday) to 6, no `L` and no `#`.",
    mend="write Sunday as 0, and a day of the month that every month has",
    bad='# stack.pipelines: {engine: polyaxon}\nretrain: {schedule: {cron: "0 3 L * *", timezone: Etc/UTC}}',
    good='# stack.pipelines: {engine: polyaxon}\nretrain: {schedule: {cron: "0 3 28 * *", timezone: Etc/UTC}}',
)
POLYAXON_QUEUE = Code(
    "MLC826",
    "a queue without the edition that has it",
    Severity.ERROR,
    why="Queues are part of Polyaxon's commercial edition. The community edition has none, and a run that names one "
    "waits for ever.",
    mend="leave the queue out, or say that the edition is the commercial one",
    bad="pipelines: {engine: polyaxon, queue: gpu}",
    good="pipelines: {engine: polyaxon, edition: commercial, queue: gpu}",
)
KALE_TEXT = Code(
    "MLC827",
    "a parameter that breaks out of Kale's literal",
    Severity.ERROR,
    why="When a run starts, Kale writes each text parameter between single quotes into the code of every step, and "
    "escapes nothing: a quote, a backslash or a line's end in it changes the code. `model.params` goes as JSON, which "
    "writes every sign outside ASCII with a backslash.",
    mend="keep quotes, backslashes, line ends and signs outside ASCII out of `model.params`, or use the engine kfp",
    bad='params: {note: "it\'s new"}',
    good='params: {note: "it is new"}',
)

SERVING_FLAVOR = Code(
    "MLC830",
    "a flavor that the engine cannot serve",
    Severity.ERROR,
    why="A serving engine picks the server of a model by its flavor. Without one for it, the model is never loaded.",
    mend="choose another flavor, or an engine that has a server for it",
    bad="# stack.serving: {engine: kserve}\nmodel: {flavor: a-flavor-of-your-own}",
    good="# stack.serving: {engine: kserve}\nmodel: {flavor: pyfunc}",
)
SERVING_TARGET = Code(
    "MLC831",
    "a scaling target that the engine refuses",
    Severity.ERROR,
    why="To the engines a share of the processor or of memory is a whole number of percent, and most other targets are "
    "whole numbers, too. Another one is refused when it is applied, and the endpoint stays as it was.",
    mend="write a target the engine takes",
    bad="autoscale: {metric: cpu, target: 0.7}",
    good="autoscale: {metric: cpu, target: 70}",
)
SELDON_LAG_TARGET = Code(
    "MLC832",
    "a scaling target that belongs to the Server",
    Severity.WARNING,
    why="Seldon 2 compares the lag of a Model with one threshold for all Models of a Server. A Model has no field for "
    "a target of its own, so the number in the spec changes nothing.",
    mend="set the threshold on the Server, or scale on rps, which has a target a Model",
    bad="autoscale: {metric: lag, target: 20}",
    good="autoscale: {metric: rps, target: 50}",
)
SELDON_GPU = Code(
    "MLC833",
    "a GPU that a Model cannot ask for",
    Severity.WARNING,
    why="Models of Seldon 2 share the pods of a Server. The Server asks for GPUs; a Model only says how much memory it "
    "needs, so the GPU in the spec is not rendered.",
    mend="give the Server a GPU, and leave it out here",
    bad='resources: {cpu: "2", memory: 4Gi, gpu: {count: 1}}',
    good='resources: {cpu: "2", memory: 4Gi}',
)
SELDON_TWINS = Code(
    "MLC834",
    "a candidate that is the version served already",
    Severity.ERROR,
    why="Each version is a Model of its own, named by the version. A candidate of the same version would be the same "
    "Model twice.",
    mend="lock another version as the candidate, or none",
    bad='# mlops.lock\nchurn@champion: {version: "7", candidate: {version: "7"}}',
    good='# mlops.lock\nchurn@champion: {version: "7", candidate: {version: "8"}}',
)
KSERVE_SHARE = Code(
    "MLC835",
    "a canary step that no number of copies makes",
    Severity.ERROR,
    why="In Standard mode KServe gives a canary whole copies, and takes them from the stable version. A small share of "
    "few copies is rounded up: five percent of two copies is one of the two, so half of them run the candidate.",
    mend="more copies, steps that come out, or the mode Knative, which splits exactly",
    bad="replicas: {min: 2}\nrollout: {strategy: canary, steps: [5, 50, 100], pause: 10m}",
    good="replicas: {min: 4}\nrollout: {strategy: canary, steps: [25, 50, 100], pause: 10m}",
)
KSERVE_URI = Code(
    "MLC836",
    "an artifact that KServe cannot fetch",
    Severity.ERROR,
    why="KServe's storage initializer fetches a model before its server starts. It knows some stores by the beginning "
    "of the address, and refuses any other.",
    mend="keep the registry's artifacts in a store that KServe reads",
    bad='# mlops.lock\nchurn@champion: {version: "7", uri: dbfs://churn/7}',
    good='# mlops.lock\nchurn@champion: {version: "7", uri: s3://models/churn/7}',
)

CORTEX_IMAGE = Code(
    "MLC838",
    "an endpoint without a server",
    Severity.ERROR,
    why="Seldon and KServe bring servers for models; Cortex runs the containers that it is given. Without the image of "
    "a server there is nothing to answer a request.",
    mend="name an image that serves the model at MODEL_URI in `stack.serving.image`",
    bad="serving: {engine: cortex}",
    good="serving: {engine: cortex, image: ghcr.io/acme/model-server:1.4}",
)
CORTEX_NAME = Code(
    "MLC839",
    "a name that Cortex does not take",
    Severity.ERROR,
    why="An API's name is part of its pods' names, which Cortex makes longer: 42 characters are what fits. Names that "
    "begin with `b-` are those of its queues. A cluster has one list of names, whatever namespace a system is of.",
    mend="shorten or change the endpoint's name, or the system's",
    bad="endpoints:\n  score-everything-that-happens-in-the-evening: {model: champion}",
    good="endpoints:\n  evening: {model: champion}",
)
CORTEX_TWINS = Code(
    "MLC840",
    "a candidate that Cortex serves already",
    Severity.ERROR,
    why="Each version is an API of its own, named by the version. A candidate of the same version would be the same "
    "API twice, and a splitter refuses one that it has already.",
    mend="lock another version as the candidate, or none",
    bad='# mlops.lock\nchurn@champion: {version: "7", candidate: {version: "7"}}',
    good='# mlops.lock\nchurn@champion: {version: "7", candidate: {version: "8"}}',
)
CORTEX_RESOURCES = Code(
    "MLC841",
    "resources that Cortex does not give",
    Severity.ERROR,
    why="Cortex refuses a container with less than 20m of cpu or 20Mi of memory, and knows two accelerators: NVIDIA's "
    "GPUs and AWS Inferentia.",
    mend="ask for what Cortex gives",
    bad='resources: {cpu: "2", memory: 4Gi, gpu: {count: 1, resource: amd.com/gpu}}',
    good='resources: {cpu: "2", memory: 4Gi, gpu: {count: 1, resource: nvidia.com/gpu}}',
)
CORTEX_STEPS = Code(
    "MLC842",
    "canary steps that nobody walks",
    Severity.WARNING,
    why="On Seldon and KServe a run of the pipeline shifts the traffic, watches, and takes it back. The weights of a "
    "TrafficSplitter are no object that a run could change, so that a candidate stays at the first step.",
    mend="change the steps in Git, render and deploy for each of them; or serve with seldon or kserve",
    bad="rollout: {strategy: canary, steps: [10, 50, 100], pause: 30m}",
    good="rollout: {strategy: direct}",
)

UNTESTED_RULE = Code(
    "MLC850",
    "a rule without a unit test",
    Severity.NOTE,
    why="For every alert a unit test is rendered in which it fires, and one in which it stays silent. For a rule of "
    "your own the inputs are worked out backwards from its comparison, and not every expression allows that.",
    mend="compare one series, function or share with a number, or write a test of your own beside the rendered ones",
    bad="rules:\n  Jump: {expr: 'deriv(score[1h]) > on() group_left() limit', severity: page, summary: a jump}",
    good="rules:\n  Low: {expr: 'avg_over_time(score[1h]) < 0.01', severity: page, summary: scores are low}",
)

GX_STAGE = Code(
    "MLC851",
    "checks of what is no table",
    Severity.ERROR,
    why="Great Expectations looks at one table at a time. It compares no two data sets and knows no model, so nothing "
    "of this stage would be checked.",
    mend="remove the stage where this engine checks, or let another engine check the system",
    bad="checks:\n  engine: great-expectations\n  split: {suite: train_test_validation}",
    good="checks:\n  engine: great-expectations\n  data: {checks: {expect_table_row_count_to_be_between: "
    "{params: {min_value: 1000}}}}",
)

GX_SUITE = Code(
    "MLC852",
    "a suite of an engine that has none",
    Severity.ERROR,
    why="A suite of Great Expectations is what its user writes: the package brings none that could be named.",
    mend="name single expectations; the columns' contract is checked in any case",
    bad="checks:\n  engine: great-expectations\n  data: {suite: data_integrity}",
    good="checks:\n  engine: great-expectations\n  data: {checks: {expect_column_values_to_be_unique: "
    "{params: {column: id}}}}",
)

GX_DRIFT = Code(
    "MLC853",
    "drift that the engine cannot measure",
    Severity.ERROR,
    why="Great Expectations compares a column with a histogram that stands in the expectation, by KL divergence. It "
    "knows neither the training snapshot nor any of the methods of the language.",
    mend="remove live.drift, or let another engine check the system; live.quality needs no engine",
    bad="checks:\n  engine: great-expectations\n  live: {drift: {numerical: {method: ks, max: 0.2}}}",
    good="checks:\n  engine: great-expectations\n  live: {quality: {metric: roc_auc, min: 0.7}}",
)

GX_CONDITION = Code(
    "MLC854",
    "a condition on an expectation",
    Severity.ERROR,
    why="An expectation says itself what must hold. A condition beside it would be held by nobody.",
    mend="say it in the expectation's params: min_value, max_value, mostly, severity",
    bad="expect_column_values_to_be_unique:\n  params: {column: id}\n  conditions: {add_condition: {max: 0.1}}",
    good="expect_column_values_to_be_unique:\n  params: {column: id, mostly: 0.9}",
)

GX_EXPECTATION = Code(
    "MLC855",
    "an expectation that nothing can meet",
    Severity.ERROR,
    why="Great Expectations loads an expectation of a column that is not there, of bounds upside down or of a broken "
    "pattern, and it fails when the training set has been built.",
    mend="name a column of the training set, put the smaller bound first, mend the pattern",
    bad="expect_column_values_to_be_between:\n  params: {column: amount, min_value: 10, max_value: 1}",
    good="expect_column_values_to_be_between:\n  params: {column: amount, min_value: 1, max_value: 10}",
)

ETIQ_THRESHOLD = Code(
    "MLC856",
    "a threshold that a scan does not hold",
    Severity.ERROR,
    why="Etiq leaves out a metric that it does not know without a word, and takes thresholds as pairs. By the "
    "Kolmogorov-Smirnov measure its drift scan finds nothing where there is drift.",
    mend="name measures that the scan has, each with [low, high]",
    bad="scan_accuracy_metrics: {params: {thresholds: {f1: [0.8, 1.0]}}}",
    good="scan_accuracy_metrics: {params: {thresholds: {true_pos_rate: [0.8, 1.0]}}}",
)

ETIQ_SCAN = Code(
    "MLC857",
    "what no scan of Etiq can say",
    Severity.ERROR,
    why="Etiq has single scans, each once in a configuration, with thresholds of its own; its metrics are about models "
    "of two classes.",
    mend="ask for single scans with thresholds; gates know the metrics of every task",
    bad="checks:\n  engine: etiq\n  model: {suite: model_evaluation}",
    good="model:\n  checks: {scan_accuracy_metrics: {params: {thresholds: {accuracy: [0.8, 1]}}}}",
)

ETIQ_DRIFT = Code(
    "MLC858",
    "a monitor that no step can run",
    Severity.ERROR,
    why="Etiq needs pandas 1 and is brought by its user. The monitor's step runs with other libraries, in the cluster, "
    "and would never see a scan's answer.",
    mend="ask for scan_drift_metrics below checks.split, or let another engine check the system",
    bad="checks:\n  engine: etiq\n  live: {drift: {numerical: {method: psi, max: 0.15}}}",
    good="checks:\n  engine: etiq\n  split: {checks: {scan_drift_metrics: {params: {thresholds: {psi: [0, 0.15]}}}}}",
)

ETIQ_BY_HAND = Code(
    "MLC859",
    "scans that no step runs",
    Severity.WARNING,
    why="The library is proprietary and does not bear the steps' own. The configuration and a module that runs it are "
    "rendered and checked; the pipeline reports the scans as not run, and goes on.",
    mend="run etiq/run.py where you have the library, or hold what must hold by gates",
    bad="checks:\n  engine: etiq\n  data: {checks: {scan_data_issues: {}}}",
    good="checks:\n  gates: {roc_auc: {min: 0.8}}",
)

GRAFANA_TOO_LARGE = Code(
    "MLC860",
    "a dashboard larger than a ConfigMap",
    Severity.ERROR,
    why="Each watched column, each view and each pipeline has a panel of its own. Grafana's operator reads the "
    "dashboard from a ConfigMap, and Kubernetes refuses one above 1 MiB.",
    mend="watch fewer columns, or divide the system",
    bad="# a set of 600 numerical fields\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
    good="# a set of the 40 fields that matter\nlive:\n  drift: {numerical: {method: ks, max: 0.2}}",
)

ARGOCD_NAME = Code(
    "MLC870",
    "two Applications of one name",
    Severity.ERROR,
    why="Argo CD knows an Application by its name alone: `<system>-<environment>`, with `-runs` for the runs on "
    "change. What systems share and the root have one each, named by the workspace. Of two with one name, each would "
    "delete what the other delivers.",
    mend="rename the system, or the workspace",
    bad="# in the workspace `ml`\nmetadata: {name: ml-shared, owner: team-a}",
    good="# in the workspace `ml`\nmetadata: {name: ml-features, owner: team-a}",
)

CI_OF_ENVIRONMENT = Code(
    "MLC880",
    "an environment that chooses its own CI",
    Severity.ERROR,
    why="A pull request is checked once, by one workflow for the whole workspace: it renders every environment and "
    "compares them all.",
    mend="set `spec.stack.ci` of the workspace, and delete it from the environment",
    bad="environments: {prod: {stack: {ci: {engine: github}}}}",
    good="stack: {ci: {engine: github}}\nenvironments: {prod: {}}",
)
CI_WITHOUT_COMMENT = Code(
    "MLC881",
    "a CI that cannot comment on a pull request",
    Severity.NOTE,
    why="A pipeline of Bitbucket has no right to write a comment or to ask for a review; that would take a token of a "
    "person's, within reach of every branch. What it may write without one is a report beside the pull request.",
    mend="nothing needs to be done: the report holds the plan and names the owners to ask",
    bad="stack: {ci: {engine: bitbucket}}",
    good="stack: {ci: {engine: github}}",
)
CI_OF_OTHER_HOST = Code(
    "MLC882",
    "a CI that the repository's host does not run",
    Severity.WARNING,
    why="GitHub runs `.github/workflows/` and Bitbucket `bitbucket-pipelines.yml`. Each ignores the other's file, so "
    "no pull request would be checked.",
    mend="name the engine of the host that the repository lies on",
    bad="git: {repository: https://github.com/acme/ml}\nstack: {ci: {engine: bitbucket}}",
    good="git: {repository: https://github.com/acme/ml}\nstack: {ci: {engine: github}}",
)
CI_FOLDER = Code(
    "MLC883",
    "a folder's name that GitHub would evaluate",
    Severity.ERROR,
    why="The workflow runs in the workspace's folder. GitHub evaluates `${{ ... }}` wherever it stands in a workflow, "
    "the name of a folder included.",
    mend="rename the folder",
    bad="ml-${{ github.actor }}/workspace.yaml",
    good="ml/workspace.yaml",
)
CI_FILE = Code(
    "MLC884",
    "a workspace file that CI would not find",
    Severity.ERROR,
    why="The rendered workflow calls each verb in the workspace's folder, where a verb looks for `workspace.yaml`.",
    mend="call the file workspace.yaml",
    bad="# acme.yaml\nstack: {ci: {engine: github}}",
    good="# workspace.yaml\nstack: {ci: {engine: github}}",
)

CODES: tuple[Code, ...] = (
    FEAST_SOURCE,
    FEAST_STORE,
    FEAST_FIELD,
    FEAST_TWO_FIELDS,
    FEAST_NAME,
    FEAST_MODULE,
    FEATURES_TOO_LARGE,
    ARGO_CRON,
    ARGO_METRICS,
    *hopsworks.CODES,
    UNREPORTED,
    KFP_CRON,
    KFP_FEATURES,
    PIPELINE_UNSUPPORTED,
    POLYAXON_CRON,
    POLYAXON_QUEUE,
    KALE_TEXT,
    SERVING_FLAVOR,
    SERVING_TARGET,
    SELDON_LAG_TARGET,
    SELDON_GPU,
    SELDON_TWINS,
    KSERVE_SHARE,
    KSERVE_URI,
    CORTEX_IMAGE,
    CORTEX_NAME,
    CORTEX_TWINS,
    CORTEX_RESOURCES,
    CORTEX_STEPS,
    UNTESTED_RULE,
    GX_STAGE,
    GX_SUITE,
    GX_DRIFT,
    GX_CONDITION,
    GX_EXPECTATION,
    ETIQ_THRESHOLD,
    ETIQ_SCAN,
    ETIQ_DRIFT,
    ETIQ_BY_HAND,
    GRAFANA_TOO_LARGE,
    ARGOCD_NAME,
    CI_OF_ENVIRONMENT,
    CI_WITHOUT_COMMENT,
    CI_OF_OTHER_HOST,
    CI_FOLDER,
    CI_FILE,
    *neptune.CODES,
)
