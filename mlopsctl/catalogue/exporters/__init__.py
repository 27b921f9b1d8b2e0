"""One module an exporter, each with a tuple `METRICS`; `catalogue.metrics` loads those asked for."""
