"""`python -m promoter.cli`."""

from promoter.cli.app import main

main()
