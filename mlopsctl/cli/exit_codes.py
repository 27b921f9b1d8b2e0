"""Exit codes: success, errors in input or output, wrong usage, a check found changes, a bug in mlopsctl."""

OK, ERRORS, USAGE, CHANGED, INTERNAL = 0, 1, 2, 3, 70
