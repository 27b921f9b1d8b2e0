"""What the steps and `start-run` call of Kubeflow Pipelines."""
