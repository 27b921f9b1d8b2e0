"""The steps: what rendered workflows and the local runner call, with Feast, Deepchecks and MLflow inside.

Heavy libraries are imported where they are used, so that each step pays only for its own.
"""
