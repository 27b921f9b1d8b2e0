"""The local runner: the steps of one system on one machine, one process per step, with all files in `.mlops/`.

Engines call the same steps through the same command line.
"""
