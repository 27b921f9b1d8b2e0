"""The local runner: the steps of one system on one machine, one process a step, with everything in `.mlops/`.

The steps are those that engines call, through the same command line.
"""
