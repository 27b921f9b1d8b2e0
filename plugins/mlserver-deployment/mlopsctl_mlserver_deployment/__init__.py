"""An engine for mlopsctl: plain Deployments of MLServer."""
