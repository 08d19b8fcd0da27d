"""`python -m vmgen`."""

from vmgen.cli import run_and_exit

run_and_exit()
