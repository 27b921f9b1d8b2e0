"""`python -m mlopsctl`: the command line, for interpreters whose scripts are not on the PATH."""

from mlopsctl.cli import program

if __name__ == "__main__":
    program()
