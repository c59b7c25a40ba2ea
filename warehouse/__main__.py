"""`python -m warehouse` is the command `campus`."""

from warehouse.cli import main

main()
