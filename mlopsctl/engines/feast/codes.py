"""Diagnostic codes of Feast: one constant a code, and `CODES`."""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

FEAST_SOURCE = Code(
    "MLC801",
    "source that the offline store cannot read",
    Severity.WARNING,
    why="Feast joins historical rows inside one offline store, and each store reads only its own kinds of sources. It "
    "registers any other source without an error, and fails when rows are requested.",
    help="keep the data in the offline store, or choose the store that contains it",
    bad="# stack.features.offline: {type: file}\nsources:\n  payments: {type: bigquery, table: risk.payments}",
    good="# stack.features.offline: {type: bigquery}\nsources:\n  payments: {type: bigquery, table: risk.payments}",
)
FEAST_STORE = Code(
    "MLC802",
    "incomplete or invalid store settings",
    Severity.ERROR,
    why="Feast loads its configuration in every step. If an address, a database or a secret is missing, or does not "
    "apply to that kind of store, every step fails there.",
    help="set the fields that the store needs",
    bad="online: {type: postgres}",
    good="online: {type: postgres, connection: db.feast:5432, database: features, secret: features-db}",
)
FEAST_NAME = Code(
    "MLC805",
    "duplicate name in the feature project",
    Severity.ERROR,
    why="In Feast a transform is also a feature view, and a push source (`<source>_push`) or a request source "
    "(`<transform>_request`) is a data source. Of two objects with the same name, the last one applied remains.",
    help="rename one of the two",
    bad="views:\n  amount: {entity: card}\ntransforms:\n  amount: {inputs: [request.total]}",
    good="views:\n  amount: {entity: card}\ntransforms:\n  amount_ratio: {inputs: [request.total]}",
)
FEAST_MODULE = Code(
    "MLC806",
    "package hidden by the feature project",
    Severity.ERROR,
    why="Feast imports the project's modules by name, and Python has one module per name: the transform's own package "
    "could no longer be imported.",
    help="move the function to a package with another name",
    bad="function: entities.cards:ratio",
    good="function: card_fraud.features:ratio",
)

CODES: tuple[Code, ...] = (
    FEAST_SOURCE,
    FEAST_STORE,
    FEAST_NAME,
    FEAST_MODULE,
)
