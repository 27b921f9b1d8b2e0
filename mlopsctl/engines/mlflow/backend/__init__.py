"""What the steps and `lock` call of MLflow, and its local store."""
