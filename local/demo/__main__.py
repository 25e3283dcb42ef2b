"""`python -m local.demo` runs the demo."""

import sys

from local.demo.run import main

if __name__ == "__main__":
    sys.exit(main())
