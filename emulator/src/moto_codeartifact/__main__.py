"""`python -m moto_codeartifact` is `moto-codeartifact`."""

from .command_line import main

raise SystemExit(main())
