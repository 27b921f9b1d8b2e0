"""The local runner: the steps of one system on one machine, one process a step, with everything in `.mlops/`.

In: a Blueprint and the folder of its spec. Out: a registered model, logs, a report; and a state from which the next run
goes on, whatever ended this one. The steps are those that engines call, through the same command line.
"""
