"""The model: training code, package, metrics, signatures."""
