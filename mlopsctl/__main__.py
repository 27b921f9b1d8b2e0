"""`python -m mlopsctl`: the command line, for interpreters whose scripts are not on the PATH."""

from mlopsctl.cli import main

if __name__ == "__main__":
    main()
